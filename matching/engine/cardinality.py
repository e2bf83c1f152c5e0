"""How many can be matched: augmenting paths with capacities (Kuhn; Hopcroft and Karp)."""

from collections.abc import Callable

import numpy as np

from matching.engine.answers import row_blocks
from matching.engine.arrays import BoolArray, IntArray

Rows = Callable[[IntArray], BoolArray]
"""The pairs allowed to some mentees, (rows, m)."""


def most_matched(allowed: Rows, capacity: IntArray, mentor_of: IntArray) -> IntArray:
    """A matching of largest size, grown from `mentor_of`, which must be feasible.

    Nobody matched before becomes unmatched. O(n m) per extra match; asks for
    the rows of those it looks at, a block at a time.
    """
    mate = mentor_of.copy()
    load = np.bincount(mate[mate >= 0], minlength=len(capacity))
    while _augment(allowed, capacity, mate, load):
        pass
    return mate


def _augment(allowed: Rows, capacity: IntArray, mate: IntArray, load: IntArray) -> bool:
    """Match one more mentee by a shortest path of moves; False if that is impossible."""
    reached_by = np.full(len(capacity), -1, dtype=np.int64)
    front = np.flatnonzero(mate < 0)
    while len(front):
        new = _reach(allowed, front, reached_by)
        open_ends = new[load[new] < capacity[new]]
        if len(open_ends):
            load[open_ends[0]] += 1
            _shift(mate, reached_by, int(open_ends[0]))
            return True
        front = np.flatnonzero(np.isin(mate, new))
    return False


def _reach(allowed: Rows, front: IntArray, reached_by: IntArray) -> IntArray:
    """Mentors reached from `front` for the first time, by the first mentee who can."""
    before = reached_by >= 0
    for block in row_blocks(len(front), len(reached_by)):
        rows = front[block]
        open_to = allowed(rows)
        new = np.flatnonzero(open_to.any(axis=0) & (reached_by < 0))
        reached_by[new] = rows[open_to[:, new].argmax(axis=0)]
    return np.flatnonzero((reached_by >= 0) & ~before)


def _shift(mate: IntArray, reached_by: IntArray, mentor: int) -> None:
    """Move everybody on the path one mentor on, from its free end back."""
    while mentor >= 0:
        mentee = reached_by[mentor]
        mentor, mate[mentee] = int(mate[mentee]), mentor
