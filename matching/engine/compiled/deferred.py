"""Deferred acceptance for large rounds, with the same result as `stable.stable_match`.

Mentees propose along short lists first. Whoever comes to the end of a list that was cut has all
mentors looked at once more, for the best of those who would still have them: a mentor who
would not never will again, as those who are kept only get better. So the result is stable over
all pairs, and few rows are looked at twice.
"""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.compiled import heap
from matching.engine.compiled.jit import compiled
from matching.engine.compiled.scan import STRIP, Found, Scanner, _is_barred, _strip_points

SIZE = 32
BITS = 32
NOBODY = -(2**62)
CLOSED = np.int16(32_767)


class Lists(NamedTuple):
    """Mentors of each mentee from the best down: column, points (n, size); the next one at `at`
    (n,), the end at `end` (n,). cut (n,): more may follow."""

    column: Any
    points: Any
    at: Any
    end: Any
    cut: Any

    @classmethod
    def of(cls, n: int, size: int, found: Found) -> "Lists":
        """From the best pairs of every mentee. Of a full list the last points may be those of
        others too: it is known down to them only."""
        start = np.searchsorted(found.rows, np.arange(n + 1))
        least = np.full(n, -1, dtype=np.int64)
        least[found.full] = found.least
        lists = cls(
            column=np.empty((n, size), dtype=np.int32),
            points=np.zeros((n, size), dtype=np.int16),
            at=np.zeros(n, dtype=np.int32),
            end=np.zeros(n, dtype=np.int32),
            cut=least >= 0,
        )
        _sort(start, found.columns, found.points, least, lists)
        return lists


class Seats(NamedTuple):
    """mate (n,) or -1; the mentees of mentor j are a heap in who[slot[j] : slot[j] + load[j]], the
    worst first, by `worth`: points, and then the lower row. room (m,): places. bar (m,): the worth
    above which they would have somebody; least: the points of it, by the place in the scanner."""

    mate: Any
    slot: Any
    room: Any
    load: Any
    worth: Any
    who: Any
    bar: Any
    place: Any
    least: Any

    @classmethod
    def empty(cls, n: int, capacity: Any, scanner: Scanner) -> "Seats":
        room = np.minimum(capacity, n).astype(np.int32)
        ends = np.concatenate([[0], np.cumsum(room, dtype=np.int64)])
        least = np.full(len(scanner._columns), CLOSED, dtype=np.int16)
        least[scanner._place[room > 0]] = 0
        return cls(
            mate=np.full(n, -1, dtype=np.int32),
            slot=ends[:-1].copy(),
            room=room,
            load=np.zeros(len(room), dtype=np.int32),
            worth=np.empty(int(ends[-1]), dtype=np.int64),
            who=np.empty(int(ends[-1]), dtype=np.int32),
            bar=np.where(room > 0, np.int64(NOBODY), np.int64(2**62)),
            place=scanner._place,
            least=least,
        )


@compiled
def _liked(points, column):
    """What a mentee goes by: points, and then the lower column."""
    return (np.int64(points) << BITS) - column


@compiled
def _worth(points, row):
    """What a mentor goes by: points, and then the lower row."""
    return (np.int64(points) << BITS) - row


@compiled
def _write(row, liked, column, size, lists):
    """A heap of `size` mentors, the least liked first, as the list of a row; the heap is spent."""
    lists.at[row], lists.end[row] = 0, size
    while size > 0:
        points = (liked[0] + column[0]) >> BITS
        lists.column[row, size - 1], lists.points[row, size - 1] = column[0], points
        heap.pop(liked, column, 0, size)
        size -= 1


@compiled
def _sort(start, columns, points, least, lists):
    width = lists.column.shape[1]
    liked, column = np.empty(width, np.int64), np.empty(width, np.int32)
    for row in range(start.shape[0] - 1):
        size = 0
        for e in range(start[row], start[row + 1]):
            if points[e] > least[row]:
                heap.push(liked, column, 0, size, _liked(points[e], columns[e]), columns[e])
                size += 1
        _write(row, liked, column, size, lists)


@compiled
def _keep(row, j, worth, seats):
    """Mentor j takes `row`, and sends the worst away if there is no place left; who, or -1."""
    slot, load, away = seats.slot[j], seats.load[j], -1
    if load < seats.room[j]:
        heap.push(seats.worth, seats.who, slot, load, worth, row)
        seats.load[j] += 1
    else:
        away = seats.who[slot]
        heap.sink(seats.worth, seats.who, slot, load, 0, worth, row)
        seats.mate[away] = -1
    seats.mate[row] = j
    if seats.load[j] == seats.room[j]:
        seats.bar[j] = seats.worth[slot]
        seats.least[seats.place[j]] = (seats.worth[slot] + seats.who[slot]) >> BITS
    return away


