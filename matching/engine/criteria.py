"""The six criteria, one function each: units 0..UNIT for rows x columns of pairs.

A function sees only pairs in which both people answered; `score.py` puts NEUTRAL
where one did not. Adding a shared answer never lowers the value of a pair.
"""

from collections.abc import Callable, Sequence

import numpy as np

from matching.engine.arrays import BoolArray, IntArray
from matching.engine.encode import FULL_COVERAGE, RARITY_STEPS, UNIT, Encoded

NEUTRAL = UNIT // 2
"""A missing answer counts as half: neither a match nor a mismatch."""

ONLINE = UNIT // 2
"""Meeting online counts as half: neither near nor far."""

SLOT_UNITS = np.array([0, UNIT // 2, 3 * UNIT // 4, UNIT])
"""No shared time, one, two, three or more: each further one adds less."""

People = slice | Sequence[int] | IntArray
Criterion = Callable[[Encoded, People, People], IntArray]


def product(left: IntArray | BoolArray, right: IntArray | BoolArray) -> IntArray:
    """Matrix product of integers, exact because every sum stays below 2**53."""
    return (left.astype(np.float64) @ right.astype(np.float64)).astype(np.int64)


def goals(table: Encoded, rows: People, columns: People) -> IntArray:
    """Coverage of the mentee's goals by the mentor's best fitting topic, weighted by rank."""
    return product(table.goal_share[rows], table.coverage[:, columns]) // FULL_COVERAGE


def lived(table: Encoded, rows: People, columns: People) -> IntArray:
    """Half for the first shared theme, then up to all for the share of the mentee's themes."""
    themes = table.themes[rows]
    shared = product(themes, table.lived[columns].T)
    told = np.maximum(themes.sum(axis=1), 1)[:, None]
    return np.where(shared > 0, NEUTRAL + (UNIT - NEUTRAL) * shared // told, 0)


def bonds(table: Encoded, rows: People, columns: People) -> IntArray:
    """Half for the first shared bond, then more for rare ones and for a larger share."""
    rare = table.mentee_bonds[rows] * table.rarity
    shared = product(rare, table.mentor_bonds[columns].T)
    told = np.maximum(rare.sum(axis=1), RARITY_STEPS)[:, None]
    return np.where(shared > 0, NEUTRAL + (UNIT - NEUTRAL) * shared // told, 0)


def sector(table: Encoded, rows: People, columns: People) -> IntArray:
    """Similarity of the two sectors."""
    own = table.problem.mentee_sector[rows][:, None]
    other = table.problem.mentor_sector[columns][None, :]
    if table.similarity.size:
        return table.similarity[own, other]
    return np.where(own == other, UNIT, 0)


def availability(table: Encoded, rows: People, columns: People) -> IntArray:
    """Times in the week that suit both."""
    shared = product(table.problem.mentee_slots[rows], table.problem.mentor_slots[columns].T)
    return SLOT_UNITS[np.minimum(shared, len(SLOT_UNITS) - 1)]


def place(table: Encoded, rows: People, columns: People) -> IntArray:
    """From all next door to half at the edge of travel distance; online half; else 0."""
    metres, limit = distances(table, rows, columns)
    near = UNIT - (UNIT - NEUTRAL) * metres // np.maximum(limit, 1)
    in_person = can_meet_in_person(table, rows, columns)
    online = np.where(can_meet_online(table, rows, columns), ONLINE, 0)
    return np.where(in_person, np.maximum(near, online), online)


def distances(table: Encoded, rows: People, columns: People) -> tuple[IntArray, IntArray]:
    """Straight-line metres, and how far one of the two is willing to travel."""
    own, other = table.mentee_spot[rows], table.mentor_spot[columns]
    squares = (own**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None, :]
    metres = np.floor(np.sqrt(squares - 2 * product(own, other.T))).astype(np.int64)
    reach = np.maximum(table.mentee_reach[rows][:, None], table.mentor_reach[columns][None, :])
    return metres, reach


def can_meet_in_person(table: Encoded, rows: People, columns: People) -> BoolArray:
    """Both have a place, both want to, and the way is not too far for both."""
    mentee_nowhere, mentor_nowhere = table.missing["place"]
    mentee = (table.problem.mentee_in_person & ~mentee_nowhere)[rows]
    mentor = (table.problem.mentor_in_person & ~mentor_nowhere)[columns]
    metres, limit = distances(table, rows, columns)
    return mentee[:, None] & mentor[None, :] & (metres <= limit)


def can_meet_online(table: Encoded, rows: People, columns: People) -> BoolArray:
    """Both want to; no place given, or no way of meeting chosen, counts as online."""
    problem = table.problem
    mentee_nowhere, mentor_nowhere = table.missing["place"]
    mentee = (problem.mentee_online | ~problem.mentee_in_person | mentee_nowhere)[rows]
    mentor = (problem.mentor_online | ~problem.mentor_in_person | mentor_nowhere)[columns]
    return mentee[:, None] & mentor[None, :]


FUNCTIONS: dict[str, Criterion] = {
    "goals": goals,
    "lived": lived,
    "bonds": bonds,
    "sector": sector,
    "availability": availability,
    "place": place,
}
"""In the order of `CRITERIA`."""
