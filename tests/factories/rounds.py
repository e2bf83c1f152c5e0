"""A small programme that can be matched: few people, clear points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Term
from matching.models import Proposal, Round, RoundParticipant
from matching.services.rounds import round_draft
from matching.services.solving import round_solve
from mentoring.models import Participant, Programme

from . import accounts, mentoring


@dataclass
class Cohort:
    """People by first name, topics, and the rounds made of them."""

    programme: Programme
    topics: list[Term]
    people: dict[str, Participant] = field(default_factory=dict)

    def mentee(self, name: str, *topics: int, **extra: Any) -> Participant:
        """Somebody whose goals are these topics, most important first."""
        terms = {self.topics[topic]: rank for rank, topic in enumerate(topics, start=1)}
        return self._person(name, "mentee", terms=terms, **extra)

    def mentor(self, name: str, *topics: int, places: int = 1, **extra: Any) -> Participant:
        """Somebody who can teach these topics."""
        terms = {self.topics[topic]: 3 for topic in topics}
        return self._person(name, "mentor", terms=terms, places=places, **extra)

    def _person(self, name: str, role: str, **extra: Any) -> Participant:
        user = accounts.user(name=f"{name} Canarius", email=f"{name.lower()}@canary.example")
        person = mentoring.participant(programme=self.programme, role=role, user=user, **extra)
        self.people[name] = person
        return person

    def draft(self, actor: Any = None) -> Round:
        return round_draft(actor=actor, programme=self.programme)

    def solved(self, actor: Any = None) -> Round:
        return round_solve(actor=actor, round=self.draft(actor))

    def row(self, round: Round, name: str) -> RoundParticipant:
        return round.people.select_related("participant__user").get(participant=self.people[name])


def cohort(programme: Programme) -> Cohort:
    """Anna and Ben want topic 0, Chris wants 1; Max teaches 0 with one place, Nora 1 and 0."""
    found = Cohort(programme, [accounts.term("topic") for _ in range(3)])
    found.mentee("Anna", 0)
    found.mentee("Ben", 0, 1)
    found.mentee("Chris", 1)
    found.mentor("Max", 0)
    found.mentor("Nora", 1)
    return found


def pairs(round: Round) -> dict[str, str]:
    """First names: who has whom."""
    rows = Proposal.objects.filter(round=round).select_related(
        "mentee__participant__user", "mentor__participant__user"
    )
    return {
        row.mentee.participant.user.first_name: row.mentor.participant.user.first_name
        for row in rows
    }
