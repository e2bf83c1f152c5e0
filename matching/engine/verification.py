"""A separate short checker of assignments. NumPy only; shares no code with `assign`.

It trusts nothing but the instance. By weak duality any prices u, p >= 0 with
u_i + p_j >= big_m + s_ij on all allowed pairs bound every matching by
sum(u) + sum(capacity_j p_j). A matching that reaches the bound is optimal, and
`big_m` above every difference in points makes it "most matched first".
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

LIMIT = 2**60
ROWS_AT_ONCE = 1024


def verify(scores: Any, allowed: Any, capacity: Any, assignment: Any) -> bool:
    """True only if `assignment` is proven to be an optimum of the instance.

    scores: integers (n, m); allowed: bool (n, m); capacity: integers (m,) >= 0.
    assignment: an object or mapping with `mentor_of`, `total` and `certificate`
    (in turn with `big_m`, `mentee_prices`, `mentor_prices`, `matched`, `total`, `gap`).
    Anything malformed, in the instance too, gives False. O(n m).
    """
    try:
        return _proven(scores, allowed, capacity, assignment)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
        return False


def _proven(scores: Any, allowed: Any, capacity: Any, assignment: Any) -> bool:
    s, mask, places = _integers(scores, 2), np.asarray(allowed), _integers(capacity, 1)
    n, m = s.shape
    if mask.shape != (n, m) or (mask.size and mask.dtype != np.bool_) or places.shape != (m,):
        return False
    mask = mask.astype(np.bool_) & (places > 0)
    s = _bounded(np.where(mask, s, 0))
    mate, total = _integers(_get(assignment, "mentor_of"), 1), _integer(_get(assignment, "total"))
    if not _feasible(mask, places, mate):
        return False
    rows = [i for i, j in enumerate(mate.tolist()) if j >= 0]
    if total != sum(int(s[i, mate[i]]) for i in rows):
        return False
    return _optimal(s, mask, places, _get(assignment, "certificate"), len(rows), total)


def _feasible(mask: Any, places: Any, mate: Any) -> bool:
    n, m = mask.shape
    if mate.shape != (n,) or (places < 0).any() or ((mate < -1) | (mate >= m)).any():
        return False
    paired = mate >= 0
    if not mask[paired, mate[paired]].all():
        return False
    return bool((np.bincount(mate[paired], minlength=m) <= places).all())


def _optimal(s: Any, mask: Any, places: Any, proof: Any, matched: int, total: int) -> bool:
    n, m = mask.shape
    u = _bounded(_integers(_get(proof, "mentee_prices"), 1))
    p = _bounded(_integers(_get(proof, "mentor_prices"), 1))
    big = _integer(_get(proof, "big_m"))
    claims = [_integer(_get(proof, name)) for name in ("matched", "total", "gap")]
    if claims != [matched, total, 0] or u.shape != (n,) or p.shape != (m,):
        return False
    if (u < 0).any() or (p < 0).any() or p[places == 0].any():
        return False
    if not _largest_difference(s, mask) < big <= LIMIT:
        return False
    for start in range(0, n, ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        if (mask[part] & (u[part, None] + p[None, :] < s[part] + big)).any():
            return False
    bound = sum(u.tolist()) + sum(a * b for a, b in zip(p.tolist(), places.tolist(), strict=True))
    return bool(bound == big * matched + total)


def _largest_difference(s: Any, mask: Any) -> int:
    """No two matchings differ by more points than this."""
    difference = 0
    for row, open_to in zip(s, mask, strict=True):
        points = row[open_to]
        if points.size:
            difference += max(int(points.max()), 0) - min(int(points.min()), 0)
    return difference


def _get(source: Any, name: str) -> Any:
    return source[name] if isinstance(source, Mapping) else getattr(source, name)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError("not an integer")
    return int(value)


def _integers(value: Any, dimensions: int) -> Any:
    array = np.asarray(value)
    if array.ndim != dimensions or (array.size and array.dtype.kind not in "iu"):
        raise TypeError("not an array of integers")
    if array.dtype.kind == "u" and array.size and int(array.max()) >= 2**63:
        raise OverflowError("beyond 64-bit integers")
    return array.astype(np.int64)


def _bounded(array: Any) -> Any:
    if ((array < -LIMIT) | (array > LIMIT)).any():
        raise OverflowError("too large to be checked exactly")
    return array
