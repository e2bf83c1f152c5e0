"""The outbox: a message is a row in the change's own transaction, sent later, never twice by us.

Celery is not the copy of record: under `kill -9` its defaults lose mail and late acknowledgement
doubles it. Here a sweep claims due rows with a lease, sends, and marks them. A kill between the
server's reply and our commit can double a mail; the Message-ID is then the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from . import clock
from .mail import Failure, build_mail, failure_of, hand_over, one_line
from .models import OutboxMessage
from .queue import enqueue
from .schedule import each_minute

logger = logging.getLogger(__name__)

MAX_REFUSALS = 3
CAP_PER_WEEK = 2
WEEK = timedelta(days=7)
BATCH = 200
# A sweep stops before the next minute's begins; what is left is first in line there.
SWEEP_SECONDS = 45
LONGEST_WAIT = {Failure.SERVER: 15, Failure.LATER: 240, Failure.REFUSED: 240}

State = OutboxMessage.State
Category = OutboxMessage.Category
Sending = tuple[str, datetime | None]  # Message-ID and when
Deliver = Callable[[Any, BaseEmailBackend], Failure | None]

__all__ = [
    "Section",
    "build_mail",
    "deliver",
    "letters_mail",
    "message_queue",
    "messages_cancel",
    "outbox_sweep",
]


@dataclass(frozen=True)
class Section:
    """A few paragraphs of plain text and at most one action."""

    paragraphs: Sequence[str]
    action_label: str = ""
    action_url: str = ""


def message_queue(
    *,
    key: str,
    category: str,
    subject: str,
    sections: Sequence[Section],
    recipient: Any = None,
    to_address: str = "",
    language: str = "",
    closing: Sequence[str] = (),
    programme: Any = None,
    not_before: datetime | None = None,
) -> OutboxMessage:
    """Put one message in the outbox; the same `key` again changes nothing.

    Must run in the transaction of the change that causes it. A recipient without a usable e-mail
    address gets a letter: a row that waits for staff to call or print. `closing` holds the lines
    that name the facilitator and the phone number. Texts come in the recipient's language,
    already translated.
    """
    address = _address(category, recipient, to_address)
    message, created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "category": category,
            "recipient": recipient,
            "to_address": address,
            "programme": programme,
            "language": language or (recipient.language if recipient else settings.LANGUAGE_CODE),
            "subject": one_line(subject)[:200],
            "sections": [asdict(section) for section in sections],
            "closing": list(closing),
            "not_before": not_before or clock.now(),
            "state": State.PENDING if address else State.LETTER,
            "message_id": f"<{uuid4()}@{_mail_domain()}>",
        },
    )
    if created:
        _send_at_once(message)
    return message


def _address(category: str, recipient: Any, to_address: str) -> str:
    """Where it goes; empty for somebody who gets a letter. Raises ValueError without anybody.

    Also for a capped message without a recipient: caps and daytime belong to a person.
    """
    if category == Category.CAPPED and recipient is None:
        raise ValueError("A capped message needs a recipient.")
    address = _usable(to_address or (recipient.email if recipient else "") or "")
    if not address and recipient is None:
        raise ValueError("A message needs a recipient or an e-mail address.")
    return address


def _send_at_once(message: OutboxMessage) -> None:
    """At commit, what need not wait; the sweep finds the rest, and what was missed."""
    from .tasks import deliver_message

    waits = message.category == Category.CAPPED or message.not_before > clock.now()
    if message.state == State.PENDING and not waits:
        enqueue(deliver_message, str(message.pk))


def letters_mail(*, recipient: Any, address: str) -> int:
    """Send by mail what waited on paper: the person has an address now."""
    return OutboxMessage.objects.filter(recipient=recipient, state=State.LETTER).update(
        state=State.PENDING, to_address=address
    )


def messages_cancel(*, key_prefix: str) -> int:
    """Withdraw what was not sent yet, because the thing it asked for has been done."""
    return OutboxMessage.objects.filter(
        key__startswith=key_prefix, state__in=[State.PENDING, State.LETTER]
    ).update(state=State.CANCELLED, sections=[], closing=[], subject="")


def deliver(message_id: str) -> bool:
    """Send one direct message now if it is due and nobody else has it."""
    with _connection() as connection:
        return _deliver(message_id, connection) is None


@each_minute("outbox", order=100)
def outbox_sweep() -> int:
    """Send what is due: direct messages at once, capped ones by day, bundled per person.

    Stops early when the mail server is away: one attempt a minute finds out when it is back.
    """
    now = clock.now()
    stop_at = time.monotonic() + SWEEP_SECONDS
    direct = _due(now).exclude(category=Category.CAPPED).values_list("pk", flat=True)[:BATCH]
    # In a second round, so that a crowd of capped mails never delays a code or an offer.
    work: list[tuple[Deliver, Any]] = [(_deliver, pk) for pk in list(direct)]
    work += [(_deliver_bundle, person) for person in _people_with_room(now)[:BATCH]]
    sent = 0
    with _connection() as connection:
        for send, subject in work:
            failure = send(subject, connection)
            sent += failure is None
            if failure == Failure.SERVER or time.monotonic() > stop_at:
                break
    return sent


@contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    """Opened by the first mail that needs it, shared by those that follow."""
    connection = get_connection()
    try:
        yield connection
    finally:
        with suppress(OSError):
            connection.close()


def _due(now: datetime) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(_free(now), state=State.PENDING, not_before__lte=now)


def _free(now: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now)


def _people_with_room(now: datetime) -> list[Any]:
    """Who may get a capped mail now, longest waiting first; the others do not fill the batch."""
    waiting = (
        _due(now)
        .filter(category=Category.CAPPED)
        .order_by("not_before", "created_at")
        .values_list("recipient_id", "recipient__time_zone")
    )
    zones = dict(reversed(list(waiting)))
    mails: dict[Any, set[Sending]] = {}
    recent = _capped_mails(now).filter(recipient_id__in=_due(now).values("recipient_id"))
    for person, message_id, sent_at in recent.values_list("recipient_id", "message_id", "sent_at"):
        mails.setdefault(person, set()).add((message_id, sent_at))
    people = dict.fromkeys(person for person, _zone in waiting)
    return [p for p in people if _has_room(now, zones[p], mails.get(p, set()))]


def _capped_mails(now: datetime) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        category=Category.CAPPED, state=State.SENT, sent_at__gt=now - WEEK
    ).order_by()


def _has_room(now: datetime, zone: str, mails: Iterable[Sending]) -> bool:
    """By day, at most one mail on the person's own calendar day and two in seven days."""
    if not clock.is_daytime(now, zone) or len({mail for mail, _ in mails}) >= CAP_PER_WEEK:
        return False
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    return all(sent_at.astimezone(local).date() < today for _, sent_at in mails if sent_at)


