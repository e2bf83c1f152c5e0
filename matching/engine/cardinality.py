"""How many can be matched: augmenting paths with capacities (Kuhn; Hopcroft and Karp)."""

import numpy as np

from matching.engine.arrays import BoolArray, IntArray


def most_matched(allowed: BoolArray, capacity: IntArray, mentor_of: IntArray) -> IntArray:
    """A matching of largest size, grown from `mentor_of`, which must be feasible.

    Nobody matched before becomes unmatched. O(n m) per extra match, with whole
    rows handled at once.
    """
    mate = mentor_of.copy()
    load = np.bincount(mate[mate >= 0], minlength=len(capacity))
    while _augment(allowed, capacity, mate, load):
        pass
    return mate


def _augment(allowed: BoolArray, capacity: IntArray, mate: IntArray, load: IntArray) -> bool:
    """Match one more mentee by a shortest path of moves; False if that is impossible."""
    reached_by = np.full(len(capacity), -1, dtype=np.int64)
    front = np.flatnonzero(mate < 0)
    while len(front):
        fresh = allowed[front].any(axis=0) & (reached_by < 0)
        new = np.flatnonzero(fresh)
        reached_by[new] = front[allowed[front][:, new].argmax(axis=0)]
        open_ends = new[load[new] < capacity[new]]
        if len(open_ends):
            load[open_ends[0]] += 1
            _shift(mate, reached_by, int(open_ends[0]))
            return True
        front = np.flatnonzero((mate >= 0) & fresh[mate])
    return False


def _shift(mate: IntArray, reached_by: IntArray, mentor: int) -> None:
    """Move everybody on the path one mentor on, from its free end back."""
    while mentor >= 0:
        mentee = reached_by[mentor]
        mentor, mate[mentee] = int(mate[mentee]), mentor
