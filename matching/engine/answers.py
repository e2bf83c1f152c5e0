"""Tools to turn answers into facts: groups of equal answers, and whole shares that add up."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from matching.engine.arrays import BoolArray, IntArray

PAIRS_AT_ONCE = 1_000_000


def answered(answers: BoolArray | IntArray) -> BoolArray:
    """(people,) who ticked at least one box."""
    return np.asarray(answers.any(axis=1), dtype=np.bool_)


def groups(people: int, columns: Iterable[NDArray[np.generic]]) -> tuple[IntArray, IntArray]:
    """(first, group): equal in all columns = the same group; `first` holds one person of each."""
    group = np.zeros(people, dtype=np.int64)
    for column in columns:
        values, own = np.unique(column, return_inverse=True)
        _, group = np.unique(group * len(values) + own, return_inverse=True)
    _, first = np.unique(group, return_index=True)
    return first, group


def sets_of(answers: BoolArray) -> tuple[IntArray, IntArray]:
    """`groups` of people who ticked exactly the same boxes."""
    return groups(len(answers), np.packbits(answers, axis=1).T)


def row_blocks(rows: int, columns: int) -> Iterator[slice]:
    """Slices of `rows` with at most PAIRS_AT_ONCE pairs each (or one row)."""
    step = max(1, PAIRS_AT_ONCE // max(1, columns))
    return (slice(start, start + step) for start in range(0, rows, step))


def product(left: BoolArray, right: BoolArray) -> IntArray:
    """(rows, columns) how many things two people share, given one row a person on both sides."""
    return np.asarray((left.astype(np.float64) @ right.T.astype(np.float64)).astype(np.int64))


def by_remainder(total: int, ptr: IntArray, share: IntArray) -> IntArray:
    """`apportion(total, ...)` for the shares of each person at ptr[i]..ptr[i+1]-1 at once."""
    people = len(ptr) - 1
    owner = np.repeat(np.arange(people), np.diff(ptr))
    whole = np.bincount(owner, weights=share, minlength=people).astype(np.int64)
    part, rest = np.divmod(total * share, whole[owner])
    left = total - np.bincount(owner, weights=part, minlength=people).astype(np.int64)
    order = np.lexsort((-rest, owner))
    rank = np.empty(len(owner), dtype=np.int64)
    rank[order] = np.arange(len(owner)) - ptr[owner]
    return np.asarray(part + (rank < left[owner]))


def in_small_shares(total: int, people: int, owner: IntArray, size: IntArray) -> IntArray:
    """Split `total` over the things of each person; a thing of size r gets r small shares.

    `owner` rises. With R small shares in all, the one at place p (from 0, in the
    order of the things) is ceil((total - p) / R). It never grows when p or R
    does. So one more thing anywhere lowers no other thing's rest, or leaves it:
    what a pair lacks for the things it does not share never grows.
    """
    whole = np.bincount(owner, weights=size, minlength=people).astype(np.int64)
    start = (np.cumsum(whole) - whole)[owner]
    place = np.cumsum(size) - size - start
    each, extra = np.divmod(total, whole[owner])
    return np.asarray(each * size + np.minimum(place + size, extra) - np.minimum(place, extra))
