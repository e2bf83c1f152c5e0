"""Points: the weights as whole points, applied to the criteria."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from matching.engine.apportion import apportion
from matching.engine.arrays import BoolArray, IntArray
from matching.engine.criteria import FUNCTIONS, NEUTRAL, People
from matching.engine.encode import UNIT, Encoded
from matching.engine.problem import CRITERIA, FULL_SCORE


def maximum_points(weights: Mapping[str, float]) -> list[int]:
    """Most points per criterion, in the order of CRITERIA; they add up to FULL_SCORE."""
    return apportion(FULL_SCORE, [Fraction(weights[name]) for name in CRITERIA])


def unanswered(table: Encoded, name: str, rows: People, columns: People) -> BoolArray:
    """Pairs in which one of the two gave no usable answer to a criterion."""
    mentees, mentors = table.missing[name]
    return mentees[rows][:, None] | mentors[columns][None, :]


def parts(table: Encoded, rows: People, columns: People) -> NDArray[np.int16]:
    """Points per criterion, shape (6, rows, columns). Their sum is the score, 0..10000.

    Each part is its maximum times its units, rounded half up.
    """
    most = maximum_points(table.problem.weights)
    layers = []
    for limit, name in zip(most, CRITERIA, strict=True):
        units = FUNCTIONS[name](table, rows, columns)
        units = np.where(unanswered(table, name, rows, columns), NEUTRAL, units)
        layers.append(((limit * units + UNIT // 2) // UNIT).astype(np.int16))
    return np.stack(layers)


def totals(points: NDArray[np.int16]) -> IntArray:
    """Scores from parts: the sum over the criteria."""
    return points.sum(axis=0, dtype=np.int64)
