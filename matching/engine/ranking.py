"""`shortlist`: the best mentors for one person, without a round."""

from dataclasses import dataclass

import numpy as np

from matching.engine.encode import encode
from matching.engine.errors import ProblemError
from matching.engine.explanation import check_person
from matching.engine.musthaves import failed_codes, rules_broken
from matching.engine.problem import Problem
from matching.engine.score import parts, totals


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
    table = encode(problem)
    layers = parts(table, [mentee], slice(None))
    points = totals(layers)
    fails = np.logical_or.reduce(list(rules_broken(table, points, [mentee], slice(None)).values()))
    fails = fails[0] | (problem.capacity == 0)
    for other, mentor in problem.barred_codes:
        if other == mentee:
            fails[mentor] = True
    order = np.lexsort((problem.mentor_key, -points[0]))

    def best(chosen: np.ndarray) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                mentor,
                int(points[0, mentor]),
                tuple(layers[:, 0, mentor].tolist()),
                failed_codes(table, int(points[0, mentor]), mentee, mentor),
            )
            for mentor in chosen[:k].tolist()
        )

    return Shortlist(best(order[~fails[order]]), best(order[fails[order]]))
