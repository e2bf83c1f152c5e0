"""The whole handbook as files, in the form of docs/content.md."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from handbook import content_files
from handbook.content_writing import Names, credits_text, page_text
from handbook.front_matter import split
from handbook.keys import key_of
from handbook.models import BlocksPage, ChapterPage, HandbookIndexPage, LoadedPage, PartPage
from handbook.rendering import pictures_in
from handbook.selectors import mentoring_book


@dataclass(frozen=True)
class Export:
    """Files by their name, and sentences about what is not in them."""

    files: dict[str, bytes]
    notes: list[str]


def handbook_export() -> Export:
    """The newest version of every page in every language, drafts too; changes nothing."""
    writer = _Writer()
    for language, _name in settings.LANGUAGES:
        main = mentoring_book(HandbookIndexPage.objects.all(), language)
        if main is None:
            continue
        books = HandbookIndexPage.objects.filter(locale=main.locale_id).order_by("path")
        for order, book in enumerate(books, start=1):
            if book == main:
                writer.book(language, book, order)
            else:
                writer.introduction(language, book, order)
    return Export(dict(sorted(writer.files.items())), writer.notes)


@dataclass
class _Writer:
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = _Keys()
        texts = [*_every(HandbookIndexPage), *_every(ChapterPage)]
        self.newest = {page.pk: _newest(page) for page in texts}
        self.images = _image_names(self.newest.values())
        self.names = Names(self.keys.target, lambda pk: self.images.get(pk))

    def book(self, language: str, page: HandbookIndexPage, order: int) -> None:
        book = self.newest[page.pk]
        parts = [_newest(part) for part in PartPage.objects.child_of(page).order_by("path")]
        tables = [
            {"key": self.keys.of(part), "title": part.title, "slug": part.slug}
            | self.keys.own_id(part)
            | {"intro": part.intro}
            for part in parts
        ]
        front = {"title": book.title, "slug": book.slug, "translation_key": content_files.BOOK}
        front |= self._first_page(book, order) | {"parts": tables}
        self._text(f"{language}/_handbook.md", front, book)
        with translation.override(language):
            head = {"title": _("Source and thanks"), "translation_key": "credits"}
        text = credits_text(head, book.credits, self.names)
        self._add(f"{language}/_credits.md", text)
        for part in parts:
            chapters = ChapterPage.objects.child_of(part).order_by("path")
            for order, chapter in enumerate(chapters, start=1):
                self._chapter(language, part, self.newest[chapter.pk], order)

    def introduction(self, language: str, page: HandbookIndexPage, order: int) -> None:
        """Of another handbook of the series: the files hold no more of it."""
        key, book = self.keys.of(page), self.newest[page.pk]
        front = {"key": key, "title": book.title, "slug": book.slug, "language": language}
        self._text(f"{language}/series/{key}.md", front | self._first_page(book, order), book)
        if ChapterPage.objects.descendant_of(page).exists():
            note = _("“%(title)s”: only its first page is in it, not its chapters.")
            self.notes.append(note % {"title": book.title})

    def _first_page(self, book: HandbookIndexPage, order: int) -> dict[str, Any]:
        return self.keys.own_id(book) | {
            "order": order, "audience": book.audience, "readers": book.readers,
            "status": book.status, "intro": book.intro,
        }  # fmt: skip

    def _chapter(self, language: str, part: PartPage, chapter: ChapterPage, order: int) -> None:
        key = self.keys.of(chapter)
        front = {"title": chapter.title, "slug": chapter.slug, "translation_key": key}
        front |= self.keys.own_id(chapter)
        front |= {
            "part": self.keys.of(part), "order": order, "audience": chapter.audience,
            "intro": chapter.intro,
        }  # fmt: skip
        self._text(f"{language}/{key}.md", front, chapter)

    def _text(self, file: str, front: dict[str, Any], page: BlocksPage) -> None:
        text, left_out = page_text(front, page.raw_body, self.names)
        self._add(file, text)
        for number in left_out:
            note = _("%(file)s: block %(number)s is not complete, so it is left out.")
            self.notes.append(note % {"file": file, "number": number})
        for image in sorted(pictures_in(page.raw_body)):
            self._image(image)

    def _image(self, number: int) -> None:
        name = self.images.get(number)
        if name and f"images/{name}" not in self.files:
            with get_image_model().objects.get(pk=number).file.open("rb") as file:
                self.files[f"images/{name}"] = file.read()

    def _add(self, name: str, text: str) -> None:
        self.files[name] = text.encode()


class _Keys:
    """The name of each page in the files: the product's own, else made from its address."""

    def __init__(self) -> None:
        known = {key_of(name): name for name in _known_names()}
        self.names: dict[Any, str]
        pages = [*_every(HandbookIndexPage), *_every(PartPage), *_every(ChapterPage)]
        self.key_of_page = {page.pk: page.translation_key for page in pages}
        mains = [mentoring_book(HandbookIndexPage.objects.all(), c) for c, _n in settings.LANGUAGES]
        self.names = {main.translation_key: content_files.BOOK for main in mains if main}
        taken = {known[key] for key in self.key_of_page.values() if key in known}
        for page in pages:
            key = page.translation_key
            if key not in self.names:
                self.names[key] = known.get(key) or _free(page, taken)
                taken.add(self.names[key])

    def of(self, page: Any) -> str:
        return self.names[page.translation_key].partition("/")[2]

    def own_id(self, page: Any) -> dict[str, str]:
        """The id of a page, when its name does not tell it."""
        key = page.translation_key
        return {} if key_of(self.names[key]) == key else {"id": str(key)}

    def target(self, page_id: int) -> str | None:
        """As a link names the page."""
        key = self.key_of_page.get(page_id)
        if key is None:
            return None
        kind, _slash, name = self.names[key].partition("/")
        return f"{kind}:{name}" if name else f"page:{content_files.BOOK}"


