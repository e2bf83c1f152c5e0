"""The outbox: a message is a row in the change's own transaction, sent later, never twice by us.

Celery is not the copy of record: under `kill -9` its defaults lose mail and late acknowledgement
doubles it. Here a sweep claims due rows with a lease, sends, and marks them. A kill between the
server's reply and our commit can double a mail; the Message-ID is then the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from . import clock
from .models import OutboxMessage
from .queue import enqueue
from .schedule import each_minute

LEASE = timedelta(minutes=5)
MAX_REFUSALS = 3
CAP_PER_WEEK = 2
WEEK = timedelta(days=7)
BATCH = 200

State = OutboxMessage.State
Category = OutboxMessage.Category


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

    Must run in the transaction of the change that causes it. A recipient without e-mail gets a
    letter: a row that waits for staff to call or print. `closing` holds the lines that name the
    facilitator and the phone number. Texts come in the recipient's language, already translated.
    """
    from .tasks import deliver_message

    address = to_address or (recipient.email if recipient else "") or ""
    message, created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "category": category,
            "recipient": recipient,
            "to_address": address,
            "programme": programme,
            "language": language or (recipient.language if recipient else settings.LANGUAGE_CODE),
            "subject": " ".join(subject.split())[:200],
            "sections": [asdict(section) for section in sections],
            "closing": list(closing),
            "not_before": not_before or clock.now(),
            "state": State.PENDING if address else State.LETTER,
            "message_id": f"<{uuid4()}@{_mail_domain()}>",
        },
    )
    due = message.not_before <= clock.now()
    if created and address and due and category != Category.CAPPED:
        enqueue(deliver_message, str(message.pk))
    return message


def messages_cancel(*, key_prefix: str) -> int:
    """Withdraw what was not sent yet, because the thing it asked for has been done."""
    return OutboxMessage.objects.filter(
        key__startswith=key_prefix, state__in=[State.PENDING, State.LETTER]
    ).update(state=State.CANCELLED, sections=[], subject="")


def deliver(message_id: str) -> bool:
    """Send one message now if it is due and nobody else has it."""
    claimed = _claim([message_id])
    return bool(claimed) and _send(claimed)


@each_minute("outbox", order=100)
def outbox_sweep() -> int:
    """Send what is due: direct messages at once, capped ones by day, bundled per person."""
    now = clock.now()
    due = OutboxMessage.objects.filter(_free(now), state=State.PENDING, not_before__lte=now)
    sent = 0
    direct = due.exclude(category=Category.CAPPED).values_list("pk", flat=True)[:BATCH]
    for pk in list(direct):
        sent += deliver(str(pk))
    people = due.filter(category=Category.CAPPED).values_list("recipient_id", flat=True)
    for recipient_id in list(dict.fromkeys(people))[:BATCH]:
        sent += _send_bundle(recipient_id, due, now)
    return sent


def _send_bundle(recipient_id: Any, due: Any, now: datetime) -> bool:
    mine = list(
        due.filter(category=Category.CAPPED, recipient_id=recipient_id).select_related("recipient")
    )
    if not mine:
        return False
    recipient = mine[0].recipient
    if not clock.is_daytime(now, recipient.time_zone) or _capped_this_week(recipient_id, now):
        return False
    claimed = _claim([message.pk for message in mine])
    return bool(claimed) and _send(claimed)


def _capped_this_week(recipient_id: Any, now: datetime) -> bool:
    mails = (
        OutboxMessage.objects.filter(
            recipient_id=recipient_id,
            category=Category.CAPPED,
            state=State.SENT,
            sent_at__gt=now - WEEK,
        )
        .values("message_id")
        .distinct()
        .count()
    )
    return mails >= CAP_PER_WEEK


def _free(now: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=now)


def _claim(pks: Sequence[Any]) -> list[OutboxMessage]:
    """Take a lease on these rows, so that a second worker leaves them alone."""
    now = clock.now()
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(_free(now), pk__in=pks, state=State.PENDING)
        claimed = list(rows.select_for_update().order_by("created_at"))
        for message in claimed:
            message.lease_until = now + LEASE
            message.attempts += 1
        # One mail for the bundle: they share the first one's Message-ID, also after a retry.
        for message in claimed[1:]:
            message.message_id = claimed[0].message_id
        OutboxMessage.objects.bulk_update(claimed, ["lease_until", "attempts", "message_id"])
    return claimed


def _send(messages: list[OutboxMessage]) -> bool:
    try:
        build_mail(messages).send()
    except Exception as error:  # any mail server may fail in any way; the row stays
        _put_back(messages, error)
        return False
    changes: dict[str, Any] = {"state": State.SENT, "sent_at": clock.now(), "lease_until": None}
    if messages[0].category == Category.CODE:
        changes |= {"sections": [], "subject": ""}
    OutboxMessage.objects.filter(pk__in=[m.pk for m in messages]).update(**changes)
    return True


def _put_back(messages: list[OutboxMessage], error: Exception) -> None:
    for message in messages:
        message.last_error = type(error).__name__
        # A server that is away is waited for as long as it takes; a refused address is not.
        refused = isinstance(error, SMTPRecipientsRefused) and message.attempts >= MAX_REFUSALS
        message.state = State.FAILED if refused else State.PENDING
        message.lease_until = clock.now() + timedelta(minutes=min(2**message.attempts, 240))
    OutboxMessage.objects.bulk_update(messages, ["last_error", "state", "lease_until"])


def build_mail(messages: Sequence[OutboxMessage]) -> EmailMultiAlternatives:
    """One mail, as text and as HTML, from one message or a bundle for the same person."""
    first = messages[0]
    context = {
        "subject": first.subject,
        "sections": [section for message in messages for section in message.sections],
        "closing": list(dict.fromkeys(line for message in messages for line in message.closing)),
        "language": first.language,
        "site_url": settings.SITE_URL,
    }
    with translation.override(first.language):
        mail = EmailMultiAlternatives(
            subject=first.subject,
            body=render_to_string("emails/message.txt", context),
            to=[first.to_address],
            headers={"Message-ID": first.message_id, "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("emails/message.html", context), "text/html")
    return mail


def _mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
