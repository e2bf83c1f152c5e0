"""Groups of mentees who sit with one mentor together, and take one place of theirs.

A group becomes one row of a `Problem` of its own; solving, proving, explaining and `why_not` are
then as for anybody. What is shared out or read back per person goes through `row_of`.

The joint answers, which depend on no order of people:

goals       of all; each member has an equal say, divided by the weights of their goals
themes, bonds
            of all
sector      if all who named one named the same, else as if nobody was asked
slots       what suits all who named any; as if nobody was asked when nothing does
languages   what all speak
place       place, travel and ways to meet of the member who travels least: then no mentor is too
            far who is near enough for every member
priority    if any has it; key: the lowest
barred      with every mentor who is not possible for each member: with their own code, or GROUP
locks       of any member
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.apportion import apportion
from matching.engine.arrays import IntArray
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.places import whereabouts
from matching.engine.problem import MOST_GOAL_WEIGHT, Bar, Lock, Problem

GROUP = "group"
PLACE = ("lat", "lon", "travel_km", "online", "in_person")

Groups = Sequence[Sequence[int]]
Rows = list[IntArray]
"""The mentees of each row, the lowest key first."""


@dataclass(frozen=True, eq=False)
class Joined:
    """problem: with one row for each group and for everybody else. row_of (n,) int64: the row of
    each mentee."""

    problem: Problem
    row_of: IntArray

    def expand(self, of_rows: NDArray[Any]) -> NDArray[Any]:
        """What holds for rows, for each mentee: `mentor_of`, `points` or `parts` of a solution."""
        return of_rows[self.row_of]


def joined(problem: Problem, groups: Groups) -> Joined:
    """`problem` with each group, a list of two mentees or more, as one row. See the table above.

    Rows stand in the order of their lowest keys. Raises `ProblemError` naming the group for a
    number that is nobody's, a mentee in two groups, and members who are locked to different
    mentors. Without groups it is `problem` itself. O(m d) for each member, d facts each.
    """
    _check(groups, problem.mentees)
    if not groups:
        return Joined(problem, np.arange(problem.mentees))
    rows = _rows(problem, groups)
    row_of = np.empty(problem.mentees, dtype=np.int64)
    for row, own in enumerate(rows):
        row_of[own] = row
    answers: dict[str, Any] = {
        name: _answers(problem, name, rows, rule) for name, rule in RULES.items()
    }
    return Joined(
        replace(
            problem,
            **answers,
            **_places(problem, rows),
            **_goals(problem, rows),
            barred=_bars(problem, rows, row_of),
            locks=_locks(problem, groups, row_of),
        ),
        row_of,
    )


def _check(groups: Groups, mentees: int) -> None:
    seen: set[int] = set()
    if not isinstance(groups, list | tuple):
        raise ProblemError("groups", None, "must be a list")
    for position, group in enumerate(groups):
        if not isinstance(group, list | tuple) or len(group) < 2:
            raise ProblemError("groups", position, "needs two mentees or more")
        for mentee in group:
            whole = isinstance(mentee, int | np.integer) and not isinstance(mentee, bool)
            if not whole or not 0 <= mentee < mentees:
                raise ProblemError("groups", position, f"{mentee!r} is nobody's number")
            if mentee in seen:
                raise ProblemError("groups", position, f"mentee {mentee} is in a group already")
            seen.add(int(mentee))


def _rows(problem: Problem, groups: Groups) -> Rows:
    key = problem.mentee_key
    grouped = {mentee for group in groups for mentee in group}
    alone = [np.array([mentee]) for mentee in range(problem.mentees) if mentee not in grouped]
    together = [np.array(sorted(group, key=key.__getitem__)) for group in groups]
    return sorted(alone + together, key=lambda own: int(key[own[0]]))


def _answers(
    problem: Problem, name: str, rows: Rows, rule: Callable[[NDArray[Any]], Any]
) -> NDArray[Any]:
    """One field of all rows, by `rule` where a row has several members."""
    values = getattr(problem, name)
    found = values[[own[0] for own in rows]]
    for row, own in enumerate(rows):
        if len(own) > 1:
            found[row] = rule(values[own])
    return np.asarray(found)


def _any(answers: NDArray[Any]) -> Any:
    return answers.any(axis=0)


def _all(answers: NDArray[Any]) -> Any:
    return answers.all(axis=0)


def _all_who_told(answers: NDArray[Any]) -> Any:
    told = answers.any(axis=1)
    return answers[told].all(axis=0) & told.any()


def _the_same(sectors: NDArray[Any]) -> Any:
    named = np.unique(sectors[sectors >= 0])
    return named[0] if len(named) == 1 else -1


RULES: dict[str, Callable[[NDArray[Any]], Any]] = {
    "mentee_themes": _any,
    "mentee_bonds": _any,
    "mentee_sector": _the_same,
    "mentee_slots": _all_who_told,
    "mentee_languages": _all,
    "mentee_key": np.min,
    "priority": _any,
}


def _places(problem: Problem, rows: Rows) -> dict[str, Any]:
    reach = whereabouts(problem, "mentee").reach
    host = [own[reach[own].argmin()] for own in rows]
    return {f"mentee_{name}": getattr(problem, f"mentee_{name}")[host] for name in PLACE}


def _goals(problem: Problem, rows: Rows) -> dict[str, Any]:
    found = [_joint_goals(problem, own) for own in rows]
    return {
        "goal_ptr": np.cumsum([0] + [len(goals) for goals in found]),
        "goal_topic": np.array([topic for goals in found for topic in goals], dtype=np.int64),
        "goal_weight": np.array([w for goals in found for w in goals.values()], dtype=np.int64),
    }


def _joint_goals(problem: Problem, own: IntArray) -> dict[int, int]:
    """Weight of each topic that a member wants."""
    found: dict[int, int] = {}
    for mentee in own.tolist():
        goals = slice(*problem.goal_ptr[mentee : mentee + 2].tolist())
        weights = problem.goal_weight[goals].tolist()
        if len(own) > 1:
            weights = apportion(MOST_GOAL_WEIGHT // len(own), weights)
        for topic, weight in zip(problem.goal_topic[goals].tolist(), weights, strict=True):
            found[topic] = min(found.get(topic, 0) + max(weight, 1), MOST_GOAL_WEIGHT)
    return found


def _bars(problem: Problem, rows: Rows, row_of: IntArray) -> list[Bar]:
    found = {(int(row_of[mentee]), mentor, code) for mentee, mentor, code in problem.barred}
    known = {(row, mentor) for row, mentor, _ in found}
    table = fact_table(problem)
    for row, own in enumerate(rows):
        if len(own) > 1:
            fits = table.possible(own, slice(None)).all(axis=0)
            new = {(row, mentor) for mentor in np.flatnonzero(~fits).tolist()} - known
            found |= {(*pair, GROUP) for pair in new}
    return sorted(found)


def _locks(problem: Problem, groups: Groups, row_of: IntArray) -> list[Lock]:
    found: dict[int, int] = {}
    group_of = {mentee: position for position, group in enumerate(groups) for mentee in group}
    for mentee, mentor in problem.locks:
        if found.setdefault(int(row_of[mentee]), mentor) != mentor:
            message = "has members who are locked to different mentors"
            raise ProblemError("groups", group_of[mentee], message)
    return list(found.items())
