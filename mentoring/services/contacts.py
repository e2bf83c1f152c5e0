"""What staff noted about talking to somebody, and letters that were called or printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reenter.common import audit, clock
from reenter.common.models import OutboxMessage

from ..errors import Refused
from ..models import Mentorship, Participant, StaffContact


@transaction.atomic
def contact_record(
    *,
    actor: Any,
    participant: Participant,
    about: str,
    how: str = StaffContact.How.PHONE,
    note: str = "",
    quiet_days: int = 0,
    mentorship: Mentorship | None = None,
) -> StaffContact:
    """Staff spoke to a participant; the task rests for `quiet_days` days.

    `about` is the kind of the signal that led to it (`mentoring.signals.TEXTS`).
    """
    if not 0 <= quiet_days <= 365:
        raise Refused(_("Choose between 0 and 365 days."))
    contact = StaffContact.objects.create(
        participant=participant,
        mentorship=mentorship,
        by=actor,
        how=how,
        about=about,
        note=note.strip(),
        quiet_until=clock.now() + timedelta(days=quiet_days) if quiet_days else None,
    )
    audit.record(
        actor=actor,
        action="contact_record",
        target=participant,
        about=about,
        how=how,
        quiet_days=quiet_days,
        mentorship=str(mentorship.pk) if mentorship else "",
    )
    return contact


@transaction.atomic
def letter_done(*, actor: Any, letter: OutboxMessage, how: str) -> bool:
    """A letter was printed, or its news told by phone. False when somebody did so before."""
    done = OutboxMessage.objects.filter(pk=letter.pk, state=OutboxMessage.State.LETTER).update(
        state=OutboxMessage.State.DONE, handled_by=actor, sent_at=clock.now()
    )
    if done:
        audit.record(actor=actor, action="letter_done", target=letter, how=how)
    return bool(done)
