"""An optimum of a large round that is kept while single things change (see `matching.engine.live`,
which does the same with NumPy alone).

A change is repaired by shortest paths on the pairs that are close to being chosen; then `Bound`
says which other pairs the new prices do not cover, and they are looked at until none is left. So
every change ends with prices that prove the new optimum over all pairs.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from matching.engine.compiled.bound import Bound
from matching.engine.compiled.finish import Duals, Search, backward, forward
from matching.engine.compiled.flow import Matching, leave
from matching.engine.compiled.graph import Graph, drop, insert
from matching.engine.compiled.jit import compiled
from matching.engine.compiled.scan import Scanner
from matching.engine.facts import FactTable, sorted_pairs
from matching.engine.optimum import Optimum

NEAR = 400
"""Points below a mentee's gain down to which pairs stand in the graph."""
MORE = 24
SPARE = 32
OUT = np.int64(2**58)
"""The gain of somebody who takes no part, and the price of a mentor without places."""


class Live:
    """`optimum` of `table`, to be changed. The floor stays: pairs below it are not proposed.

    mate, gain (n,), price, capacity (m,): int64 but `mate`. Making it takes one look at all pairs.
    Mentors are columns of `table`: what is true of a person is so for all in `Free.columns_of`.
    The graph has points with the bonus of wanted places, the scanner without: prices differ by it.
    """

    def __init__(self, table: FactTable, optimum: Optimum, scanner: Scanner | None = None) -> None:
        self.table, self.optimum = table, optimum
        self.scanner = scanner or Scanner(table)
        self.capacity = table.capacity.copy()
        self._never: list[tuple[int, int]] = []
        self.least = max(optimum.floor, table.minimum)
        self.shift = optimum.bonus * table.wanted.astype(np.int64)
        self.outside = -(optimum.big + optimum.bonus * table.priority.astype(np.int64))
        price = np.where(self.capacity > 0, optimum.price, OUT)
        self._duals = Duals(price, optimum.gain.copy(), self.outside.copy())
        self._search = Search.of(len(price))
        self._seat(optimum.mate)
        self._find_pairs()

    @property
    def mate(self) -> Any:
        return self._seats.mate

    @property
    def gain(self) -> Any:
        return self._duals.gain

    @property
    def price(self) -> Any:
        return self._duals.price

    def forbid(self, mentee: int, mentor: int) -> None:
        """The two are never paired: an offer was declined, or staff keep them apart."""
        self._never.append((mentee, mentor))
        self.scanner.bar(mentee, mentor)
        drop(mentee, mentor, self._graph)
        if self.mate[mentee] == mentor:
            self._move([mentee])
            self._prove()

    def remove(self, mentee: int) -> None:
        """The mentee takes no part any more."""
        self._duals.outside[mentee] = OUT
        self._move([mentee])
        self._prove()

    def restore(self, mentee: int) -> None:
        """A mentee who was removed takes part again."""
        self._duals.outside[mentee] = self.outside[mentee]
        self.bound.level[mentee] = OUT  # nothing is known: look at everything
        self._move([mentee])
        self._prove()

    def change_places(self, mentor: int, change: int) -> None:
        """The mentor has so many places more, or fewer; never fewer than none."""
        if self.capacity[mentor] + change < 0:
            raise ValueError("A mentor cannot have fewer than no places.")
        opened = change > 0 and not self.capacity[mentor]
        self.capacity[mentor] += change
        self._make_room(mentor)
        if opened:
            self._open(mentor)
        surplus = int(self._seats.load[mentor] - self.capacity[mentor])
        if surplus > 0:
            first = self._seats.slot[mentor]
            self._move(self._seats.holder[first : first + surplus].copy())
        if not self.capacity[mentor]:
            self.price[mentor] = OUT
        _use_free(mentor, self._graph, self._duals, self._seats, self._search)
        self._prove()

    def _open(self, mentor: int) -> None:
        """Without a place the mentor had no price: one at which nobody yet would gain."""
        points = self.scanner.column(mentor)
        able = (points >= self.least) & (self.gain < OUT)
        better = points + self.shift[mentor] - self.gain
        self.price[mentor] = max(0, int(better[able].max(initial=0)))
        self._look()

    def _make_room(self, mentor: int) -> None:
        ends = np.append(self._seats.slot, len(self._seats.holder))
        room = min(int(self.capacity[mentor]), len(self.mate))
        if room > ends[mentor + 1] - ends[mentor]:
            self._seat(self.mate)
        else:
            self._seats.room[mentor] = room

    def _seat(self, mate: Any) -> None:
        self._seats = Matching.of(mate, np.minimum(self.capacity, len(mate)), 1)

    def _find_pairs(self) -> None:
        """The graph of all pairs within NEAR points of being chosen, and what is known beyond."""
        everybody = np.arange(self.scanner.n)
        threshold, price = self.gain - NEAR, self.price - self.shift
        found = self.scanner.violators(everybody, price, threshold, MORE, self.least)
        self.bound = Bound(self.scanner, threshold, price, MORE, NEAR)
        self.bound.level[found.full] = found.least
        rows = np.flatnonzero(self.mate >= 0)
        own = self.mate[rows].astype(np.int64)
        graph = Graph.of(
            self.scanner.n,
            self.scanner.m,
            np.concatenate([rows, found.rows]),
            np.concatenate([own, found.columns]),
            np.concatenate([self.scanner.points(rows, own), found.points]),
        )
        self._graph = graph.shifted(self.shift).with_room(SPARE)

    def _move(self, mentees: Any) -> None:
        """They leave their mentors, and the best is made of them and of the places."""
        rows = np.asarray(mentees, dtype=np.int64)
        _move(rows, self._graph, self._duals, self._seats, self._search)

    def _prove(self) -> None:
        """Look for pairs that the prices do not cover, and mend, until there are none."""
        while len(better := self._look()):
            self._move(better)

    def _look(self) -> Any:
        """Mentees who could do better than their gain with a pair that was not known."""
        found = self.bound.look(self.price - self.shift, self.gain, self.least)
        if not len(found.rows):
            return found.rows
        points = found.points + self.shift[found.columns]
        added = insert(found.rows, found.columns, points, self._graph)
        if added < len(found.rows):
            pairs = found.rows[added:], found.columns[added:], points[added:]
            self._graph = self._graph.without_room().with_pairs(*pairs).with_room(SPARE)
        wrong = points - self.price[found.columns] > self.gain[found.rows]
        return np.unique(found.rows[wrong])

    def proven(self) -> tuple[FactTable, Optimum]:
        """The round as it is now, and its optimum with the whole proof, for `verify_facts`.

        Who takes no part and who has no place is left out. The floor is now the minimum.
        """
        rows, columns = np.flatnonzero(self.gain < OUT), np.flatnonzero(self.capacity > 0)
        barred = sorted_pairs(np.array([*self.table.barred.tolist(), *self._never]))
        now = replace(self.table, capacity=self.capacity, minimum=self.least, barred=barred)
        place = np.full(len(self.capacity) + 1, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        special = now.priority[rows].any() or now.wanted[columns].any()
        optimum = replace(
            self.optimum,
            mate=place[self.mate[rows]],
            gain=self.gain[rows],
            price=self.price[columns],
            bonus=self.optimum.bonus if special else 0,
            floor=self.least,
            above=None,
        )
        cover = optimum.cover_by_price(self.least, now.wanted[columns])
        return now.take(rows, columns), replace(optimum, cover=cover)


@compiled
def _move(rows, graph, duals, seats, search):
    before = np.empty(rows.shape[0], np.int32)
    for k in range(rows.shape[0]):  # all gains first: a search needs every pair to be covered
        i = rows[k]
        before[k] = seats.mate[i]
        if before[k] >= 0:
            leave(i, seats)
        duals.gain[i] = duals.outside[i]
        for e in range(graph.start[i], graph.start[i + 1]):
            worth = graph.points[e] - duals.price[graph.column[e]]
            duals.gain[i] = max(duals.gain[i], worth)
    for i in rows:
        if duals.gain[i] > duals.outside[i]:
            forward(i, graph, duals, seats, search)
    for j in before:
        if j >= 0:
            _use_free(j, graph, duals, seats, search)


@compiled
def _use_free(j, graph, duals, seats, search):
    while duals.price[j] > 0 and seats.load[j] < seats.room[j]:
        backward(j, graph, duals, seats, search)
