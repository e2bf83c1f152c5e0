"""Optimal assignment with capacities: most matched first, then the highest total.

The two goals are one weight: an allowed pair is worth `big_m` + its points,
with `big_m` larger than any difference in points between two matchings, so one
more match always wins. Mentors are replicated once per place and the
rectangular problem is solved by scipy's shortest augmenting paths (Jonker and
Volgenant 1987; Crouse 2016). All numbers are integers below 2**53, so the
float64 arithmetic inside scipy is exact. Exact integer prices then prove the
result (`residual.smallest_prices`), and a proof that does not close raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matching.engine.arrays import BoolArray, IntArray, bool_array, int_array, refuse
from matching.engine.errors import ProblemError
from matching.engine.residual import smallest_prices

EXACT_FLOAT = 2**53


@dataclass(frozen=True, eq=False)
class Certificate:
    """Integer dual prices that prove an assignment optimal.

    `mentee_prices` (n,) and `mentor_prices` (m,) are int64 and >= 0, in points
    with one match worth `big_m`. `gap` = dual value - primal value = 0.
    """

    big_m: int
    mentee_prices: IntArray
    mentor_prices: IntArray
    matched: int
    total: int
    gap: int

    def to_dict(self) -> dict[str, Any]:
        """Plain integers and lists, safe for JSON; `verify` reads this form too."""
        return {
            "big_m": self.big_m,
            "mentee_prices": self.mentee_prices.tolist(),
            "mentor_prices": self.mentor_prices.tolist(),
            "matched": self.matched,
            "total": self.total,
            "gap": self.gap,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Certificate":
        """The certificate that `to_dict` wrote."""
        return cls(
            big_m=data["big_m"],
            mentee_prices=np.array(data["mentee_prices"], dtype=np.int64),
            mentor_prices=np.array(data["mentor_prices"], dtype=np.int64),
            matched=data["matched"],
            total=data["total"],
            gap=data["gap"],
        )


@dataclass(frozen=True, eq=False)
class Assignment:
    """`mentor_of` (n,) int64, -1 = unmatched; `total` points of its pairs; the proof."""

    mentor_of: IntArray
    total: int
    certificate: Certificate

    def to_dict(self) -> dict[str, Any]:
        """Plain integers and lists, safe for JSON; `verify` reads this form too."""
        return {
            "mentor_of": self.mentor_of.tolist(),
            "total": self.total,
            "certificate": self.certificate.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Assignment":
        """The assignment that `to_dict` wrote."""
        return cls(
            mentor_of=np.array(data["mentor_of"], dtype=np.int64),
            total=data["total"],
            certificate=Certificate.from_dict(data["certificate"]),
        )


def assign(scores: ArrayLike, allowed: ArrayLike, capacity: ArrayLike) -> Assignment:
    """Match as many mentees as possible; among those matchings take the highest total.

    scores: integers (n, m), points of each pair, negative allowed; allowed: bool
    (n, m); capacity: integers (m,) >= 0, places per mentor. Raises `ProblemError`
    for wrong shapes, dtypes, a negative capacity, or points so large that the
    weights leave the exact range. No side effects. Time O((n + s)^3) at worst
    for s places, usually far less; memory 8 n min(s, n + m) bytes.
    """
    points, mask, places = _instance(scores, allowed, capacity)
    mask &= places > 0
    points[~mask] = 0
    big_m = _match_worth(points)
    _refuse_inexact(points, places, big_m)
    value = np.where(mask, points + big_m, 0)
    mentor_of = best_matching(value, places)
    mentee_prices, mentor_prices = smallest_prices(value, places, mentor_of)
    return _certified(points, places, mentor_of, big_m, mentee_prices, mentor_prices)


def _instance(
    scores: ArrayLike, allowed: ArrayLike, capacity: ArrayLike
) -> tuple[IntArray, BoolArray, IntArray]:
    points = int_array("scores", scores, (None, None))
    n, m = points.shape
    mask = bool_array("allowed", allowed, (n, m))
    places = int_array("capacity", capacity, (m,))
    refuse("capacity", places < 0, "must be 0 or more")
    too_large = mask & ((points > EXACT_FLOAT) | (points < -EXACT_FLOAT))
    refuse("scores", too_large, "is too large to be exact")
    return points, mask, places


def _match_worth(points: IntArray) -> int:
    """A weight for one match above any difference in points between two matchings."""
    if not points.size:
        return 1
    gains = points.max(axis=1).clip(min=0)
    losses = (-points).max(axis=1).clip(min=0)
    return 1 + sum(gains.tolist()) + sum(losses.tolist())


def _refuse_inexact(points: IntArray, places: IntArray, big_m: int) -> None:
    """Refuse weights whose sums along an augmenting path could pass 2**53."""
    matches = min(len(points), sum(places.tolist()))
    if (2 * matches + 2) * (big_m + int(points.max(initial=0))) >= EXACT_FLOAT:
        raise ProblemError(
            "scores", None, "points times people is beyond exact integers; use smaller points"
        )


def best_matching(value: IntArray, places: IntArray) -> IntArray:
    """Maximum-weight matching, replicating no more places than are needed.

    When mentors have many places, only as many as mentees prefer them are tried at
    first; a positive price on a mentor with places left out asks for more.
    """
    n, m = value.shape
    useful = np.minimum(places, (value > 0).sum(axis=0))
    if useful.sum() <= 2 * n or not n:
        return _match_places(value, useful)
    wanted = np.bincount(value.argmax(axis=1), minlength=m)
    opened = np.minimum(useful, wanted + 1)
    while True:
        mentor_of = _match_places(value, opened)
        _, prices = smallest_prices(value, opened, mentor_of)
        scarce = (prices > 0) & (opened < useful)
        if not scarce.any():
            return mentor_of
        opened = np.where(scarce, np.minimum(useful, 2 * opened), opened)


def _match_places(value: IntArray, places: IntArray) -> IntArray:
    mentor_of = np.full(len(value), -1, dtype=np.int64)
    column = np.repeat(np.arange(len(places)), places)
    if not len(column) or not len(value):
        return mentor_of
    # Half a second to load: only where something is solved, not at the start of every process.
    from scipy.optimize import linear_sum_assignment

    rows, picked = linear_sum_assignment(value[:, column].astype(np.float64), maximize=True)
    paired = value[rows, column[picked]] > 0
    mentor_of[rows[paired]] = column[picked][paired]
    return mentor_of


def _certified(
    points: IntArray,
    places: IntArray,
    mentor_of: IntArray,
    big_m: int,
    mentee_prices: IntArray,
    mentor_prices: IntArray,
) -> Assignment:
    rows = np.flatnonzero(mentor_of >= 0)
    total = sum(points[rows, mentor_of[rows]].tolist())
    scarce = np.flatnonzero(mentor_prices)
    dual = sum(mentee_prices.tolist()) + sum(
        price * room
        for price, room in zip(mentor_prices[scarce].tolist(), places[scarce].tolist(), strict=True)
    )
    gap = dual - (big_m * len(rows) + total)
    if gap:
        raise ArithmeticError(f"the optimality gap is {gap}, not 0")
    certificate = Certificate(big_m, mentee_prices, mentor_prices, len(rows), total, gap)
    return Assignment(mentor_of, total, certificate)
