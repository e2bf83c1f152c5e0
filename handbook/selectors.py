"""Reads for the pages of the handbook and for whoever links to it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.query import PageQuerySet

from .keys import chapter_key, key_of
from .models import (
    ChapterPage,
    ChapterQuerySet,
    ChapterRead,
    HandbookIndexPage,
    HandbookQuerySet,
    MomentReading,
    PartPage,
)
from .rendering import Picture
from .self_check import CheckQuestion, all_questions
from .stories import Story, StoryQuerySet


class Entry(NamedTuple):
    """A line of the contents; there may be hundreds, and a tuple is the quickest to make."""

    page_id: int
    key: uuid.UUID
    title: str
    intro: str
    url: str
    path: str
    minutes: int = 0
    read_at: datetime | None = None


@dataclass(frozen=True)
class Part:
    entry: Entry
    chapters: tuple[Entry, ...]


@dataclass(frozen=True)
class Contents:
    """What one reader may see of a handbook, in reading order."""

    book: Entry | None
    credits: str
    parts: tuple[Part, ...]

    @property
    def chapters(self) -> list[Entry]:
        return [chapter for part in self.parts for chapter in part.chapters]

    def part_with(self, path: str) -> Part | None:
        """The part at this tree path, or the one that holds the chapter at this path."""
        return next((part for part in self.parts if path.startswith(part.entry.path)), None)

    def around(self, path: str) -> tuple[Entry | None, Entry | None]:
        """The chapters before and after the one at this tree path."""
        chapters = self.chapters
        place = next((n for n, chapter in enumerate(chapters) if chapter.path == path), None)
        if place is None:
            return None, None
        after = chapters[place + 1] if place + 1 < len(chapters) else None
        return (chapters[place - 1] if place else None), after

    def entries(self) -> list[Entry]:
        """The handbook itself, its parts and their chapters."""
        book = [self.book] if self.book else []
        return [*book, *(part.entry for part in self.parts), *self.chapters]

    def entry_of(self, page: Page) -> Entry | None:
        """The line of this page; None when it is not for the reader."""
        return next((entry for entry in self.entries() if entry.page_id == page.pk), None)

    def with_marks(self) -> list[Entry]:
        """The chapters that the reader marked as read."""
        return [chapter for chapter in self.chapters if chapter.read_at]

    def following(self) -> Entry | None:
        """Where to go on: after what was marked last; what was skipped comes at the end."""
        chapters = self.chapters
        last = max(self.with_marks(), key=lambda entry: entry.read_at, default=None)
        place = chapters.index(last) + 1 if last else 0
        ahead = [*chapters[place:], *chapters[:place]]
        return next((chapter for chapter in ahead if not chapter.read_at), None)

    def urls(self) -> dict[uuid.UUID, str]:
        """Where each page is, by the key that it shares with its translations."""
        return {entry.key: entry.url for entry in self.entries()}


@dataclass(frozen=True)
class Listed:
    """A handbook of the series, in the reader's language or else in one that there is."""

    page: HandbookIndexPage
    url: str
    language: str

    @property
    def language_name(self) -> Any:
        return dict(settings.LANGUAGES)[self.language]


def contents(
    user: Any,
    *,
    path: str = "",
    language: str = "",
    request: HttpRequest | None = None,
) -> Contents:
    """The contents for this reader of the handbook at a tree path, or of the one for mentoring in
    a language: 3 queries.

    Rows, not pages: a page of Wagtail takes longer to make than all else here.
    """
    books = HandbookIndexPage.objects.visible_to(user).defer("body")
    book = books.filter(path=path).first() if path else mentoring_book(books, language)
    if book is None:
        return Contents(None, "", ())
    first = _entry(book, book.get_url(request) or "")
    chapters: dict[str, list[Entry]] = defaultdict(list)
    for row in _chapter_rows(user, book):
        chapters[row.path[: -Page.steplen]].append(_entry(row, _below(book, first.url, row)))
    # A part is for whoever may read one of its chapters, as in `PartQuerySet.visible_to`.
    parts = [
        Part(_entry(row, _below(book, first.url, row)), tuple(chapters[row.path]))
        for row in _rows(PartPage.objects.live(), book)
        if row.path in chapters
    ]
    return Contents(book=first, credits=book.credits, parts=tuple(parts))


def visible_chapters(user: Any, language: str) -> ChapterQuerySet:
    """The chapters that a person may read in a language, in reading order."""
    return (
        ChapterPage.objects.visible_to(user).filter(locale__language_code=language).order_by("path")
    )


@dataclass(frozen=True)
class Reading:
    """A chapter to read on."""

    title: str
    url: str
    minutes: int


def reading_for(user: Any, *moments: str) -> list[Reading]:
    """What editors offer at these moments, as far as this reader may see it in the language of
    the page: at most 3 queries, one when nothing is offered."""
    rows = MomentReading.objects.filter(moment__in=moments).values_list("moment", "chapters")
    offered = dict(rows)
    return readings(user, [uuid.UUID(key) for one in moments for key in offered.get(one, ())])


