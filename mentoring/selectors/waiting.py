"""People and letters that need a facilitator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from reenter.common.models import OutboxMessage

from ..models import Participant, Programme
from ..signals import Signal, signal

State = Participant.State
LONG_WAIT = timedelta(days=30)


def people_signals(programmes: Sequence[Programme], now: datetime) -> list[Signal]:
    """Intake and waiting, and programmes without both safeguarding people. One query.

    In a closed programme nobody waits for anything any more.
    """
    by_id = {p.pk: p for p in programmes if p.state != Programme.State.CLOSED}
    people = (
        Participant.objects.filter(programme__in=by_id)
        .filter(
            Q(state__in=[State.APPLIED, State.SPOKEN_TO])
            | Q(state=State.ADMITTED, waiting_since__lte=now - LONG_WAIT)
        )
        .select_related("user")
    )
    found = []
    for person in people:
        person.programme = by_id[person.programme_id]
        found += _about(person, now)
    found += [
        signal("safeguarding_missing", programme=programme, since=programme.created_at)
        for programme in programmes
        if programme.state == Programme.State.DRAFT
        and not (programme.safeguarding_person_id and programme.safeguarding_deputy_id)
    ]
    return found


def _about(person: Participant, now: datetime) -> list[Signal]:
    kinds = {}
    if person.state == State.APPLIED:
        kinds["apply"] = person.state_changed_at
    if person.state == State.SPOKEN_TO:
        kinds["decide"] = person.state_changed_at
    if person.waiting_since and person.waiting_since <= now - LONG_WAIT:
        kinds["waiting"] = person.waiting_since + LONG_WAIT
    return [
        signal(kind, programme=person.programme, participant=person, since=since)
        for kind, since in kinds.items()
    ]


def letters_to_handle(programmes: Iterable[Programme]) -> QuerySet[OutboxMessage]:
    """Letters of these programmes that nobody has called about or printed, oldest first."""
    rows = OutboxMessage.objects.filter(state=OutboxMessage.State.LETTER, programme__in=programmes)
    return rows.select_related("recipient", "programme").order_by("created_at")


def letter_signals(programmes: Sequence[Programme]) -> list[Signal]:
    """One per letter, on the enrolment of the person it is for. Two queries."""
    by_id = {programme.pk: programme for programme in programmes}
    letters = list(letters_to_handle(list(programmes)))
    people = Participant.objects.filter(
        programme__in=by_id, user__in=[letter.recipient_id for letter in letters]
    ).select_related("user")
    enrolment = {(person.programme_id, person.user_id): person for person in people}
    found = []
    for letter in letters:
        person = enrolment.get((letter.programme_id, letter.recipient_id))
        if person is None:
            continue
        person.programme = by_id[person.programme_id]
        found.append(
            signal(
                "letter",
                programme=person.programme,
                participant=person,
                since=letter.created_at,
                object_id=letter.pk,
            )
        )
    return found
