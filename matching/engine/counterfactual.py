"""`why_not`: what would happen if two given people were paired.

The pair is forced as a lock would force it, and the optimum is restored by at
most two best chains of moves: one that fills the place the mentee leaves, one
that makes room at the wanted mentor (see `live`). That moves nobody without need. If
the pair would change the best attainable worst pair, the rest is solved anew; in a
round too large to hold all its pairs, the floor of the round stays.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.dense import fits, is_floor, solve_dense
from matching.engine.encode import fact_table
from matching.engine.explanation import Explanation, check_pair, explain
from matching.engine.facts import FactTable
from matching.engine.free import Free, free_part
from matching.engine.live import Live
from matching.engine.musthaves import failed_codes
from matching.engine.optimum import Optimum
from matching.engine.problem import NO_PLACE_LEFT, Problem
from matching.engine.solution import Solution

LOCKED_ELSEWHERE = "locked_elsewhere"


@dataclass(frozen=True)
class Change:
    """A mentee whose mentor would change; -1 and 0 points stand for no mentor."""

    mentee: int
    mentor_before: int
    points_before: int
    mentor_after: int
    points_after: int


@dataclass(frozen=True, eq=False)
class Forced:
    """The optimum with the pair in it, and its differences from the solution as it is."""

    mentor_of: IntArray
    matched: int
    priority_matched: int
    total: int
    matched_change: int
    priority_change: int
    total_change: int
    changes: tuple[Change, ...]

    @property
    def losers(self) -> tuple[Change, ...]:
        """Those who would have fewer points than now, worst first."""
        worse = [change for change in self.changes if change.points_after < change.points_before]
        return tuple(sorted(worse, key=lambda change: change.points_after - change.points_before))


@dataclass(frozen=True, eq=False)
class WhyNot:
    """Answer of `why_not`.

    explanation: score and facts of the pair. paired: they are a pair already.
    failed: codes of the must-haves that fail (see `failed_codes`), or
    "locked_elsewhere". forced: None when something fails.
    """

    mentee: int
    mentor: int
    explanation: Explanation
    paired: bool
    failed: tuple[str, ...]
    forced: Forced | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON."""
        forced = None
        if self.forced:
            forced = vars(self.forced) | {
                "mentor_of": self.forced.mentor_of.tolist(),
                "changes": [vars(change) for change in self.forced.changes],
                "losers": [vars(change) for change in self.forced.losers],
            }
        return {
            "mentee": self.mentee,
            "mentor": self.mentor,
            "explanation": self.explanation.to_dict(),
            "paired": self.paired,
            "failed": list(self.failed),
            "forced": forced,
        }


def why_not(problem: Problem, solution: Solution, mentee: int, mentor: int) -> WhyNot:
    """Why these two are not a pair, and what pairing them would cost, exactly.

    solution: the result of `solve(problem)`. Raises `ProblemError` for a number
    that is nobody's. Locked pairs stay as they are. O((n + m) d) for every person
    on a chain, d facts each.
    """
    check_pair(problem, mentee, mentor)
    mentee, mentor = int(mentee), int(mentor)
    found = explain(problem, mentee, mentor)
    paired = bool(solution.mentor_of[mentee] == mentor)
    failed = list(failed_codes(problem, mentee, mentor))
    free = free_part(problem)
    if free.locked[mentee] not in (-1, mentor):
        failed.append(LOCKED_ELSEWHERE)
    if not paired and mentor not in free.columns and NO_PLACE_LEFT not in failed:
        failed.append(NO_PLACE_LEFT)
    forced = None
    if not failed:
        after = solution.mentor_of if paired else _pair(free, solution, mentee, mentor)
        forced = _forced(problem, solution, after)
    return WhyNot(mentee, mentor, found, paired, tuple(failed), forced)


def _pair(free: Free, solution: Solution, mentee: int, mentor: int) -> IntArray:
    """mentor_of of everybody in the optimum that contains the pair."""
    row = int(np.flatnonzero(free.rows == mentee)[0])
    column = free.columns_of(mentor)[0]  # as a lock, which fills the quota first
    mate = _best_of_the_rest(free.table, solution.optimum, row, column)
    after = free.mentor_of(mate)
    after[mentee] = mentor
    return after


def _best_of_the_rest(table: FactTable, now: Optimum, row: int, column: int) -> IntArray:
    """Mates when mentee `row` and one place of mentor `column` are given away."""
    capacity = table.capacity.copy()
    capacity[column] -= 1
    others = np.delete(np.arange(table.mentees), row)
    rest = replace(table.take(others, slice(None)), capacity=capacity)
    if fits(table) and now.above is not None and not is_floor(rest, now.floor):
        found = solve_dense(rest, floor=True, report=lambda phase, fraction: None)
        return np.insert(found.mate, row, -1)
    live = Live(table, now)
    live.remove(row)
    live.change_places(column, -1)
    return live.mate


def _forced(problem: Problem, now: Solution, after: IntArray) -> Forced:
    rows = np.flatnonzero(after >= 0)
    points = np.zeros(problem.mentees, dtype=np.int64)
    points[rows] = fact_table(problem).parts(rows, after[rows]).sum(axis=1)
    priority = int(problem.priority[rows].sum())
    total = int(points.sum())
    changes = tuple(
        Change(
            mentee,
            int(now.mentor_of[mentee]),
            int(now.points[mentee]),
            int(after[mentee]),
            int(points[mentee]),
        )
        for mentee in np.flatnonzero(after != now.mentor_of).tolist()
    )
    return Forced(
        mentor_of=after,
        matched=len(rows),
        priority_matched=priority,
        total=total,
        matched_change=len(rows) - now.matched,
        priority_change=priority - now.priority_matched,
        total_change=total - now.total,
        changes=changes,
    )
