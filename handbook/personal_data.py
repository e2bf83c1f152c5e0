"""What readers sent to the editors, for their export and for erasure."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reenter.common.readable import Words

from .inbox import AskedQuestion, BookProposal, State
from .questions import Question

WORDS = Words(
    title=_("My questions and books"),
    labels={
        "questions": _("Questions that I asked"),
        "books": _("Books that I proposed"),
        "text": _("Text"),
        "topic": _("Topic"),
        "state": _("State"),
        "sent_at": _("Sent on"),
        "answered_at": _("Answered on"),
        "answer": _("Answer"),
        "published_to": _("Who sees the answer"),
        "title": _("Title"),
        "author": _("Author"),
        "language": _("Language"),
        "why": _("Why"),
        "isbn": _("ISBN"),
    },
    codes={
        "questions.state": dict(State.choices),
        "questions.topic": dict(Question.Topic.choices),
        "questions.published_to": dict(AskedQuestion.PublishedTo.choices),
        "books.state": dict(State.choices),
        "books.language": dict(settings.LANGUAGES),
    },
)


def export(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "questions": [
            {"text": row.text, "topic": row.topic, "published_to": row.published_to} | _fate(row)
            for row in AskedQuestion.objects.visible_to(user)
        ],
        "books": [
            {
                "title": row.title,
                "author": row.author,
                "language": row.book_language,
                "why": row.why,
                "isbn": row.isbn,
            }
            | _fate(row)
            for row in BookProposal.objects.visible_to(user)
        ],
    }


def _fate(row: AskedQuestion | BookProposal) -> dict[str, Any]:
    return {
        "sent_at": row.created_at,
        "state": row.state,
        "answered_at": row.decided_at,
        "answer": row.reply,
    }


def erase(user: Any) -> None:
    """All of it. What editors published is their text: it names nobody, and it stays."""
    AskedQuestion.objects.filter(sender=user).delete()
    BookProposal.objects.filter(sender=user).delete()
