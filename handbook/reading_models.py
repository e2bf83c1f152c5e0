"""What helps a reader: words to search, chapters marked as read, what readers found useful."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reenter.common import clock
from reenter.common.models import Entity

NOTE_LETTERS = 500


class SearchWord(models.Model):
    """A word that stands in a chapter of this language: folded, and cut down to its stems."""

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=60)
    stem = models.CharField(max_length=60, db_index=True)
    root = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="search_word_once")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.word}"


class SearchHit(models.Model):
    """A word in a published chapter. `weight` says in what place: title, heading or text."""

    page = models.ForeignKey(
        "handbook.ChapterPage", on_delete=models.CASCADE, related_name="search_hits"
    )
    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="hits")
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "page"], name="search_hit_once")]

    def __str__(self) -> str:
        return f"{self.word_id} in {self.page_id}"


class ChapterRead(Entity):
    """A person marked a chapter as read; for nobody but that person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chapters_read"
    )
    # The same in every language: who read it in Dutch has read it in English.
    translation_key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "translation_key"], name="chapter_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.translation_key}"


class Verdict(models.Model):
    """One answer to "was this useful?". Nothing in it tells who gave it, nor the hour."""

    page = models.ForeignKey(
        "handbook.ChapterPage", on_delete=models.CASCADE, related_name="verdicts"
    )
    useful = models.BooleanField()
    note = models.TextField(blank=True, max_length=NOTE_LETTERS)
    day = models.DateField(default=clock.today)

    class Meta:
        indexes = [models.Index(fields=["page", "useful"])]

    def __str__(self) -> str:
        return f"{self.page_id} {'useful' if self.useful else 'not useful'}"
