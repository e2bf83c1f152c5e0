"""Whole points that add up: the largest remainder method (Hamilton)."""

from collections.abc import Sequence
from fractions import Fraction


def apportion(total: int, shares: Sequence[int | Fraction]) -> list[int]:
    """Split `total` in whole parts in proportion to `shares` >= 0; earlier shares win ties.

    The parts add up exactly to `total`. All shares 0 counts as all equal.
    """
    if not shares:
        return []
    whole = sum(shares)
    if not whole:
        return apportion(total, [1] * len(shares))
    quotas = [divmod(total * share, whole) for share in shares]
    parts = [int(floor) for floor, _ in quotas]
    by_remainder = sorted(range(len(shares)), key=lambda index: -quotas[index][1])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
