"""The proven optimum over all pairs, by column generation: solve on a few candidates of each
mentee, look through all pairs for one that the prices do not justify, add it, solve again.

Stages, each proven before the next: most matched; of those, most with priority; of those
(`floor`), the largest possible worst pair; of those, the highest total.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching.engine.compiled import auction
from matching.engine.compiled.bound import MORE, Bound
from matching.engine.compiled.finish import finish, set_gains
from matching.engine.compiled.flow import Matching, grow, tiers
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.scan import Found, Scanner, joined

CANDIDATES = 16
FULL = 10_000

Report = Callable[[str, float], None]


@dataclass(eq=False)
class Cover:
    """Tiers (see `flow.tiers`) that prove how many can be matched on pairs of `minimum` or more."""

    minimum: int
    mentee: Any
    mentor: Any


@dataclass(eq=False)
class Optimum:
    """mate (n,); price (m,) and gain (n,) int64 prove the total; `cover` the numbers matched."""

    mate: Any
    price: Any
    gain: Any
    big: int
    bonus: int
    floor: int
    cover: Cover
    above: Cover | None
    rounds: int = 0
    trace: list[dict[str, Any]] = field(default_factory=list)


def _steps_for(violated: float) -> tuple[int, ...]:
    """How much of the auction to repeat when so large a part of the mentees can do better."""
    if violated > 1 / 5:
        return auction.STEPS
    return auction.FINE_STEPS if violated > 1 / 50 else ()


class Solver:
    """One fact table, its candidate graph and matching, through all stages."""

    def __init__(self, table: Any, scanner: Scanner, report: Report | None = None) -> None:
        self.table, self.scanner = table, scanner
        self.report = report or (lambda phase, fraction: None)
        self.n, self.m = scanner.n, scanner.m
        self.capacity = np.minimum(table.capacity, self.n).astype(np.int64)
        self.priority = table.priority
        self.minimum = max(int(table.minimum), 0)
        found = scanner.top(CANDIDATES, self.minimum)
        level = np.full(self.n, self.minimum - 1, dtype=np.int64)
        level[found.full] = found.least
        self.bound = Bound(scanner, level)
        self.graph = Graph.of(self.n, self.m, found.rows, found.columns, found.points)
        self.matching = Matching.empty(self.n, self.capacity)

    def most(self, minimum: int) -> Cover:
        """Grow the matching to the largest on pairs of `minimum` or more, over all pairs."""
        while True:
            grow(self.graph, self.matching, self.priority)
            mentee, mentor = tiers(self.graph, self.matching, self.priority)
            found = self._free_places(minimum)
            if not len(found.rows):
                found = self._ways_out(mentee, mentor, minimum)
            if not len(found.rows):
                return Cover(minimum, mentee, mentor)
            self.graph = self.graph.with_pairs(found.rows, found.columns, found.points)

    def _free_places(self, minimum: int) -> Found:
        """Possible pairs of the unmatched with mentors who have a place: often all it takes."""
        rows = np.flatnonzero(self.matching.mate < 0)
        columns = np.flatnonzero(self.matching.load < self.capacity)
        return self._all_possible(rows, columns, minimum)

    def _ways_out(self, mentee: Any, mentor: Any, minimum: int) -> Found:
        """Possible pairs from an over-demanded tier to a mentor of a lower one."""
        return joined(
            [
                self._all_possible(
                    np.flatnonzero(mentee == tier), np.flatnonzero(mentor < tier), minimum
                )
                for tier in (1, 2)
            ]
        )

    def _all_possible(self, rows: Any, columns: Any, minimum: int) -> Found:
        if not len(rows) or not len(columns):
            return joined([])
        price = np.zeros(self.m, dtype=np.int64)
        threshold = np.full(len(rows), minimum - 1, dtype=np.int64)
        return self.scanner.column_violators(rows, columns, price, threshold, MORE, minimum)

    def total(self, minimum: int, cover: Cover) -> Optimum:
        """The highest total of the largest matchings on pairs of `minimum` or more."""
        card = max(1, int((self.matching.mate >= 0).sum()))
        bonus = card * FULL + 1 if self.priority.any() else 0
        big = card * (bonus + FULL) + 1
        outside = -(big + bonus * self.priority.astype(np.int64))
        price = np.array([0, big, big + bonus])[cover.mentor]
        mate = self.matching.mate.copy()
        gain = np.zeros(self.n, dtype=np.int64)
        rounds, trace = 0, []
        price = auction.run(self.graph, self.capacity, outside, price, mate, auction.COARSE_STEPS)
        set_gains(self.graph.start, self.graph.column, self.graph.points, price, outside, gain)
        found = self.bound.look(price, gain, minimum)
        self.graph = self.graph.with_pairs(found.rows, found.columns, found.points)
        trace.append({"looked": self.bound.looked, "found": len(found.rows)})
        steps = auction.STEPS
        while True:
            if steps:
                price = auction.run(self.graph, self.capacity, outside, price, mate, steps)
            matching = Matching.of(mate, self.capacity)
            searches = finish(self.graph, matching, price, gain, outside)
            mate = matching.mate
            found = self.bound.look(price, gain, minimum)
            rounds += 1
            wrong = found.points - price[found.columns] > gain[found.rows]
            violated = len(np.unique(found.rows[wrong]))
            trace.append({"pairs": len(self.graph.column), "searches": searches,
                          "violated": violated, "looked": self.bound.looked})  # fmt: skip
            if not violated:
                break
            self.graph = self.graph.with_pairs(found.rows, found.columns, found.points)
            steps = _steps_for(violated / self.n)
        self.matching = matching
        return Optimum(mate, price, gain, big, bonus, minimum, cover, None, rounds, trace)
