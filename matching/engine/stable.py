"""Stable matching: no two people would both rather have each other than whom they have.

Deferred acceptance with places (Gale and Shapley 1962; Roth and Sotomayor 1990, ch. 5): mentees
propose from their best mentor down, mentors keep the best who came. Ties go to the lower column
and the lower row, so there is one result, the best stable one for every mentee; in the table of
`free_part` that is by key. All pairs count, but only a list of each mentee is held: who comes to
the end of it gets a new one, of the mentors who would still have them.
"""

import numpy as np

from matching.engine.answers import row_blocks
from matching.engine.arrays import IntArray
from matching.engine.facts import FactTable

MOST_LISTED = 4_000_000
"""Entries in all lists together, as long as each mentee has SHORTEST."""
SHORTEST = 32
NOBODY = -1
"""Less than any worth: who has nobody, or a free place, gains by anybody."""
CLOSED = 2**62


def stable_match(table: FactTable, size: int | None = None) -> IntArray:
    """(n,) int64 mentor of each mentee, -1 = unmatched: the stable matching of all possible pairs.

    size: length of the lists, which never changes the result. O(n m d) for d facts a mentee, and
    O(m d) again for each new list.
    """
    longest = max(SHORTEST, MOST_LISTED // max(1, table.mentees))
    return _Deferred(table, min(table.mentors, size or longest)).run()


def blocking_pairs(table: FactTable, mate: IntArray) -> IntArray:
    """(b, 2) possible pairs (mentee, mentor) of whom both would gain points by each other.

    A mentee gains over their own pair or none, a mentor over the worst of theirs or a free place.
    Every such pair is found, so `mate`, which must keep places and must-haves, is stable when
    there is none. O(n m d), a block of rows at a time.
    """
    matched = np.flatnonzero(mate >= 0)
    own = np.full(table.mentees, NOBODY, dtype=np.int64)
    own[matched] = table.of_pairs(matched, mate[matched])
    worst = _worst(table.capacity, mate, own)
    found = [np.empty((0, 2), dtype=np.int64)]
    for rows in row_blocks(table.mentees, table.mentors):
        points, possible = table.block(rows, slice(None))
        both = possible & (points > own[rows, None]) & (points > worst)
        found.append(np.argwhere(both) + np.array([rows.start, 0]))
    return np.concatenate(found)


def _worst(capacity: IntArray, mate: IntArray, worth: IntArray) -> IntArray:
    """(m,) the least `worth` among those whom each mentor has, NOBODY with a free place left."""
    seated = np.flatnonzero(mate >= 0)
    load = np.bincount(mate[seated], minlength=len(capacity))
    least = np.full(len(capacity), CLOSED, dtype=np.int64)
    np.minimum.at(least, mate[seated], worth[seated])
    return np.where(load < capacity, NOBODY, least)


class _Deferred:
    """Rounds of proposals: all who wait propose at once, each to the next mentor on their list.

    column (n, size + 1): the lists, -1 after the last; at (n,): how far each mentee is. worth (n,):
    of mentees to their mentor, points and then the lower row, as one number.
    """

    def __init__(self, table: FactTable, size: int) -> None:
        self.table, self.n, self.size = table, table.mentees, size
        self.mate = np.full(self.n, -1, dtype=np.int64)
        self.worth = np.full(self.n, NOBODY, dtype=np.int64)
        self.column = np.full((self.n, size + 1), -1, dtype=np.int64)
        self.at = np.full(self.n, size, dtype=np.int64)

    def run(self) -> IntArray:
        waiting = np.arange(self.n)
        while len(waiting):
            # A list that was not full held everybody who would have them.
            self._new_lists(waiting[self.at[waiting] == self.size])
            waiting = waiting[self.column[waiting, self.at[waiting]] >= 0]
            waiting = self._propose(waiting)
        return self.mate

    def _new_lists(self, rows: IntArray) -> None:
        """The best mentors who would have each of `rows` now; nobody else ever will again."""
        worst, m = _worst(self.table.capacity, self.mate, self.worth), self.table.mentors
        for block in row_blocks(len(rows), m):
            own = rows[block]
            points, possible = self.table.block(own, slice(None))
            liked = points * m + np.arange(m)[::-1]
            liked[~possible | (self._worths(points, own[:, None]) <= worst)] = -1
            best = np.argpartition(-liked, self.size - 1)[:, : self.size] if self.size else liked
            order = np.argsort(-np.take_along_axis(liked, best, axis=1), axis=1)
            best = np.take_along_axis(best, order, axis=1)
            best[np.take_along_axis(liked, best, axis=1) < 0] = -1
            self.column[own, : self.size] = best
        self.at[rows] = 0

    def _worths(self, points: IntArray, rows: IntArray) -> IntArray:
        return points * self.n + (self.n - 1 - rows)

    def _propose(self, rows: IntArray) -> IntArray:
        """Everybody of `rows` to their next mentor, who keep the best; returns who now waits."""
        self.mate[rows] = self.column[rows, self.at[rows]]
        self.at[rows] += 1
        self.worth[rows] = self._worths(self.table.of_pairs(rows, self.mate[rows]), rows)
        asked = np.zeros(self.table.mentors + 1, dtype=np.bool_)
        asked[self.mate[rows]] = True
        asked[-1] = False
        there = np.flatnonzero(asked[self.mate])
        there = there[np.lexsort((-self.worth[there], self.mate[there]))]
        mentor = self.mate[there]
        rank = np.arange(len(there)) - np.searchsorted(mentor, mentor)
        away = there[rank >= self.table.capacity[mentor]]
        self.mate[away] = -1
        return away
