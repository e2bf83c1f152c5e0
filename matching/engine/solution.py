"""`solve`: the whole round. Scores, must-haves, locks, the certified optimum, and why not.

Objective, in this order: most mentees matched; most mentees with priority
matched; highest total of points. Locked pairs are kept whatever they cost.
Among equals the people's random keys decide: rows and columns are sorted by
key before assigning, so the order of the input never matters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.assignment import Assignment, Certificate, assign
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.instance import Instance, build_instance
from matching.engine.problem import CRITERIA, Problem
from matching.engine.unmatched import Unmatched, more_if_lower_minimum, unmatched
from matching.engine.verification import verify
from matching.engine.version import VERSION

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Solution:
    """The result of `solve`.

    version: of the engine. mentor_of (n,) int64, -1 = unmatched. points (n,)
    int64 and parts (n, 6) int64 in the order of CRITERIA: of each mentee's pair,
    0 if unmatched; parts sum to points. matched, priority_matched, total: of all
    pairs, locked ones included. assignment: the optimum of
    `certified_instance(problem)`, that is without locked mentees and with the
    priority bonus in its scores. unmatched: in the order of mentees.
    more_if_lower_minimum: pairs of (lower minimum, how many more mentees would
    be matched), descending minimum; empty when nothing could be gained.
    """

    version: str
    mentor_of: IntArray
    points: IntArray
    parts: IntArray
    matched: int
    priority_matched: int
    total: int
    assignment: Assignment
    unmatched: tuple[Unmatched, ...]
    more_if_lower_minimum: tuple[tuple[int, int], ...]

    @property
    def certificate(self) -> Certificate:
        """The proof of `assignment`."""
        return self.assignment.certificate

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON."""
        return {
            "engine_version": self.version,
            "criteria": list(CRITERIA),
            "mentor_of": self.mentor_of.tolist(),
            "points": self.points.tolist(),
            "parts": self.parts.tolist(),
            "matched": self.matched,
            "priority_matched": self.priority_matched,
            "total": self.total,
            "assignment": self.assignment.to_dict(),
            "unmatched": [vars(person) for person in self.unmatched],
            "more_if_lower_minimum": [list(step) for step in self.more_if_lower_minimum],
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
    return Solution(
        version=data["engine_version"],
        mentor_of=mentor_of,
        points=np.array(data["points"], dtype=np.int64),
        parts=np.array(data["parts"], dtype=np.int64).reshape(len(mentor_of), len(CRITERIA)),
        matched=data["matched"],
        priority_matched=data["priority_matched"],
        total=data["total"],
        assignment=Assignment.from_dict(data["assignment"]),
        unmatched=tuple(Unmatched(**person) for person in data["unmatched"]),
        more_if_lower_minimum=tuple(
            (minimum, extra) for minimum, extra in data["more_if_lower_minimum"]
        ),
    )


def solve(problem: Problem, progress: Progress | None = None) -> Solution:
    """The optimum of a round, proven, with a reason for everybody who is left out.

    progress: called with a phase ("score", "assign", "unmatched", "done") and the
    fraction done. Raises `ProblemError` for a lock that breaks a must-have and
    for sizes beyond this path. No side effects; the same problem gives the same
    pairs, in whatever order its people stand.
    """
    report = progress or _silent
    report("score", 0.0)
    instance = build_instance(problem)
    report("assign", 0.3)
    assignment = assign_by_keys(problem, instance)
    report("unmatched", 0.9)
    solution = _solution(problem, instance, assignment)
    report("done", 1.0)
    return solution


def assign_by_keys(problem: Problem, instance: Instance) -> Assignment:
    """`assign` with people sorted by key, and its answer back in their own order."""
    rows, columns = np.argsort(problem.mentee_key), np.argsort(problem.mentor_key)
    table = np.ix_(rows, columns)
    found = assign(instance.scores[table], instance.allowed[table], instance.capacity[columns])
    proof = found.certificate
    mentor_of = np.full(len(rows), -1, dtype=np.int64)
    mentor_of[rows] = np.append(columns, -1)[found.mentor_of]
    mentee_prices, mentor_prices = np.empty_like(rows), np.empty_like(columns)
    mentee_prices[rows], mentor_prices[columns] = proof.mentee_prices, proof.mentor_prices
    certificate = Certificate(
        proof.big_m, mentee_prices, mentor_prices, proof.matched, proof.total, proof.gap
    )
    return Assignment(mentor_of, found.total, certificate)


def verify_solution(problem: Problem, solution: Solution) -> bool:
    """True only if `solution` keeps the locks, shows the right points and is proven optimal.

    Scores are computed afresh from the answers; the proof is checked by `verify`.
    """
    instance = build_instance(problem)
    free = solution.assignment
    if not verify(instance.scores, instance.allowed, instance.capacity, free):
        return False
    expected = _solution(problem, instance, free)
    return solution.to_dict() == expected.to_dict()


def _silent(phase: str, fraction: float) -> None:
    """Nobody asked for progress."""


def _solution(problem: Problem, instance: Instance, assignment: Assignment) -> Solution:
    mentor_of = np.where(instance.locked >= 0, instance.locked, assignment.mentor_of)
    rows = np.flatnonzero(mentor_of >= 0)
    parts = np.zeros((problem.mentees, len(CRITERIA)), dtype=np.int64)
    parts[rows] = fact_table(problem).parts(rows, mentor_of[rows])
    points = parts.sum(axis=1)
    return Solution(
        version=VERSION,
        mentor_of=mentor_of,
        points=points,
        parts=parts,
        matched=len(rows),
        priority_matched=int(problem.priority[rows].sum()),
        total=int(points.sum()),
        assignment=assignment,
        unmatched=unmatched(problem, mentor_of),
        more_if_lower_minimum=more_if_lower_minimum(problem, mentor_of),
    )
