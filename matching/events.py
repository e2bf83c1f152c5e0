"""What matching does when something happens lower in the house."""

from __future__ import annotations

from typing import Any

from mentoring import events
from mentoring.models import Participant

from .services.offers import offers_withdraw_of


def participant_left(participant: Participant, actor: Any) -> None:
    """Somebody left, is put on "not now" or is erased: their open offers end."""
    offers_withdraw_of(actor=actor, participant=participant)


def connect() -> None:
    if participant_left not in events.participant_left:
        events.participant_left.append(participant_left)
