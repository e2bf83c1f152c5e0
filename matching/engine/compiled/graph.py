"""The candidate graph: the pairs that a solve looks at, by mentee and by mentor."""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.compiled.jit import compiled

NEVER = np.int64(-(2**60))
"""Points of a space that is kept free for another pair."""


class Graph(NamedTuple):
    """Pairs in two orders.

    By mentee: the mentors `column[start[i]:start[i+1]]` with their `points` (int64).
    By mentor: the mentees `row[begin[j]:begin[j+1]]` with `row_points`.
    """

    start: Any
    column: Any
    points: Any
    begin: Any
    row: Any
    row_points: Any

    @classmethod
    def of(cls, n: int, m: int, rows: Any, columns: Any, points: Any) -> "Graph":
        """The graph of these pairs; a pair that is given twice stands in it once."""
        nothing = np.zeros(n + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64)
        return cls._merged(m, *nothing, rows, columns, points)

    @classmethod
    def _merged(cls, m: int, *arrays: Any) -> "Graph":
        start, column, points = _merge(*arrays)
        return cls(start, column, points, *_by_mentor(m, start, column, points))

    @property
    def n(self) -> int:
        return len(self.start) - 1

    @property
    def m(self) -> int:
        return len(self.begin) - 1

    def with_pairs(self, rows: Any, columns: Any, points: Any) -> "Graph":
        """This graph and these pairs."""
        return Graph._merged(self.m, self.start, self.column, self.points, rows, columns, points)

    def with_room(self, spare: int) -> "Graph":
        """This graph with space for more pairs, see `insert`: `spare` each and half of what is."""
        by_mentee = _with_spaces(self.start, self.column, self.points, spare)
        return Graph(*by_mentee, *_with_spaces(self.begin, self.row, self.row_points, spare))

    def without_room(self) -> "Graph":
        """This graph without the spaces that nothing stands in."""
        return self.at_least(int(NEVER) + 1)

    def at_least(self, minimum: int) -> "Graph":
        """Only the pairs with so many points."""
        enough = self.points >= minimum
        if enough.all():
            return self
        own = np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.start))
        return Graph.of(self.n, self.m, own[enough], self.column[enough], self.points[enough])

    def shifted(self, shift: Any) -> "Graph":
        """The same pairs with `shift` (m,) of the mentor added to the points."""
        if not shift.any():
            return self
        own = np.repeat(shift, np.diff(self.begin))
        points, row_points = self.points + shift[self.column], self.row_points + own
        return self._replace(points=points, row_points=row_points)


@compiled
def _merge(start, column, points, rows, columns, new_points):
    """The old pairs of each row and then the new ones that are not among them."""
    n = start.shape[0] - 1
    size = start[1:] - start[:-1]
    for k in range(rows.shape[0]):
        size[rows[k]] += 1
    room = np.zeros(n + 1, np.int64)
    for i in range(n):
        room[i + 1] = room[i] + size[i]
    out = np.empty(room[n], np.int32)
    out_points = np.empty(room[n], np.int64)
    used = room[:-1].copy()
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            out[used[i]], out_points[used[i]] = column[e], points[e]
            used[i] += 1
    for k in range(rows.shape[0]):
        i = rows[k]
        known = False
        for e in range(room[i], used[i]):
            known = known or out[e] == columns[k]
        if not known:
            out[used[i]], out_points[used[i]] = columns[k], new_points[k]
            used[i] += 1
    new_start = np.zeros(n + 1, np.int64)
    at = 0
    for i in range(n):
        for e in range(room[i], used[i]):
            out[at], out_points[at] = out[e], out_points[e]
            at += 1
        new_start[i + 1] = at
    return new_start, out[:at].copy(), out_points[:at].copy()


@compiled
def _by_mentor(m, start, column, points):
    begin = np.zeros(m + 1, np.int64)
    for e in range(column.shape[0]):
        begin[column[e] + 1] += 1
    for j in range(m):
        begin[j + 1] += begin[j]
    used = begin[:-1].copy()
    row = np.empty(column.shape[0], np.int32)
    row_points = np.empty(column.shape[0], np.int64)
    for i in range(start.shape[0] - 1):
        for e in range(start[i], start[i + 1]):
            at = used[column[e]]
            row[at], row_points[at] = i, points[e]
            used[column[e]] += 1
    return begin, row, row_points


def _with_spaces(start: Any, other: Any, points: Any, spare: int) -> tuple[Any, Any, Any]:
    size = np.diff(start)
    new_start = np.concatenate([[0], np.cumsum(size + size // 2 + spare)])
    at = np.arange(len(other)) + np.repeat(new_start[:-1] - start[:-1], size)
    new_other = np.zeros(new_start[-1], np.int32)
    new_points = np.full(new_start[-1], NEVER)
    new_other[at], new_points[at] = other, points
    return new_start, new_other, new_points


@compiled
def _place_of(start, other, points, own, wanted):
    """Where a pair of `own` stands in one order, or else the first free space, or -1."""
    free = -1
    for e in range(start[own], start[own + 1]):
        if points[e] == NEVER:
            free = e if free < 0 else free
        elif other[e] == wanted:
            return e
    return free


@compiled
def insert(rows, columns, points, graph):
    """Put pairs into free spaces, until there is none for one; returns how many have been put."""
    for k in range(rows.shape[0]):
        i, j = rows[k], columns[k]
        e = _place_of(graph.start, graph.column, graph.points, i, j)
        f = _place_of(graph.begin, graph.row, graph.row_points, j, i)
        if e < 0 or f < 0:
            return k
        graph.column[e], graph.points[e] = j, points[k]
        graph.row[f], graph.row_points[f] = i, points[k]
    return rows.shape[0]


@compiled
def drop(i, j, graph):
    """Take a pair out, if it is there; its space is free again."""
    e = _place_of(graph.start, graph.column, graph.points, i, j)
    if e >= 0 and graph.column[e] == j:
        f = _place_of(graph.begin, graph.row, graph.row_points, j, i)
        graph.points[e], graph.row_points[f] = NEVER, NEVER
