"""A separate short checker of whole rounds, as large as they come. NumPy only; it shares no code
with those who solve, and computes every score afresh, a few rows at a time.

By weak duality prices that fit every possible pair bound every matching; tiers without a way
out bound how many can be matched (see `optimum`). A result that reaches the bounds is the best.
"""

from typing import Any

import numpy as np

FULL = 10_000
VETO = -10_500
PAIRS_AT_ONCE = 4_000_000


def verify_facts(table: Any, found: Any, most_gap: int = 0) -> bool:
    """True only if `found` (an `Optimum`) is proven to be the best for `table` (a `FactTable`), or
    to be within the gap that it states, of at most `most_gap` points.

    Anything malformed gives False. O(n m); holds some 40 bytes for each of PAIRS_AT_ONCE pairs.
    """
    try:
        return _Check(table, found).holds() and 0 <= int(found.gap) <= most_gap
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
        return False


class _Check:
    def __init__(self, table: Any, found: Any) -> None:
        self.table = table
        self.n, self.m = len(table.base), table.values.shape[1]
        self.least = max(int(table.minimum), 0)
        self.floor = int(found.floor)
        self.mate = _integers(found.mate, self.n)
        self.gain, self.price = _integers(found.gain, self.n), _integers(found.price, self.m)
        self.big, self.bonus, self.gap = int(found.big), int(found.bonus), int(found.gap)
        self.leave = self.big + self.bonus * np.asarray(table.priority).astype(np.int64)
        self.shift = self.bonus * np.asarray(table.wanted).astype(np.int64)
        self.covers = [found.cover] + ([found.above] if found.above is not None else [])

    def holds(self) -> bool:
        """All that does not need the scores, then all pairs."""
        return (
            self._places_suffice()
            and self._numbers_are_largest()
            and self._prices_are_sound()
            and self._every_pair_fits()
        )

    def _places_suffice(self) -> bool:
        capacity = np.asarray(self.table.capacity)
        if ((self.mate < -1) | (self.mate >= self.m)).any():
            return False
        load = np.bincount(self.mate[self.mate >= 0], minlength=self.m)
        return bool((load <= capacity).all())

    def _numbers_are_largest(self) -> bool:
        """As many as the first cover allows; the second allows fewer of one kind."""
        matched = self.mate >= 0
        numbers = (
            int(matched.sum()),
            int(np.asarray(self.table.priority)[matched].sum()),
            int(np.asarray(self.table.wanted)[self.mate[matched]].sum()),
        )
        cover, *above = self.covers
        if int(cover.minimum) != self.least or self._bounds(cover) != numbers:
            return False
        if not above:
            return self.floor == self.least
        bounds = self._bounds(above[0])
        fewer = any(most < now for most, now in zip(bounds, numbers, strict=True))
        return int(above[0].minimum) == self.floor + 1 > self.least and fewer

    def _bounds(self, cover: Any) -> tuple[int, int, int]:
        """The most that can be matched, matched with priority, and filled of wanted places."""
        mentee, mentor = _integers(cover.mentee_tier, self.n), _integers(cover.mentor_tier, self.m)
        places = np.asarray(self.table.capacity)
        first, wanted = np.asarray(self.table.priority), np.asarray(self.table.wanted)
        return (
            int((mentee <= 0).sum()) + sum(places[mentor >= 1].tolist()),
            int((first & (mentee <= 1)).sum()) + sum(places[mentor >= 2].tolist()),
            int((mentee < 0).sum()) + sum(places[wanted & (mentor >= 0)].tolist()),
        )

    def _prices_are_sound(self) -> bool:
        """Nobody is worth less than left out, prices are not below 0, and a match outweighs all."""
        kinds = sum(bool(np.asarray(of).any()) for of in (self.table.priority, self.table.wanted))
        enough = self.bonus > self.n * FULL if kinds else self.bonus == 0
        enough = enough and self.big > self.n * (kinds * self.bonus + FULL)
        if not enough or (self.price < 0).any() or (self.gain < -self.leave).any():
            return False
        return self.floor >= self.least

    def _every_pair_fits(self) -> bool:
        """One look at all pairs: prices and covers leave none out, and the sums are equal."""
        weight, gates = _dense_facts(self.table, gates=False), _dense_facts(self.table, gates=True)
        values = np.asarray(self.table.values).astype(np.float32)
        bars = _by_row(self.table.barred, self.n)
        primal = 0
        step = max(1, PAIRS_AT_ONCE // max(1, self.m))
        for start in range(0, self.n, step):
            rows = np.arange(start, min(start + step, self.n))
            points = self._points(rows, weight(rows), gates(rows), values)
            for at, row in enumerate(rows.tolist()):
                points[at, bars[row]] = VETO
            if not self._rows_fit(rows, points):
                return False
            own = rows[self.mate[rows] >= 0]
            reached = points[own - start, self.mate[own]]
            if (reached < self.floor).any():
                return False
            primal += sum((reached + self.shift[self.mate[own]] + self.leave[own]).tolist())
        places = np.asarray(self.table.capacity).tolist()
        dual = sum((self.gain + self.leave).tolist()) + sum(
            price * room for price, room in zip(self.price.tolist(), places, strict=True)
        )
        return dual - primal == self.gap

    def _points(self, rows: Any, weight: Any, gates: Any, values: Any) -> Any:
        """Points of all pairs of `rows`, below 0 where a must-have fails. Whole numbers below
        2**24, so that 32-bit floats are exact."""
        points = (weight @ values).astype(np.int64)
        points += np.asarray(self.table.base)[rows].astype(np.int64)[:, None]
        gated = np.asarray(self.table.gate)[rows] > 0
        if gated.any():
            points[((gates @ values) == 0) & gated[:, None]] += VETO
        return points

    def _rows_fit(self, rows: Any, points: Any) -> bool:
        has_place = np.asarray(self.table.capacity) > 0
        allowed = (points >= self.floor) & has_place
        if (allowed & (self.gain[rows][:, None] + self.price - self.shift < points)).any():
            return False
        for cover in self.covers:
            tier, mentor = np.asarray(cover.mentee_tier)[rows], np.asarray(cover.mentor_tier)
            inside = np.flatnonzero(tier > mentor.min(initial=0))
            lower = mentor < tier[inside, None]
            if (lower & (points[inside] >= int(cover.minimum)) & has_place).any():
                return False
        return True


def _dense_facts(table: Any, gates: bool) -> Any:
    """A function that gives the fact weights of some rows, one column for each fact."""
    ptr, col, weight = (np.asarray(part) for part in (table.ptr, table.col, table.weight))
    gate, keep = np.asarray(table.gate).astype(np.int64), np.asarray(table.keep)

    def rows_of(rows: Any) -> Any:
        dense = np.zeros((len(rows), len(table.values)), dtype=np.float32)
        for at, row in enumerate(rows.tolist()):
            begin, end, after = int(ptr[row]), int(ptr[row + 1]), int(ptr[row] + gate[row])
            if gates:
                own = slice(begin, after)
            else:
                own = slice(begin if keep[row] else after, end)
            np.add.at(dense[at], col[own], weight[own])
        return dense

    return rows_of


def _by_row(pairs: Any, n: int) -> Any:
    found: list[list[int]] = [[] for _ in range(n)]
    for row, column in np.asarray(pairs).reshape(-1, 2).tolist():
        found[row].append(column)
    return found


def _integers(value: Any, size: int) -> Any:
    array = np.asarray(value)
    if array.shape != (size,) or (size and array.dtype.kind not in "iu"):
        raise TypeError("not the integers expected")
    return array.astype(np.int64)