def _deliver(message_id: Any, connection: BaseEmailBackend) -> Failure | None:
    """Send one message; None means sent."""
    now = clock.now()
    with transaction.atomic():
        rows = _due(now).exclude(category=Category.CAPPED).filter(pk=message_id)
        claimed = _lease(list(_locked(rows)), now)
    return _send(claimed, connection) if claimed else Failure.NOT_DUE


def _deliver_bundle(recipient_id: Any, connection: BaseEmailBackend) -> Failure | None:
    """Send all capped messages that are due to one person as one mail; None means sent.

    All waiting rows of the person are locked first, so that two workers cannot each send a part:
    the second one waits, then sees the lease or the mail that went out.
    """
    now = clock.now()
    with transaction.atomic():
        waiting = OutboxMessage.objects.filter(
            category=Category.CAPPED, recipient_id=recipient_id, state=State.PENDING
        ).select_related("recipient")
        rows = list(_locked(waiting))
        if any(row.lease_until and row.lease_until > now for row in rows):
            return Failure.NOT_DUE
        due = [row for row in rows if row.not_before <= now]
        sent = _capped_mails(now).filter(recipient_id=recipient_id)
        mails = set(sent.values_list("message_id", "sent_at"))
        person = due[0].recipient if due else None
        if person is None or not _has_room(now, person.time_zone, mails):
            return Failure.NOT_DUE
        claimed = _lease(due, now)
    return _send(claimed, connection)


def _locked(rows: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
    """Locked on PostgreSQL; on SQLite the IMMEDIATE transaction is the lock."""
    return rows.select_for_update(of=("self",)).order_by("created_at", "key")


def _lease(messages: list[OutboxMessage], now: datetime) -> list[OutboxMessage]:
    """Keep a second worker off these rows until the lease ends; a killed worker's rows return."""
    for message in messages:
        message.lease_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        message.attempts = min(message.attempts + 1, 1000)
        # One mail for the bundle: they share the first one's Message-ID, also after a retry.
        message.message_id = messages[0].message_id
    OutboxMessage.objects.bulk_update(messages, ["lease_until", "attempts", "message_id"])
    return messages


def _send(messages: list[OutboxMessage], connection: BaseEmailBackend) -> Failure | None:
    try:
        hand_over(build_mail(messages), connection)
    except Exception as error:  # a mail server may fail in any way; the row stays
        return _put_back(messages, error)
    for message in messages:
        message.state, message.sent_at, message.lease_until = State.SENT, clock.now(), None
        # A link that lets its holder act is in the person's mailbox, and nowhere else.
        message.sections = [section | {"action_url": ""} for section in message.sections]
        if message.category == Category.CODE:
            message.sections, message.subject = [], ""
    OutboxMessage.objects.bulk_update(
        messages, ["state", "sent_at", "lease_until", "sections", "subject"]
    )
    return None


def _put_back(messages: list[OutboxMessage], error: Exception) -> Failure:
    """Wait longer after each failure; give up only on what the server refuses for good."""
    failure = failure_of(error)
    logger.warning("mail_not_sent failure=%s error=%s", failure.value, type(error).__name__)
    for message in messages:
        minutes = min(2 ** min(message.attempts, 10), LONGEST_WAIT[failure])
        changes: dict[str, Any] = {
            "last_error": type(error).__name__,
            "lease_until": clock.now() + timedelta(minutes=minutes),
        }
        if failure == Failure.REFUSED and message.attempts >= MAX_REFUSALS:
            changes |= {"lease_until": None} | _given_up(message)
        # Only while it still waits: what was cancelled meanwhile must not come back.
        OutboxMessage.objects.filter(pk=message.pk, state=State.PENDING).update(**changes)
    return failure


def _given_up(message: OutboxMessage) -> dict[str, Any]:
    """A person whose address does not work is called, like somebody without e-mail."""
    if message.category == Category.CODE:
        return {"state": State.FAILED, "sections": [], "closing": [], "subject": ""}
    return {"state": State.LETTER if message.recipient_id else State.FAILED}


def _usable(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def _mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
