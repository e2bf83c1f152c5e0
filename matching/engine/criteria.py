"""From answers to facts: one function per criterion.

Each gets the problem and the most points it may give (a multiple of STEP), and
returns a `Block`: what every mentor gives to each fact, and which facts each
mentee brings with which weight. A skipped question gives half the points.
Adding an answer that two people share never lowers their points.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.engine.answers import (
    answered,
    by_remainder,
    groups,
    in_small_shares,
    product,
    row_blocks,
    sets_of,
)
from matching.engine.apportion import apportion
from matching.engine.arrays import BoolArray, IntArray
from matching.engine.facts import MENTOR_SKIPPED, VETO, Int16Array, People
from matching.engine.places import Meeting, meeting, whereabouts
from matching.engine.problem import CRITERIA, FULL_SCORE, Problem

STEP = 20
"""Points come in steps of 20: a goal of weight w is worth 0..STEP times w."""

LEVEL_QUARTERS = np.array([0, 2, 3, 4], dtype=np.int64)
"""Worth of expertise levels 0..3 in quarters: none, half, three quarters, all."""
RELATION_STEPS = 1000
FULL_COVERAGE = 4 * RELATION_STEPS

RAREST = 8
"""Small shares of a bond that one mentee named; a bond that all named has the fewest."""

SHARED_TIMES = np.array([0, 2, 3, 4], dtype=np.int64)
"""No shared time, one, two, three or more, in quarters: each further one adds less."""


@dataclass(frozen=True, eq=False)
class Block:
    """The facts of one criterion, for `n` mentees and `m` mentors.

    values (f, m) and subject (f,): a row per fact, see `FactTable`. mentee, fact, weight (e,):
    mentee brings the fact in row `fact` with `weight`; weight 0 is left out. mentee_skipped (n,),
    mentor_skipped (m,): who gave no usable answer; those mentees get half the points. gate (e,)
    and keep (n,): only of the one criterion that opens the gate.
    """

    values: Int16Array
    subject: IntArray
    mentee: IntArray
    fact: IntArray
    weight: IntArray
    mentee_skipped: BoolArray
    mentor_skipped: BoolArray
    gate: BoolArray | None = None
    keep: BoolArray | None = None


Criterion = Callable[[Problem, int], Block]


def maximum_points(weights: Mapping[str, float]) -> list[int]:
    """Most points per criterion, in the order of CRITERIA: multiples of STEP, 10000 together."""
    shares = [Fraction(weights.get(name, 0)) for name in CRITERIA]
    return [STEP * steps for steps in apportion(FULL_SCORE // STEP, shares)]


def goals(problem: Problem, points: int) -> Block:
    """Coverage of each goal by the mentor's best fitting topic, weighted by rank.

    The gate, when one goal must be covered. A goal whose share rounds to nothing
    still opens it: such a mentee brings all goals once more, for the gate alone.
    """
    n, required = problem.mentees, problem.require_goal_covered
    mentee = np.repeat(np.arange(n), np.diff(problem.goal_ptr))
    topics, fact = np.unique(problem.goal_topic, return_inverse=True)
    weight = by_remainder(points // STEP, problem.goal_ptr, problem.goal_weight)
    values = coverage(problem, topics, slice(None))
    silent = ~answered(problem.expertise)
    if not required:
        values[:, silent] = STEP // 2
    light = np.zeros(n, dtype=np.bool_)
    light[mentee[weight == 0]] = required
    again = np.flatnonzero(light[mentee])
    return Block(
        values=values,
        subject=topics,
        mentee=np.concatenate([mentee[again], mentee]),
        fact=np.concatenate([fact[again], fact]),
        weight=np.concatenate([np.ones(len(again), dtype=np.int64), weight]),
        mentee_skipped=np.diff(problem.goal_ptr) == 0,
        mentor_skipped=silent & (not required),
        gate=np.concatenate([np.ones(len(again), dtype=np.bool_), required & ~light[mentee]]),
        keep=~light,
    )


def coverage(problem: Problem, topics: IntArray, mentors: People) -> Int16Array:
    """(topics, mentors) 0..STEP: best of relation times level over the mentor's topics.

    Less than `goal_covered_from` is nothing when a goal must be covered.
    """
    relation = np.rint(problem.topic_relation[topics] * RELATION_STEPS).astype(np.int16)
    level = LEVEL_QUARTERS[problem.expertise[mentors]].astype(np.int16)
    best = np.zeros((len(topics), len(level)), dtype=np.int16)
    for topic in np.flatnonzero(level.any(axis=0)):
        near, experts = np.flatnonzero(relation[:, topic]), np.flatnonzero(level[:, topic])
        grid = np.ix_(near, experts)
        worth = np.outer(relation[near, topic], level[experts, topic])
        best[grid] = np.maximum(best[grid], worth)
    least = problem.goal_covered_from * FULL_COVERAGE if problem.require_goal_covered else 1
    step = FULL_COVERAGE // STEP
    rounded = np.maximum((best + step // 2) // step, 1)
    return np.where(best >= least, rounded, 0).astype(np.int16)


def lived(problem: Problem, points: int) -> Block:
    """Themes that move the mentee and that the mentor has lived through; all count the same."""
    size = np.ones(problem.mentee_themes.shape[1], dtype=np.int64)
    return _shared(points, problem.mentee_themes, problem.mentor_lived, size, newest=1)


def bonds(problem: Problem, points: int) -> Block:
    """Shared bonds; one that few mentees named counts for more of the mentee's points."""
    size = rarities(problem)
    return _shared(points, problem.mentee_bonds, problem.mentor_bonds, size, newest=RAREST)


