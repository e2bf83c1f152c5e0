"""`explain`: the points of one pair, down to the answers they come from.

The points of the facts add up exactly to the points of their criterion, and
those exactly to the score. Everything is in index space; `matching/adapters.py`
turns it into words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.apportion import apportion
from matching.engine.criteria import can_meet_in_person, can_meet_online, distances
from matching.engine.encode import FULL_COVERAGE, RARITY_STEPS, UNIT, Encoded, encode
from matching.engine.errors import ProblemError
from matching.engine.problem import CRITERIA, Problem
from matching.engine.score import maximum_points, parts

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


Share = tuple[str, int, dict[str, Any]]
"""Kind, weight within the criterion, references."""


def explain(problem: Problem, mentee: int, mentor: int) -> Explanation:
    """The score of any pair, allowed or not, as facts; the same integers that `solve` used.

    Raises `ProblemError` for a number that is nobody's. O(topics + themes + bonds).
    """
    check_pair(problem, mentee, mentor)
    table = encode(problem)
    points = parts(table, [mentee], [mentor])[:, 0, 0].tolist()
    most = maximum_points(problem.weights)
    found = tuple(
        _part(table, name, own, limit, (mentee, mentor))
        for name, own, limit in zip(CRITERIA, points, most, strict=True)
    )
    return Explanation(int(mentee), int(mentor), sum(points), found)


def check_pair(problem: Problem, mentee: int, mentor: int) -> None:
    """Refuse numbers that are nobody's."""
    check_person("mentee", mentee, problem.mentees)
    check_person("mentor", mentor, problem.mentors)


def check_person(side: str, person: int, count: int) -> None:
    """Refuse a number that is nobody's."""
    whole = isinstance(person, int | np.integer) and not isinstance(person, bool)
    if not whole or not 0 <= person < count:
        raise ProblemError(side, None, f"{person!r} is nobody's number (0..{count - 1})")


def _part(table: Encoded, name: str, points: int, maximum: int, pair: tuple[int, int]) -> Part:
    mentee, mentor = (bool(side[who]) for side, who in zip(table.missing[name], pair, strict=True))
    missing = mentee or mentor
    if missing and name != "place":
        side = "both" if mentee and mentor else "mentee" if mentee else "mentor"
        return Part(name, points, maximum, True, (Fact(NOT_ANSWERED, points, {"side": side}),))
    shares = FACTS[name](table, *pair)
    split = apportion(points, [share for _, share, _ in shares])
    facts = tuple(
        Fact(kind, own, about) for (kind, _, about), own in zip(shares, split, strict=True)
    )
    return Part(name, points, maximum, missing, facts)


def _goals(table: Encoded, mentee: int, mentor: int) -> list[Share]:
    problem = table.problem
    own = slice(*problem.goal_ptr[mentee : mentee + 2].tolist())
    shares = []
    for topic in problem.goal_topic[own].tolist():
        covered = int(table.coverage[topic, mentor])
        best = _best_topic(table, topic, mentor) if covered else -1
        about = {
            "topic": topic,
            "mentor_topic": best,
            "relation": float(problem.topic_relation[topic, best]) if covered else 0.0,
            "level": int(problem.expertise[mentor, best]) if covered else 0,
            "coverage": covered / FULL_COVERAGE,
        }
        shares.append(("goal", int(table.goal_share[mentee, topic]) * covered, about))
    return shares


def _best_topic(table: Encoded, goal: int, mentor: int) -> int:
    """The mentor's topic that covers the goal best; the goal itself before a related one."""
    worth = table.relation[goal] * table.level[mentor]
    return goal if worth[goal] == worth.max() else int(worth.argmax())


def _lived(table: Encoded, mentee: int, mentor: int) -> list[Share]:
    shared = np.flatnonzero(table.themes[mentee] & table.lived[mentor]).tolist()
    return [("shared_theme", 1, {"theme": theme}) for theme in shared]


def _bonds(table: Encoded, mentee: int, mentor: int) -> list[Share]:
    shared = np.flatnonzero(table.mentee_bonds[mentee] & table.mentor_bonds[mentor]).tolist()
    rarity = table.rarity.tolist()
    return [
        ("shared_bond", rarity[bond], {"bond": bond, "rarity": rarity[bond] / RARITY_STEPS})
        for bond in shared
    ]


def _sector(table: Encoded, mentee: int, mentor: int) -> list[Share]:
    own = int(table.problem.mentee_sector[mentee])
    other = int(table.problem.mentor_sector[mentor])
    same = int(table.similarity[own, other]) if table.similarity.size else UNIT * (own == other)
    about = {"mentee_sector": own, "mentor_sector": other, "similarity": same / UNIT}
    return [("sector", 1, about)]


def _availability(table: Encoded, mentee: int, mentor: int) -> list[Share]:
    problem = table.problem
    slots = np.flatnonzero(problem.mentee_slots[mentee] & problem.mentor_slots[mentor]).tolist()
    return [("shared_slots", 1, {"slots": slots, "count": len(slots)})]


def _place(table: Encoded, mentee: int, mentor: int) -> list[Share]:
    rows, columns = [mentee], [mentor]
    metres, limit = (int(grid[0, 0]) for grid in distances(table, rows, columns))
    nowhere = any(
        side[who] for side, who in zip(table.missing["place"], (mentee, mentor), strict=True)
    )
    about = {"km": None if nowhere else metres / 1000, "limit_km": limit / 1000}
    if can_meet_in_person(table, rows, columns)[0, 0]:
        return [("in_person", 1, about)]
    if can_meet_online(table, rows, columns)[0, 0]:
        return [("online", 1, {})]
    return [("too_far", 1, about)]


FACTS: dict[str, Callable[[Encoded, int, int], list[Share]]] = {
    "goals": _goals,
    "lived": _lived,
    "bonds": _bonds,
    "sector": _sector,
    "availability": _availability,
    "place": _place,
}
