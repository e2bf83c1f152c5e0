"""`shortlist`: the best mentors for one person, without a round."""

from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.explanation import check_person
from matching.engine.musthaves import failed_codes
from matching.engine.problem import Problem


@dataclass(frozen=True)
class Candidate:
    """A mentor for one mentee: points, the six parts, and the must-haves that fail."""

    mentor: int
    points: int
    parts: tuple[int, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Shortlist:
    """The best mentors who meet every must-have, and the best of those who do not."""

    fit: tuple[Candidate, ...]
    unfit: tuple[Candidate, ...]


def shortlist(problem: Problem, mentee: int, k: int) -> Shortlist:
    """At most `k` mentors of each kind for `mentee`, most points first, ties by key.

    Raises `ProblemError` for a number that is nobody's or a negative `k`. O(m log m).
    """
    check_person("mentee", mentee, problem.mentees)
    if k < 0:
        raise ProblemError("k", None, "must be 0 or more")
    table = fact_table(problem)
    points, fits = (grid[0] for grid in table.block([mentee], slice(None)))
    fails = ~fits | (problem.capacity == 0)
    order = np.lexsort((problem.mentor_key, -points))

    def best(chosen: IntArray) -> tuple[Candidate, ...]:
        chosen = chosen[:k]
        parts = table.parts(np.full(len(chosen), mentee), chosen).tolist()
        return tuple(
            Candidate(mentor, sum(own), tuple(own), failed_codes(problem, mentee, mentor))
            for mentor, own in zip(chosen.tolist(), parts, strict=True)
        )

    return Shortlist(best(order[~fails[order]]), best(order[fails[order]]))
