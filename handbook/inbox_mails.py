"""The one mail to who sent something: there is an answer. It holds no word of what was sent.

Somebody without e-mail gets a letter, and with a link alone that would tell nothing: so theirs
holds the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reenter.common.contact import contact_line, contact_of
from reenter.common.outbox import Category, Section, message_queue

from .inbox import AskedQuestion, BookProposal, Sent


@dataclass(frozen=True)
class _Words:
    subject: str
    said: Sequence[str]
    action: tuple[str, str]
    sent: str


def answer(sent: AskedQuestion | BookProposal) -> None:
    """Call it in the transaction of the answer."""
    person = sent.sender
    contact = contact_of(person)
    with translation.override(person.language):
        words = _about_question(sent) if isinstance(sent, AskedQuestion) else _about_book(sent)
        letter = [] if person.email else [words.sent, sent.reply]
        message_queue(
            key=f"inbox:{sent.pk}",
            category=Category.CAPPED,
            recipient=person,
            programme=contact.programme,
            subject=words.subject,
            sections=[
                Section(
                    [_("Hello %s,") % person.first_name, *words.said, *filter(None, letter)],
                    *words.action,
                )
            ],
            closing=[contact_line(person)],
        )


def _about_question(asked: AskedQuestion) -> _Words:
    address = settings.SITE_URL + reverse("handbook:my_question", args=[asked.pk])
    first = _("You asked a question in the handbook on %s.") % _day(asked)
    sent = _("You asked: %s") % asked.text
    if asked.published_to:
        said = [first, _("An editor has answered it.")]
        return _Words(
            _("There is an answer to your question"), said, (_("Read the answer"), address), sent
        )
    said = [first, _("An editor has read it. We do not answer it in the handbook.")]
    return _Words(_("About your question"), said, (_("Read why"), address), sent)


def _about_book(proposal: BookProposal) -> _Words:
    address = settings.SITE_URL + reverse("handbook:my_books")
    first = _("You proposed a book for the book club on %s.") % _day(proposal)
    sent = _("Your book: %s") % proposal.title
    if proposal.book_id:
        said = [first, _("An editor has put it on the list. Thank you.")]
        return _Words(_("Your book is in the book club"), said, (_("See your book"), address), sent)
    said = [first, _("An editor has looked at it. We do not put it on the list.")]
    return _Words(_("About the book that you proposed"), said, (_("Read why"), address), sent)


def _day(sent: Sent) -> str:
    return date_format(timezone.localtime(sent.created_at), "j F")