def readings(user: Any, keys: Iterable[uuid.UUID]) -> list[Reading]:
    """These chapters, in this order, each once; left out when not for this reader."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return []
    pages = visible_chapters(user, get_language() or settings.LANGUAGE_CODE)
    pages = pages.filter(translation_key__in=wanted).select_related("locale")
    found = {page.translation_key: page for page in pages.defer("body", "search_text")}
    return [
        Reading(page.title, page.url or "", page.reading_minutes)
        for page in map(found.get, wanted)
        if page
    ]


def self_check(roles: Iterable[str]) -> list[CheckQuestion]:
    """The questions at the end of the briefing of these roles, in order. No query."""
    return [question for role in roles for question in all_questions() if question.role == role]


def chapter_url(translation_key: str | uuid.UUID, language: str) -> str | None:
    """Where a chapter is, or None when it is not published in that language.

    `translation_key` is the key of a chapter that came with the product ("code-of-conduct"), or
    the UUID that a page shares with its translations. Who may not read it is told so there.
    """
    key = (
        translation_key if isinstance(translation_key, uuid.UUID) else chapter_key(translation_key)
    )
    page = (
        ChapterPage.objects.live()
        .defer("body", "search_text")
        .filter(translation_key=key, locale__language_code=language)
        .first()
    )
    return page.url if page else None


def page_url(key: uuid.UUID, language: str) -> str | None:
    """Where any page of the handbook is in a language, by the key of its translations."""
    page = Page.objects.live().filter(translation_key=key, locale__language_code=language).first()
    return page.url if page else None


def book_url(language: str) -> str | None:
    """Where the handbook for mentoring begins in a language."""
    book = mentoring_book(HandbookIndexPage.objects.live().defer("body"), language)
    return book.url if book else None


def series(user: Any, language: str) -> list[Listed]:
    """Every handbook that a person may read, once, in tree order: one query and its addresses."""
    books = HandbookIndexPage.objects.visible_to(user).defer("body").select_related("locale")
    found: dict[uuid.UUID, Listed] = {}
    for page in books.order_by("path"):
        code = page.locale.language_code
        if page.translation_key not in found or code == language:
            found[page.translation_key] = Listed(page, page.url or "", code)
    listed = sorted(found.values(), key=lambda one: one.page.path)
    return sorted(listed, key=lambda one: one.language != language)


def stories(user: Any, language: str) -> StoryQuerySet:
    """The stories on the site, newest first, those told in this language before the others."""
    other = Case(When(language=language, then=Value(0)), default=Value(1))
    return Story.objects.visible_to(user).order_by(other, "-published_at")


def links(shown: Contents, page_ids: Iterable[int], user: Any, locale_id: int) -> dict[int, str]:
    """Where the linked pages are, in this language; left out when not for this reader.

    Most are in the handbook that is `shown`. The others, of another handbook or language, take a
    query.
    """
    ids = set(page_ids)
    found = {entry.page_id: entry.url for entry in shown.entries() if entry.page_id in ids}
    if len(found) == len(ids) or shown.book is None:
        return found
    urls = shown.urls()
    here = Page.objects.filter(translation_key=OuterRef("translation_key"), locale_id=locale_id)
    readable = [
        Exists(model.objects.visible_to(user).filter(pk=OuterRef("pk")))
        for model in (HandbookIndexPage, PartPage, ChapterPage)
    ]
    here = here.filter(readable[0] | readable[1] | readable[2])
    others = Page.objects.filter(pk__in=ids - found.keys())
    others = others.annotate(here=Subquery(here.values("url_path")[:1]))
    for pk, key, url_path in others.values_list("pk", "translation_key", "here"):
        if key in urls or url_path:
            found[pk] = urls.get(key) or _beside(shown.book, url_path)
    return found


def _beside(book: Entry, url_path: str) -> str:
    """The address of a page of another handbook: the trees of one language share their top."""
    top = book.url.rstrip("/").rpartition("/")[0]
    return f"{top}/{url_path.split('/', 2)[2]}"


def pictures(image_ids: Iterable[int]) -> dict[int, Picture]:
    """The images of one or more chapters: at most one query."""
    ids = set(image_ids)
    if not ids:
        return {}
    found = get_image_model().objects.filter(pk__in=ids)
    return {image.pk: Picture(image.file.url, image.width, image.height) for image in found}


def mentoring_book(books: HandbookQuerySet, language: str) -> HandbookIndexPage | None:
    """The handbook for mentoring, which this site is about; without it the first that there is."""
    other = Case(When(translation_key=key_of("handbook"), then=Value(0)), default=Value(1))
    return books.filter(locale__language_code=language).order_by(other, "path").first()


def _rows(pages: PageQuerySet, book: HandbookIndexPage, *more: str) -> PageQuerySet:
    """The pages below a handbook in reading order, as rows with what the contents show."""
    fields = ("pk", "translation_key", "title", "intro", "path", "url_path", *more)
    rows = pages.descendant_of(book).filter(locale=book.locale_id).order_by("path")
    return rows.values_list(*fields, named=True)


def _chapter_rows(user: Any, book: HandbookIndexPage) -> PageQuerySet:
    """With the reader's own marks; nobody else's are ever read."""
    pages, more = ChapterPage.objects.visible_to(user), ["reading_minutes"]
    if user.is_authenticated:
        marks = ChapterRead.objects.filter(
            user_id=user.pk, translation_key=OuterRef("translation_key")
        )
        pages = pages.annotate(read_at=Subquery(marks.values("created_at")[:1]))
        more.append("read_at")
    return _rows(pages, book, *more)


def _below(book: HandbookIndexPage, url: str, row: Any) -> str:
    """Where a page below the handbook at `url` is: addresses grow downwards."""
    return url + row.url_path.removeprefix(book.url_path)


def _entry(row: Any, url: str) -> Entry:
    return Entry(
        page_id=row.pk,
        key=row.translation_key,
        title=row.title,
        intro=row.intro,
        url=url,
        path=row.path,
        minutes=getattr(row, "reading_minutes", 0),
        read_at=getattr(row, "read_at", None),
    )
