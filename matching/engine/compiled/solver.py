"""The proven optimum over all pairs, by column generation: solve on a few candidates of each
mentee, look through all pairs for one that the prices do not justify, add it, solve again.

Stages, each proven before the next: most matched; of those, most with priority and most wanted
places filled, which never stand in each other's way; of those (`floor`), the largest possible
worst pair; of those, the highest total.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from matching.engine.compiled import auction
from matching.engine.compiled.bound import MORE, Bound
from matching.engine.compiled.finish import Duals, finish, set_gains
from matching.engine.compiled.flow import Matching, grow, tiers
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.scan import NOTHING, STRIP, Found, Scanner, joined
from matching.engine.optimum import Cover, Optimum, Patience, duality_gap, worth

CANDIDATES = 16
SPREADS = 3
SAMPLE = 16
ENOUGH = 2
"""So many mentees for each free place look at a sample: more of them could not be helped."""
FULL = 10_000

Report = Callable[[str, float], None]


def _steps_for(violated: float) -> tuple[int, ...]:
    """How much of the auction to repeat when so large a part of the mentees can do better."""
    if violated > 1 / 5:
        return auction.STEPS
    return auction.FINE_STEPS if violated > 1 / 50 else ()


class Solver:
    """One fact table with its candidate graph, through all stages.

    Every mentor of the table has a place: leave out who has none.
    """

    def __init__(self, table: Any, scanner: Scanner, report: Report | None = None) -> None:
        self.scanner = scanner
        self.report = report or (lambda phase, fraction: None)
        self.n, self.m = scanner.n, scanner.m
        self.capacity = np.minimum(table.capacity, self.n + 1).astype(np.int64)
        self.priority, self.wanted = table.priority, table.wanted
        self.minimum = max(int(table.minimum), 0)
        self.trace: list[dict[str, Any]] = []
        self.turn = 0
        self.started = time.monotonic()
        self.random = np.random.default_rng(0)
        self._leave = worth(table)
        self.shift = self._leave[1] * self.wanted.astype(np.int64)
        self.report("score", 0.0)
        found = scanner.top(CANDIDATES, self.minimum)
        level = np.full(self.n, self.minimum - 1, dtype=np.int64)
        level[found.full] = found.least
        self.bound = Bound(scanner, level, np.zeros(self.m, dtype=np.int64))
        self.graph = Graph.of(self.n, self.m, found.rows, found.columns, found.points)

    def solve(self, floor: bool = True, patience: Patience | None = None) -> Optimum:
        """All stages. floor: whether the worst pair is made as good as possible first."""
        self.patience = patience or Patience()
        self.report("count", 0.2)
        matching, cover = self._largest(self.minimum, Matching.empty(self.n, self.capacity))
        worst, above = self.minimum, None
        self._enrich(matching, cover)
        if floor and (matching.mate >= 0).any():
            self.report("floor", 0.3)
            matching, worst, above = self._raise_floor(matching, cover)
        self.report("total", 0.4)
        return self._total(matching, worst, cover, above)

    def _largest(self, minimum: int, matching: Matching) -> tuple[Matching, Cover]:
        """Grow `matching` to the largest on all pairs of `minimum` or more, with the proof."""
        while True:
            graph = self.graph.at_least(minimum)
            grow(graph, matching, self.priority, self.wanted)
            mentee, mentor = tiers(graph, matching, self.priority, self.wanted)
            found = self._free_places(matching, minimum)
            if not len(found.rows):
                found = self._ways_out(mentee, mentor, minimum)
            if not len(found.rows):
                return matching, Cover(minimum, mentee, mentor)
            self._add(found)

    def _free_places(self, matching: Matching, minimum: int) -> Found:
        """Possible pairs of the unmatched with mentors who have a place: often all it takes.

        Where all want the same mentors, the best ones of everybody would be the same few again: so
        everybody looks at some of the mentors at random, if that is enough.
        """
        rows = np.flatnonzero(matching.mate < 0)
        columns = np.flatnonzero(matching.load < matching.room)
        if len(columns) > SAMPLE:
            free = int((matching.room - matching.load)[columns].sum())
            some = self.random.permutation(rows)[: ENOUGH * free]
            found = self._sample(some, columns, minimum)
            if len(np.unique(found.rows)) > len(some) // 2:
                return found
        return self._all_possible(rows, columns, minimum)

    def _sample(self, rows: Any, columns: Any, minimum: int) -> Found:
        """SAMPLE mentors out of `columns` for each of `rows`, less the impossible ones."""
        own = np.repeat(rows, SAMPLE)
        other = self.random.choice(columns, len(own))
        points = self.scanner.points(own, other)
        good = (points >= minimum) & ~self.scanner.barred(own, other)
        return Found(own[good], other[good], points[good], NOTHING, NOTHING)

    def _shares(self, rows: Any, columns: Any) -> list[tuple[Any, Any]]:
        """Each part of `rows` with one strip of `columns`, other ones every time."""
        parts = max(1, min(len(columns) // STRIP, len(rows)))
        self.turn += 1
        some = np.array_split(rows, parts)
        strips = enumerate(np.array_split(columns, parts))
        return [(some[(k + self.turn) % parts], strip) for k, strip in strips]

    def _ways_out(self, mentee: Any, mentor: Any, minimum: int) -> Found:
        """Possible pairs from a tier to a mentor of a lower one."""
        parts = []
        for tier in (0, 1, 2):
            rows, columns = np.flatnonzero(mentee == tier), np.flatnonzero(mentor < tier)
            parts.append(self._all_possible(rows, columns, minimum))
        return joined(parts)

    def _all_possible(self, rows: Any, columns: Any, minimum: int) -> Found:
        if not len(rows) or not len(columns):
            return joined([])
        price = np.zeros(self.m, dtype=np.int64)
        threshold = np.full(len(rows), minimum - 1, dtype=np.int64)
        return self.scanner.column_violators(rows, columns, price, threshold, MORE, minimum)

    def _raise_floor(self, matching: Matching, now: Cover) -> tuple[Matching, int, Cover]:
        """The largest worst pair that still matches as many, and proof that no more will do."""
        wanted = self._numbers(matching)
        floor = self._worst(matching)
        while True:
            matching, floor = self._raise_on_graph(matching, floor, now)
            tried, cover = self._largest(floor + 1, self._without(matching, floor + 1))
            if self._numbers(tried) != wanted:
                return matching, floor, cover
            matching, floor = tried, self._worst(tried)

    def _raise_on_graph(self, matching: Matching, floor: int, now: Cover) -> tuple[Matching, int]:
        """By halving, with the pairs of the graph only."""
        wanted = self._numbers(matching)
        low, high = floor, FULL + 1
        while low + 1 < high:
            middle = (low + high) // 2
            graph = self.graph.at_least(middle)
            tried = self._without(matching, middle)
            if self._may_suffice(graph, now):
                grow(graph, tried, self.priority, self.wanted)
            if self._numbers(tried) == wanted:
                matching, low = tried, max(middle, self._worst(tried))
            else:
                high = middle
        return matching, low

    def _may_suffice(self, graph: Graph, now: Cover) -> bool:
        """Whether nobody who must be matched, and no place that must be taken, lacks pairs."""
        mentees, mentors = np.diff(graph.start), np.diff(graph.begin)
        short = mentors[now.mentor_tier > 0] < self.capacity[now.mentor_tier > 0]
        return not short.any() and bool(mentees[now.mentee_tier <= 0].all())

    def _numbers(self, matching: Matching) -> tuple[int, int, int]:
        matched, filled = matching.mate >= 0, matching.load[self.wanted]
        return int(matched.sum()), int(self.priority[matched].sum()), int(filled.sum())

    def _worst(self, matching: Matching) -> int:
        return int(self._points(matching.mate).min(initial=FULL))

    def _points(self, mate: Any) -> Any:
        rows = np.flatnonzero(mate >= 0)
        return self.scanner.points(rows, mate[rows])

    def _without(self, matching: Matching, minimum: int) -> Matching:
        """`matching` without its pairs below `minimum`."""
        mate = matching.mate.copy()
        rows = np.flatnonzero(mate >= 0)
        mate[rows[self._points(mate) < minimum]] = -1
        return Matching.of(mate, self.capacity)

    def _total(self, matching: Matching, floor: int, cover: Cover, above: Cover | None) -> Optimum:
        """The highest total among the largest matchings on pairs of `floor` or more."""
        if floor > self.minimum:
            matching, at_floor = self._largest(floor, matching)
        else:
            at_floor = cover
        duals = self._start(at_floor)
        mate = matching.mate.copy()
        steps: tuple[int, ...] = auction.STEPS
        while True:
            graph = self.graph.at_least(floor).shifted(self.shift)
            if steps:
                duals.price[:] = auction.run(graph, self.capacity, duals, mate, steps)
            matching = Matching.of(mate, self.capacity)
            finish(graph, duals, matching)
            mate = matching.mate
            gain = self._look(duals, floor)
            violated = int((gain > duals.gain).sum())
            self.report("total", 0.9 - 0.5 * violated / max(1, self.n))
            gap = self._gap(mate, gain, duals)
            if gap <= self.patience.gap or self._out_of_time():
                found = mate.astype(np.int64), gain, duals.price, *self._leave
                return Optimum(*found, floor, cover, above, gap)
            if violated > self.n // 2:
                self._spread(duals, mate, floor)
            steps = _steps_for(violated / self.n)

    def _gap(self, mate: Any, gain: Any, duals: Duals) -> int:
        reached = self._points(mate) + self.shift[mate[mate >= 0]]
        return duality_gap(reached, mate, (gain, duals.price), -duals.outside, self.capacity)

    def _out_of_time(self) -> bool:
        return time.monotonic() - self.started > self.patience.seconds

    def _start(self, cover: Cover) -> Duals:
        """Prices that keep the tiers apart, and what staying unmatched is worth."""
        big, bonus = self._leave
        outside = -(big + bonus * self.priority.astype(np.int64))
        price = np.array([0, big, big + bonus])[np.maximum(cover.mentor_tier, 0)]
        price[cover.mentor_tier >= 0] += self.shift[cover.mentor_tier >= 0]
        return Duals(price, np.zeros(self.n, dtype=np.int64), outside)

    def _enrich(self, matching: Matching, cover: Cover) -> None:
        """Rough prices are enough to find better candidates than the first ones."""
        duals, mate = self._start(cover), matching.mate.copy()
        self._coarse(duals, mate, self.minimum)
        self._look(duals, self.minimum)

    def _coarse(self, duals: Duals, mate: Any, floor: int) -> None:
        graph = self.graph.at_least(floor).shifted(self.shift)
        duals.price[:] = auction.run(graph, self.capacity, duals, mate, auction.COARSE_STEPS)
        set_gains(graph, duals)

    def _spread(self, duals: Duals, mate: Any, floor: int) -> None:
        """Where the same few mentors would be better for most, everybody looks at other ones."""
        everybody, columns = np.arange(self.n), np.arange(self.m)
        for _ in range(SPREADS):
            parts = [
                self.scanner.column_violators(
                    rows, strip, duals.price - self.shift, duals.gain[rows], MORE, floor
                )
                for rows, strip in self._shares(everybody, columns)
            ]
            self._add(joined(parts))
            self._coarse(duals, mate, floor)

    def _look(self, duals: Duals, floor: int) -> Any:
        """Look through all pairs; the gains (n,) that cover every one at these prices."""
        price = duals.price - self.shift
        found = self.bound.look(price, duals.gain, floor)
        gain = duals.gain.copy()
        np.maximum.at(gain, found.rows, found.points - price[found.columns])
        self._add(found)
        violated = int((gain > duals.gain).sum())
        self.trace.append(
            {"looked": self.bound.looked, "violated": violated, "pairs": len(self.graph.column)}
        )
        return gain

    def _add(self, found: Found) -> None:
        self.graph = self.graph.with_pairs(found.rows, found.columns, found.points)
