"""Helpers for tests about pairs: a moment to stand at, and mail as it is read."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.core import mail
from django.db import transaction

from mentoring.models import Mentorship
from mentoring.services.mentorships import mentorship_start
from reenter.common import clock, schedule
from reenter.common.models import OutboxMessage
from tests.factories import mentoring as make

START = datetime(2026, 6, 1, 10, tzinfo=UTC)  # a Monday, 12:00 in Amsterdam


@contextmanager
def day(number: float, hour: int = 12):
    """Stand at an hour on the wall clock of Amsterdam, so many days after the start."""
    local = START.replace(hour=0) + timedelta(days=number, hours=hour - 2)
    with clock.standing_at(local):
        yield local


def start(mentee: Any, mentor: Any, *, programme: Any = None, at: Any = START, **extra: Any):
    """A pair as the last yes of an offer makes it; both hold a place."""
    programme = programme or make.programme()
    halves = {
        "mentee": make.participant(programme=programme, role="mentee", user=mentee),
        "mentor": make.participant(programme=programme, role="mentor", user=mentor),
    }
    for half in halves.values():
        half.profile.places_taken = 1
        half.profile.save()
    with clock.standing_at(at), transaction.atomic():
        return mentorship_start(actor=mentor, programme=programme, **halves, **extra)


def run_minute() -> None:
    """What the scheduler does each minute; any duty that fails fails the test."""
    counts = schedule.run_due()
    assert -1 not in counts.values(), counts


def sent_to(user: Any) -> list[EmailMessage]:
    return [
        message_from_bytes(one.message().as_bytes(), policy=policy.default)
        for one in mail.outbox
        if user.email in one.to[0]
    ]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content()


def waiting_for(user: Any) -> list[str]:
    rows = OutboxMessage.objects.filter(recipient=user, state=OutboxMessage.State.PENDING)
    return list(rows.values_list("key", flat=True))


def reload(mentorship: Mentorship) -> Mentorship:
    return Mentorship.objects.get(pk=mentorship.pk)
