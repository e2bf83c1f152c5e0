"""The books of the book club: loaded from a file once, then the editors' own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.taxonomy import in_language, language_in

from .entries import Entry
from .rules import Audience


@dataclass(frozen=True)
class Edition:
    language: str
    title: str
    isbn: str


class BookQuerySet(models.QuerySet["Book"]):
    def visible_to(self, user: Any) -> BookQuerySet:
        """Whoever reads along may know what others read: `audience` only tells for whom it is."""
        return self.filter(is_published=True)


class Book(Entry):
    """A book with why and for whom. `topics` holds codes of the taxonomy.

    `titles` and `isbns` hold a text per language in which the book can be read.
    """

    CONTENT = ("authors", "year", "audience", "topics", "titles", "isbns", "why", "for_whom")
    TRANSLATED = ("why", "for_whom")

    authors = models.CharField(_("authors"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year of the first edition"), null=True, blank=True)
    audience = models.CharField(
        _("good for"), max_length=12, choices=Audience, default=Audience.EVERYONE
    )
    topics = models.JSONField(_("topics"), default=list, blank=True)
    titles = models.JSONField(_("title"), default=dict)
    isbns = models.JSONField(_("ISBN"), default=dict, blank=True)
    why = models.JSONField(_("why read it"), default=dict)
    for_whom = models.JSONField(_("for whom"), default=dict)

    objects = BookQuerySet.as_manager()

    class Meta(Entry.Meta):
        verbose_name = _("book")
        verbose_name_plural = _("books")

    def __str__(self) -> str:
        return in_language(self.titles)

    @property
    def title_language(self) -> str:
        return language_in(self.titles)

    @property
    def language(self) -> str:
        """The language in which this page can tell about it."""
        return language_in(self.why)

    @property
    def reason(self) -> str:
        return in_language(self.why)

    @property
    def readers(self) -> str:
        return in_language(self.for_whom)

    @property
    def editions(self) -> list[Edition]:
        """In the order of the site's languages."""
        return [
            Edition(code, self.titles[code], self.isbns.get(code, ""))
            for code, _name in settings.LANGUAGES
            if self.titles.get(code)
        ]
