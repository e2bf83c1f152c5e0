"""Offers between participants."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from matching.models import Offer
from matching.services.offers import OPEN_FOR
from mentoring.models import Participant, Programme
from reenter.common import clock

from . import mentoring

HOLDS_PLACES = {Offer.State.OPEN, Offer.State.ACCEPTED}


def offer(
    *,
    programme: Programme,
    mentee: Participant | None = None,
    mentor: Participant | None = None,
    age: timedelta = timedelta(),
    **extra: Any,
) -> Offer:
    """An offer as it stands `age` after it was made, with the places it holds."""
    mentee = mentee or mentoring.participant(programme=programme, role="mentee")
    mentor = mentor or mentoring.participant(programme=programme, role="mentor")
    opened = clock.now() - age
    fields = {
        "source": Offer.Source.ROUND,
        "points": 7000,
        "parts": {
            "goals": 4000,
            "lived": 1000,
            "bonds": 500,
            "sector": 500,
            "availability": 500,
            "place": 500,
        },
        "opened_at": opened,
        "expires_at": opened + OPEN_FOR,
    } | extra
    row = Offer.objects.create(programme=programme, mentee=mentee, mentor=mentor, **fields)
    if row.state in HOLDS_PLACES:
        for half in (mentee, mentor):
            half.profile.places_taken += 1
            half.profile.save(update_fields=["places_taken"])
    return row