def _known_names() -> set[str]:
    """Names of pages that came with the product, of today and of earlier versions."""
    names = set(LoadedPage.objects.values_list("key", flat=True)) | {content_files.BOOK}
    for path in content_files.FOLDER.glob("*/[!_]*.md"):
        names.add(f"chapter/{path.stem}")
    for path in content_files.FOLDER.glob("*/series/*.md"):
        names.add(f"series/{path.stem}")
    for path in content_files.FOLDER.glob("*/_handbook.md"):
        front, _body, _line = split(path)
        names |= {f"part/{part['key']}" for part in front["parts"]}
    return names


def _free(page: Any, taken: set[str]) -> str:
    kind = {HandbookIndexPage: "series", PartPage: "part", ChapterPage: "chapter"}[type(page)]
    base = slugify(page.slug.replace("_", "-")).strip("-")[:80] or kind
    name, number = f"{kind}/{base}", 1
    while name in taken:
        number += 1
        name = f"{kind}/{base}-{number}"
    return name


def _every(model: Any) -> Iterable[Any]:
    """The pages of one kind, those of the site's first language first."""
    order = [code for code, _name in settings.LANGUAGES]
    pages = model.objects.select_related("locale", "latest_revision").order_by("path")
    return sorted(pages, key=lambda page: order.index(page.locale.language_code))


def _newest(page: Any) -> Any:
    return page.get_latest_revision_as_object() if page.latest_revision_id else page


def _image_names(chapters: Iterable[BlocksPage]) -> dict[int, str]:
    """A name for each image, from its title; two that share one get a piece of their digest."""
    ids = set().union(*(pictures_in(chapter.raw_body) for chapter in chapters))
    images = list(get_image_model().objects.filter(pk__in=ids))
    bases = {image.pk: slugify(image.title).replace("_", "-")[:60] or "image" for image in images}
    endings = {image.pk: _ending(image.file.name) for image in images}
    shared = Counter((bases[pk], endings[pk]) for pk in bases)
    names = {}
    for image in images:
        base, ending = bases[image.pk], endings[image.pk]
        if shared[base, ending] > 1:
            base = f"{base}-{_digest(image)[:8]}"
        names[image.pk] = f"{base}.{ending}"
    return names


def _ending(name: str) -> str:
    return "png" if Path(name).suffix.lower() == ".png" else "jpg"


def _digest(image: Any) -> str:
    with image.file.open("rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
