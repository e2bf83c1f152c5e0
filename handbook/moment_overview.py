"""What editors see of the moments: the chapters of each, and whether readers will see them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from .models import ChapterPage, Moment, MomentReading, PartPage
from .moments import PLACES, Place, who_misses
from .rules import Audience

Choices = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Line:
    """One chapter at a moment; `faults` are sentences, none when all who should see it do."""

    title: str
    page_id: int | None
    faults: list[str]


@dataclass(frozen=True)
class Row:
    moment: Moment
    place: Place
    lines: list[Line]
    readers: list[str | Promise]


def overview() -> list[Row]:
    """Every moment in the order of the code: 3 queries."""
    chosen = dict(MomentReading.objects.values_list("moment", "chapters"))
    pages = _pages()
    published = set(ChapterPage.objects.published().values_list("pk", flat=True))
    return [
        Row(
            moment=moment,
            place=(place := PLACES[moment]),
            lines=[
                _line(pages[uuid.UUID(key)], place, published) for key in chosen.get(moment, ())
            ],
            readers=[Audience(reader).label for reader in place.readers],
        )
        for moment in Moment
    ]


def _pages() -> dict[uuid.UUID, dict[str, ChapterPage]]:
    """The chapters by key, then by language; one query."""
    pages: dict[uuid.UUID, dict[str, ChapterPage]] = defaultdict(dict)
    rows = ChapterPage.objects.select_related("locale").defer("body", "search_text")
    for page in rows.order_by("path"):
        pages[page.translation_key][page.locale.language_code] = page
    return pages


def _line(pages: dict[str, ChapterPage], place: Place, published: set[int]) -> Line:
    if not pages:
        return Line(_("A chapter that is gone"), None, [_("Nobody sees it. Choose another one.")])
    faults = []
    for code, language in settings.LANGUAGES:
        page = pages.get(code)
        if page is None:
            faults.append(_("It is not there in %(language)s.") % {"language": language})
        elif page.pk not in published:
            faults.append(_("It is not published in %(language)s.") % {"language": language})
        else:
            faults += _unseen(page, place, language)
    shown = _in_my_language(pages)
    return Line(shown.title, shown.pk, faults)


def _unseen(page: ChapterPage, place: Place, language: str | Promise) -> list[str]:
    missing = [Audience(reader).label for reader in who_misses(place.readers, page.audience)]
    if not missing:
        return []
    words = {
        "language": language,
        "readers": ", ".join(map(str, missing)),
        "audience": page.get_audience_display(),
    }
    return [_("In %(language)s it is for: %(audience)s. Not for: %(readers)s.") % words]


def _in_my_language(pages: dict[str, ChapterPage]) -> ChapterPage:
    return pages.get(get_language() or "") or next(iter(pages.values()))


def chapter_choices() -> Choices:
    """Every chapter by its part, in the editor's language where it has one: 2 queries."""
    titles = dict(PartPage.objects.values_list("path", "title"))
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, pages in _pages().items():
        page = _in_my_language(pages)
        part = titles.get(page.path[: -Page.steplen], "")
        groups.setdefault(part, []).append((str(key), page.title))
    return list(groups.items())
