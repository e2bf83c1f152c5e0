"""Score every pair once and keep the best of each row, without ever holding all scores.

Mentors stand in strips of STRIP columns: a strip of all fact values fits in the second-level
cache, and a row needs only the few values of its own facts. Sixteen-bit integers are exact:
points reach 10,000, at most three vetoes meet, and prices are taken relative to a level.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from matching.engine.compiled.jit import compiled, inlined

STRIP = 256
UNROLL = 4
BLOCK = 32
ROWS_AT_ONCE = 512
VETO = np.int16(-10_500)
NEVER = np.int16(-32_768)
CLOSED = 32_767
"""A price that no score reaches."""
OPEN = -22_000
"""A price that every possible pair beats."""
MOST = 10_000
"""No pair has more points."""
NOTHING = np.empty(0, dtype=np.int64)
WINDOW = 20_000
"""Rows whose thresholds lie this close together are scanned at one level of prices."""


@inlined
def _add(acc, values, a, b, c, d, wa, wb, wc, wd):
    for j in range(STRIP):
        acc[j] = np.int16(
            acc[j]
            + np.int16(wa * values[a, j])
            + np.int16(wb * values[b, j])
            + np.int16(wc * values[c, j])
            + np.int16(wd * values[d, j])
        )


@inlined
def _sum_facts(acc, values, col, weight, begin, end):
    for e in range(begin, end, UNROLL):
        _add(
            acc,
            values,
            col[e],
            col[e + 1],
            col[e + 2],
            col[e + 3],
            weight[e],
            weight[e + 1],
            weight[e + 2],
            weight[e + 3],
        )


@inlined
def _strip_points(acc, values, row, ptr, gate_end, col, weight, base, keep):
    """Points of one row with the mentors of one strip; negative where impossible."""
    # Taken out of the arrays first: the compiler cannot know that they do not overlap `acc`.
    start, factor = base[row], keep[row]
    if gate_end[row] > ptr[row]:
        for j in range(STRIP):
            acc[j] = np.int16(0)
        _sum_facts(acc, values, col, weight, ptr[row], gate_end[row])
        for j in range(STRIP):
            acc[j] = np.int16(start + (VETO if acc[j] == 0 else np.int16(acc[j] * factor)))
    else:
        for j in range(STRIP):
            acc[j] = start
    _sum_facts(acc, values, col, weight, gate_end[row], ptr[row + 1])


@inlined
def _reduce(acc, price, minimum):
    """Points less price, or NEVER; returns the largest."""
    best = NEVER
    for j in range(STRIP):
        value = np.int16(acc[j] - price[j]) if acc[j] >= minimum else NEVER
        acc[j] = value
        best = max(best, value)
    return best


@compiled
def _is_barred(bar_ptr, bar_col, row, column):
    low, high = bar_ptr[row], bar_ptr[row + 1]
    while low < high:
        middle = (low + high) // 2
        if bar_col[middle] < column:
            low = middle + 1
        else:
            high = middle
    return low < bar_ptr[row + 1] and bar_col[low] == column


@compiled
def _are_barred(rows, columns, bar_ptr, bar_col, out):
    for at in range(rows.shape[0]):
        out[at] = _is_barred(bar_ptr, bar_col, rows[at], columns[at])


@inlined
def _largest(acc, block):
    best = NEVER
    for j in range(block, block + BLOCK):
        best = max(best, acc[j])
    return best


@compiled
def _replace(value, column, row, size, new_value, new_column):
    """Put a pair in the place of the smallest of a row's heap."""
    at = 0
    while True:
        child = 2 * at + 1
        if child + 1 < size:  # which is smaller is pure chance: a sum, and no branch to guess wrong
            child += int(value[row, child + 1] < value[row, child])
        if child >= size or new_value <= value[row, child]:
            break
        value[row, at], column[row, at] = value[row, child], column[row, child]
        at = child
    value[row, at], column[row, at] = new_value, new_column


@compiled
def _scan(
    rows, first, last, ptr, gate_end, col, weight, base, keep, values, price, minimum,
    bar_ptr, bar_col, columns, turn, best_value, best_column,
):  # fmt: skip
    """Put the largest `points - price` of each row into its heap, above what stands in it."""
    acc = np.empty(STRIP, np.int16)
    strips = values.shape[0]
    size = best_value.shape[1]
    for step in range(strips):
        strip = (step + turn) % strips
        for at in range(first, last):
            row = rows[at]
            _strip_points(acc, values[strip], row, ptr, gate_end, col, weight, base, keep)
            least = best_value[at, 0]
            if _reduce(acc, price[strip], minimum) <= least:
                continue
            for block in range(0, STRIP, BLOCK):
                if _largest(acc, block) <= least:
                    continue
                for j in range(block, block + BLOCK):
                    if acc[j] <= least:
                        continue
                    column = columns[strip * STRIP + j]
                    if not _is_barred(bar_ptr, bar_col, row, column):
                        _replace(best_value, best_column, at, size, acc[j], column)
                        least = best_value[at, 0]


