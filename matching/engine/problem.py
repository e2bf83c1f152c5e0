"""`Problem`: the encoded answers of everybody in one round, checked on construction.

People are row numbers: mentees 0..n-1, mentors 0..m-1. So are topics (T), themes
(K), bonds (B), sectors (S), times in the week (H) and languages (L). Answers, not
scores: the engine computes every score itself. After the dash stands how an
unanswered question looks.

weights             mapping of floats >= 0 with sum 1: goals, lived, bonds, sector,
                    availability, place - a criterion that is not named weighs 0
goal_ptr            (n+1,) int: goals of mentee i stand at goal_ptr[i]..goal_ptr[i+1]-1
                    - no positions
goal_topic          (G,) int 0..T-1: topic of each goal, no topic twice per mentee
goal_weight         (G,) int 1..1000: relative importance, see `rank_weights`
expertise           (m, T) int 0..3: level per topic, 0 = none - a row of 0
topic_relation      (T, T) float 0..1, diagonal 1: how far knowing topic t (column)
                    helps with goal g (row)
mentee_themes       (n, K) bool: what moves the mentee - a row of False
mentor_lived        (m, K) bool: what the mentor has lived through - a row of False
mentee_bonds, mentor_bonds
                    (n, B), (m, B) bool: what one likes and belongs to - a row of False
mentee_sector, mentor_sector
                    (n,), (m,) int: code from 0 - value -1
sector_similarity   (S, S) float 0..1, or None: 1 for the same sector, 0 for another
mentee_slots, mentor_slots
                    (n, H), (m, H) bool: times that suit - a row of False
mentee_lat, mentee_lon, mentor_lat, mentor_lon
                    (n,), (m,) float, degrees - NaN, which means online
mentee_travel_km, mentor_travel_km
                    (n,), (m,) float >= 0 - NaN, which means 25 km
mentee_online, mentor_online
                    (n,), (m,) bool: is willing to meet online
mentee_in_person, mentor_in_person
                    (n,), (m,) bool: is willing to meet in person; neither = online
mentee_languages, mentor_languages
                    (n, L), (m, L) bool; L = 0: languages are not asked
capacity            (m,) int >= 0: places the mentor has left
lower_quota         (m,) int 0..capacity, or None for 0: places of each mentor that are filled
                    before other places, as far as possible; locks fill them first
priority            (n,) bool: matched before others when places are scarce
mentee_key, mentor_key
                    (n,), (m,) int 0..2**63-1, no value twice: random keys, decide ties
barred              list of (mentee, mentor, code): never proposed, code e.g. "forbidden"
locks               list of (mentee, mentor): pairs that the result must contain
minimum_points      int 0..10000: pairs below it are not proposed
require_goal_covered
                    bool: at least one goal of the mentee must be covered
goal_covered_from   float above 0, at most 1: coverage from which a goal counts as covered
floor_first         bool: the worst pair is made as good as possible before the total
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from matching.engine.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    bool_array,
    codes,
    float_array,
    freeze,
    int_array,
    refuse,
)
from matching.engine.errors import ProblemError

CRITERIA = ("goals", "lived", "bonds", "sector", "availability", "place")
FULL_SCORE = 10_000
MOST_GOAL_WEIGHT = 1000

SAME_PERSON = "same_person"
FORBIDDEN = "forbidden"
PAIRED_BEFORE = "paired_before"
OPEN_REPORT = "open_report"
COMPETITOR = "competitor"

NO_SHARED_LANGUAGE = "no_shared_language"
TOO_FAR = "too_far"
NO_GOAL_COVERED = "no_goal_covered"
BELOW_MINIMUM = "below_minimum"
NO_PLACE_LEFT = "no_place_left"
RESERVED_CODES = frozenset(
    {NO_SHARED_LANGUAGE, TOO_FAR, NO_GOAL_COVERED, BELOW_MINIMUM, NO_PLACE_LEFT}
)

Bar = tuple[int, int, str]
Lock = tuple[int, int]


def rank_weights(count: int) -> list[int]:
    """Weights of `count` goals in order of importance: rank sum, count..1 (Stillwell 1981)."""
    return list(range(count, 0, -1))


@dataclass(frozen=True, eq=False)
class Problem:
    """One round in index space; see the table above. Raises `ProblemError` when malformed.

    Arrays are copied and made read-only, so a problem never changes. The
    functions of the engine may keep what they computed for it.
    """

    _: KW_ONLY
    weights: Mapping[str, float]
    goal_ptr: IntArray
    goal_topic: IntArray
    goal_weight: IntArray
    expertise: IntArray
    topic_relation: FloatArray
    mentee_themes: BoolArray
    mentor_lived: BoolArray
    mentee_bonds: BoolArray
    mentor_bonds: BoolArray
    mentee_sector: IntArray
    mentor_sector: IntArray
    mentee_slots: BoolArray
    mentor_slots: BoolArray
    mentee_lat: FloatArray
    mentee_lon: FloatArray
    mentee_travel_km: FloatArray
    mentor_lat: FloatArray
    mentor_lon: FloatArray
    mentor_travel_km: FloatArray
    mentee_online: BoolArray
    mentor_online: BoolArray
    mentee_in_person: BoolArray
    mentor_in_person: BoolArray
    mentee_languages: BoolArray
    mentor_languages: BoolArray
    capacity: IntArray
    priority: BoolArray
    mentee_key: IntArray
    mentor_key: IntArray
    sector_similarity: FloatArray | None = None
    barred: Sequence[Bar] = ()
    locks: Sequence[Lock] = ()
    lower_quota: IntArray | None = None
    minimum_points: int = 0
    require_goal_covered: bool = True
    goal_covered_from: float = 0.25
    floor_first: bool = True

    def __post_init__(self) -> None:
        n = int_array("mentee_key", self.mentee_key, (None,)).shape[0]
        m = int_array("mentor_key", self.mentor_key, (None,)).shape[0]
        self._set("weights", _weights(self.weights))
        self._check_options()
        self._check_goals(n, m)
        self._check_shared("mentee_themes", "mentor_lived", n, m)
        self._check_shared("mentee_bonds", "mentor_bonds", n, m)
        self._check_shared("mentee_slots", "mentor_slots", n, m)
        self._check_shared("mentee_languages", "mentor_languages", n, m)
        self._check_sectors(n, m)
        for side, size in (("mentee", n), ("mentor", m)):
            self._check_place(side, size)
            self._check_keys(f"{side}_key", size)
        self._set("priority", bool_array("priority", self.priority, (n,)))
        capacity = int_array("capacity", self.capacity, (m,))
        self._set("capacity", codes("capacity", capacity, low=0, below=None))
        self._check_quota(capacity)
        self._set("barred", tuple(_bars(self.barred, n, m)))
        self._set("locks", _locks(self.locks, n, capacity))

    @property
    def mentees(self) -> int:
        """Number of mentees, n."""
        return len(self.mentee_key)

    @property
    def mentors(self) -> int:
        """Number of mentors, m."""
        return len(self.mentor_key)

    @property
    def quota(self) -> IntArray:
        """(m,) `lower_quota`, 0 where none was given."""
        return np.asarray(self.lower_quota)

    @cached_property
    def barred_codes(self) -> dict[tuple[int, int], tuple[str, ...]]:
        """The codes of each barred pair."""
        found: dict[tuple[int, int], tuple[str, ...]] = {}
        for mentee, mentor, code in self.barred:
            found[mentee, mentor] = (*found.get((mentee, mentor), ()), code)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON; `from_dict` gives exactly the same problem."""
        from matching.engine.replay import problem_to_dict

        return problem_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Problem":
        """The problem that `to_dict` wrote. Raises `ProblemError` when it was damaged."""
        from matching.engine.replay import problem_from_dict

        return problem_from_dict(data)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, freeze(value) if isinstance(value, np.ndarray) else value)

    def _check_options(self) -> None:
        whole = isinstance(self.minimum_points, int) and not isinstance(self.minimum_points, bool)
        if not whole or not 0 <= self.minimum_points <= FULL_SCORE:
            raise ProblemError("minimum_points", None, f"must be an integer 0..{FULL_SCORE}")
        for name in ("require_goal_covered", "floor_first"):
            if not isinstance(getattr(self, name), bool):
                raise ProblemError(name, None, "must be True or False")
        if not _is_number(self.goal_covered_from) or not 0 < self.goal_covered_from <= 1:
            raise ProblemError("goal_covered_from", None, "must be above 0 and at most 1")

    def _check_goals(self, n: int, m: int) -> None:
        relation = float_array("topic_relation", self.topic_relation, (None, None), low=0, high=1)
        topics = len(relation)
        if relation.shape != (topics, topics):
            raise ProblemError("topic_relation", None, "must be square")
        refuse("topic_relation", np.diag(relation) != 1, "must be 1 for a topic with itself")
        level = int_array("expertise", self.expertise, (m, topics))
        pointer = int_array("goal_ptr", self.goal_ptr, (n + 1,))
        topic = int_array("goal_topic", self.goal_topic, (None,))
        weight = int_array("goal_weight", self.goal_weight, topic.shape)
        if pointer[0] != 0 or pointer[-1] != len(topic) or (np.diff(pointer) < 0).any():
            raise ProblemError("goal_ptr", None, "must rise from 0 to the number of goals")
        codes("goal_topic", topic, low=0, below=topics)
        codes("goal_weight", weight, low=1, below=MOST_GOAL_WEIGHT + 1)
        owner = np.repeat(np.arange(n), np.diff(pointer))
        order = np.lexsort((topic, owner))
        twice = (np.diff(owner[order]) == 0) & (np.diff(topic[order]) == 0)
        if twice.any():
            raise ProblemError("goal_topic", int(order[1:][twice][0]), "names the same goal twice")
        self._set("topic_relation", relation)
        self._set("expertise", codes("expertise", level, low=0, below=4))
        self._set("goal_ptr", pointer)
        self._set("goal_topic", topic)
        self._set("goal_weight", weight)

    def _check_quota(self, capacity: IntArray) -> None:
        none = np.zeros(len(capacity), dtype=np.int64)
        given = none if self.lower_quota is None else self.lower_quota
        quota = int_array("lower_quota", given, capacity.shape)
        refuse("lower_quota", quota > capacity, "is above the capacity")
        self._set("lower_quota", codes("lower_quota", quota, low=0, below=None))

    def _check_shared(self, mentee_field: str, mentor_field: str, n: int, m: int) -> None:
        """Two tables of the same things, one row a person."""
        mentees = bool_array(mentee_field, getattr(self, mentee_field), (n, None))
        width = mentees.shape[1]
        self._set(mentee_field, mentees)
        self._set(mentor_field, bool_array(mentor_field, getattr(self, mentor_field), (m, width)))

    def _check_sectors(self, n: int, m: int) -> None:
        below = None
        if self.sector_similarity is not None:
            table = float_array(
                "sector_similarity", self.sector_similarity, (None, None), low=0, high=1
            )
            if table.shape[0] != table.shape[1]:
                raise ProblemError("sector_similarity", None, "must be square")
            below = len(table)
            self._set("sector_similarity", table)
        for field, size in (("mentee_sector", n), ("mentor_sector", m)):
            sector = int_array(field, getattr(self, field), (size,))
            self._set(field, codes(field, sector, low=-1, below=below))

    def _check_place(self, side: str, size: int) -> None:
        for name, low, high in (("lat", -90, 90), ("lon", -180, 180), ("travel_km", 0, 50_000)):
            field = f"{side}_{name}"
            value = getattr(self, field)
            self._set(field, float_array(field, value, (size,), low=low, high=high, missing=True))
        latitude, longitude = getattr(self, f"{side}_lat"), getattr(self, f"{side}_lon")
        refuse(f"{side}_lon", np.isnan(latitude) != np.isnan(longitude), "needs its other half")
        for name in ("online", "in_person"):
            field = f"{side}_{name}"
            self._set(field, bool_array(field, getattr(self, field), (size,)))

    def _check_keys(self, field: str, size: int) -> None:
        key = codes(field, int_array(field, getattr(self, field), (size,)), low=0, below=None)
        order = np.argsort(key, kind="stable")
        twice = np.diff(key[order]) == 0
        if twice.any():
            raise ProblemError(field, int(order[1:][twice][0]), "is the key of somebody else too")
        self._set(field, key)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _weights(weights: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(weights, Mapping) or not set(weights) <= set(CRITERIA):
        raise ProblemError("weights", None, f"may name only {', '.join(CRITERIA)}")
    found = {name: weights.get(name, 0.0) for name in CRITERIA}
    for position, (name, weight) in enumerate(found.items()):
        if not _is_number(weight) or not 0 <= weight <= 1:
            raise ProblemError("weights", position, f"{name} must be a number from 0 to 1")
    if abs(sum(found.values()) - 1) > 1e-9:
        raise ProblemError("weights", None, f"add up to {sum(found.values())}, not to 1")
    return {name: float(weight) for name, weight in found.items()}


def _index(field: str, position: int, value: Any, below: int) -> int:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value < below:
        raise ProblemError(field, position, f"{value!r} is nobody's number (0..{below - 1})")
    return int(value)


def _entries(field: str, entries: Any, width: int) -> Iterable[tuple[int, Any]]:
    if not isinstance(entries, list | tuple):
        raise ProblemError(field, None, "must be a list")
    for position, entry in enumerate(entries):
        if not isinstance(entry, list | tuple) or len(entry) != width:
            raise ProblemError(field, position, f"must hold {width} values")
        yield position, entry


def _bars(barred: Any, n: int, m: int) -> Iterable[Bar]:
    for position, (mentee, mentor, code) in _entries("barred", barred, 3):
        if not isinstance(code, str) or not code or code in RESERVED_CODES:
            raise ProblemError("barred", position, "needs a code that is not a must-have's own")
        pair = _index("barred", position, mentee, n), _index("barred", position, mentor, m)
        yield *pair, code


def _locks(locks: Any, n: int, capacity: IntArray) -> tuple[Lock, ...]:
    used = np.zeros(len(capacity), dtype=np.int64)
    found: dict[int, int] = {}
    for position, pair in _entries("locks", locks, 2):
        mentee = _index("locks", position, pair[0], n)
        mentor = _index("locks", position, pair[1], len(capacity))
        if mentee in found:
            raise ProblemError("locks", position, f"mentee {mentee} is locked already")
        used[mentor] += 1
        if used[mentor] > capacity[mentor]:
            raise ProblemError("locks", position, f"mentor {mentor} has no place left for it")
        found[mentee] = mentor
    return tuple(found.items())
