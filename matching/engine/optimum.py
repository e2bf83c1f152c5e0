"""What both ways of solving give: the pairs, and what proves them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.errors import SIZE, ProblemError
from matching.engine.problem import FULL_SCORE

TierArray = NDArray[np.int8]
SIDES = ("mentee", "mentor")
TIERS = "-012"
"""How tiers are written, from -1 on."""
MOST_WORTH = 2**54
"""What somebody may be worth, so that solvers can work in parts of points in 64 bits."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Proof of how many can be matched with pairs of `minimum` points or more.

    Tiers (n,) and (m,), -1 to 2: no mentee can be matched with a mentor of a lower tier. So at
    most as many can be matched as there are mentees in tiers up to 0 and places in tiers 1 and 2;
    at most as many with priority as there are of them in tiers up to 1, and places in tier 2; and
    at most as many wanted places can be filled as there are mentees in tier -1, and wanted places
    in tiers from 0. (Koenig 1931.)
    """

    minimum: int
    mentee_tier: TierArray
    mentor_tier: TierArray

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON: tiers as one string, "-" for -1."""
        tiers = self.mentee_tier, self.mentor_tier
        mentees, mentors = ("".join(TIERS[tier + 1] for tier in side.tolist()) for side in tiers)
        return {"minimum": self.minimum, "mentee_tier": mentees, "mentor_tier": mentors}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Cover":
        """The cover that `to_dict` wrote."""
        tiers = (
            np.array([TIERS.index(tier) - 1 for tier in data[f"{side}_tier"]], np.int8)
            for side in SIDES
        )
        return cls(int(data["minimum"]), *tiers)


@dataclass(frozen=True)
class Patience:
    """When to stop though the total is not proven yet: at a gap of so many points, or after so many
    seconds. How many are matched, and the worst pair, are always proven first."""

    gap: int = 0
    seconds: float = math.inf


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best pairs of a fact table; every pair has `floor` points or more.

    mate        (n,) int64 mentor of each mentee, -1 = unmatched
    gain, price (n,), (m,) int64 points that prove the total: price >= 0, and gain[i] + price[j] >=
                points of each possible pair of `floor` or more, with `bonus` for a wanted place
    big, bonus  what it costs to leave somebody unmatched: big, and with priority big + bonus; a
                wanted place that is filled is worth bonus too
    floor       points of the worst pair allowed; the minimum when no floor was asked for
    cover       proves the numbers matched
    above       proves that a higher floor would match fewer; None: no floor was asked for
    gap         what the prices allow above what was reached; 0 proves the total
    """

    mate: IntArray
    gain: IntArray
    price: IntArray
    big: int
    bonus: int
    floor: int
    cover: Cover
    above: Cover | None
    gap: int

    def cover_by_price(self, minimum: int, wanted: BoolArray) -> Cover:
        """The cover that these prices imply for pairs of `minimum` points or more.

        Whose gain is further below 0 than a mentor's price above it cannot be paired with them.
        Right for prices that prove the total at that minimum, if nobody is near the middle of two
        tiers; a checker counts. wanted (m,): as in the table.
        """
        middle = [self.big // 2, self.big + self.bonus // 2][: 1 + (self.bonus > 0)]
        middle = [-self.bonus // 2, *middle] if wanted.any() else middle
        lowest = -1 if wanted.any() else 0
        price = self.price - self.bonus * wanted
        tiers = (np.searchsorted(middle, worth, side="right") for worth in (-self.gain, price))
        mentee, mentor = ((tier + lowest).astype(np.int8) for tier in tiers)
        return Cover(minimum, mentee, mentor)

    def to_dict(self) -> dict[str, Any]:
        """Plain integers, lists and strings, safe for JSON."""
        return {
            "mate": self.mate.tolist(),
            "gain": self.gain.tolist(),
            "price": self.price.tolist(),
            "big": self.big,
            "bonus": self.bonus,
            "floor": self.floor,
            "cover": self.cover.to_dict(),
            "above": self.above.to_dict() if self.above else None,
            "gap": self.gap,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Optimum":
        """The optimum that `to_dict` wrote; raises KeyError, TypeError or ValueError if damaged."""
        values: dict[str, Any] = {
            name: int(data[name]) for name in ("big", "bonus", "floor", "gap")
        }
        for name in ("mate", "gain", "price"):
            values[name] = np.array(data[name], dtype=np.int64)
        above = Cover.from_dict(data["above"]) if data["above"] else None
        return cls(cover=Cover.from_dict(data["cover"]), above=above, **values)


def worth(table: Any) -> tuple[int, int]:
    """(big, bonus) of a `FactTable`: one special thing outweighs all points, one match all else.

    Special are mentees with priority and wanted places. Some largest matching has the most of
    both at once (Mendelsohn and Dulmage 1958), so they need not be weighed against each other.
    Raises ProblemError when there are too many people for 64 bits.
    """
    n, kinds = len(table.priority), int(table.priority.any()) + int(table.wanted.any())
    bonus = n * FULL_SCORE + 1 if kinds else 0
    big = n * (kinds * bonus + FULL_SCORE) + 1
    if big + 2 * bonus > MOST_WORTH:
        raise ProblemError(SIZE, None, "has too many people for exact whole numbers")
    return big, bonus


def duality_gap(
    points: IntArray, mate: IntArray, duals: tuple[IntArray, IntArray], leave: IntArray, places: Any
) -> int:
    """What gains and prices (`duals`) allow, less what the pairs reach; exact.

    points: of each matched mentee's pair, in order, with `bonus` for a wanted place; leave (n,):
    what it costs to leave each out.
    """
    gain, price = duals
    allowed = sum((gain + leave).tolist())
    allowed += sum(own * room for own, room in zip(price.tolist(), places.tolist(), strict=True))
    return allowed - sum((points + leave[mate >= 0]).tolist())