@compiled
def _pair_points(rows, columns, ptr, gate_end, col, weight, base, keep, values, out):
    for at in range(rows.shape[0]):
        row, column = rows[at], columns[at]
        strip, j = column // STRIP, column % STRIP
        points = np.int64(0)
        for e in range(ptr[row], gate_end[row]):
            points += np.int64(weight[e]) * values[strip, col[e], j]
        if gate_end[row] > ptr[row]:
            points = np.int64(VETO) if points == 0 else points * keep[row]
        points += base[row]
        for e in range(gate_end[row], ptr[row + 1]):
            points += np.int64(weight[e]) * values[strip, col[e], j]
        out[at] = points


@compiled
def _column_points(ptr, gate_end, col, weight, base, keep, values, out):
    """As `_pair_points`, for everybody with the one mentor whose `values` these are."""
    for row in range(out.shape[0]):
        points = np.int64(0)
        for e in range(ptr[row], gate_end[row]):
            points += weight[e] * values[col[e]]
        if gate_end[row] > ptr[row]:
            points = np.int64(VETO) if points == 0 else points * keep[row]
        points += base[row]
        for e in range(gate_end[row], ptr[row + 1]):
            points += weight[e] * values[col[e]]
        out[row] = points


@dataclass(frozen=True, eq=False)
class Found:
    """Pairs that a scan found: rows and columns, with their points.

    full: rows whose list was filled, so that more may be left; least: the smallest points - price
    in each of those lists, or more where prices were too low to compare.
    """

    rows: Any
    columns: Any
    points: Any
    full: Any
    least: Any


class Scanner:
    """All pairs of a fact table. Rows and columns as in the table; every result is exact.

    threads: how many share a scan. report: called after each block of rows with the rows done.
    """

    def __init__(
        self, table: Any, threads: int = 2, report: Callable[[int], None] | None = None
    ) -> None:
        self.table = table
        self.threads = threads
        self.report = report or (lambda rows: None)
        self.n, self.m = len(table.base), table.values.shape[1]
        self._facts = _padded(table)
        self._order = _best_first(table)
        self._place = np.argsort(self._order)
        self._values, self._columns = strips_of(table.values[:, self._order], self._order)
        self._barred = _bar_lists(table, self.n)
        self.pairs_scored = 0

    def top(self, size: int, minimum: int) -> Found:
        """The `size` best possible mentors of every mentee, ties in turns."""
        rows = np.arange(self.n, dtype=np.int32)
        price = np.zeros(self.m, dtype=np.int64)
        return self._collect(rows, price, np.full(self.n, OPEN, np.int64), 0, size, minimum)

    def violators(self, rows: Any, price: Any, threshold: Any, size: int, minimum: int) -> Found:
        """Possible pairs of `rows` with points - price > threshold, the largest `size` per row.

        price (m,) and threshold (len(rows),): int64 of any size.
        """
        rows = np.asarray(rows, dtype=np.int32)
        parts = [
            self._collect(rows[group], price, threshold[group], centre, size, minimum)
            for centre, group in _levels(threshold)
        ]
        return joined(parts)

    def column_violators(
        self, rows: Any, columns: Any, price: Any, threshold: Any, size: int, minimum: int
    ) -> Found:
        """The same, but only with the mentors of `columns`."""
        rows, columns = np.asarray(rows, dtype=np.int32), np.asarray(columns, dtype=np.int32)
        strips = strips_of(self.table.values[:, columns], columns)
        parts = [
            self._collect(rows[group], price, threshold[group], centre, size, minimum, strips)
            for centre, group in _levels(threshold)
        ]
        return joined(parts)

    def column_pairs(
        self, rows: Any, columns: Any, price: Any, threshold: Any, minimum: int
    ) -> Found:
        """All possible pairs of `rows` with `columns` that have points - price > threshold."""
        parts = []
        for column in columns.tolist():
            points = self.column(column)[rows]
            good = (points >= minimum) & (points - price[column] > threshold)
            own = np.full(int(good.sum()), column)
            parts.append(Found(rows[good], own, points[good], full=NOTHING, least=NOTHING))
        return joined(parts)

    def column(self, column: int) -> Any:
        """int64 (n,) points of one mentor with every mentee; negative where it is not possible."""
        out = np.empty(self.n, dtype=np.int64)
        values = self.table.values[:, column].astype(np.int64)
        _column_points(*self._facts, values, out)
        out[self._barred_rows(column)] = VETO
        return out

    def bar(self, row: int, column: int) -> None:
        """Leave this pair out from now on."""
        ptr, columns = self._barred
        at = ptr[row] + np.searchsorted(columns[ptr[row] : ptr[row + 1]], column)
        later = ptr + (np.arange(len(ptr)) > row)
        self._barred = later, np.insert(columns, at, column).astype(np.int32)

    def barred(self, rows: Any, columns: Any) -> Any:
        """bool: which of these single pairs are barred."""
        out = np.empty(len(rows), dtype=np.bool_)
        _are_barred(rows, columns, *self._barred, out)
        return out

    def _barred_rows(self, column: int) -> Any:
        ptr, columns = self._barred
        return np.searchsorted(ptr, np.flatnonzero(columns == column), side="right") - 1

    def points(self, rows: Any, columns: Any) -> Any:
        """Points of single pairs, int64; negative for a pair that fails a must-have."""
        out = np.empty(len(rows), dtype=np.int64)
        _pair_points(rows, self._place[columns], *self._facts, self._values, out)
        return out

    def _collect(
        self,
        rows: Any,
        price: Any,
        threshold: Any,
        centre: int,
        size: int,
        minimum: int,
        strips: Any = None,
    ) -> Found:
        """One scan. Prices and thresholds are taken relative to `centre`, to fit in 16 bits."""
        values, names = strips or (self._values, self._columns)
        scaled = np.full(len(names), CLOSED, dtype=np.int16)
        used = names >= 0
        scaled[used] = np.clip(price[names[used]] + centre, OPEN, CLOSED)
        best = np.empty((len(rows), size), dtype=np.int16)
        best[:] = (threshold - centre)[:, None]
        column = np.full((len(rows), size), -1, dtype=np.int32)

        def work(first: int) -> None:
            last = min(first + ROWS_AT_ONCE, len(rows))
            turn = 0
            _scan(rows, first, last, *self._facts, values, scaled.reshape(-1, STRIP),
                  np.int16(minimum), *self._barred, names, turn, best, column)  # fmt: skip
            self.report(last - first)

        self._share(work, range(0, len(rows), ROWS_AT_ONCE))
        self.pairs_scored += len(rows) * int(used.sum())
        at, place = np.nonzero(column >= 0)
        pair_rows, pair_columns = rows[at], column[at, place]
        full = (column >= 0).all(axis=1)
        least = best[full, 0].astype(np.int64) + centre
        # Prices far below the level count as OPEN, so a list of such mentors alone tells nothing.
        least[best[full, 0] >= -OPEN] = MOST - int(price.min(initial=0))
        points = self.points(pair_rows, pair_columns)
        return Found(pair_rows, pair_columns, points, rows[full], least)

    def _share(self, work: Callable[[int], None], starts: Sequence[int]) -> None:
        if len(starts) == 1:  # a thread takes longer to start than a few rows
            return work(starts[0])
        with ThreadPoolExecutor(self.threads) as pool:
            for _ in pool.map(work, starts):
                pass
        return None


