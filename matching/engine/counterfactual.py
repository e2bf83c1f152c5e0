"""`why_not`: what would happen if two given people were paired.

The pair is forced as a lock would force it, and the optimum is restored by at
most two best chains of moves in the residual graph: one that fills the place
the mentee leaves, one that makes room at the wanted mentor. After a change of
one unit this gives the new optimum exactly (successive shortest paths; Ahuja,
Magnanti and Orlin 1993, ch. 9), and moves nobody without need.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.assignment import Assignment
from matching.engine.explanation import Explanation, check_pair, explain
from matching.engine.instance import Instance, build_instance
from matching.engine.musthaves import failed_codes
from matching.engine.problem import NO_PLACE_LEFT, Problem
from matching.engine.residual import (
    IMPOSSIBLE,
    longest_paths,
    seats_of,
    shift_gains,
    with_outside,
)
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
    that is nobody's. Locked pairs stay as they are. O(n m + r m^2).
    """
    check_pair(problem, mentee, mentor)
    mentee, mentor = int(mentee), int(mentor)
    found = explain(problem, mentee, mentor)
    paired = bool(solution.mentor_of[mentee] == mentor)
    failed = list(failed_codes(problem, mentee, mentor))
    instance = build_instance(problem)
    if instance.locked[mentee] not in (-1, mentor):
        failed.append(LOCKED_ELSEWHERE)
    if not paired and not instance.capacity[mentor] and NO_PLACE_LEFT not in failed:
        failed.append(NO_PLACE_LEFT)
    forced = None
    if not failed:
        after = solution.mentor_of
        if not paired:
            after = _pair(problem, instance, solution.assignment, mentee, mentor)
        forced = _forced(problem, instance, solution, after)
    return WhyNot(mentee, mentor, found, paired, tuple(failed), forced)


def _pair(
    problem: Problem, instance: Instance, now: Assignment, mentee: int, mentor: int
) -> IntArray:
    """mentor_of of everybody in the optimum that contains the pair."""
    before = now.mentor_of
    rows = np.argsort(problem.mentee_key)
    rows = rows[rows != mentee]
    value = np.where(instance.allowed, instance.scores + now.certificate.big_m, 0)[rows]
    chains = _Chains(value, instance.capacity, before[rows])
    if before[mentee] >= 0:
        chains.fill(int(before[mentee]))
    chains.give_away(mentor)
    after = np.where(instance.locked >= 0, instance.locked, -1)
    after[rows] = np.where(instance.locked[rows] >= 0, instance.locked[rows], chains.mentor_of())
    after[mentee] = mentor
    return after


class _Chains:
    """A matching that is kept optimal while single places come and go."""

    def __init__(self, value: IntArray, capacity: IntArray, mentor_of: IntArray) -> None:
        self.outside = len(capacity)
        self.extended = with_outside(value)
        self.seat = seats_of(mentor_of, self.outside)
        self.room = np.append(capacity, len(value) + 1)

    def mentor_of(self) -> IntArray:
        return np.where(self.seat == self.outside, -1, self.seat)

    def fill(self, free: int) -> None:
        """Somebody left `free`: apply the best chain of moves that ends there."""
        start = np.zeros(self.outside + 1, dtype=np.int64)
        _, before = longest_paths(shift_gains(self.extended, self.seat), start)
        self._move(before, free)

    def give_away(self, taken: int) -> None:
        """One place of `taken` is gone: if it was in use, the best chain frees one."""
        self.room[taken] -= 1
        load = np.bincount(self.seat, minlength=self.outside + 1)
        if load[taken] <= self.room[taken]:
            return
        start = np.full(self.outside + 1, IMPOSSIBLE, dtype=np.int64)
        start[taken] = 0
        gain, before = longest_paths(shift_gains(self.extended, self.seat), start)
        ends = np.where(load < self.room, gain, IMPOSSIBLE)
        self._move(before, int(ends.argmax()))

    def _move(self, before: IntArray, end: int) -> None:
        """Along the path to `end`, move the holder who gains most at each step."""
        while before[end] >= 0:
            source = int(before[end])
            holders = np.flatnonzero(self.seat == source)
            change = self.extended[holders, end] - self.extended[holders, source]
            self.seat[holders[change.argmax()]] = end
            end = source


def _forced(problem: Problem, instance: Instance, now: Solution, after: IntArray) -> Forced:
    rows = np.flatnonzero(after >= 0)
    points = np.zeros(problem.mentees, dtype=np.int64)
    points[rows] = instance.points[rows, after[rows]]
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
