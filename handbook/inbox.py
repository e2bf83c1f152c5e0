"""What readers send to the editors, a question or a book, and the one answer that comes back."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity

from .books import Book
from .questions import Question


class State(models.TextChoices):
    NEW = "new", _("Waiting for the editors")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


TRANSITIONS = {
    State.NEW: frozenset({State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset(),
    State.CLOSED: frozenset(),
}


class SentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """What the person sent. Editors never read along who did: see `waiting`."""
        return self.filter(sender=user) if user.is_authenticated else self.none()

    def waiting(self) -> Self:
        """For editors: what has no answer yet, longest waiting first, without its sender."""
        return self.filter(state=State.NEW).defer("sender").order_by("created_at")


class Sent(Entity):
    """Goes away with its sender; what editors made of it stays, because it names nobody."""

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    reply = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    objects = SentQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=State.NEW, decided_at=None)
                | (~models.Q(state=State.NEW) & models.Q(decided_at__isnull=False)),
                name="%(class)s_decided_when_not_new",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_new(self) -> bool:
        return self.state == State.NEW

    def may_become(self, state: str) -> bool:
        return state in TRANSITIONS[State(self.state)]


class AskedQuestion(Sent):
    class PublishedTo(models.TextChoices):
        EVERYONE = "everyone", _("Everybody")
        ASKER = "asker", _("Only who asked")

    text = models.TextField()
    topic = models.CharField(max_length=10, choices=Question.Topic, blank=True)
    published_to = models.CharField(max_length=10, choices=PublishedTo, blank=True)
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(Sent.Meta):
        constraints = [
            *Sent.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state=State.ANSWERED) ^ models.Q(published_to=""),
                name="askedquestion_answered_to_somebody",
            ),
        ]


class BookProposal(Sent):
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    book_language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    why = models.TextField()
    isbn = models.CharField(max_length=13, blank=True)
    book = models.ForeignKey(Book, null=True, on_delete=models.SET_NULL, related_name="+")
