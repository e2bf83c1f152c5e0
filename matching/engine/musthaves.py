"""Must-haves: what a pair needs to be proposed at all. Masks, never low points."""

import numpy as np

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.criteria import People, can_meet_in_person, can_meet_online, product
from matching.engine.encode import FULL_COVERAGE, Encoded
from matching.engine.problem import (
    BELOW_MINIMUM,
    NO_GOAL_COVERED,
    NO_PLACE_LEFT,
    NO_SHARED_LANGUAGE,
    TOO_FAR,
)

BARRED = "barred"


def failures(table: Encoded, points: IntArray) -> dict[str, BoolArray]:
    """Pairs (n, m) that fail, per must-have, barred ones first. Places are not among them."""
    barred = np.zeros(points.shape, dtype=np.bool_)
    for mentee, mentor in table.problem.barred_codes:
        barred[mentee, mentor] = True
    return {BARRED: barred} | rules_broken(table, points, slice(None), slice(None))


def rules_broken(
    table: Encoded, points: IntArray, rows: People, columns: People
) -> dict[str, BoolArray]:
    """The same without the barred pairs, for rows x columns with their scores in `points`."""
    return {
        NO_SHARED_LANGUAGE: _no_shared_language(table, rows, columns),
        TOO_FAR: ~can_meet_online(table, rows, columns) & ~can_meet_in_person(table, rows, columns),
        NO_GOAL_COVERED: _no_goal_covered(table, rows, columns),
        BELOW_MINIMUM: points < table.problem.minimum_points,
    }


def failed_codes(table: Encoded, points: int, mentee: int, mentor: int) -> tuple[str, ...]:
    """Codes of the must-haves that one pair fails; a barred pair gives its own codes."""
    broken = rules_broken(table, np.array([[points]]), [mentee], [mentor])
    found = list(table.problem.barred_codes.get((mentee, mentor), ()))
    found += [code for code, fails in broken.items() if fails[0, 0]]
    if not table.problem.capacity[mentor]:
        found.append(NO_PLACE_LEFT)
    return tuple(found)


def _no_shared_language(table: Encoded, rows: People, columns: People) -> BoolArray:
    mentees, mentors = table.problem.mentee_languages, table.problem.mentor_languages
    shared = product(mentees[rows], mentors[columns].T)
    if not mentees.shape[1]:
        return np.zeros(shared.shape, dtype=np.bool_)
    return shared == 0


def _no_goal_covered(table: Encoded, rows: People, columns: People) -> BoolArray:
    """A mentee without goals has nothing to cover, and fails with nobody."""
    wanted = table.goal_share[rows] > 0
    least = table.problem.goal_covered_from * FULL_COVERAGE
    enough = np.asarray(table.coverage[:, columns] >= least)
    if not table.problem.require_goal_covered:
        return np.zeros((wanted.shape[0], enough.shape[1]), dtype=np.bool_)
    asks = np.asarray(wanted.any(axis=1))
    return asks[:, None] & (product(wanted, enough) == 0)