def _best_first(table: Any) -> Any:
    """Mentors by their mean points, so that the lists fill early with what stays in them."""
    mass = np.bincount(table.col, weights=table.weight, minlength=len(table.values))
    return np.argsort(-(mass @ table.values), kind="stable").astype(np.int32)


def _levels(threshold: Any) -> Iterable[tuple[int, Any]]:
    """Groups of rows whose thresholds lie within WINDOW, with the middle of each window."""
    left = np.argsort(threshold, kind="stable")
    while len(left):
        low = int(threshold[left[0]])
        inside = int(np.searchsorted(threshold[left], low + WINDOW))
        yield low + WINDOW // 2, np.sort(left[:inside])
        left = left[inside:]


def joined(parts: list[Found]) -> Found:
    def all_of(name: str) -> Any:
        found = [getattr(part, name) for part in parts]
        return np.concatenate(found) if found else NOTHING

    return Found(*(all_of(field.name) for field in fields(Found)))


def _padded(table: Any) -> tuple[Any, ...]:
    """Facts in groups of UNROLL, filled up with facts of no weight: gate facts, then the rest."""
    count = np.diff(table.ptr)
    gate = table.gate.astype(np.int64)
    gate_room = -(-gate // UNROLL) * UNROLL
    room = gate_room + -(-(count - gate) // UNROLL) * UNROLL
    ptr = np.concatenate([[0], np.cumsum(room)])
    owner = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(table.col)) - table.ptr[owner]
    place += np.where(place < gate[owner], 0, (gate_room - gate)[owner])
    col = np.zeros(ptr[-1], dtype=np.int32)
    weight = np.zeros(ptr[-1], dtype=np.int16)
    col[ptr[owner] + place] = table.col
    weight[ptr[owner] + place] = table.weight
    keep = table.keep.astype(np.int16)
    return ptr, ptr[:-1] + gate_room, col, weight, table.base.astype(np.int16), keep


def strips_of(values: Any, names: Any) -> tuple[Any, Any]:
    """(strips, facts, STRIP) of the values, and the column that stands at each place, or -1."""
    facts, m = values.shape
    width = -(-max(m, 1) // STRIP) * STRIP
    padded = np.zeros((facts, width), dtype=np.int16)
    padded[:, :m] = values
    columns = np.full(width, -1, dtype=np.int32)
    columns[:m] = names
    strips = padded.reshape(facts, -1, STRIP).transpose(1, 0, 2)
    return np.ascontiguousarray(strips), columns


def _bar_lists(table: Any, n: int) -> tuple[Any, Any]:
    rows = table.barred[:, 0] if len(table.barred) else np.empty(0, dtype=np.int64)
    columns = table.barred[:, 1] if len(table.barred) else np.empty(0, dtype=np.int64)
    return np.searchsorted(rows, np.arange(n + 1)), columns.astype(np.int32)
