"""Who is left out, why, and what a lower minimum would change. A block of rows at a time."""

from dataclasses import dataclass

import numpy as np

from matching.engine.answers import row_blocks
from matching.engine.arrays import IntArray
from matching.engine.dense import fits, most_matched
from matching.engine.free import free_part
from matching.engine.musthaves import BARRED, failures
from matching.engine.problem import BELOW_MINIMUM, NO_PLACE_LEFT, Problem

ALL_BARRED = "all_barred"
NO_COMPATIBLE_MENTOR = "no_compatible_mentor"

Steps = tuple[tuple[int, int], ...]


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


def more_if_lower_minimum(problem: Problem, mentor_of: IntArray) -> Steps | None:
    """Extra matches at three quarters, half, a quarter and none of the minimum.

    Empty when there is no minimum, or when everybody or every place is matched; None in a
    round too large to hold all its pairs, where counting would take longer than solving.
    Locked pairs stay as they are.
    """
    free = free_part(problem)
    matched = int((mentor_of[free.rows] >= 0).sum())
    lower = sorted({problem.minimum_points * quarter // 4 for quarter in range(4)}, reverse=True)
    lower = [minimum for minimum in lower if minimum < problem.minimum_points]
    if not lower or matched == min(len(free.rows), sum(free.table.capacity.tolist())):
        return ()
    if not fits(free.table):
        return None
    counts = most_matched(free.table, lower)
    return tuple((minimum, count - matched) for minimum, count in zip(lower, counts, strict=True))
