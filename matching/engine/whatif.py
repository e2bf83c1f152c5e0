"""What if: the optimum of some of the people, from that of all.

Who is settled leaves with the place they had. What is left is an optimum still, under the same
prices; from there each pair kept apart, place and newcomer that differs is repaired (see `live`).
That moves nobody without need. If the best attainable worst pair is another one then, those who are
left are solved anew; where they are too many to hold all their pairs, the floor of the round stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.dense import fits, is_floor, solve_dense
from matching.engine.encode import fact_table
from matching.engine.errors import SIZE, ProblemError
from matching.engine.facts import FactTable, sorted_pairs
from matching.engine.free import by_quota, free_part
from matching.engine.live import Live
from matching.engine.optimum import Optimum, worth
from matching.engine.problem import Lock, Problem
from matching.engine.solution import Solution

Pairs = Sequence[Lock]


@dataclass(frozen=True)
class Change:
    """A mentee whose mentor would change; -1 and 0 points stand for no mentor."""

    mentee: int
    mentor_before: int
    points_before: int
    mentor_after: int
    points_after: int


@dataclass(frozen=True, eq=False)
class Forced:
    """The optimum under a decision, and its differences from the solution as it is."""

    mentor_of: IntArray
    matched: int
    priority_matched: int
    total: int
    matched_change: int
    priority_change: int
    total_change: int
    changes: tuple[Change, ...]

    @property
    def losers(self) -> tuple[Change, ...]:
        """Those who would have fewer points than now, worst first."""
        worse = [change for change in self.changes if change.points_after < change.points_before]
        return tuple(sorted(worse, key=lambda change: change.points_after - change.points_before))


def price(
    problem: Problem, solution: Solution, *, together: Pairs = (), apart: Pairs = ()
) -> Forced:
    """What keeping these pairs together, and those apart, would change; exact.

    solution: the result of `solve(problem)`. The pairs of `together` must meet the must-haves, be
    of mentees who are not locked to another, none twice, and leave no mentor with fewer than no
    places. Locked pairs stay as they are. O((n + m) d) for every person on a chain, d facts each.
    """
    free = free_part(problem)
    waiting = free.locked < 0
    places = problem.capacity - np.bincount(free.locked[~waiting], minlength=problem.mentors)
    after = free.locked.copy()
    for mentee, mentor in together:
        if after[mentee] == mentor:
            continue
        waiting[mentee] = False
        places[mentor] -= 1
        after[mentee] = mentor
    rest = best_of_waiting(problem, solution, waiting=waiting, places=places, apart=apart)
    return _forced(problem, solution, np.where(waiting, rest, after))


def best_of_waiting(
    problem: Problem,
    solution: Solution,
    *,
    waiting: BoolArray,
    places: IntArray,
    apart: Pairs = (),
) -> IntArray:
    """mentor_of (n,) of the optimum of those who wait, -1 for everybody else: the next best.

    solution: the result of `solve(problem)`. waiting (n,): who is looked for, locked before or not.
    places (m,): what mentors have left beside all that is settled, quotas first. apart: pairs that
    cannot be any more. The stages are those of the round. Raises ProblemError (size) where too
    many wait to be solved anew and its prices do not carry them.
    """
    table = _kept_apart(fact_table(problem), apart)
    rows = _by_key(problem.mentee_key, waiting)
    left = _by_part(problem, places)
    rest, columns = _columns(problem, table.take(rows, slice(None)), left)
    rest = replace(rest, capacity=left.ravel()[columns])
    now = solution.optimum
    carried = _carries(now, rest)
    if fits(rest) and not (carried and (not problem.floor_first or is_floor(rest, now.floor))):
        mate = solve_dense(rest, problem.floor_first, lambda phase, fraction: None).mate
        return _spread(problem, rows, _mentors(problem, columns, mate))
    if not carried:
        raise ProblemError(SIZE, None, "has more people who wait than can be solved anew")
    return _repaired(problem, now, rows, left, apart)


def _by_part(problem: Problem, places: IntArray) -> IntArray:
    """(2, m) places left of each quota, and of the rest: who is settled fills the quota first."""
    settled = np.maximum(problem.capacity - places, 0)
    quota = np.minimum(np.maximum(problem.quota - settled, 0), places)
    return np.stack([quota, places - quota])


def _columns(problem: Problem, table: FactTable, used: IntArray) -> tuple[FactTable, IntArray]:
    """The table of the mentors with `used` (2, m) places, by key, one column for each kind;
    and where each column stands in the flattened `used`."""
    mentors = _by_key(problem.mentor_key, used.sum(axis=0) > 0)
    split, chosen = by_quota(table.take(slice(None), mentors), used[:, mentors] > 0)
    return split, mentors[chosen] + problem.mentors * ~split.wanted


def _mentors(problem: Problem, columns: IntArray, mate: IntArray) -> IntArray:
    return np.append(columns % max(1, problem.mentors), -1)[mate]


def _kept_apart(table: FactTable, apart: Pairs) -> FactTable:
    pairs = np.array([*table.barred.tolist(), *apart], dtype=np.int64)
    return replace(table, barred=sorted_pairs(pairs))


def _by_key(key: IntArray, chosen: BoolArray) -> IntArray:
    order = np.argsort(key)
    return np.asarray(order[chosen[order]])


def _carries(now: Optimum, rest: FactTable) -> bool:
    """Whether one more match still outweighs everything after it, with who is there now."""
    big, bonus = worth(rest)
    return not now.gap and now.big >= big and now.bonus >= bonus


def _spread(problem: Problem, rows: IntArray, mentors: IntArray) -> IntArray:
    found = np.full(problem.mentees, -1, dtype=np.int64)
    found[rows] = mentors
    return found


def _repaired(
    problem: Problem, now: Optimum, rows: IntArray, left: IntArray, apart: Pairs
) -> IntArray:
    """The same by repair alone, under the floor of the round."""
    free = free_part(problem)
    whose = free.columns + problem.mentors * ~free.table.wanted
    mate = _spread(problem, free.rows, np.append(whose, -1)[now.mate])
    gain = _spread(problem, free.rows, now.gain)
    own_price, start = np.zeros(left.size, dtype=np.int64), np.zeros(left.size, dtype=np.int64)
    own_price[whose], start[whose] = now.price, free.table.capacity
    settled = np.delete(mate, rows)
    start -= np.bincount(settled[settled >= 0], minlength=len(start))
    used = np.maximum(start.reshape(left.shape), left)
    table, columns = _columns(problem, fact_table(problem).take(rows, slice(None)), used)
    at = np.full(left.size + 1, -1, dtype=np.int64)
    at[columns] = np.arange(len(columns))
    optimum = replace(now, mate=at[mate[rows]], gain=gain[rows], price=own_price[columns])
    live = Live(replace(table, capacity=start[columns]), optimum)
    newcomers = np.flatnonzero(free.locked[rows] >= 0)
    live.gone[newcomers], live.gain[newcomers] = True, live.outside[newcomers]
    place_of = {mentee: place for place, mentee in enumerate(rows.tolist())}
    for mentee, mentor in apart:
        own = at[[mentor, mentor + problem.mentors]]
        for column in own[own >= 0].tolist() if mentee in place_of else ():
            live.forbid(place_of[mentee], column)
    change = left.ravel()[columns] - start[columns]
    for column in np.flatnonzero(change).tolist():
        live.change_places(column, int(change[column]))
    for mentee in newcomers.tolist():
        live.restore(mentee)
    return _spread(problem, rows, _mentors(problem, columns, live.mate))


def _forced(problem: Problem, now: Solution, after: IntArray) -> Forced:
    rows = np.flatnonzero(after >= 0)
    points = np.zeros(problem.mentees, dtype=np.int64)
    points[rows] = fact_table(problem).parts(rows, after[rows]).sum(axis=1)
    priority = int(problem.priority[rows].sum())
    total = int(points.sum())
    changes = tuple(
        Change(
            mentee,
            int(now.mentor_of[mentee]),
            int(now.points[mentee]),
            int(after[mentee]),
            int(points[mentee]),
        )
        for mentee in np.flatnonzero(after != now.mentor_of).tolist()
    )
    return Forced(
        mentor_of=after,
        matched=len(rows),
        priority_matched=priority,
        total=total,
        matched_change=len(rows) - now.matched,
        priority_change=priority - now.priority_matched,
        total_change=total - now.total,
        changes=changes,
    )