@lru_cache(maxsize=2)
def rarities(problem: Problem) -> IntArray:
    """(B,) 1..RAREST by ln(1 + N / d) / ln(1 + N), for d of the N mentees who named any bond.

    The inverse document frequency (Sparck Jones 1972), bounded. It looks at mentees only:
    then an answer of a mentor never changes what other answers are worth.
    """
    people = int(answered(problem.mentee_bonds).sum())
    named = problem.mentee_bonds.sum(axis=0).tolist()
    return np.array([_rarity(people, count) for count in named], dtype=np.int64)


def _rarity(people: int, count: int) -> int:
    if not count:
        return RAREST
    share = math.log1p(people / count) / math.log1p(people)
    return math.ceil(round(RAREST * share, 6))


def _shared(
    points: int, mentees: BoolArray, mentors: BoolArray, size: IntArray, newest: int
) -> Block:
    """The mentee's points, divided over what the mentee named: `size` small shares each.

    What nobody on the other side named says nothing about any pair and is left
    out. A mentor who skipped gets as much as a first shared answer would give at
    least: of what the mentee named, or of one more with `newest` small shares.
    """
    people, width = mentees.shape
    askable = np.asarray(mentees.any(axis=0) & mentors.any(axis=0))
    told = answered(mentees & askable)
    silent = ~answered(mentors & askable)
    owner, answer = np.nonzero(mentees)
    whole = np.bincount(owner, weights=size[answer], minlength=people).astype(np.int64)
    least = np.full(people, newest, dtype=np.int64)
    np.minimum.at(least, owner, size[answer])
    least_shared = least * (points // np.maximum(whole, 1))
    fallback = np.minimum(least_shared, newest * (points // (whole + newest)))
    owner, answer = (found[askable[answer]] for found in (owner, answer))
    asked = np.flatnonzero(told)
    share = in_small_shares(points, people, owner, size[answer])
    return Block(
        values=np.concatenate([mentors.T, silent[None, :]]).astype(np.int16),
        subject=np.append(np.arange(width), MENTOR_SKIPPED),
        mentee=np.concatenate([owner, asked]),
        fact=np.concatenate([answer, np.full(len(asked), width)]),
        weight=np.concatenate([share, np.minimum(fallback, points // 2)[asked]]),
        mentee_skipped=~told,
        mentor_skipped=silent,
    )


def sector(problem: Problem, points: int) -> Block:
    """Similarity of the two sectors."""
    own, other = problem.mentee_sector, problem.mentor_sector
    silent = other < 0
    asked = np.flatnonzero(own >= 0)
    sectors, fact = np.unique(own[asked], return_inverse=True)
    values = np.floor(points * similarity(problem, sectors, other) + 0.5).astype(np.int16)
    values[:, silent] = points // 2
    return one_each(values, sectors, asked, fact, own < 0, silent)


def similarity(problem: Problem, own: IntArray, other: IntArray) -> NDArray[np.float64]:
    """(own, other) 0..1 for sector codes; of a code -1 it means nothing."""
    if problem.sector_similarity is None:
        return np.equal.outer(own, other).astype(np.float64)
    if not len(problem.sector_similarity):
        return np.zeros((len(own), len(other)))
    return np.asarray(problem.sector_similarity[np.ix_(own, other)])


def availability(problem: Problem, points: int) -> Block:
    """Times in the week that suit both."""
    own, other = problem.mentee_slots, problem.mentor_slots
    skipped, silent = ~answered(own), ~answered(other)
    asked = np.flatnonzero(~skipped)
    first, fact = sets_of(own[asked])
    mentor_first, mentor_set = sets_of(other)
    shared = np.minimum(product(own[asked[first]], other[mentor_first]), len(SHARED_TIMES) - 1)
    worth = (points * SHARED_TIMES[shared] // SHARED_TIMES[-1]).astype(np.int16)
    values = worth[:, mentor_set]
    values[:, silent] = points // 2
    return one_each(values, np.arange(len(first)), asked, fact, skipped, silent)


def place(problem: Problem, points: int) -> Block:
    """From all next door to half at the edge of travel distance; online half; else a veto."""
    mentees, mentors = (whereabouts(problem, side) for side in ("mentee", "mentor"))
    first, fact = groups(
        problem.mentees, [*mentees.spot.T, mentees.reach, mentees.in_person, mentees.online]
    )
    kinds = mentees[first]
    values = np.empty((len(first), problem.mentors), dtype=np.int16)
    for rows in row_blocks(len(first), problem.mentors):
        values[rows] = _place_points(meeting(kinds[rows], mentors), points)
    # Who gives no place meets online: that is an answer, worth half by itself.
    nobody = np.zeros(problem.mentees, dtype=np.bool_), np.zeros(problem.mentors, dtype=np.bool_)
    return one_each(values, np.arange(len(first)), np.arange(problem.mentees), fact, *nobody)


def _place_points(ways: Meeting, points: int) -> Int16Array:
    limit = np.maximum(ways.limit, 1)
    near = (points * (2 * limit - ways.metres) + limit) // (2 * limit)
    online = np.where(ways.online, points // 2, VETO)
    return np.where(ways.in_person, np.maximum(near, online), online).astype(np.int16)


def languages(problem: Problem, points: int) -> Block:
    """No points, but a must-have: one shared language, when languages are asked."""
    own, other = problem.mentee_languages, problem.mentor_languages
    first, fact = sets_of(own)
    mentor_first, mentor_set = sets_of(other)
    shared = product(own[first], other[mentor_first])
    fails = np.where((shared == 0) & (own.shape[1] > 0), VETO, 0).astype(np.int16)
    asked = np.arange(problem.mentees)
    nobody = np.zeros(problem.mentees, dtype=np.bool_), np.zeros(problem.mentors, dtype=np.bool_)
    return one_each(fails[:, mentor_set], np.arange(len(first)), asked, fact, *nobody)


def one_each(
    values: Int16Array,
    subject: IntArray,
    mentee: IntArray,
    fact: IntArray,
    mentee_skipped: BoolArray,
    mentor_skipped: BoolArray,
) -> Block:
    """One fact of weight 1 for each `mentee`."""
    weight = np.ones(len(mentee), dtype=np.int64)
    return Block(values, subject, mentee, fact, weight, mentee_skipped, mentor_skipped)


FUNCTIONS: dict[str, Criterion] = {
    "goals": goals,
    "lived": lived,
    "bonds": bonds,
    "sector": sector,
    "availability": availability,
    "place": place,
}
"""In the order of `CRITERIA`."""
