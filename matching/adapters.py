"""From people to the engine's arrays and back: the only place that knows both ids and indices.

What a person did not answer becomes the engine's "no answer", with one exception: without
languages the language of their account counts, because sharing one is a must-have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import prefetch_related_objects

from accounts.availability import SLOT_CODES
from accounts.models import Profile, TermGroup, TopicRelation
from matching.engine import Problem, rank_weights
from matching.engine.problem import COMPETITOR, FORBIDDEN, PAIRED_BEFORE, SAME_PERSON
from mentoring.models import Mentorship, Participant, Programme

from .models import ForbiddenPair

Kind = TermGroup.Kind
Pairs = Iterable[tuple[UUID, UUID]]

NO_PLACE_LEFT_FOR_MENTEE = "has_match_or_offer"
SAME_SECTOR, NEAR_SECTOR = 1.0, 0.5
PLACE_DECIMALS = 2
"""About a kilometre: near enough to score, too rough to tell who it is."""

# An open report is known to the safeguarding person alone: here it looks like any other "never".
BAR_CODES = {
    ForbiddenPair.Reason.FORBIDDEN: FORBIDDEN,
    ForbiddenPair.Reason.DECLINED: "declined",
    ForbiddenPair.Reason.REMATCH: "rematch",
    ForbiddenPair.Reason.REPORT: FORBIDDEN,
}


@dataclass(frozen=True)
class Index:
    """Who stands in which row and column, and which term is which number.

    `mentees` and `mentors` are participant ids in the order of the arrays; `topics`, `themes`,
    `bonds` term codes; `sectors` sets of term codes; `left_out` says why a mentee has no row.
    """

    mentees: tuple[UUID, ...]
    mentors: tuple[UUID, ...]
    topics: tuple[str, ...]
    themes: tuple[str, ...]
    bonds: tuple[str, ...]
    sectors: tuple[tuple[str, ...], ...]
    slots: tuple[str, ...] = tuple(SLOT_CODES)
    left_out: Mapping[UUID, str] = field(default_factory=dict)

    def row_of(self, participant_id: UUID) -> int:
        """Row of a mentee; ValueError when left out."""
        return self.mentees.index(participant_id)

    def column_of(self, participant_id: UUID) -> int:
        return self.mentors.index(participant_id)


@dataclass(frozen=True)
class _People:
    """One side, in the order of the arrays, with chosen terms per kind."""

    participants: Sequence[Participant]

    @property
    def profiles(self) -> list[Profile]:
        return [participant.profile for participant in self.participants]

    def codes(self, kind: str) -> list[list[str]]:
        return [
            [chosen.term.code for chosen in profile.answers_of(kind)] for profile in self.profiles
        ]

    def sector_sets(self) -> list[tuple[str, ...]]:
        return [tuple(sorted(codes)) for codes in self.codes(Kind.SECTOR)]


def problem_build(
    *,
    programme: Programme,
    mentees: Iterable[Participant],
    mentors: Iterable[Participant],
    weights: Mapping[str, float],
    minimum_points: int,
    exclude_competitors: bool,
    tie_keys: Mapping[UUID, int],
    locks: Pairs = (),
    forbidden: Pairs = (),
    capacity_of: Mapping[UUID, int] | None = None,
    priority: Collection[UUID] = (),
    floor_first: bool = True,
    lower_quota: int = 0,
) -> tuple[Problem, Index]:
    """The problem of these people, and who is who in it; a fixed number of queries.

    `tie_keys`, `capacity_of` (default: places left) and `priority` go by participant id; `locks`
    and `forbidden` are pairs (mentee, mentor) of those ids. `lower_quota` counts the mentees that a
    mentor has already. Rows and columns stand in the order
    of the keys, so that a place in the arrays says nothing about a person. Mentees without a free
    place are left out unless they are locked. The problem holds no ids, names or texts. Raises
    KeyError for a person without key and ProblemError for locks that cannot be.
    """
    everybody = [*mentees, *mentors]
    prefetch_related_objects(everybody, "user", "profile__chosen__term__group")
    lock_list = list(locks)
    rows, columns, left_out = _sides(everybody, tie_keys, {mentee for mentee, _mentor in lock_list})
    index = _index(rows, columns, left_out)
    capacity = _capacity(columns, capacity_of)
    problem = Problem(
        weights=dict(weights),
        minimum_points=minimum_points,
        floor_first=floor_first,
        barred=_barred(rows, columns, forbidden, exclude_competitors),
        locks=_in_indices(index, lock_list),
        capacity=capacity,
        lower_quota=_lower_quota(columns, capacity, lower_quota),
        priority=np.array([p.pk in priority for p in rows.participants], dtype=bool),
        mentee_key=_keys(rows, tie_keys),
        mentor_key=_keys(columns, tie_keys),
        **_answers(rows, columns, index),
    )
    return problem, index


def _sides(
    everybody: Iterable[Participant], tie_keys: Mapping[UUID, int], locked: Collection[UUID]
) -> tuple[_People, _People, dict[UUID, str]]:
    """Rows and columns in the order of their keys, and who is left out with the code of why."""
    by_key = sorted(everybody, key=lambda person: tie_keys[person.pk])
    mentees = [person for person in by_key if person.is_mentee]
    left_out = {
        person.pk: NO_PLACE_LEFT_FOR_MENTEE
        for person in mentees
        if _left(person) < 1 and person.pk not in locked
    }
    rows = _People([person for person in mentees if person.pk not in left_out])
    return rows, _People([person for person in by_key if person.is_mentor]), left_out


def _answers(rows: _People, columns: _People, index: Index) -> dict[str, Any]:
    """What both sides answered, as the arrays of the problem."""
    return {
        **_goals(rows, columns, index),
        **_shared_answers(rows, columns, index),
        **_sectors(rows, columns, index),
        **_places("mentee", rows),
        **_places("mentor", columns),
    }


def _left(participant: Participant) -> int:
    return participant.profile.places - participant.profile.places_taken


def _capacity(columns: _People, capacity_of: Mapping[UUID, int] | None) -> Any:
    given = capacity_of or {}
    left = [given.get(p.pk, max(0, _left(p))) for p in columns.participants]
    return np.array(left, dtype=np.int64)


def _lower_quota(columns: _People, capacity: Any, wanted: int) -> Any:
    taken = np.array([p.profile.places_taken for p in columns.participants], dtype=np.int64)
    return np.clip(wanted - taken, 0, capacity)


def _keys(people: _People, tie_keys: Mapping[UUID, int]) -> Any:
    return np.array([tie_keys[person.pk] for person in people.participants], dtype=np.int64)


def _index(rows: _People, columns: _People, left_out: Mapping[UUID, str]) -> Index:
    def vocabulary(kind: str) -> tuple[str, ...]:
        answers = [*rows.codes(kind), *columns.codes(kind)]
        return tuple(sorted({code for codes in answers for code in codes}))

    sets = {*rows.sector_sets(), *columns.sector_sets()} - {()}
    return Index(
        mentees=tuple(person.pk for person in rows.participants),
        mentors=tuple(person.pk for person in columns.participants),
        topics=vocabulary(Kind.TOPIC),
        themes=vocabulary(Kind.THEME),
        bonds=vocabulary(Kind.BOND),
        sectors=tuple(sorted(sets)),
        left_out=left_out,
    )


def _in_indices(index: Index, pairs: Pairs) -> list[tuple[int, int]]:
    rows = {pk: row for row, pk in enumerate(index.mentees)}
    columns = {pk: column for column, pk in enumerate(index.mentors)}
    return [(rows[mentee], columns[mentor]) for mentee, mentor in pairs]


def _goals(rows: _People, columns: _People, index: Index) -> dict[str, Any]:
    number = {code: position for position, code in enumerate(index.topics)}
    goals = [[number[code] for code in codes] for codes in rows.codes(Kind.TOPIC)]
    expertise = np.zeros((len(columns.profiles), len(number)), dtype=np.int64)
    for column, profile in enumerate(columns.profiles):
        for chosen in profile.answers_of(Kind.TOPIC):
            expertise[column, number[chosen.term.code]] = chosen.level or 1
    return {
        "goal_ptr": np.cumsum([0, *map(len, goals)], dtype=np.int64),
        "goal_topic": np.array([topic for own in goals for topic in own], dtype=np.int64),
        "goal_weight": np.array(
            [weight for own in goals for weight in rank_weights(len(own))], dtype=np.int64
        ),
        "expertise": expertise,
        "topic_relation": _relations(number),
    }


def _relations(number: Mapping[str, int]) -> Any:
    relation = np.eye(len(number))
    known = TopicRelation.objects.filter(a__code__in=number, b__code__in=number)
    for a, b, strength in known.values_list("a__code", "b__code", "strength"):
        relation[number[a], number[b]] = relation[number[b], number[a]] = strength
    return relation


def _shared_answers(rows: _People, columns: _People, index: Index) -> dict[str, Any]:
    languages = [_languages(people) for people in (rows, columns)]
    spoken = sorted({code for side in languages for codes in side for code in codes})
    times = [[p.availability for p in people.profiles] for people in (rows, columns)]
    return {
        "mentee_themes": _table(rows.codes(Kind.THEME), index.themes),
        "mentor_lived": _table(columns.codes(Kind.THEME), index.themes),
        "mentee_bonds": _table(rows.codes(Kind.BOND), index.bonds),
        "mentor_bonds": _table(columns.codes(Kind.BOND), index.bonds),
        "mentee_slots": _table(times[0], index.slots),
        "mentor_slots": _table(times[1], index.slots),
        "mentee_languages": _table(languages[0], spoken),
        "mentor_languages": _table(languages[1], spoken),
    }


def _languages(people: _People) -> list[list[str]]:
    return [person.profile.languages or [person.user.language] for person in people.participants]


def _table(answers: Sequence[Iterable[str]], vocabulary: Sequence[str]) -> Any:
    """(people, vocabulary) bool; a code that is not in the vocabulary is ignored."""
    number = {code: position for position, code in enumerate(vocabulary)}
    table = np.zeros((len(answers), len(vocabulary)), dtype=bool)
    for person, codes in enumerate(answers):
        table[person, [number[code] for code in codes if code in number]] = True
    return table


def _sectors(rows: _People, columns: _People, index: Index) -> dict[str, Any]:
    """Somebody may know several sectors: a code stands for the set of them."""
    number = {codes: position for position, codes in enumerate(index.sectors)}
    groups = {
        chosen.term.code: chosen.term.group_id
        for profile in (*rows.profiles, *columns.profiles)
        for chosen in profile.answers_of(Kind.SECTOR)
    }
    similarity = np.array(
        [[_likeness(a, b, groups) for b in index.sectors] for a in index.sectors], dtype=float
    ).reshape(len(number), len(number))
    return {
        "mentee_sector": _numbers(rows.sector_sets(), number),
        "mentor_sector": _numbers(columns.sector_sets(), number),
        "sector_similarity": similarity,
    }


def _numbers(sets: Sequence[tuple[str, ...]], number: Mapping[tuple[str, ...], int]) -> Any:
    return np.array([number.get(codes, -1) for codes in sets], dtype=np.int64)


def _likeness(a: tuple[str, ...], b: tuple[str, ...], groups: Mapping[str, UUID]) -> float:
    if set(a) & set(b):
        return SAME_SECTOR
    near = {groups[code] for code in a} & {groups[code] for code in b}
    return NEAR_SECTOR if near else 0.0


def _places(side: str, people: _People) -> dict[str, Any]:
    profiles = people.profiles
    in_person = {Profile.Meeting.IN_PERSON, Profile.Meeting.EITHER}
    online = {Profile.Meeting.ONLINE, Profile.Meeting.EITHER}
    placed = [p.latitude is not None and p.longitude is not None for p in profiles]
    return {
        f"{side}_lat": _degrees([p.latitude for p in profiles], placed),
        f"{side}_lon": _degrees([p.longitude for p in profiles], placed),
        f"{side}_travel_km": np.array(
            [np.nan if p.travel_km is None else p.travel_km for p in profiles], dtype=float
        ),
        f"{side}_online": np.array([p.meeting in online for p in profiles], dtype=bool),
        f"{side}_in_person": np.array([p.meeting in in_person for p in profiles], dtype=bool),
    }


def _degrees(values: Sequence[float | None], placed: Sequence[bool]) -> Any:
    return np.array(
        [
            round(value, PLACE_DECIMALS) if known and value is not None else np.nan
            for value, known in zip(values, placed, strict=True)
        ],
        dtype=float,
    )


def _barred(
    rows: _People, columns: _People, forbidden: Pairs, exclude_competitors: bool
) -> list[tuple[int, int, str]]:
    """Pairs that may never be proposed, each with the code of why."""
    row_of = {person.pk: row for row, person in enumerate(rows.participants)}
    column_of = {person.pk: column for column, person in enumerate(columns.participants)}
    found = {
        (row_of[mentee], column_of[mentor], FORBIDDEN)
        for mentee, mentor in forbidden
        if mentee in row_of and mentor in column_of
    }
    row_of_user = {person.user_id: row for row, person in enumerate(rows.participants)}
    column_of_user = {person.user_id: column for column, person in enumerate(columns.participants)}
    for mentee, mentor, code in barred_users(row_of_user, column_of_user):
        if mentee in row_of_user and mentor in column_of_user:
            found.add((row_of_user[mentee], column_of_user[mentor], code))
    if exclude_competitors:
        found |= _competitors(rows, columns)
    return sorted(found)


def barred_users(
    rows: Mapping[UUID, int], columns: Mapping[UUID, int]
) -> Iterable[tuple[UUID, UUID, str]]:
    """Pairs of users that may never be proposed, with the code of why; two queries."""
    yield from ((user, user, SAME_PERSON) for user in rows if user in columns)
    never = ForbiddenPair.objects.filter(mentor__in=list(columns))
    for mentee, mentor, reason in never.values_list("mentee", "mentor", "reason"):
        yield mentee, mentor, BAR_CODES[ForbiddenPair.Reason(reason)]
    before = Mentorship.objects.filter(mentor__user__in=list(columns))
    for mentee, mentor in before.values_list("mentee__user", "mentor__user"):
        yield mentee, mentor, PAIRED_BEFORE


def _competitors(rows: _People, columns: _People) -> set[tuple[int, int, str]]:
    mentors = [set(codes) for codes in columns.sector_sets()]
    return {
        (row, column, COMPETITOR)
        for row, codes in enumerate(rows.sector_sets())
        for column, other in enumerate(mentors)
        if other & set(codes)
    }
