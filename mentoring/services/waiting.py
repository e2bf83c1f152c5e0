"""Waiting is not silence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from reenter.common import audit, clock

from ..mails import waiting as mails
from ..models import Participant, Programme


@transaction.atomic
def waiting_mails_after_round(
    *,
    actor: Any,
    round_programme: Programme,
    participants: Iterable[Participant],
    round_key: str = "",
) -> int:
    """Tell those that a round left without a match what happens next. Returns how many.

    `participants` need `user` and `programme` (with contact and organisation) selected to keep the
    number of queries low. `round_key` names the round, so that publishing twice tells people once;
    without it one mail a day is the limit. The mails are capped: bundled, by day.
    """
    key = round_key or f"{clock.today():%Y%m%d}"
    told = 0
    for participant in participants:
        if participant.waiting_since is not None:
            mails.no_match_yet(participant, round_key=key)
            told += 1
    audit.record(actor=actor, action="waiting_mails", target=round_programme, count=told)
    return told
