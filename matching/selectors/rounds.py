"""Reads about rounds: the list, who takes part, and what publishing would do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404

from accounts.models import Profile
from matching.engine import Solution
from mentoring.models import Programme
from mentoring.selectors.participants import matchable

from ..models import Proposal, Round, RoundParticipant
from ..models.rounds import RoundQuerySet

NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class Counts:
    """Who takes part as things stand now; `places` are free places of the mentors."""

    mentees: int
    mentors: int
    places: int
    left_out: int
    not_ready: int
    newly_ready: int


@dataclass(frozen=True)
class Publication:
    """What publishing would send; `letters` are messages to people without e-mail."""

    pairs: int
    offers: int
    told: int
    letters: int

    @property
    def mails(self) -> int:
        return self.offers + self.told


def round_get(user: Any, round_id: uuid.UUID) -> Round:
    """The round without its large arrays; 404 for who does not run its programme."""
    rounds = Round.objects.visible_to(user).select_related("programme__organisation", "job")
    return get_object_or_404(rounds.defer("problem"), pk=round_id)


def rounds_of(programme: Programme) -> RoundQuerySet:
    """Newest first, with the number of pairs."""
    rounds = Round.objects.filter(programme=programme).defer("problem", "solution")
    return rounds.annotate(pairs=Count("proposals")).order_by("-number")


def people_of(round: Round, *, role: str = "", included: bool | None = None) -> Any:
    """Who takes part, by name; people who were erased are not there."""
    rows = RoundParticipant.objects.filter(round=round, participant__isnull=False)
    if role:
        rows = rows.filter(role=role)
    if included is not None:
        rows = rows.filter(included=included)
    people = rows.select_related("participant__user").annotate(places_left=_places_left())
    return people.order_by("role", "participant__user__name", "pk")


def _places_left() -> Any:
    return F("participant__profile__places") - F("participant__profile__places_taken")


def counts(round: Round) -> Counts:
    """Two queries for who takes part, one for who became ready since."""
    rows = RoundParticipant.objects.filter(round=round, participant__isnull=False)
    ready = matchable(round.programme)
    takes_part = rows.filter(included=True, participant__in=ready.values("pk"))
    sides = takes_part.annotate(left=_places_left()).values_list("role", "left")
    places: dict[str, list[int]] = {"mentee": [], "mentor": []}
    for role, free in sides:
        places[role].append(free)
    totals = rows.aggregate(included=Count("pk", filter=Q(included=True)), every=Count("pk"))
    return Counts(
        mentees=sum(free > 0 for free in places["mentee"]),
        mentors=sum(free > 0 for free in places["mentor"]),
        places=sum(places["mentor"]),
        left_out=totals["every"] - totals["included"],
        not_ready=totals["included"] - len(sides),
        newly_ready=ready.exclude(round_places__round=round).count(),
    )


def people_to_tell(round: Round) -> list[uuid.UUID]:
    """Participants for whom the round looked and found nobody; they hear what happens next."""
    return list(_without_match(round).values_list("participant", flat=True))


def publication(round: Round) -> Publication:
    """Counts for the page before publishing; three queries."""
    waiting = _without_match(round).filter(participant__waiting_since__isnull=False)
    halves = RoundParticipant.objects.filter(round=round)
    no_mail = Q(participant__user__email__isnull=True) | Q(participant__user__email="")
    told = waiting.aggregate(told=Count("pk"), letters=Count("pk", filter=no_mail))
    offered = halves.aggregate(
        pairs=Count("proposals_as_mentee", distinct=True),
        letters=Count("proposals_as_mentee", filter=no_mail, distinct=True),
    )
    mentors = halves.aggregate(letters=Count("proposals_as_mentor", filter=no_mail, distinct=True))
    return Publication(
        pairs=offered["pairs"],
        offers=2 * offered["pairs"],
        told=told["told"],
        letters=told["letters"] + offered["letters"] + mentors["letters"],
    )


def _without_match(round: Round) -> Any:
    looked_for = Q(role=Profile.Role.MENTEE) | Q(unmatched_reason=NOT_NEEDED)
    rows = RoundParticipant.objects.filter(
        looked_for,
        round=round,
        participant__isnull=False,
        position__isnull=False,
        proposals_as_mentee__isnull=True,
        proposals_as_mentor__isnull=True,
    )
    return rows.order_by("pk")


def result_of(round: Round) -> dict[str, Any]:
    """The result for checks from outside: people by e-mail, else by the id they came with."""
    solution = round.solution
    rows = RoundParticipant.objects.filter(round=round, participant__isnull=False)
    people = {row.pk: row for row in rows.select_related("participant__user")}
    pairs = Proposal.objects.filter(round=round).order_by("mentee__position")
    matched = {pair.mentee_id for pair in pairs}
    unmatched = [
        row
        for row in people.values()
        if row.role == Profile.Role.MENTEE and row.included and row.pk not in matched
    ]
    return {
        "engine_version": round.engine_version,
        "weights": round.weights,
        "matched": solution["matched"],
        "total_points": solution["total"],
        "certificate": Solution.from_dict(solution).certificate,
        "pairs": [
            {
                "mentee": _address(people[pair.mentee_id]),
                "mentor": _address(people[pair.mentor_id]),
                "points": pair.points,
                "parts": pair.parts,
            }
            for pair in pairs
        ],
        "unmatched": [
            {"mentee": _address(row), "reason": row.unmatched_reason} for row in unmatched
        ],
    }


def _address(row: RoundParticipant) -> str:
    person = row.participant
    return person.user.email or person.external_id or str(person.pk)
