"""Answers as whole numbers, once per problem.

Every quantity is an integer, and every sum of products stays below 2**53, so
matrix products in float64 are exact: a score does not depend on the order of
people, on the BLAS or on whether one pair or all pairs are computed.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matching.engine.apportion import apportion
from matching.engine.arrays import BoolArray, FloatArray, IntArray
from matching.engine.problem import Problem

UNIT = 1_000_000
"""A criterion is worth 0..UNIT units before its weight is applied."""

LEVEL_QUARTERS = np.array([0, 2, 3, 4])
"""Worth of expertise levels 0..3 in quarters: none, half, three quarters, all."""
RELATION_STEPS = 1000
FULL_COVERAGE = 4 * RELATION_STEPS

RARITY_STEPS = 1000
EARTH_METRES = 6_371_008.8
DEFAULT_TRAVEL_KM = 25.0


@dataclass(frozen=True, eq=False)
class Encoded:
    """Integer tables of a problem; `missing` holds per criterion who gave no usable answer."""

    problem: Problem
    goal_share: IntArray
    relation: IntArray
    level: IntArray
    coverage: IntArray
    themes: BoolArray
    lived: BoolArray
    mentee_bonds: BoolArray
    mentor_bonds: BoolArray
    rarity: IntArray
    similarity: IntArray
    mentee_spot: IntArray
    mentor_spot: IntArray
    mentee_reach: IntArray
    mentor_reach: IntArray
    missing: dict[str, tuple[BoolArray, BoolArray]]


@lru_cache(maxsize=2)
def encode(problem: Problem) -> Encoded:
    """The tables of `problem`; kept for the last two problems, which never change."""
    themes, lived = _answerable(problem.mentee_themes, problem.mentor_lived)
    likes, belongs = _answerable(problem.mentee_bonds, problem.mentor_bonds)
    share = goal_shares(problem)
    relation = np.rint(problem.topic_relation * RELATION_STEPS).astype(np.int64)
    level = LEVEL_QUARTERS[problem.expertise]
    place = np.isnan(problem.mentee_lat), np.isnan(problem.mentor_lat)
    return Encoded(
        problem=problem,
        goal_share=share,
        relation=relation,
        level=level,
        coverage=coverages(relation, level),
        themes=themes,
        lived=lived,
        mentee_bonds=likes,
        mentor_bonds=belongs,
        rarity=rarities(problem.mentee_bonds, problem.mentor_bonds),
        similarity=_similarity(problem),
        mentee_spot=_spots(problem.mentee_lat, problem.mentee_lon),
        mentor_spot=_spots(problem.mentor_lat, problem.mentor_lon),
        mentee_reach=_metres(problem.mentee_travel_km),
        mentor_reach=_metres(problem.mentor_travel_km),
        missing={
            "goals": (_blank(share), _blank(problem.expertise)),
            "lived": (_blank(themes), _blank(lived)),
            "bonds": (_blank(likes), _blank(belongs)),
            "sector": (problem.mentee_sector < 0, problem.mentor_sector < 0),
            "availability": (
                _blank(problem.mentee_slots),
                _blank(problem.mentor_slots),
            ),
            "place": place,
        },
    )


def goal_shares(problem: Problem) -> IntArray:
    """(n, T): the share of each goal among a mentee's goals, in units that add up to UNIT."""
    shares = np.zeros((problem.mentees, len(problem.topic_relation)), dtype=np.int64)
    pointer = problem.goal_ptr.tolist()
    weight = problem.goal_weight.tolist()
    for mentee in range(problem.mentees):
        own = slice(pointer[mentee], pointer[mentee + 1])
        shares[mentee, problem.goal_topic[own]] = apportion(UNIT, weight[own])
    return shares


def coverages(relation: IntArray, level: IntArray) -> IntArray:
    """(T, m): best of relation times level over a mentor's topics, 0..FULL_COVERAGE."""
    best = np.zeros((len(relation), len(level)), dtype=np.int64)
    for topic in range(len(relation)):
        np.maximum(best, relation[:, topic, None] * level[None, :, topic], out=best)
    return best


def rarities(mentee_bonds: BoolArray, mentor_bonds: BoolArray) -> IntArray:
    """(B,): ln(1 + N / df) / ln(1 + N) in thousandths, for df of the N people who named any.

    The inverse document frequency (Sparck Jones 1972), bounded: 1000 for a bond
    of one person, less for a common one, never 0.
    """
    people = np.concatenate([mentee_bonds, mentor_bonds])
    answered = int(people.any(axis=1).sum())
    return np.array(
        [_rarity(answered, count) for count in people.sum(axis=0).tolist()], dtype=np.int64
    )


def _rarity(answered: int, count: int) -> int:
    if not count:
        return RARITY_STEPS
    return round(RARITY_STEPS * math.log1p(answered / count) / math.log1p(answered))


def _blank(answers: IntArray | BoolArray) -> BoolArray:
    return np.asarray(~answers.any(axis=1))


def _answerable(mentees: BoolArray, mentors: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Only what somebody on the other side has too; the rest says nothing about any pair."""
    shared = mentees.any(axis=0) & mentors.any(axis=0)
    return mentees & shared, mentors & shared


def _similarity(problem: Problem) -> IntArray:
    if problem.sector_similarity is not None:
        return np.rint(problem.sector_similarity * UNIT).astype(np.int64)
    return np.zeros((0, 0), dtype=np.int64)


def _spots(latitude: FloatArray, longitude: FloatArray) -> IntArray:
    """(people, 3): position on the globe in whole metres; 0 without a place."""
    spots = np.zeros((len(latitude), 3), dtype=np.int64)
    for person, (lat, lon) in enumerate(zip(latitude.tolist(), longitude.tolist(), strict=True)):
        if math.isnan(lat):
            continue
        phi, theta = math.radians(lat), math.radians(lon)
        across = math.cos(phi)
        spots[person] = [
            round(EARTH_METRES * part)
            for part in (across * math.cos(theta), across * math.sin(theta), math.sin(phi))
        ]
    return spots


def _metres(kilometres: FloatArray) -> IntArray:
    stated = np.where(np.isnan(kilometres), DEFAULT_TRAVEL_KM, kilometres)
    return np.rint(stated * 1000).astype(np.int64)
