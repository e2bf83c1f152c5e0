"""The words of the glossary: loaded from a file once, then the editors' own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from accounts.models.taxonomy import in_language

from .entries import Entry

# A page that reads while somebody saves may keep the words from before: for so long at most.
CACHE_SECONDS = 300


class GlossaryTerm(Entry):
    """`terms` holds per language the word and its other forms, `explanations` a plain text."""

    CONTENT = ("in_text", "chapter", "terms", "explanations")
    TRANSLATED = ("terms", "explanations")

    terms = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    in_text = models.BooleanField(default=True)
    # The key that the chapter to read on shares with its translations.
    chapter = models.UUIDField(null=True, blank=True)

    class Meta(Entry.Meta):
        verbose_name = _("word of the glossary")
        verbose_name_plural = _("words of the glossary")

    def __str__(self) -> str:
        return in_language({code: forms[0] for code, forms in self.terms.items() if forms})

    @property
    def explanation(self) -> str:
        return in_language(self.explanations)


@dataclass(frozen=True)
class Word:
    """A term in one language, for readers."""

    anchor: str
    forms: tuple[str, ...]
    explanation: str
    in_text: bool
    chapter: UUID | None

    @property
    def name(self) -> str:
        return self.forms[0]


def words(language: str) -> list[Word]:
    """All published words of a language. Kept, so that a page need not ask the database."""
    return cache.get_or_set(_cache_key(language), lambda: _read(language), CACHE_SECONDS)


def words_for(language: str, chapters: Iterable[UUID]) -> list[Word]:
    """Those for a reader of these chapters: a word that leads to another one is left out."""
    known = set(chapters)
    return [word for word in words(language) if word.chapter is None or word.chapter in known]


def _read(language: str) -> list[Word]:
    rows = GlossaryTerm.objects.filter(is_published=True).order_by("created_at", "pk")
    return [
        Word(
            anchor=f"word-{row.key or row.pk}",
            forms=tuple(row.terms[language]),
            explanation=row.explanations.get(language, ""),
            in_text=row.in_text,
            chapter=row.chapter,
        )
        for row in rows
        if row.terms.get(language)
    ]


def _cache_key(language: str) -> str:
    return f"handbook-glossary-{language}"


def forget() -> None:
    """The next page reads the words anew."""
    cache.delete_many([_cache_key(code) for code, _name in settings.LANGUAGES])


@receiver([post_save, post_delete], sender=GlossaryTerm, dispatch_uid="glossary_forget")
def _changed(**kwargs: object) -> None:
    """At once for this transaction, and again when everybody can see the change."""
    forget()
    transaction.on_commit(forget)
