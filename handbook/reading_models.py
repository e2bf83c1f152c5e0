"""What helps a reader: the words of the chapters, to be searched."""

from __future__ import annotations

from django.db import models


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
