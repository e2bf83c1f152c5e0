"""What readers send to the editors, and what editors do with it: one answer, one mail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from handbook import inbox_mails
from handbook.books import Book
from handbook.inbox import AskedQuestion, BookProposal, Sent, State
from handbook.questions import Question
from reenter.common import audit, clock
from reenter.common.errors import Refused
from reenter.common.schedule import each_minute

MOST_A_DAY = 5
ANSWER_DAYS = 14
KEPT = timedelta(days=365)

S = TypeVar("S", bound=Sent)


@transaction.atomic
def question_ask(*, actor: Any, text: str, topic: str = "") -> AskedQuestion:
    """Send a question to the editors. Raises Refused when the day's are used up."""
    refusal = _("You asked %(most)d questions today. Ask your next one tomorrow.")
    _room_check(actor, AskedQuestion, refusal)
    asked = AskedQuestion(text=text, topic=topic)
    return _send(actor, asked)


@transaction.atomic
def book_propose(
    *, actor: Any, title: str, author: str, book_language: str, why: str, isbn: str = ""
) -> BookProposal:
    """Propose a book to the editors. Raises Refused when the day's are used up."""
    refusal = _("You proposed %(most)d books today. Propose your next one tomorrow.")
    _room_check(actor, BookProposal, refusal)
    proposal = BookProposal(
        title=title, author=author, book_language=book_language, why=why, isbn=isbn
    )
    return _send(actor, proposal)


@transaction.atomic
def sent_withdraw(*, actor: Any, sent: AskedQuestion | BookProposal) -> None:
    """Take back what one sent, as if it had never been. Raises Refused after the answer."""
    row = type(sent).objects.visible_to(actor).select_for_update().filter(pk=sent.pk).first()
    if row is None:
        return  # taken back before
    if not row.is_new:
        raise Refused(_("There is an answer already, so you cannot take it back."))
    audit.record(actor=actor, action=f"{row._meta.model_name}.withdrawn", target=row)
    row.delete()


@transaction.atomic
def question_publish(*, actor: Any, asked: AskedQuestion, question: Question) -> Question:
    """Answer for everybody: `question` is new and holds the editor's words. Raises Refused."""
    asked = _held(asked)
    question.save()
    asked.question = question
    asked.published_to = AskedQuestion.PublishedTo.EVERYONE
    reply = question.answers[asked.language]
    _decide(actor, asked, State.ANSWERED, reply, "published", question=str(question.pk))
    return question


@transaction.atomic
def question_reply(*, actor: Any, asked: AskedQuestion, answer: str) -> None:
    """Answer for nobody but who asked. Raises Refused."""
    asked = _held(asked)
    asked.published_to = AskedQuestion.PublishedTo.ASKER
    _decide(actor, asked, State.ANSWERED, answer, "answered")


@transaction.atomic
def book_choose(*, actor: Any, proposal: BookProposal, book: Book) -> Book:
    """Put it on the list: `book` is new and holds the editor's words. Raises Refused."""
    proposal = _held(proposal)
    book.save()
    proposal.book = book
    _decide(actor, proposal, State.ANSWERED, "", "chosen", book=str(book.pk))
    return book


@transaction.atomic
def sent_close(*, actor: Any, sent: AskedQuestion | BookProposal, reason: str) -> None:
    """Say kindly why not. Raises Refused."""
    _decide(actor, _held(sent), State.CLOSED, reason, "closed")


@each_minute("inbox_retention", order=96)
def old_ones_delete() -> int:
    """What was answered a year ago goes; what editors made of it stays."""
    limit = clock.now() - KEPT
    return sum(
        model.objects.filter(decided_at__lt=limit).delete()[0]
        for model in (AskedQuestion, BookProposal)
    )


def _room_check(actor: Any, model: type[Sent], refusal: str) -> None:
    """So many a day on the person's own clock; the lock keeps two windows from sending one more."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=actor.pk)
    zone = actor.time_zone
    morning = datetime.combine(clock.today(zone), time.min, ZoneInfo(zone))
    if model.objects.visible_to(actor).filter(created_at__gte=morning).count() >= MOST_A_DAY:
        raise Refused(refusal % {"most": MOST_A_DAY})


def _send(actor: Any, sent: S) -> S:
    sent.sender, sent.language = actor, actor.language
    sent.save()
    audit.record(actor=actor, action=f"{sent._meta.model_name}.sent", target=sent)
    return sent


def _held(sent: S) -> S:
    """The row, locked until the answer is there: two editors never both answer."""
    rows = type(sent).objects.select_for_update(of=("self",)).select_related("sender")
    row = rows.filter(pk=sent.pk).first()
    if row is None:
        raise Refused(_("The sender took this back. There is nothing to do any more."))
    return row


def _decide(actor: Any, sent: Any, state: str, reply: str, action: str, **data: str) -> None:
    if not sent.may_become(state):
        raise Refused(_("Another editor has answered this already."))
    sent.state, sent.reply, sent.decided_at = state, reply, clock.now()
    sent.save()
    audit.record(actor=actor, action=f"{sent._meta.model_name}.{action}", target=sent, **data)
    inbox_mails.answer(sent)
