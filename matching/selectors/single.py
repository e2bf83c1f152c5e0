"""The best others for one person, with reasons; and why the rest does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.crypto import salted_hmac

from accounts.models import Profile
from matching.engine import Problem, explain, fact_table
from matching.engine.musthaves import BARRED, failures
from matching.engine.problem import NO_PLACE_LEFT
from mentoring.models import Participant
from mentoring.selectors.participants import (
    matchable,
    not_ready,
    why_not_matchable,
)
from reenter.common import clock

from ..adapters import NO_PLACE_LEFT_FOR_MENTEE, Index, problem_build
from ..reasons import WARNINGS, Fact, Part, facts_from_explanation, reasons_of_many, warnings_of
from ..whynot import why_not_in_words
from .look import parts_of

BEST = 5
REFUSED_SHOWN = 50


@dataclass(frozen=True)
class Candidate:
    """Somebody who meets every must-have: what an offer needs, and what staff read."""

    participant: Participant
    points: int
    parts: dict[str, int]
    facts: list[Fact]
    table: list[Part]

    @property
    def places_left(self) -> int:
        return self.participant.profile.places - self.participant.profile.places_taken

    @property
    def warnings(self) -> list[Any]:
        return [WARNINGS[code] for code in warnings_of(self.facts)]


@dataclass(frozen=True)
class Refused:
    """Somebody who fails a must-have. `points` is None for who cannot enter a round at all."""

    participant: Participant
    points: int | None
    why: list[Any]


@dataclass(frozen=True)
class SingleMatch:
    """`blocked` says why the person cannot be matched now; then the lists are empty."""

    participant: Participant
    blocked: list[Any]
    best: list[Candidate]
    refused: list[Refused]
    refused_count: int


def single_match(participant: Participant) -> SingleMatch:
    """The five best mentors for a mentee, or waiting mentees for a mentor; a fixed query count.

    The same formula and must-haves as a round of everybody who can be matched now. Ties are
    decided by keys that change each day. `participant` needs profile, user and programme selected.
    """
    blocked = _blocked(participant)
    if blocked:
        return SingleMatch(participant, why_not_in_words(blocked), [], [], 0)
    field = _Field(participant)
    order = field.order()
    best = field.candidates([place for place in order if not field.failed(place)][:BEST])
    refused = [field.refused(place) for place in order if field.failed(place)]
    refused += _not_ready(participant)
    return SingleMatch(participant, [], best, refused[:REFUSED_SHOWN], len(refused))


def single_pair(participant: Participant, other: Participant) -> Candidate | Refused:
    """The same for one given other person of the other role in the same programme."""
    blocked = _blocked(participant) or _blocked(other)
    if blocked:
        return Refused(other, None, why_not_in_words(blocked))
    field = _Field(participant)
    place = field.place_of(other)
    return field.refused(place) if field.failed(place) else field.candidates([place])[0]


class _Field:
    """One person against everybody of the other role who can be matched now."""

    def __init__(self, participant: Participant) -> None:
        self.participant = participant
        people = list(matchable(participant.programme))
        self.people = {person.pk: person for person in people}
        self.problem, self.index = _problem(participant, people)
        self.others = self.index.mentors if participant.is_mentee else self.index.mentees
        both = ([self.own], slice(None)) if participant.is_mentee else (slice(None), [self.own])
        self.points = fact_table(self.problem).points(*both).ravel()
        masks = failures(self.problem, *both)
        self.masks = {code: fails.ravel() for code, fails in masks.items() if code != BARRED}

    @cached_property
    def own(self) -> int:
        own_side = self.index.mentees if self.participant.is_mentee else self.index.mentors
        return own_side.index(self.participant.pk)

    def pair(self, place: int) -> tuple[int, int]:
        return (self.own, place) if self.participant.is_mentee else (place, self.own)

    def place_of(self, other: Participant) -> int:
        return self.others.index(other.pk)

    def order(self) -> list[int]:
        """Places of the others, most points first, ties by key: places stand in that order."""
        return np.argsort(-self.points, kind="stable").tolist()

    def failed(self, place: int) -> list[str]:
        """Codes of the must-haves that this pair fails."""
        pair = self.pair(place)
        found = list(self.problem.barred_codes.get(pair, ()))
        found += [code for code, fails in self.masks.items() if fails[place]]
        if not self.problem.capacity[pair[1]]:
            found.append(NO_PLACE_LEFT)
        return found

    def candidates(self, places: Iterable[int]) -> list[Candidate]:
        explained = [explain(self.problem, *self.pair(place)) for place in places]
        facts = [facts_from_explanation(explanation, self.index) for explanation in explained]
        words = reasons_of_many(facts)
        return [
            Candidate(
                participant=self._other_of(explanation),
                points=explanation.points,
                parts={part.criterion: part.points for part in explanation.parts},
                facts=own,
                table=parts_of(explanation, reasons),
            )
            for explanation, own, reasons in zip(explained, facts, words, strict=True)
        ]

    def refused(self, place: int) -> Refused:
        other = self.people[self.others[place]]
        return Refused(other, int(self.points[place]), why_not_in_words(self.failed(place)))

    def _other_of(self, explanation: Any) -> Participant:
        mentee, mentor = explanation.mentee, explanation.mentor
        place = mentor if self.participant.is_mentee else mentee
        return self.people[self.others[place]]


def _problem(participant: Participant, people: list[Participant]) -> tuple[Problem, Index]:
    programme = participant.programme
    return problem_build(
        programme=programme,
        mentees=[person for person in people if person.is_mentee],
        mentors=[person for person in people if person.is_mentor],
        weights=programme.weights,
        minimum_points=programme.minimum_points,
        exclude_competitors=programme.exclude_competitors,
        tie_keys={person.pk: _key_of_today(person.pk) for person in people},
    )


def _key_of_today(pk: UUID) -> int:
    """Nobody wins every tie: the keys differ each day, and stay while staff look at the page."""
    digest = salted_hmac("matching.single", f"{clock.today()} {pk}", algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _blocked(participant: Participant) -> list[str]:
    codes = why_not_matchable(participant)
    profile = participant.profile
    if not codes and profile.places_taken >= profile.places:
        codes = [NO_PLACE_LEFT_FOR_MENTEE if participant.is_mentee else NO_PLACE_LEFT]
    return codes


def _not_ready(participant: Participant) -> list[Refused]:
    """Enrolled in the other role, but not able to enter a round."""
    role = Profile.Role.MENTOR if participant.is_mentee else Profile.Role.MENTEE
    people = Participant.objects.filter(programme=participant.programme, role=role)
    return [
        Refused(person, None, why_not_in_words(why_not_matchable(person)))
        for person in not_ready(people.enrolled()).order_by("user__name")
    ]
