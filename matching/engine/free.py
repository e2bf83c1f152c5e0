"""What is left to decide once the locks are kept: the people who take part in the optimum."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from matching.engine.arrays import IntArray
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.facts import FactTable
from matching.engine.musthaves import failed_codes
from matching.engine.problem import Problem


@dataclass(frozen=True, eq=False)
class Free:
    """`table` holds mentees without a lock and mentors with a place left, both sorted by key, so
    that the order of the input never matters.

    rows, columns: who they are in the problem. locked (n,): mentor of a locked mentee, else -1.
    """

    table: FactTable
    rows: IntArray
    columns: IntArray
    locked: IntArray

    def mentor_of(self, mate: IntArray) -> IntArray:
        """Mentor of everybody in the problem, locks included, from mates in `table`."""
        found = self.locked.copy()
        found[self.rows] = np.append(self.columns, -1)[mate]
        return found


@lru_cache(maxsize=2)
def free_part(problem: Problem) -> Free:
    """Raises `ProblemError` for a lock that breaks a must-have. Kept for the last two problems."""
    locked = np.full(problem.mentees, -1, dtype=np.int64)
    capacity = problem.capacity.copy()
    for position, (mentee, mentor) in enumerate(problem.locks):
        _refuse_broken_lock(problem, position)
        locked[mentee] = mentor
        capacity[mentor] -= 1
    rows, columns = np.argsort(problem.mentee_key), np.argsort(problem.mentor_key)
    rows, columns = rows[locked[rows] < 0], columns[capacity[columns] > 0]
    table = fact_table(problem).take(rows, columns)
    return Free(replace(table, capacity=capacity[columns]), rows, columns, locked)


def _refuse_broken_lock(problem: Problem, position: int) -> None:
    broken = failed_codes(problem, *problem.locks[position])
    if broken:
        raise ProblemError("locks", position, f"breaks a must-have: {', '.join(broken)}")
