"""The proven optimum of a round that is small enough to hold all pairs: NumPy and SciPy alone.

The same stages as `compiled.solver`, and the same kind of proof. Mentors are copied once per
place; how many can be matched is found by Hopcroft and Karp (SciPy), the highest total by
shortest augmenting paths (see `assignment`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.assignment import EXACT_FLOAT, best_matching
from matching.engine.facts import FactTable
from matching.engine.optimum import Cover, Optimum, duality_gap, worth
from matching.engine.problem import FULL_SCORE
from matching.engine.residual import smallest_prices

Report = Callable[[str, float], None]
Numbers = tuple[int, int, int]
"""How many are matched, how many with priority, and how many wanted places are filled."""


DENSE_PLACES = 5_000_000
"""Mentees times places (or mentors) up to which SciPy's dense solver is safe and fast enough."""


def fits(table: FactTable) -> bool:
    """Whether all pairs of `table` are to be held at once, and counted exactly by SciPy."""
    places = int(np.minimum(table.capacity, table.mentees).sum())
    big, bonus = worth(table)
    steps = 2 * min(table.mentees, places) + 2
    exact = steps * (big + 2 * bonus + FULL_SCORE) < EXACT_FLOAT
    return exact and table.mentees * max(places, table.mentors) <= DENSE_PLACES


def is_floor(table: FactTable, floor: int) -> bool:
    """Whether `floor` is the best attainable worst pair of `table`."""
    field = _Field(table)
    wanted = field.numbers(max(table.minimum, 0))
    if not wanted[0]:
        return floor == max(table.minimum, 0)
    return field.numbers(floor) == wanted != field.numbers(floor + 1)


def most_matched(table: FactTable, minimums: Sequence[int]) -> list[int]:
    """How many can be matched with pairs of each of these minimums or more, whatever the minimum
    of `table`. O(n m) memory."""
    field = _Field(replace(table, minimum=0))
    return [field.numbers(minimum)[0] for minimum in minimums]


def solve_dense(table: FactTable, floor: bool, report: Report) -> Optimum:
    """All stages; `floor`: whether the worst pair is made as good as possible. O(n m) memory."""
    report("score", 0.0)
    field = _Field(table)
    report("count", 0.2)
    least = max(table.minimum, 0)
    cover, wanted = field.cover(least)
    worst, above = least, None
    if floor and wanted[0]:
        report("floor", 0.3)
        worst = field.highest_floor(least, wanted)
        above, _ = field.cover(worst + 1)
    report("total", 0.4)
    return field.total(worst, cover, above)


