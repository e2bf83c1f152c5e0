"""Starting a mentorship."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from reenter.common import audit, clock

from ..models import Mentorship, Participant, Programme


@transaction.atomic
def mentorship_start(
    *,
    actor: Any,
    programme: Programme,
    mentee: Participant,
    mentor: Participant,
    kind: str = Mentorship.Kind.FULL,
) -> Mentorship:
    now = clock.now()
    mentorship = Mentorship.objects.create(
        programme=programme,
        mentee=mentee,
        mentor=mentor,
        kind=kind,
        started_at=now,
        ends_on=(now + timedelta(weeks=programme.mentorship_weeks)).date(),
        rhythm_days=programme.rhythm_days,
    )
    audit.record(actor=actor, action="mentorship_start", target=mentorship)
    return mentorship
