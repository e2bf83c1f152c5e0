"""`explain`: the points of one pair, down to the answers they come from.

The points of the facts add up exactly to the points of their criterion, and
those exactly to the score. Everything is in index space; `matching/adapters.py`
turns it into words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.criteria import (
    LEVEL_QUARTERS,
    RAREST,
    STEP,
    coverage,
    rarities,
    similarity,
)
from matching.engine.encode import fact_table
from matching.engine.errors import ProblemError
from matching.engine.places import meeting, whereabouts
from matching.engine.problem import CRITERIA, Problem

NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class Fact:
    """One reason for points. `about` holds its references by kind:

    goal: topic, mentor_topic (-1 = not covered at all), relation 0..1, level 0..3,
    coverage 0..1. shared_theme: theme. shared_bond: bond, rarity 0..1. sector:
    mentee_sector, mentor_sector, similarity 0..1. shared_slots: slots (list), count.
    in_person: km, limit_km. online: nothing. too_far: km, limit_km (no points; km
    None where the two cannot meet for another reason). not_answered: side
    ("mentee", "mentor" or "both"), with all points of the criterion.
    """

    kind: str
    points: int
    about: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Points of one criterion out of `maximum`; `missing`: neutral for lack of an answer."""

    criterion: str
    points: int
    maximum: int
    missing: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Explanation:
    """Score of one pair: `points` = the sum over `parts`, in the order of CRITERIA."""

    mentee: int
    mentor: int
    points: int
    parts: tuple[Part, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON."""
        return {
            "mentee": self.mentee,
            "mentor": self.mentor,
            "points": self.points,
            "parts": [
                vars(part) | {"facts": [vars(fact) for fact in part.facts]} for part in self.parts
            ],
        }


Points = dict[int, int]
"""Points that the pair gets from each subject of one criterion."""


def explain(problem: Problem, mentee: int, mentor: int) -> Explanation:
    """The score of any pair, allowed or not, as facts; the same integers that `solve` used.

    Raises `ProblemError` for a number that is nobody's. O(topics + themes + bonds).
    """
    check_pair(problem, mentee, mentor)
    table = fact_table(problem)
    points = table.parts([mentee], [mentor])[0].tolist()
    shares = table.shares(mentee, mentor)
    found = []
    for number, name in enumerate(CRITERIA):
        own = {about: share for (kind, about), share in shares.items() if kind == number}
        skipped = table.mentee_skipped[mentee, number], table.mentor_skipped[mentor, number]
        maximum = 2 * int(table.half[number])
        if any(skipped):
            facts: tuple[Fact, ...] = (_not_answered(points[number], *skipped),)
        else:
            facts = tuple(FACTS[name](problem, mentee, mentor, points[number], own))
        found.append(Part(name, points[number], maximum, any(skipped), facts))
    return Explanation(int(mentee), int(mentor), sum(points), tuple(found))


def check_pair(problem: Problem, mentee: int, mentor: int) -> None:
    """Refuse numbers that are nobody's."""
    check_person("mentee", mentee, problem.mentees)
    check_person("mentor", mentor, problem.mentors)


def check_person(side: str, person: int, count: int) -> None:
    """Refuse a number that is nobody's."""
    whole = isinstance(person, int | np.integer) and not isinstance(person, bool)
    if not whole or not 0 <= person < count:
        raise ProblemError(side, None, f"{person!r} is nobody's number (0..{count - 1})")


def _not_answered(points: int, mentee: bool, mentor: bool) -> Fact:
    side = "both" if mentee and mentor else "mentee" if mentee else "mentor"
    return Fact(NOT_ANSWERED, points, {"side": side})


def _goals(problem: Problem, mentee: int, mentor: int, points: int, own: Points) -> list[Fact]:
    wanted = problem.goal_topic[slice(*problem.goal_ptr[mentee : mentee + 2].tolist())]
    covered = coverage(problem, wanted, [mentor])[:, 0].tolist()
    facts = []
    for topic, steps in zip(wanted.tolist(), covered, strict=True):
        best = _best_topic(problem, topic, mentor) if steps else -1
        about = {
            "topic": topic,
            "mentor_topic": best,
            "relation": float(problem.topic_relation[topic, best]) if steps else 0.0,
            "level": int(problem.expertise[mentor, best]) if steps else 0,
            "coverage": steps / STEP,
        }
        facts.append(Fact("goal", own.get(topic, 0), about))
    return facts


def _best_topic(problem: Problem, goal: int, mentor: int) -> int:
    """The mentor's topic that covers the goal best; the goal itself before a related one."""
    worth = problem.topic_relation[goal] * LEVEL_QUARTERS[problem.expertise[mentor]]
    return goal if worth[goal] == worth.max() else int(worth.argmax())


def _lived(problem: Problem, mentee: int, mentor: int, points: int, own: Points) -> list[Fact]:
    shared = np.flatnonzero(problem.mentee_themes[mentee] & problem.mentor_lived[mentor]).tolist()
    return [Fact("shared_theme", own.get(theme, 0), {"theme": theme}) for theme in shared]


def _bonds(problem: Problem, mentee: int, mentor: int, points: int, own: Points) -> list[Fact]:
    shared = np.flatnonzero(problem.mentee_bonds[mentee] & problem.mentor_bonds[mentor]).tolist()
    rarity = rarities(problem)
    return [
        Fact("shared_bond", own.get(bond, 0), {"bond": bond, "rarity": int(rarity[bond]) / RAREST})
        for bond in shared
    ]


def _sector(problem: Problem, mentee: int, mentor: int, points: int, own: Points) -> list[Fact]:
    mine, other = problem.mentee_sector[[mentee]], problem.mentor_sector[[mentor]]
    about = {
        "mentee_sector": int(mine[0]),
        "mentor_sector": int(other[0]),
        "similarity": float(similarity(problem, mine, other)[0, 0]),
    }
    return [Fact("sector", points, about)]


def _availability(
    problem: Problem, mentee: int, mentor: int, points: int, own: Points
) -> list[Fact]:
    slots = np.flatnonzero(problem.mentee_slots[mentee] & problem.mentor_slots[mentor]).tolist()
    return [Fact("shared_slots", points, {"slots": slots, "count": len(slots)})]


def _place(problem: Problem, mentee: int, mentor: int, points: int, own: Points) -> list[Fact]:
    ways = meeting(
        whereabouts(problem, "mentee", [mentee]), whereabouts(problem, "mentor", [mentor])
    )
    nowhere = np.isnan(problem.mentee_lat[mentee]) or np.isnan(problem.mentor_lat[mentor])
    about = {
        "km": None if nowhere else int(ways.metres[0, 0]) / 1000,
        "limit_km": int(ways.limit[0, 0]) / 1000,
    }
    if ways.in_person[0, 0]:
        return [Fact("in_person", points, about)]
    if ways.online[0, 0]:
        return [Fact("online", points, {})]
    return [Fact("too_far", points, about)]


FACTS: dict[str, Callable[[Problem, int, int, int, Points], list[Fact]]] = {
    "goals": _goals,
    "lived": _lived,
    "bonds": _bonds,
    "sector": _sector,
    "availability": _availability,
    "place": _place,
}
"""Each names the answers of a pair, mentee and mentor, behind the points of one criterion."""
