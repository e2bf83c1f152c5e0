"""Answered questions, by topic: loaded from a file once, then the editors' own."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.taxonomy import in_language
from reenter.common.models import Entity

from .rules import Audience, audiences

CONTENT = ("topic", "audience", "chapter", "questions", "answers")


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: Any) -> QuestionQuerySet:
        """Published questions that are written for the person."""
        return self.filter(is_published=True, audience__in=audiences(user))


class Question(Entity):
    """A question with its answer; `questions` and `answers` hold a text per language code."""

    class Topic(models.TextChoices):
        JOINING = "joining", _("How to take part")
        MATCHING = "matching", _("Finding a match")
        TOGETHER = "together", _("Working together")
        STOPPING = "stopping", _("Pausing and stopping")
        SAFETY = "safety", _("Feeling safe")
        PRIVACY = "privacy", _("Your data")
        STAFF = "staff", _("For facilitators")

    key = models.CharField(max_length=100, unique=True, null=True, blank=True)
    topic = models.CharField(max_length=10, choices=Topic)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYONE)
    chapter = models.CharField(max_length=100, blank=True)
    questions = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    is_published = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]

    def __str__(self) -> str:
        return in_language(self.questions)

    @property
    def answer(self) -> str:
        return in_language(self.answers)

    @property
    def content_digest(self) -> str:
        """Changes with any word of the content; another than `loaded_digest` after an edit."""
        content = [getattr(self, name) for name in CONTENT]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
