"""What is left to decide once the locks are kept: the people who take part in the optimum."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.facts import FactTable, sorted_pairs
from matching.engine.musthaves import failed_codes
from matching.engine.problem import Problem


@dataclass(frozen=True, eq=False)
class Free:
    """`table` holds mentees without a lock and mentors with a place left, both sorted by key, so
    that the order of the input never matters. A mentor with a quota stands in two columns, one
    after the other: the places of the quota that no lock filled, and then the rest.

    rows, columns: who they are in the problem. locked (n,): mentor of a locked mentee, else -1.
    """

    table: FactTable
    rows: IntArray
    columns: IntArray
    locked: IntArray

    def columns_of(self, mentor: int) -> list[int]:
        """Where a mentor stands in `table`, the places of the quota first; nowhere when full."""
        return np.flatnonzero(self.columns == mentor).tolist()

    def mentor_of(self, mate: IntArray) -> IntArray:
        """Mentor of everybody in the problem, locks included, from mates in `table`."""
        found = self.locked.copy()
        found[self.rows] = np.append(self.columns, -1)[mate]
        return found


@lru_cache(maxsize=2)
def free_part(problem: Problem) -> Free:
    """Raises `ProblemError` for a lock that breaks a must-have. Kept for the last two problems."""
    locked = np.full(problem.mentees, -1, dtype=np.int64)
    capacity, quota = problem.capacity.copy(), problem.quota.copy()
    for position, (mentee, mentor) in enumerate(problem.locks):
        _refuse_broken_lock(problem, position)
        locked[mentee] = mentor
        capacity[mentor] -= 1
        quota[mentor] = max(quota[mentor] - 1, 0)
    rows, columns = np.argsort(problem.mentee_key), np.argsort(problem.mentor_key)
    rows, columns = rows[locked[rows] < 0], columns[capacity[columns] > 0]
    table = replace(fact_table(problem).take(rows, columns), capacity=capacity[columns])
    if quota.any():
        left = np.stack([quota, capacity - quota])[:, columns]
        table, chosen = by_quota(table, left > 0)
        table = replace(table, capacity=left[(~table.wanted).astype(int), chosen])
        columns = columns[chosen]
    return Free(table, rows, columns, locked)


def by_quota(table: FactTable, parts: BoolArray) -> tuple[FactTable, IntArray]:
    """A table with up to two columns for each mentor: wanted places, and then the others.

    parts: bool (2, m), which of the two each mentor has; one at least. Also gives whose each
    column is. The capacities are still those of the whole mentor.
    """
    chosen = np.repeat(np.arange(table.mentors), parts.sum(axis=0))
    first = np.searchsorted(chosen, np.arange(table.mentors))
    wanted = np.zeros(len(chosen), dtype=np.bool_)
    wanted[first[parts[0]]] = True
    row, column = table.barred.T
    again = np.asarray(parts.sum(axis=0) == 2)[column]
    pairs = [[row, first[column]], [row[again], first[column[again]] + 1]]
    split = replace(
        table,
        values=table.values[:, chosen],
        capacity=table.capacity[chosen],
        wanted=wanted,
        barred=sorted_pairs(np.concatenate([np.stack(pair, axis=1) for pair in pairs])),
        mentor_skipped=table.mentor_skipped[chosen],
    )
    return split, chosen


def _refuse_broken_lock(problem: Problem, position: int) -> None:
    broken = failed_codes(problem, *problem.locks[position])
    if broken:
        raise ProblemError("locks", position, f"breaks a must-have: {', '.join(broken)}")
