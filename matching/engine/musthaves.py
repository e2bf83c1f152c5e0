"""Must-haves by name: which of them a pair fails. The fact table holds them as vetoes."""

import numpy as np

from matching.engine.arrays import BoolArray
from matching.engine.encode import fact_table
from matching.engine.facts import MUST_HAVE_ONLY, People
from matching.engine.problem import (
    BELOW_MINIMUM,
    CRITERIA,
    NO_GOAL_COVERED,
    NO_PLACE_LEFT,
    NO_SHARED_LANGUAGE,
    TOO_FAR,
    Problem,
)

BARRED = "barred"
PLACE = CRITERIA.index("place")


def failures(problem: Problem, rows: People, columns: People) -> dict[str, BoolArray]:
    """Per must-have the pairs of rows x columns that fail it. Places are not among them."""
    table = fact_table(problem)
    return {
        BARRED: table.bars(rows, columns),
        NO_SHARED_LANGUAGE: table.vetoed(MUST_HAVE_ONLY, rows, columns),
        TOO_FAR: table.vetoed(PLACE, rows, columns),
        NO_GOAL_COVERED: table.gate_fails(rows, columns),
        BELOW_MINIMUM: np.asarray(table.points(rows, columns) < problem.minimum_points),
    }


def failed_codes(problem: Problem, mentee: int, mentor: int) -> tuple[str, ...]:
    """Codes of the must-haves that one pair fails; a barred pair gives its own codes."""
    broken = failures(problem, [mentee], [mentor])
    found = list(problem.barred_codes.get((mentee, mentor), ()))
    found += [code for code, fails in broken.items() if code != BARRED and fails[0, 0]]
    if not problem.capacity[mentor]:
        found.append(NO_PLACE_LEFT)
    return tuple(found)
