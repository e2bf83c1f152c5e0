"""Answered questions, by topic: loaded from a file once, then the editors' own."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.taxonomy import in_language, language_in

from .entries import Entry
from .rules import Audience, audiences


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: Any) -> QuestionQuerySet:
        """Published questions that are written for the person."""
        return self.filter(is_published=True, audience__in=audiences(user))


class Question(Entry):
    """A question with its answer; `questions` and `answers` hold a text per language code."""

    class Topic(models.TextChoices):
        JOINING = "joining", _("How to take part")
        MATCHING = "matching", _("Finding a match")
        TOGETHER = "together", _("Working together")
        STOPPING = "stopping", _("Pausing and stopping")
        SAFETY = "safety", _("Feeling safe")
        PRIVACY = "privacy", _("Your data")
        STAFF = "staff", _("For facilitators")

    CONTENT = ("topic", "audience", "chapter", "questions", "answers")
    TRANSLATED = ("questions", "answers")

    topic = models.CharField(_("topic"), max_length=10, choices=Topic)
    audience = models.CharField(
        _("who may read it"), max_length=12, choices=Audience, default=Audience.EVERYONE
    )
    chapter = models.CharField(max_length=100, blank=True)
    questions = models.JSONField(_("question"), default=dict)
    answers = models.JSONField(_("answer"), default=dict)

    objects = QuestionQuerySet.as_manager()

    class Meta(Entry.Meta):
        verbose_name = _("question with its answer")
        verbose_name_plural = _("questions with their answers")

    def __str__(self) -> str:
        return in_language(self.questions)

    @property
    def answer(self) -> str:
        return in_language(self.answers)

    @property
    def language(self) -> str:
        """The language in which this page can show it."""
        return language_in(self.questions)
