"""An optimum that is kept while single things change: exact repair from the prices as they are.

One change leaves one mentee without a mentor, or one place free. The cheapest chain of moves that
mends it is a shortest path in reduced costs, over all pairs; after it prices and gains prove
the new optimum (successive shortest paths; Ahuja, Magnanti and Orlin 1993, ch. 9). Points are
computed for the people a path comes by and for nobody else, so nothing of size n x m is held.
"""

from dataclasses import replace

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.facts import FactTable
from matching.engine.optimum import Optimum

FAR = np.int64(2**62)
NEVER = -(2**61)
"""Points of a pair that cannot be."""


class Live:
    """`optimum` of `table`, to be changed. Every change keeps it the best for what is then there.

    The floor stays: pairs below it are not proposed. mate, gain (n,), price, capacity (m,).
    Mentors are columns of `table`: what is true of a person is so for all in `Free.columns_of`.
    """

    def __init__(self, table: FactTable, optimum: Optimum) -> None:
        self.table, self.optimum = table, optimum
        self.mate = optimum.mate.copy()
        self.price, self.gain = optimum.price.copy(), optimum.gain.copy()
        self.capacity = table.capacity.copy()
        self.shift = optimum.bonus * table.wanted.astype(np.int64)
        self.outside = -(optimum.big + optimum.bonus * table.priority.astype(np.int64))
        self.load = np.bincount(self.mate[self.mate >= 0], minlength=len(self.capacity))
        self.gone = np.zeros(len(self.mate), dtype=np.bool_)
        self.never: set[tuple[int, int]] = set()

    def forbid(self, mentee: int, mentor: int) -> None:
        """The two are never paired: an offer was declined, or staff keep them apart."""
        self.never.add((mentee, mentor))
        if self.mate[mentee] == mentor:
            self._take_out(mentee)
            self.gain[mentee] = self._best(mentee)
            self._place(mentee)
            self._use_free_places(mentor)

    def remove(self, mentee: int) -> None:
        """The mentee takes no part any more."""
        before = self._take_out(mentee)
        self.gone[mentee] = True
        self.gain[mentee] = self.outside[mentee]
        if before >= 0:
            self._use_free_places(before)

    def restore(self, mentee: int) -> None:
        """A mentee who was removed takes part again."""
        self.gone[mentee] = False
        self.gain[mentee] = self._best(mentee)
        self._place(mentee)

    def change_places(self, mentor: int, change: int) -> None:
        """The mentor has so many places more, or fewer; never fewer than none."""
        if self.capacity[mentor] + change < 0:
            raise ValueError("A mentor cannot have fewer than no places.")
        self.capacity[mentor] += change
        if self.capacity[mentor] == change:
            # Without a place the mentor had no price: one at which nobody yet would gain.
            self.price[mentor] = max(0, int((self.column(mentor) - self.gain).max(initial=0)))
        while self.load[mentor] > self.capacity[mentor]:
            mentee = int(np.flatnonzero(self.mate == mentor)[0])
            self._take_out(mentee)
            self._place(mentee)
        self._use_free_places(mentor)

    def as_optimum(self) -> Optimum:
        """Mates, prices and gains as they are now; the covers are those from before."""
        return replace(self.optimum, mate=self.mate, price=self.price, gain=self.gain)

    def row(self, mentee: int) -> IntArray:
        """Points of a mentee with every mentor, bonus included, NEVER where they cannot be."""
        points = self._allowed(np.array([mentee]), slice(None))[0]
        points[[other for own, other in self.never if own == mentee]] = NEVER
        return points

    def column(self, mentor: int) -> IntArray:
        """Points of a mentor with every mentee, bonus included, NEVER where they cannot be."""
        points = self._allowed(slice(None), np.array([mentor]))[:, 0]
        points[[other for other, own in self.never if own == mentor]] = NEVER
        return points

    def _allowed(self, rows: IntArray | slice, columns: IntArray | slice) -> IntArray:
        least = max(self.optimum.floor, self.table.minimum)
        points, possible = self.table.block(rows, columns, least)
        possible &= (self.capacity[columns] > 0) & ~self.gone[rows, None]
        points += self.shift[columns]
        points[~possible] = NEVER
        return points

    def _best(self, mentee: int) -> int:
        best = int((self.row(mentee) - self.price).max(initial=NEVER))
        return max(best, int(self.outside[mentee]))

    def _take_out(self, mentee: int) -> int:
        before = int(self.mate[mentee])
        self.mate[mentee] = -1
        if before >= 0:
            self.load[before] -= 1
        return before

    def _use_free_places(self, mentor: int) -> None:
        while self.price[mentor] > 0 and self.load[mentor] < self.capacity[mentor]:
            self._fill(mentor)

    def _place(self, root: int) -> None:
        """Match `root`, or leave out who loses least by it."""
        search = _Search(len(self.price))
        limit, end, out = int(self.gain[root] - self.outside[root]), -1, root
        search.relax(self.gain[root] + self.price - self.row(root), root, -1)
        while True:
            mentor = search.nearest(limit)
            if mentor < 0:
                break
            if self.load[mentor] < self.capacity[mentor]:
                limit, end, out = int(search.dist[mentor]), mentor, -1
                break
            base = int(search.dist[mentor])
            for mentee in np.flatnonzero(self.mate == mentor).tolist():
                leaving = base + int(self.gain[mentee] - self.outside[mentee])
                if leaving < limit:
                    limit, end, out = leaving, mentor, mentee
                costs = base + self.gain[mentee] + self.price - self.row(mentee)
                search.relax(costs, mentee, -1)
        self.gain[root] -= limit
        self._settle(search, limit, 1)
        if out not in (-1, root):
            self._take_out(out)
        while end >= 0:
            mover = int(search.via[end])
            before = self._take_out(mover)
            self.mate[mover] = end
            self.load[end] += 1
            end = before if mover != root else -1

    def _fill(self, root: int) -> None:
        """Fill a free place of `root`, or bring a price down to nothing where it leaves one."""
        search = _Search(len(self.price))
        limit, end, taken = int(self.price[root]), root, -1
        search.dist[root] = 0
        while True:
            mentor = search.nearest(limit)
            if mentor < 0:
                break
            base = search.dist[mentor] + self.price[mentor]
            cost = base + self.gain - self.column(mentor)
            cost[(self.mate == mentor) | (cost >= limit)] = FAR
            waiting = np.where(self.mate < 0, cost, FAR)
            if waiting.min() < limit:
                taken = int(waiting.argmin())
                limit, end = int(waiting[taken]), mentor
            for mentee in np.flatnonzero((cost < FAR) & (self.mate >= 0)).tolist():
                other = int(self.mate[mentee])
                if cost[mentee] < search.dist[other]:
                    search.dist[other], search.via[other] = cost[mentee], mentee
                    search.to[other] = mentor
                    if cost[mentee] + self.price[other] < limit:
                        limit, end, taken = int(cost[mentee] + self.price[other]), other, -1
        self._settle(search, limit, -1)
        mover = taken
        while end != root or mover >= 0:
            mentee = mover if mover >= 0 else int(search.via[end])
            target = end if mover >= 0 else int(search.to[end])
            self._take_out(mentee)
            self.mate[mentee] = target
            self.load[target] += 1
            end, mover = target, -1

    def _settle(self, search: "_Search", limit: int, sign: int) -> None:
        change = np.where(search.dist < limit, sign * (limit - search.dist), 0)
        self.price += change
        matched = self.mate >= 0
        self.gain[matched] -= change[self.mate[matched]]


class _Search:
    """Distances to mentors, who leads to each, and backward to which mentor that one goes."""

    def __init__(self, mentors: int) -> None:
        self.dist = np.full(mentors, FAR, dtype=np.int64)
        self.via = np.full(mentors, -1, dtype=np.int64)
        self.to = np.full(mentors, -1, dtype=np.int64)
        self.done = np.zeros(mentors, dtype=np.bool_)

    def relax(self, cost: IntArray, mentee: int, to: int) -> None:
        nearer = (cost < self.dist) & ~self.done
        self.dist[nearer] = cost[nearer]
        self.via[nearer], self.to[nearer] = mentee, to

    def nearest(self, limit: int) -> int:
        """The nearest mentor below `limit` that was not looked at, or -1."""
        if not len(self.dist):
            return -1
        waiting = np.where(self.done, FAR, self.dist)
        mentor = int(waiting.argmin())
        if waiting[mentor] >= limit:
            return -1
        self.done[mentor] = True
        return mentor
