"""Programmes, participants and mentorships."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from accounts.models import User
from mentoring.models import Mentorship, Participant, Programme
from reenter.common import clock

from . import accounts

_count = itertools.count(1)


def programme(*, name: str = "", **extra: Any) -> Programme:
    """An open programme with a contact and both safeguarding people."""
    number = next(_count)
    organisation = extra.pop("organisation", None) or accounts.organisation()
    staff = [accounts.facilitator(organisation=organisation) for _ in range(2)]
    return Programme.objects.create(
        organisation=organisation,
        name=name or f"Programme {number}",
        slug=f"programme-{number}",
        **{
            "state": Programme.State.OPEN,
            "contact": staff[0],
            "safeguarding_person": staff[0],
            "safeguarding_deputy": staff[1],
        }
        | extra,
    )


def participant(
    *, programme: Programme, role: str, user: User | None = None, ready: bool = True, **extra: Any
) -> Participant:
    """Enrolled with a profile; `ready` means admitted, briefed and with a legal basis on record."""
    person = user or accounts.user()
    fields = {
        key: extra.pop(key)
        for key in ("terms", "languages", "places", "meeting", "availability", "pitch", "exchange")
        if key in extra
    }
    profile = person.profiles.filter(role=role).first() or accounts.profile(
        role=role, user=person, **fields
    )
    if ready:
        accounts.legal_basis(user=person) if not person.legal_bases.exists() else None
        extra = {
            "state": Participant.State.ADMITTED,
            "briefed_at": clock.now(),
            "briefed_how": Participant.Briefing.READ,
            "conduct_text": accounts.legal_text("code_of_conduct"),
        } | extra
    return Participant.objects.create(
        programme=programme, user=person, role=role, profile=profile, **extra
    )


def mentorship(
    *,
    programme: Programme,
    mentee: Participant | None = None,
    mentor: Participant | None = None,
    **extra: Any,
) -> Mentorship:
    """A running pair; both hold one place, as an accepted offer would have left them."""
    mentee = mentee or participant(programme=programme, role="mentee")
    mentor = mentor or participant(programme=programme, role="mentor")
    for half in (mentee, mentor):
        half.profile.places_taken += 1
        half.profile.save(update_fields=["places_taken"])
    extra.setdefault("ends_on", (clock.now() + timedelta(weeks=26)).date())
    return Mentorship.objects.create(programme=programme, mentee=mentee, mentor=mentor, **extra)
