"""Messages as personal data: what was sent to somebody, and what names them in mail to others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .models import OutboxMessage
from .readable import Words

State = OutboxMessage.State
OPEN = [State.PENDING, State.LETTER]
BATCH = 500
WORDS = Words(
    title=_("Messages from us to you"),
    labels={
        "subject": _("Subject"),
        "paragraphs": _("Text"),
        "state": _("State"),
        "created_at": _("Written on"),
        "sent_at": _("Sent on"),
    },
    codes={"state": dict(State.choices)},
)


def export(user: Any) -> list[dict[str, Any]]:
    """What is kept of the messages to this person; codes are purged once sent."""
    return [
        {
            "subject": message.subject,
            "paragraphs": [line for section in message.sections for line in section["paragraphs"]],
            "state": message.state,
            "created_at": message.created_at,
            "sent_at": message.sent_at,
        }
        for message in OutboxMessage.objects.filter(recipient=user)
    ]


def erase(user: Any) -> None:
    """Delete the messages to this person, and take them out of those to others.

    What was sent loses its text; what still waits and tells about this person is cancelled. Lines
    with a name and a number under a message that is about something else are dropped.
    """
    addresses = [user.email, *user.emailaddress_set.values_list("email", flat=True)]
    addresses = [address for address in addresses if address]
    OutboxMessage.objects.filter(Q(recipient=user) | Q(to_address__in=addresses)).delete()
    named = [text for text in (user.name, user.phone, *addresses) if text]
    changed = []
    for message in _with_text().iterator(BATCH):
        if _take_out(message, named, user.first_name):
            changed.append(message)
    OutboxMessage.objects.bulk_update(
        changed, ["subject", "sections", "closing", "state"], batch_size=BATCH
    )


def name_take_out(*, key_prefix: str, name: str) -> None:
    """Drop the lines with a first name from messages that still wait.

    For messages that must go out all the same: `erase` looks everywhere, and a first name is too
    common for that.
    """
    waiting = list(OutboxMessage.objects.filter(key__startswith=key_prefix, state__in=OPEN))
    for message in waiting:
        for section in message.sections:
            lines = section["paragraphs"]
            section["paragraphs"] = [line for line in lines if not _mentions([line], [name])]
    OutboxMessage.objects.bulk_update(waiting, ["sections"])


def texts_purge(*, before: datetime) -> int:
    """Empty what was sent, handled or cancelled before this moment; returns how many."""
    old = _with_text().exclude(state__in=OPEN).filter(created_at__lt=before)
    return old.update(subject="", sections=[], closing=[])


def _with_text() -> Any:
    return OutboxMessage.objects.exclude(subject="", sections=[], closing=[])


def _take_out(message: OutboxMessage, named: Iterable[str], first_name: str) -> bool:
    """Whether the message had to change."""
    body = [message.subject, *_strings(message.sections)]
    if message.state not in OPEN and _mentions([*body, *message.closing], [*named, first_name]):
        message.subject, message.sections, message.closing = "", [], []
        return True
    if _mentions(body, named):
        message.subject, message.sections, message.closing = "", [], []
        message.state = State.CANCELLED
        return True
    kept = [line for line in message.closing if not _mentions([line], named)]
    if kept == message.closing:
        return False
    message.closing = kept
    return True


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _mentions(lines: Iterable[str], names: Iterable[str]) -> bool:
    """Whether a name stands there as a word: Jan is not in January."""
    text = "\n".join(lines)
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names if name
    )
