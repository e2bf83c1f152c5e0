"""Who is left out, why, and what a lower minimum would change. A block of rows at a time."""

from dataclasses import dataclass

import numpy as np

from matching.engine.answers import row_blocks
from matching.engine.arrays import BoolArray, IntArray
from matching.engine.cardinality import most_matched
from matching.engine.encode import fact_table
from matching.engine.musthaves import BARRED, failures
from matching.engine.problem import BELOW_MINIMUM, NO_PLACE_LEFT, Problem

ALL_BARRED = "all_barred"
NO_COMPATIBLE_MENTOR = "no_compatible_mentor"


@dataclass(frozen=True)
class Unmatched:
    """A mentee without a mentor: reason code, and how many mentors meet all must-haves.

    Reasons: all_barred, no_shared_language, too_far, no_goal_covered (each: with
    every mentor), below_minimum (only the minimum stands in the way with at
    least one), no_compatible_mentor (a mixture, or no mentors at all),
    no_place_left (`compatible` > 0, their places went to a better total).
    """

    mentee: int
    reason: str
    compatible: int


def unmatched(problem: Problem, mentor_of: IntArray) -> tuple[Unmatched, ...]:
    """Everybody with -1 in `mentor_of`, in the order of mentees."""
    people = np.flatnonzero(mentor_of < 0)
    blocks = row_blocks(len(people), problem.mentors)
    return tuple(found for block in blocks for found in _reasons(problem, people[block]))


def _reasons(problem: Problem, people: IntArray) -> list[Unmatched]:
    failed = failures(problem, people, slice(None))
    others = [fails for code, fails in failed.items() if code != BELOW_MINIMUM]
    only_low = np.asarray(~np.logical_or.reduce(others).all(axis=1))
    compatible = (~np.logical_or.reduce(list(failed.values()))).sum(axis=1)
    everywhere = {code: np.asarray(fails.all(axis=1)) for code, fails in failed.items()}

    def reason(position: int) -> str:
        if compatible[position]:
            return NO_PLACE_LEFT
        if only_low[position]:
            return BELOW_MINIMUM
        if not problem.mentors:
            return NO_COMPATIBLE_MENTOR
        always = (code for code in failed if everywhere[code][position])
        code = next(always, NO_COMPATIBLE_MENTOR)
        return ALL_BARRED if code == BARRED else code

    return [
        Unmatched(mentee, reason(position), int(compatible[position]))
        for position, mentee in enumerate(people.tolist())
    ]


def more_if_lower_minimum(problem: Problem, mentor_of: IntArray) -> tuple[tuple[int, int], ...]:
    """Extra matches at three quarters, half, a quarter and none of the minimum.

    Empty when there is no minimum, or when everybody or every place is matched.
    Locked pairs stay as they are.
    """
    table = fact_table(problem)
    locked = np.zeros(problem.mentees, dtype=np.bool_)
    capacity = problem.capacity.copy()
    for mentee, mentor in problem.locks:
        locked[mentee] = True
        capacity[mentor] -= 1
    mate = np.where(locked, -1, mentor_of)
    matched = int((mate >= 0).sum())
    if matched == min(int((~locked).sum()), sum(capacity.tolist())):
        return ()
    lower = sorted({problem.minimum_points * quarter // 4 for quarter in range(4)}, reverse=True)
    steps = []
    for minimum in (step for step in lower if step < problem.minimum_points):

        def allowed(rows: IntArray, least: int = minimum) -> BoolArray:
            return table.possible(rows, slice(None), least) & ~locked[rows, None]

        mate = most_matched(allowed, capacity, mate)
        steps.append((minimum, int((mate >= 0).sum()) - matched))
    return tuple(steps)
