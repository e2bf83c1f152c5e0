"""From the content files to pages: once, and again without undoing anybody's work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page

from handbook import content_files, richtext
from handbook.content_files import (
    FOLDER,
    Book,
    ChapterFile,
    SeriesFile,
    read_book,
    stream_blocks,
)
from handbook.file_blocks import Finder
from handbook.front_matter import ContentError
from handbook.keys import key_of
from handbook.models import ChapterPage, HandbookIndexPage, LoadedPage, PartPage
from reenter.common import audit

from .pictures import picture_keep
from .site import editors_prepare, home_prepare, site_prepare

FIELDS: dict[type[Page], tuple[str, ...]] = {
    HandbookIndexPage: ("title", "intro", "readers", "audience", "status", "body", "credits"),
    PartPage: ("title", "intro"),
    ChapterPage: ("title", "intro", "audience", "body"),
}
# What a handbook has gained since the first were loaded. As long as it is as new it does not count
# in the digest, so that the records of older databases still agree.
GAINED = {"readers": "", "audience": "everyone", "status": "complete", "body": []}


@dataclass(frozen=True)
class Outcome:
    """What became of one page: created, updated, same, kept (edited here) or removed (here)."""

    language: str
    name: str
    state: str
    differs: tuple[str, ...] = ()

    def line(self) -> str:
        text = f"{self.language} {self.state:8} {self.name}"
        return f"{text}: differs in {', '.join(self.differs)}" if self.differs else text


@dataclass(frozen=True)
class Node:
    """A page as the files have it."""

    name: str
    parent: str
    model: type[Page]
    slug: str
    fields: dict[str, Any]
    file: ChapterFile | SeriesFile | Book | None = None


@transaction.atomic
def handbook_load(*, actor: Any, folder: Path = FOLDER) -> list[Outcome]:
    """Make the tree in every language and bring it up to date with the files.

    A page that somebody edited since it was loaded is kept, one that somebody deleted stays away;
    the outcome says so. Raises ContentError for a file that cannot be used, with nothing written.
    """
    books = [read_book(code, folder) for code, _name in settings.LANGUAGES]
    homes = {book.language: home_prepare(book.language) for book in books}
    site_prepare(homes)
    editors_prepare()
    outcomes: list[Outcome] = []
    for book in books:
        outcomes += _Loader(book, homes[book.language], actor, folder).load()
    written = [outcome for outcome in outcomes if outcome.state in ("created", "updated")]
    if written:
        audit.record(
            actor=actor,
            action="handbook.loaded",
            target=homes[settings.LANGUAGE_CODE],
            pages=len(written),
        )
    return outcomes


def _nodes(book: Book) -> Iterator[Node]:
    for first in sorted([book, *book.series], key=lambda one: one.order):
        name = content_files.BOOK if first is book else f"series/{first.key}"
        yield Node(name, "home", HandbookIndexPage, first.slug, first_page(book, first), first)
    for part in book.parts:
        fields = {"title": part.title, "intro": part.intro}
        yield Node(f"part/{part.key}", "handbook", PartPage, part.slug, fields)
    for chapter in book.chapters:
        fields = {
            "title": chapter.title, "intro": chapter.intro, "audience": chapter.audience
        }  # fmt: skip
        name, parent = f"chapter/{chapter.key}", f"part/{chapter.part}"
        yield Node(name, parent, ChapterPage, chapter.slug, fields, chapter)


def first_page(book: Book, first: Book | SeriesFile) -> dict[str, Any]:
    """The fields of a handbook, or of another one of its series: the credits are the same."""
    names = ("title", "intro", "readers", "audience", "status")
    return {name: getattr(first, name) for name in names} | {"credits": book.credits}


@dataclass
class _Loader:
    """Loads one book. Pages are made first and filled after, because chapters link both ways."""

    book: Book
    home: Page
    actor: Any
    folder: Path
    pages: dict[str, Page] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)

    def load(self) -> list[Outcome]:
        nodes = list(_nodes(self.book))
        self.records = {r.key: r for r in LoadedPage.objects.filter(language=self.book.language)}
        self.pages["home"] = self.home
        for node in nodes:
            page = self._existing(node) or self._make(node)
            if page is not None:
                self.pages[node.name] = page
        return [self._outcome(node) for node in nodes]

    def _existing(self, node: Node) -> Page | None:
        keyed = node.model.objects.filter(translation_key=key_of(node.name))
        return keyed.filter(locale=self.home.locale_id).first()

    def _make(self, node: Node) -> Page | None:
        parent = self.pages.get(node.parent)
        if node.name in self.records or parent is None:
            return None  # somebody deleted it, or the part that it belongs to
        page = node.model(
            # Without a slug Wagtail makes a free one from the title.
            slug="" if parent.get_children().filter(slug=node.slug).exists() else node.slug,
            locale=Locale.objects.get(pk=self.home.locale_id),
            translation_key=key_of(node.name),
            live=False,
            **self._wanted(node),
        )
        parent.add_child(instance=page)
        self.made.add(node.name)
        return page

    def _wanted(self, node: Node) -> dict[str, Any]:
        if node.file is None:
            return node.fields
        find = Finder(
            chapter=lambda key: self._page_id(f"chapter/{key}"),
            image=self._image_id,
            series=lambda key: self._page_id(f"series/{key}"),
        )
        return node.fields | {"body": stream_blocks(node.file, find)}

    def _page_id(self, name: str) -> int | None:
        page = self.pages.get(name)
        return page.pk if page else None

    def _image_id(self, name: str) -> int:
        path = self.folder / "images" / name
        if not path.is_file():
            raise ContentError(f"there is no file images/{name}.")
        return picture_keep(name=name, content=path.read_bytes()).pk

    def _outcome(self, node: Node) -> Outcome:
        page = self.pages.get(node.name)
        if page is None:
            return Outcome(self.book.language, node.name, "removed")
        wanted = self._wanted(node)
        state, differs = self._state(node, page, canonical(wanted))
        if state in ("created", "updated"):
            self._write(page, wanted)
        if state != "kept":
            LoadedPage.objects.update_or_create(
                language=self.book.language,
                key=node.name,
                defaults={"digest": _digest(node, canonical(wanted))},
            )
        return Outcome(self.book.language, node.name, state, differs)

    def _state(self, node: Node, page: Page, wanted: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        if node.name in self.made:
            return "created", ()
        live, latest = content_of(page), content_of(page.get_latest_revision_as_object())
        if live == latest == wanted:
            return "same", ()
        record = self.records.get(node.name)
        digests = {_digest(node, live), _digest(node, latest)}
        untouched = record and digests == {record.digest}
        if untouched and page.live:
            return "updated", ()
        return "kept", differences(latest if latest != wanted else live, wanted)

    def _write(self, page: Page, wanted: dict[str, Any]) -> None:
        for name, value in wanted.items():
            setattr(page, name, value)
        revision = page.save_revision(user=self.actor)
        revision.publish(user=self.actor, skip_permission_checks=True)


def content_of(page: Page) -> dict[str, Any]:
    values = {name: getattr(page, name) for name in FIELDS[page.specific_class]}
    if "body" in values:
        values["body"] = page.raw_body
    return canonical(values)


def canonical(value: Any) -> Any:
    """The same content always the same: without ids of blocks, marks of the editor, or defaults."""
    if isinstance(value, dict):
        return {name: canonical(part) for name, part in value.items() if name != "id"}
    if isinstance(value, list):
        return [canonical(part) for part in value]
    if isinstance(value, str) and "<" in value:
        return richtext.canonical(value)
    return value


def _digest(node: Node, content: dict[str, Any]) -> str:
    if node.model is HandbookIndexPage:
        content = {name: part for name, part in content.items() if part != GAINED.get(name)}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(here: dict[str, Any], wanted: dict[str, Any]) -> tuple[str, ...]:
    """Names of the fields, and numbers of the blocks, in which a page differs from its file."""
    names = [name for name in wanted if name != "body" and here.get(name) != wanted[name]]
    ours, theirs = here.get("body", []), wanted.get("body", [])
    for number in range(max(len(ours), len(theirs))):
        if ours[number : number + 1] != theirs[number : number + 1]:
            names.append(f"block {number + 1}")
    return tuple(names)
