"""`solve`: the whole round. Scores, must-haves, locks, the certified optimum, and why not.

Objective, in this order: most mentees matched; most mentees with priority
matched; most places of lower quotas filled; unless switched off, the best
attainable worst pair; highest total of points. Locked pairs are kept whatever
they cost. Among equals the people's random keys decide: rows and columns are
sorted by key before solving, so the order of the input never matters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.blocks import Shared
from matching.engine.dense import fits, solve_dense
from matching.engine.encode import fact_table, memory_needed
from matching.engine.errors import SIZE, ProblemError
from matching.engine.free import free_part
from matching.engine.large import solve_large
from matching.engine.optimum import Optimum, Patience
from matching.engine.problem import CRITERIA, Problem
from matching.engine.unmatched import Steps, Unmatched, more_if_lower_minimum, unmatched
from matching.engine.verify_facts import verify_facts
from matching.engine.version import VERSION

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Solution:
    """The result of `solve`.

    version: of the engine. mentor_of (n,) int64, -1 = unmatched. points (n,)
    int64 and parts (n, 6) int64 in the order of CRITERIA: of each mentee's pair,
    0 if unmatched; parts sum to points. matched, priority_matched, quota_filled,
    total: of all pairs, locked ones included. below_quota: pairs of (mentor, how
    many mentees short of the lower quota), in the order of mentors. optimum:
    pairs and proof for what the locks leave open, `free_part(problem).table`.
    unmatched: in the order of mentees. more_if_lower_minimum: pairs of (lower
    minimum, how many more mentees would be matched), descending minimum; empty
    when nothing could be gained, None when the round is too large to count it.
    """

    version: str
    mentor_of: IntArray
    points: IntArray
    parts: IntArray
    matched: int
    priority_matched: int
    quota_filled: int
    below_quota: tuple[tuple[int, int], ...]
    total: int
    optimum: Optimum
    unmatched: tuple[Unmatched, ...]
    more_if_lower_minimum: Steps | None

    @property
    def floor(self) -> int:
        """Points of the worst pair allowed, locked pairs aside."""
        return self.optimum.floor

    @property
    def gap(self) -> int:
        """Points that the total could be higher at most; 0 is a proven best."""
        return self.optimum.gap

    @property
    def certificate(self) -> dict[str, Any]:
        """The proof as plain data: the optimum, with how many it matches."""
        return self.optimum.to_dict() | {"matched": int((self.optimum.mate >= 0).sum())}

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON."""
        steps = self.more_if_lower_minimum
        return {
            "engine_version": self.version,
            "criteria": list(CRITERIA),
            "mentor_of": self.mentor_of.tolist(),
            "points": self.points.tolist(),
            "parts": self.parts.tolist(),
            "matched": self.matched,
            "priority_matched": self.priority_matched,
            "quota_filled": self.quota_filled,
            "below_quota": [list(mentor) for mentor in self.below_quota],
            "total": self.total,
            "optimum": self.optimum.to_dict(),
            "unmatched": [vars(person) for person in self.unmatched],
            "more_if_lower_minimum": None if steps is None else [list(step) for step in steps],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Solution":
        """The solution that `to_dict` wrote, for instance of a stored round.

        Raises `ProblemError` when it was damaged beyond reading; whether it is true
        is for `verify_solution` to say.
        """
        try:
            return _from_dict(data)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ProblemError("solution", None, f"cannot be read back ({error!r})") from error


def _from_dict(data: Mapping[str, Any]) -> Solution:
    mentor_of = np.array(data["mentor_of"], dtype=np.int64)
    steps = data["more_if_lower_minimum"]
    return Solution(
        version=data["engine_version"],
        mentor_of=mentor_of,
        points=np.array(data["points"], dtype=np.int64),
        parts=np.array(data["parts"], dtype=np.int64).reshape(len(mentor_of), len(CRITERIA)),
        matched=data["matched"],
        priority_matched=data["priority_matched"],
        quota_filled=data["quota_filled"],
        below_quota=tuple((mentor, short) for mentor, short in data["below_quota"]),
        total=data["total"],
        optimum=Optimum.from_dict(data["optimum"]),
        unmatched=tuple(Unmatched(**person) for person in data["unmatched"]),
        more_if_lower_minimum=None if steps is None else tuple((low, more) for low, more in steps),
    )


def solve(
    problem: Problem,
    progress: Progress | None = None,
    *,
    most_megabytes: int | None = None,
    shared: Shared | None = None,
    patience: Patience | None = None,
) -> Solution:
    """The optimum of a round, proven, with a reason for everybody who is left out.

    progress: called with a phase ("wait", "score", "count", "floor", "total", "unmatched", "done")
    and the fraction done; what it raises ends the work. Raises `ProblemError` for a lock that
    breaks a must-have and for a round that does not fit in memory: in `most_megabytes`, or in what
    is free. Large rounds are solved in a process of their own, the largest with the help of
    `shared` workers; they stop early when `patience` says so, and the gap says how much more there
    could be. The same problem gives the same pairs, in whatever order its people stand.
    """
    report = progress or _silent
    report("score", 0.0)
    if most_megabytes is not None and memory_needed(problem) > most_megabytes * 2**20:
        raise ProblemError(SIZE, None, f"needs more than {most_megabytes} MiB")
    table, floor = free_part(problem).table, problem.floor_first
    if fits(table):
        optimum = solve_dense(table, floor, report)
    else:
        limits: Any = {"most_megabytes": most_megabytes, "shared": shared, "patience": patience}
        optimum = solve_large(table, floor, report, **limits)
    report("unmatched", 0.9)
    solution = _solution(problem, optimum)
    report("done", 1.0)
    return solution


def verify_solution(problem: Problem, solution: Solution, most_gap: int = 0) -> bool:
    """True only if `solution` keeps the locks, shows the right points and is proven optimal, or
    proven to be within the gap that it states, of at most `most_gap` points.

    Scores are computed afresh from the answers; the proof is checked by `verify_facts`.
    """
    table = free_part(problem).table
    optimum = solution.optimum
    floor_missing = problem.floor_first and optimum.above is None and (optimum.mate >= 0).any()
    if floor_missing or not verify_facts(table, optimum, most_gap):
        return False
    return solution.to_dict() == _solution(problem, optimum).to_dict()


def _silent(phase: str, fraction: float) -> None:
    """Nobody asked for progress."""


def _solution(problem: Problem, optimum: Optimum) -> Solution:
    mentor_of = free_part(problem).mentor_of(optimum.mate)
    rows = np.flatnonzero(mentor_of >= 0)
    parts = np.zeros((problem.mentees, len(CRITERIA)), dtype=np.int64)
    parts[rows] = fact_table(problem).parts(rows, mentor_of[rows])
    points = parts.sum(axis=1)
    load = np.bincount(mentor_of[rows], minlength=problem.mentors)
    short = np.maximum(problem.quota - load, 0)
    below = np.flatnonzero(short)
    return Solution(
        version=VERSION,
        mentor_of=mentor_of,
        points=points,
        parts=parts,
        matched=len(rows),
        priority_matched=int(problem.priority[rows].sum()),
        quota_filled=int((problem.quota - short).sum()),
        below_quota=tuple(zip(below.tolist(), short[below].tolist(), strict=True)),
        total=int(points.sum()),
        optimum=optimum,
        unmatched=unmatched(problem, mentor_of),
        more_if_lower_minimum=more_if_lower_minimum(problem, mentor_of),
    )