@compiled
def _propose(row, lists, seats):
    """From `row` on, whoever was sent away proposes next; returns who came to the end, or -1."""
    while row >= 0:
        at, end, first = lists.at[row], lists.end[row], row
        while at < end and row == first:
            j, worth = lists.column[row, at], _worth(lists.points[row, at], row)
            at += 1
            if worth > seats.bar[j]:
                row = _keep(row, j, worth, seats)
        lists.at[first] = at
        if row == first:
            break
    return row


@compiled
def _along_lists(rows, lists, seats):
    for row in rows:
        _propose(row, lists, seats)


@compiled
def _new_list(
    row, ptr, gate_end, col, weight, base, keep, values, minimum, bar_ptr, bar_col, columns,
    lists, seats, acc, liked, column,
):  # fmt: skip
    """The best mentors of all who would have `row` now."""
    width, size = liked.shape[0], 0
    for strip in range(values.shape[0]):
        _strip_points(acc, values[strip], row, ptr, gate_end, col, weight, base, keep)
        least = minimum if size < width else max(minimum, (liked[0] + column[0]) >> BITS)
        for j in range(STRIP):
            if acc[j] < least or acc[j] < seats.least[strip * STRIP + j]:
                continue
            mentor = columns[strip * STRIP + j]
            like = _liked(acc[j], mentor)
            if _worth(acc[j], row) <= seats.bar[mentor] or (size == width and like < liked[0]):
                continue
            if _is_barred(bar_ptr, bar_col, row, mentor):
                continue
            if size < width:
                heap.push(liked, column, 0, size, like, mentor)
                size += 1
            else:
                heap.sink(liked, column, 0, size, 0, like, mentor)
    lists.cut[row] = size == width
    _write(row, liked, column, size, lists)


@compiled
def _over_all_pairs(
    ptr, gate_end, col, weight, base, keep, values, minimum, bar_ptr, bar_col, columns, lists, seats
):  # fmt: skip
    """New lists, and proposals along them, until nobody needs one; returns how many there were."""
    acc, width, new = np.empty(STRIP, np.int16), lists.column.shape[1], 0
    liked, column = np.empty(width, np.int64), np.empty(width, np.int32)
    for first in range(seats.mate.shape[0]):
        row = first
        while row >= 0 and seats.mate[row] < 0 and lists.cut[row]:
            _new_list(
                row, ptr, gate_end, col, weight, base, keep, values, minimum, bar_ptr, bar_col,
                columns, lists, seats, acc, liked, column,
            )  # fmt: skip
            new += 1
            row = _propose(row, lists, seats)
    return new


class Deferred:
    """The work in three steps, for `stable`: lists, proposals along them, and over all pairs."""

    def __init__(self, scanner: Scanner, size: int = SIZE) -> None:
        self.scanner, self.size = scanner, size
        self.minimum = max(int(scanner.table.minimum), 0)
        self.seats = Seats.empty(scanner.n, scanner.table.capacity, scanner)

    def list(self) -> None:
        """The best `size` mentors of everybody."""
        found = self.scanner.top(self.size, self.minimum)
        self.lists = Lists.of(self.scanner.n, self.size, found)

    def along_lists(self) -> None:
        """Deferred acceptance on the lists: stable among their pairs.

        The order in which people propose changes nothing but the time: who has the best list
        first, then few are sent away again.
        """
        rows = np.argsort(-self.lists.points[:, 0], kind="stable")
        _along_lists(rows, self.lists, self.seats)

    def over_all_pairs(self) -> int:
        """Stable among all pairs; how many new lists that took."""
        scanner = self.scanner
        return int(_over_all_pairs(
            *scanner._facts, scanner._values, np.int16(self.minimum), *scanner._barred,
            scanner._columns, self.lists, self.seats,
        ))  # fmt: skip


def stable(scanner: Scanner, size: int = SIZE) -> Any:
    """(n,) mentor of each mentee, -1 = unmatched, as in `stable.stable_match`.

    O(n m d) once, the proposals O(n size log c), and O(m d) for each mentee who needs a new list.
    """
    work = Deferred(scanner, size)
    work.list()
    work.along_lists()
    work.over_all_pairs()
    return work.seats.mate.astype(np.int64)
