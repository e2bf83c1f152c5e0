"""From a problem to the bare assignment instance that is solved and certified."""

from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.musthaves import failed_codes
from matching.engine.problem import Problem

MOST_PAIRS = 50_000_000
"""The scores of all pairs are held at once; beyond this they would not fit in memory."""


@dataclass(frozen=True, eq=False)
class Instance:
    """Scores of all pairs and what is left to decide once the locks are kept.

    points (n, m): what is shown. locked (n,): the mentor a mentee is locked to, or -1.
    scores, allowed, capacity: the input of `assign`, without the locked mentees
    and their places; a mentee with priority brings `bonus` extra, more than any
    difference in points.
    """

    points: IntArray
    locked: IntArray
    bonus: int
    scores: IntArray
    allowed: BoolArray
    capacity: IntArray


def build_instance(problem: Problem) -> Instance:
    """Score all pairs, apply the must-haves and set the locks apart. O(n m).

    Raises `ProblemError` for a lock that breaks a must-have and for sizes this
    path does not hold.
    """
    if problem.mentees * problem.mentors > MOST_PAIRS:
        raise ProblemError("mentee_key", None, f"more than {MOST_PAIRS} pairs do not fit")
    points, possible = fact_table(problem).block(slice(None), slice(None))
    locked = np.full(problem.mentees, -1, dtype=np.int64)
    capacity = problem.capacity.copy()
    for position, (mentee, mentor) in enumerate(problem.locks):
        refuse_broken_lock(problem, position)
        locked[mentee] = mentor
        capacity[mentor] -= 1
    allowed = possible & (locked < 0)[:, None]
    bonus = _priority_bonus(problem, points, allowed)
    scores = points + bonus * problem.priority[:, None]
    return Instance(points, locked, bonus, scores, allowed, capacity)


def certified_instance(problem: Problem) -> tuple[IntArray, BoolArray, IntArray]:
    """(scores, allowed, capacity) that `Solution.assignment` is proven for.

    `verify(*certified_instance(problem), solution.assignment)` is True.
    """
    instance = build_instance(problem)
    return instance.scores, instance.allowed, instance.capacity


def refuse_broken_lock(problem: Problem, position: int) -> None:
    """Raise `ProblemError` when the pair of this lock fails a must-have."""
    broken = failed_codes(problem, *problem.locks[position])
    if broken:
        raise ProblemError("locks", position, f"breaks a must-have: {', '.join(broken)}")


def _priority_bonus(problem: Problem, points: IntArray, allowed: BoolArray) -> int:
    """More than all points together, so one more person with priority always wins; or 0."""
    if not problem.priority.any() or not points.size:
        return 0
    return 1 + int(np.where(allowed, points, 0).max(axis=1).sum())
