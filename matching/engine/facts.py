"""The fact table: every score of a round as one sparse product of whole numbers.

A pair (i, j) is worth `base[i]` plus, over the facts of mentee i, weight times
the value that mentor j gives to the fact. All products and sums are integers that
fit in sixteen bits, so every way of adding them up agrees to the last point:
a matrix product, a compiled loop, or the few terms of one pair in an explanation.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.problem import FULL_SCORE

VETO = -10_500
"""In place of points: the pair fails a must-have. One outweighs all points, and three fit in
sixteen bits: the gate and two facts of each mentee."""

MOST_VETOES = 2
MUST_HAVE_ONLY = -1
"""The criterion of a fact that gives no points."""
MENTOR_SKIPPED = -1
"""The subject of a fact for mentors who did not answer the question."""

People = Any
"""Numbers of people, or a slice of them: whatever indexes an array."""

Int16Array = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class FactTable:
    """Scores and must-haves of `n` mentees x `m` mentors, in n + D m numbers.

    base        int16 (n,) points with every mentor: halves for questions the mentee skipped
    ptr         int64 (n+1,) facts of mentee i stand at ptr[i]..ptr[i+1]-1, gate facts first
    col         int32 (E,) the row of `values` of each fact
    weight      int16 (E,) above 0
    gate        int16 (n,) how many leading facts are gate facts, 0 = no gate. Where their sum
                is 0 the pair is vetoed
    keep        bool (n,) False: the gate facts decide about the gate only and give no points
    values      int16 (D, m) what each mentor gives to a fact of weight 1; VETO where that fails a
                must-have
    capacity    int64 (m,), priority bool (n,), minimum int 0..10000: as in `Problem`
    wanted      bool (m,) whose places are filled before others, as far as possible
    barred      int64 (b, 2) pairs that are never proposed, sorted, none twice

    A pair is *possible* when it has no veto, at least `minimum` points, and is not barred.
    Solvers need nothing else; explanations also need, with C criteria:

    criterion   int8 (D,) number of the criterion of a row, or MUST_HAVE_ONLY
    subject     int64 (D,) which topic, theme, bond or sector; a group of equal answers; or
                MENTOR_SKIPPED
    half        int16 (C,) points of a skipped question
    mentee_skipped, mentor_skipped
                bool (n, C), (m, C) who gave no usable answer
    """

    base: Int16Array
    ptr: IntArray
    col: NDArray[np.int32]
    weight: Int16Array
    gate: Int16Array
    keep: BoolArray
    values: Int16Array
    capacity: IntArray
    priority: BoolArray
    wanted: BoolArray
    minimum: int
    barred: IntArray
    criterion: NDArray[np.int8]
    subject: IntArray
    half: Int16Array
    mentee_skipped: BoolArray
    mentor_skipped: BoolArray

    def __post_init__(self) -> None:
        _check_arrays(self)
        _check_sums(self)

    @property
    def mentees(self) -> int:
        """Number of mentees, n."""
        return len(self.base)

    @property
    def mentors(self) -> int:
        """Number of mentors, m."""
        return self.values.shape[1]

    def signed(self, rows: People, columns: People) -> Int16Array:
        """(rows, columns) points as solvers see them: below 0 where a must-have fails.

        O(facts of the rows x columns); beside the result it holds a copy of the chosen `values`.
        """
        rows = np.arange(self.mentees)[rows]
        found = self._matrix(rows, gates=False) @ self.values[:, columns]
        found += self.base[rows][:, None]
        found += np.int16(VETO) * self.gate_fails(rows, columns)
        return np.asarray(found)

    def points(self, rows: People, columns: People) -> IntArray:
        """(rows, columns) points 0..10000 as people see them, whether must-haves fail or not."""
        return _shown(self.signed(rows, columns))

    def possible(self, rows: People, columns: People, minimum: int | None = None) -> BoolArray:
        """(rows, columns) whether a pair may be proposed, under another `minimum` if given."""
        return self.block(rows, columns, minimum)[1]

    def block(
        self, rows: People, columns: People, minimum: int | None = None
    ) -> tuple[IntArray, BoolArray]:
        """`points` and `possible` of rows x columns at the cost of one."""
        signed = self.signed(rows, columns)
        least = self.minimum if minimum is None else minimum
        fits = (signed >= max(least, 0)) & ~self.bars(rows, columns)
        return _shown(signed), np.asarray(fits)

    def bars(self, rows: People, columns: People) -> BoolArray:
        """(rows, columns) which pairs are barred."""
        rows, columns = np.arange(self.mentees)[rows], np.arange(self.mentors)[columns]
        found = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        if not len(self.barred):
            return found
        row_at, column_at = _places(rows, self.mentees), _places(columns, self.mentors)
        row, column = row_at[self.barred[:, 0]], column_at[self.barred[:, 1]]
        inside = (row >= 0) & (column >= 0)
        found[row[inside], column[inside]] = True
        return found

    def gate_fails(self, rows: People, columns: People) -> BoolArray:
        """(rows, columns) where a mentee has gate facts and none of them holds."""
        rows = np.arange(self.mentees)[rows]
        gated = self.gate[rows] > 0
        if not gated.any():
            return np.zeros((len(rows), len(self.capacity[columns])), dtype=np.bool_)
        sums = self._matrix(rows, gates=True) @ self.values[:, columns]
        return np.asarray((sums == 0) & gated[:, None])

    def vetoed(self, number: int, rows: People, columns: People) -> BoolArray:
        """(rows, columns) where facts of criterion `number`, or MUST_HAVE_ONLY, hold a veto."""
        rows = np.arange(self.mentees)[rows]
        own = np.flatnonzero(self.criterion == number)
        veto = self.values[own][:, columns] < 0
        matrix = self._matrix(rows, gates=False)[:, own]
        return np.asarray((matrix @ veto.astype(np.int16)) > 0)

    def pair(self, mentee: int, mentor: int) -> int:
        """Points of one pair, as people see them."""
        return int(self.parts([mentee], [mentor]).sum())

    def of_pairs(self, mentees: People, mentors: People) -> IntArray:
        """(pairs,) what `points` says of the pairs (mentees[k], mentors[k]) alone."""
        owner, _, own = self._earned(mentees, mentors)
        sums = np.bincount(owner, weights=own, minlength=len(mentees)).astype(np.int64)
        return np.asarray(self.base[mentees] + sums)

    def parts(self, mentees: People, mentors: People) -> IntArray:
        """(pairs, C) points per criterion of the pairs (mentees[k], mentors[k])."""
        owner, fact, own = self._earned(mentees, mentors)
        number = self.criterion[self.col[fact]].astype(np.int64)
        shown = number != MUST_HAVE_ONLY
        size = len(mentees), len(self.half)
        place = owner[shown] * size[1] + number[shown]
        sums = np.bincount(place, weights=own[shown], minlength=size[0] * size[1])
        skipped = self.mentee_skipped[mentees] * self.half.astype(np.int64)
        return np.asarray(sums.astype(np.int64).reshape(size) + skipped)

    def shares(self, mentee: int, mentor: int) -> dict[tuple[int, int], int]:
        """Points that one pair gets from each (criterion, subject)."""
        _, fact, counts = self._facts(np.array([mentee]))
        fact = fact[counts & (self.values[self.col[fact], mentor] > 0)]
        row = self.col[fact]
        own = self.values[row, mentor].astype(np.int64) * self.weight[fact]
        keys = zip(self.criterion[row].tolist(), self.subject[row].tolist(), strict=True)
        return dict(zip(keys, own.tolist(), strict=True))

    def take(self, rows: People, columns: People) -> "FactTable":
        """The table of some of the people, in the order given, none twice."""
        rows, columns = np.arange(self.mentees)[rows], np.arange(self.mentors)[columns]
        owner, fact, _ = self._facts(rows)
        row_at, column_at = _places(rows, self.mentees), _places(columns, self.mentors)
        barred = np.stack([row_at[self.barred[:, 0]], column_at[self.barred[:, 1]]], axis=1)
        return FactTable(
            base=self.base[rows],
            ptr=np.searchsorted(owner, np.arange(len(rows) + 1)).astype(np.int64),
            col=self.col[fact],
            weight=self.weight[fact],
            gate=self.gate[rows],
            keep=self.keep[rows],
            values=self.values[:, columns],
            capacity=self.capacity[columns],
            priority=self.priority[rows],
            wanted=self.wanted[columns],
            minimum=self.minimum,
            barred=sorted_pairs(barred[(barred >= 0).all(axis=1)]),
            criterion=self.criterion,
            subject=self.subject,
            half=self.half,
            mentee_skipped=self.mentee_skipped[rows],
            mentor_skipped=self.mentor_skipped[columns],
        )

    @cached_property
    def _gates(self) -> BoolArray:
        """(E,) which facts are gate facts."""
        place = np.arange(len(self.col)) - np.repeat(self.ptr[:-1], np.diff(self.ptr))
        return np.asarray(place < np.repeat(self.gate, np.diff(self.ptr)))

    @cached_property
    def _counts(self) -> BoolArray:
        """(E,) which facts give points."""
        return ~self._gates | np.repeat(self.keep, np.diff(self.ptr))

    def _facts(self, rows: IntArray) -> tuple[IntArray, IntArray, BoolArray]:
        """For all facts of `rows`: position in `rows`, position in the table, counts at all."""
        start = self.ptr[rows]
        count = self.ptr[rows + 1] - start
        before = np.cumsum(count) - count
        owner = np.repeat(np.arange(len(rows)), count)
        fact = np.arange(len(owner)) + np.repeat(start - before, count)
        return owner, fact, self._counts[fact]

    def _earned(self, mentees: People, mentors: People) -> tuple[IntArray, IntArray, IntArray]:
        """For all facts of the pairs: position of the pair, position in the table, points."""
        mentees, mentors = np.asarray(mentees, np.int64), np.asarray(mentors, np.int64)
        owner, fact, counts = self._facts(mentees)
        own = np.maximum(self.values[self.col[fact], mentors[owner]], 0).astype(np.int64)
        return owner, fact, own * self.weight[fact] * counts

    def _matrix(self, rows: IntArray, *, gates: bool) -> Any:
        """(rows, D) sparse weights: of the gate facts, or of those that give points."""
        owner, fact, counts = self._facts(rows)
        chosen = self._gates[fact] if gates else counts
        ptr = np.searchsorted(owner[chosen], np.arange(len(rows) + 1))
        picked = fact[chosen]
        size = len(rows), len(self.values)
        return csr_array((self.weight[picked], self.col[picked], ptr), shape=size)


def _shown(signed: Int16Array) -> IntArray:
    """Points without the vetoes: each takes off the same, and that is more than all points."""
    return (signed % np.int16(-VETO)).astype(np.int64)


def sorted_pairs(pairs: IntArray) -> IntArray:
    """(b, 2) the same pairs by row and column, each once."""
    return np.unique(pairs.reshape(-1, 2).astype(np.int64), axis=0)


def _places(chosen: IntArray, count: int) -> IntArray:
    """(count,) where each number stands in `chosen`, or -1."""
    places = np.full(count, -1, dtype=np.int64)
    places[chosen] = np.arange(len(chosen))
    return places


def _check_arrays(table: FactTable) -> None:
    n, m = table.mentees, table.mentors
    rows, facts, criteria = len(table.values), len(table.col), len(table.half)
    expected: dict[str, tuple[Any, tuple[int, ...]]] = {
        "base": (np.int16, (n,)),
        "ptr": (np.int64, (n + 1,)),
        "col": (np.int32, (facts,)),
        "weight": (np.int16, (facts,)),
        "gate": (np.int16, (n,)),
        "keep": (np.bool_, (n,)),
        "values": (np.int16, (rows, m)),
        "capacity": (np.int64, (m,)),
        "priority": (np.bool_, (n,)),
        "wanted": (np.bool_, (m,)),
        "barred": (np.int64, (len(table.barred), 2)),
        "criterion": (np.int8, (rows,)),
        "subject": (np.int64, (rows,)),
        "half": (np.int16, (criteria,)),
        "mentee_skipped": (np.bool_, (n, criteria)),
        "mentor_skipped": (np.bool_, (m, criteria)),
    }
    for name, (dtype, shape) in expected.items():
        array = getattr(table, name)
        if array.dtype != dtype or array.shape != shape:
            raise ValueError(f"{name} is {array.dtype} {array.shape}, not {dtype} {shape}")
    count = np.diff(table.ptr)
    sound = {
        "ptr": table.ptr[0] == 0 and table.ptr[-1] == facts and (count >= 0).all(),
        "col": ((table.col >= 0) & (table.col < rows)).all(),
        "weight": (table.weight > 0).all(),
        "gate": ((table.gate >= 0) & (table.gate <= count)).all(),
        "values": ((table.values >= 0) | (table.values == VETO)).all(),
        "minimum": 0 <= table.minimum <= FULL_SCORE,
        "barred": (table.barred >= 0).all() and (table.barred < (n, m)).all(),
    }
    wrong = [name for name, holds in sound.items() if not holds]
    if wrong:
        raise ValueError(f"out of order or range: {', '.join(wrong)}")


def _check_sums(table: FactTable) -> None:
    """No sum leaves the sixteen bits: vetoes once per fact, points at most FULL_SCORE."""
    veto = (table.values == VETO).any(axis=1)
    owner = np.repeat(np.arange(table.mentees), np.diff(table.ptr))
    heavy = veto[table.col]
    if (table.weight[heavy] != 1).any() or table._gates[heavy].any():
        raise ValueError("a veto needs weight 1 and stands outside the gate")
    vetoes = np.bincount(owner[heavy], minlength=table.mentees)
    # A fact for mentors who skipped stands in place of the others of its criterion.
    most = np.maximum(table.values.max(axis=1, initial=0), 0).astype(np.int64)
    most[table.subject == MENTOR_SKIPPED] = 0
    points = table.weight.astype(np.int64) * most[table.col] * table._counts
    sums = table.base + np.bincount(owner, weights=points, minlength=table.mentees)
    if (vetoes > MOST_VETOES).any() or (sums > FULL_SCORE).any():
        raise ValueError("more vetoes or points than sixteen bits hold")
