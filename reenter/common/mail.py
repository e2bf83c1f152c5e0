"""From outbox rows to one MIME message, and what a failed attempt to send it means."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.headerregistry import Address
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from .models import OutboxMessage


class Failure(Enum):
    """Why a mail did not go out now."""

    NOT_DUE = "not_due"  # not its time, or another worker has it
    SERVER = "server"  # the mail server is away: every other mail would fail too
    LATER = "later"  # this mail, for now
    REFUSED = "refused"  # this mail, for good


def failure_of(error: Exception) -> Failure:
    """Sort an error: our server's trouble is waited for as long as it takes, a refusal is not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Failure.REFUSED if all(code >= 500 for code in codes) else Failure.LATER
    if isinstance(error, smtplib.SMTPDataError):
        return Failure.REFUSED if error.smtp_code >= 500 else Failure.LATER
    if isinstance(error, smtplib.SMTPNotSupportedError):  # an address this server cannot write
        return Failure.REFUSED
    if isinstance(error, OSError):  # smtplib's own errors are OSErrors as well
        return Failure.SERVER
    return Failure.REFUSED  # it cannot even be built: an address or text of an impossible form


def hand_over(mail: EmailMultiAlternatives, connection: BaseEmailBackend) -> None:
    """Send over a connection that stays open.

    The mail can then be marked as sent before the goodbye to the server: a shorter moment in which
    a kill doubles it. A server that closed a connection in use is called once more.
    """
    fresh = connection.open()
    mail.connection = connection
    try:
        mail.send()
    except smtplib.SMTPServerDisconnected:
        connection.close()
        if fresh:
            raise
        connection.open()
        mail.send()
    except Exception:
        connection.close()
        raise


def one_line(text: str) -> str:
    """Text from people as a header: one line, without control characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def build_mail(messages: Sequence[OutboxMessage]) -> EmailMultiAlternatives:
    """One mail, as text and as HTML, from one message or a bundle for the same person."""
    first = messages[0]
    with translation.override(first.language):
        context = {
            "subject": _subject(messages),
            "sections": _sections(messages),
            "closing": list(dict.fromkeys(line for m in messages for line in m.closing)),
            "language": first.language,
            "site_url": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            subject=str(context["subject"]),
            body=render_to_string("emails/message.txt", context),
            to=[_to(first)],
            headers={"Message-ID": first.message_id, "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("emails/message.html", context), "text/html")
    return mail


def _subject(messages: Sequence[OutboxMessage]) -> str:
    if len({message.subject for message in messages}) == 1:
        return messages[0].subject
    return _("%(first)s, and more") % {"first": messages[0].subject.rstrip(".?!")}


def _sections(messages: Sequence[OutboxMessage]) -> list[dict[str, Any]]:
    """In a bundle each message begins with its own subject, after a greeting that all share."""
    if len(messages) == 1:
        return list(messages[0].sections)
    openings = {message.sections[0]["paragraphs"][0] for message in messages}
    greeting = list(openings) if len(openings) == 1 else []
    sections = []
    for message in messages:
        first, *others = message.sections
        said = first["paragraphs"][len(greeting) :]
        sections += [first | {"paragraphs": [message.subject, *said]}, *others]
    sections[0]["paragraphs"] = greeting + sections[0]["paragraphs"]
    return sections


def _to(message: OutboxMessage) -> str:
    """The address with the person's name, quoted as the name needs it."""
    name = one_line(message.recipient.name) if message.recipient else ""
    try:
        return str(Address(display_name=name, addr_spec=message.to_address))
    except ValueError:  # an address that the parser cannot take apart goes as it stands
        return message.to_address
