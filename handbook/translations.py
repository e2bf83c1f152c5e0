"""Which pages of the handbook have no translation, or one that is behind its original.

The original of a page is the language in which it was published first.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .books import Book
from .entries import Entry
from .models import ChapterPage, HandbookIndexPage, PartPage
from .questions import Question


class State(models.TextChoices):
    MISSING = "missing", _("Not translated")
    DRAFT = "draft", _("Translated, not published")
    BEHIND = "behind", _("The original changed since")


@dataclass(frozen=True)
class Lacking:
    """A published original, the language that lacks something, and its page when there is one."""

    original: Page
    language: str
    state: State
    translation: Page | None = None


def lacking() -> list[Lacking]:
    """Everything that a translator has to do, in reading order: one query."""
    kinds = (HandbookIndexPage, PartPage, ChapterPage)
    pages = Page.objects.type(kinds).select_related("locale")
    by_key = pages.order_by("translation_key", "path")
    found = []
    for _key, group in groupby(by_key, key=lambda page: page.translation_key):
        found += _lacking({page.locale.language_code: page for page in group})
    return sorted(found, key=lambda row: (row.original.path, row.language))


def _lacking(group: dict[str, Page]) -> list[Lacking]:
    original = min(group.values(), key=_age)
    if not original.live:
        return []
    rows = []
    for language, _name in settings.LANGUAGES:
        page = group.get(language)
        if page is not original and (state := _state(original, page)):
            rows.append(Lacking(original, language, state, page))
    return rows


def _age(page: Page) -> tuple[bool, float, bool]:
    first = page.first_published_at
    foreign = page.locale.language_code != settings.LANGUAGE_CODE
    return (not page.live, first.timestamp() if first else float("inf"), foreign)


def _state(original: Page, page: Page | None) -> State | None:
    if page is None:
        return State.MISSING
    if not page.live:
        return State.DRAFT
    if original.last_published_at and page.last_published_at:
        return State.BEHIND if original.last_published_at > page.last_published_at else None
    return None


def untranslated() -> list[tuple[Entry, str]]:
    """The questions and books that readers see, each with a language that it lacks: two queries."""
    rows = [row for model in (Question, Book) for row in model.objects.filter(is_published=True)]
    return [(row, code) for row in rows for code in row.missing_languages]