class _Field:
    """All points and who is possible, with everything that is asked of them."""

    def __init__(self, table: FactTable) -> None:
        self.points, self.possible = table.block(slice(None), slice(None))
        self.priority, self.wanted = table.priority, table.wanted
        self.big, self.bonus = worth(table)
        self.capacity = table.capacity
        self.n, self.m = self.points.shape

    def highest_floor(self, least: int, wanted: Numbers) -> int:
        """The largest worst pair with which as many can be matched, by halving."""
        low, high = least, FULL_SCORE + 1
        while low + 1 < high:
            middle = (low + high) // 2
            if self.numbers(middle) == wanted:
                low = middle
            else:
                high = middle
        return low

    def cover(self, minimum: int) -> tuple[Cover, Numbers]:
        """Tiers of mentees and mentors, and the numbers that they prove."""
        edges = self._edges(minimum)
        mentee = np.zeros(self.n, dtype=np.int8)
        mentor = np.zeros(self.m, dtype=np.int8)
        numbers = []
        for tier, people in ((1, np.arange(self.n)), (2, np.flatnonzero(self.priority))):
            mate = self._largest(edges[people])
            seen, mentor_seen = _reachable(edges[people], mate, self.m)
            mentee[people[seen]], mentor[mentor_seen] = tier, tier
            numbers.append(int((mate >= 0).sum()))
        mate = self._filled(edges)
        seen, mentor_seen = _reachable_from_places(edges, mate, self.wanted, self.capacity)
        mentee[seen], mentor[mentor_seen] = -1, -1
        return Cover(minimum, mentee, mentor), (numbers[0], numbers[1], int((mate >= 0).sum()))

    def total(self, floor: int, cover: Cover, above: Cover | None) -> Optimum:
        """The highest total of the largest matchings with pairs of `floor` or more."""
        leave = self.big + self.bonus * self.priority.astype(np.int64)
        points = self.points + self.bonus * self.wanted
        value = np.where(self._edges(floor), points + leave[:, None], 0)
        mate = best_matching(value, self.capacity)
        mentee_prices, price = smallest_prices(value, self.capacity, mate)
        gain, rows = mentee_prices - leave, np.flatnonzero(mate >= 0)
        reached = points[rows, mate[rows]]
        gap = duality_gap(reached, mate, (gain, price), leave, self.capacity)
        return Optimum(mate, gain, price, self.big, self.bonus, floor, cover, above, gap)

    def _edges(self, minimum: int) -> BoolArray:
        return self.possible & (self.points >= minimum) & (self.capacity > 0)

    def numbers(self, minimum: int) -> Numbers:
        """The most there can be of each, with pairs of `minimum` or more."""
        edges = self._edges(minimum)
        mates = self._largest(edges), self._largest(edges[self.priority]), self._filled(edges)
        matched, with_priority, filled = (int((mate >= 0).sum()) for mate in mates)
        return matched, with_priority, filled

    def _filled(self, edges: BoolArray) -> IntArray:
        """Mentor of each mentee when only wanted places are there to be filled."""
        if not self.wanted.any():
            return np.full(self.n, -1, dtype=np.int64)
        return self._largest(edges & self.wanted)

    def _largest(self, edges: BoolArray) -> IntArray:
        """Mentor of each row in a largest matching, -1 = unmatched."""
        useful = np.minimum(self.capacity, edges.sum(axis=0))
        column = np.repeat(np.arange(self.m), useful)
        if not len(column) or not len(edges):
            return np.full(len(edges), -1, dtype=np.int64)
        places = _sparse(edges.take(column, axis=1))
        return np.append(column, -1)[maximum_bipartite_matching(places, perm_type="column")]


def _sparse(edges: BoolArray) -> csr_array:
    """As `csr_array(edges)`, which takes longer than the matching that it is made for."""
    own = np.broadcast_to(np.arange(edges.shape[1], dtype=np.int32), edges.shape)[edges]
    ends = np.concatenate([[0], np.cumsum(np.count_nonzero(edges, axis=1))]).astype(np.int32)
    return csr_array((np.ones(len(own), dtype=np.bool_), own, ends), shape=edges.shape)


def _reachable(edges: BoolArray, mate: IntArray, mentors: int) -> tuple[BoolArray, BoolArray]:
    """Who is on an alternating path from an unmatched row: to all mentors who are possible, and
    from a mentor to all who are matched with them."""
    seen = mate < 0
    mentor_seen = np.zeros(mentors, dtype=np.bool_)
    front = np.flatnonzero(seen)
    while len(front):
        fresh = edges[front].any(axis=0) & ~mentor_seen
        mentor_seen |= fresh
        front = np.flatnonzero(~seen & np.append(fresh, False)[mate])
        seen[front] = True
    return seen, mentor_seen


def _reachable_from_places(
    edges: BoolArray, mate: IntArray, wanted: BoolArray, capacity: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Who is on an alternating path from a wanted place that is free: from a mentor to all mentees
    who are possible, and from a mentee to the mentor who is matched with them."""
    seen = np.zeros(len(mate), dtype=np.bool_)
    load = np.bincount(mate[mate >= 0], minlength=len(capacity))
    mentor_seen = wanted & (load < capacity)
    front = np.flatnonzero(mentor_seen)
    while len(front):
        fresh = edges[:, front].any(axis=1) & ~seen
        seen |= fresh
        front = np.setdiff1d(mate[fresh], np.flatnonzero(mentor_seen))
        mentor_seen[front] = True
    return seen, mentor_seen
