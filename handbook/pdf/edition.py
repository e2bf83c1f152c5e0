"""What stands in the PDF of a chapter, a part or the whole handbook for one kind of reader."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.images import get_image_model
from wagtail.models import Page

from handbook import richtext, rules, selectors
from handbook.models import BOOK_PATH, ChapterPage, HandbookIndexPage, PartPage
from handbook.rendering import Picture, Renderer, Shown, linked_pages, pictures_in

TEMPLATES = settings.BASE_DIR / "templates" / "handbook"
STYLE = TEMPLATES / "pdf" / "style.css"
LOOK = ("blocks/*.html", "pdf/*")


@dataclass(frozen=True)
class Section:
    """A part or a chapter of the document; `level` is that of its heading."""

    level: int
    anchor: str
    title: str
    intro: str
    blocks: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of the table of contents."""

    anchor: str
    title: str
    level: int


@dataclass(frozen=True)
class Edition:
    page: Any
    reader: Any
    shown: selectors.Contents
    chapters: tuple[ChapterPage, ...]

    @property
    def language(self) -> str:
        return self.page.locale.language_code

    @property
    def newest(self) -> datetime | None:
        """When the youngest text in it was published."""
        dates = [chapter.last_published_at for chapter in self.chapters]
        return max(filter(None, dates), default=None)

    @property
    def words(self) -> int:
        return sum(len(chapter.search_text.split()) for chapter in self.chapters)


def edition_of(page: Any, audiences: frozenset[str]) -> Edition:
    """`page` as readers of these audiences may see it; it may hold no chapter at all."""
    reader = rules.stand_in(audiences)
    shown = selectors.contents(reader, path=page.path[:BOOK_PATH])
    below = ChapterPage.objects.visible_to(reader).descendant_of(page, inclusive=True)
    return Edition(page, reader, shown, tuple(below.order_by("path")))


def digest_of(edition: Edition) -> str:
    """Changes with anything that the PDF shows: words, images, places of chapters, the look."""
    page, shown = edition.page, edition.shown
    entries = [part.entry for part in shown.parts] + shown.chapters
    images = set().union(*(pictures_in(chapter.raw_body) for chapter in edition.chapters))
    found = get_image_model().objects.filter(pk__in=images).order_by("pk")
    content = [
        _look(), settings.SITE_URL, edition.language, page.pk, page.title, page.intro,
        shown.credits, str(edition.newest),
        [(entry.title, entry.intro, entry.url, entry.path) for entry in entries],
        [(chapter.pk, chapter.raw_body) for chapter in edition.chapters],
        [(image.pk, image.get_file_hash()) for image in found],
    ]  # fmt: skip
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _look() -> str:
    """Changes with the templates, the style and the program that sets the type."""
    found = hashlib.sha256(version("weasyprint").encode())
    for pattern in LOOK:
        for path in sorted(TEMPLATES.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()


def html_of(edition: Edition) -> str:
    """The whole document, in the language of its page."""
    with translation.override(edition.language):
        return render_to_string("handbook/pdf/document.html", _context(edition))


def _context(edition: Edition) -> dict[str, Any]:
    page = edition.page
    renderer = _renderer(edition)
    sections = _sections(edition, renderer)
    is_chapter = isinstance(page, ChapterPage)
    contents = (
        [Line(heading.anchor, heading.text, heading.level - 1) for heading in renderer.headings]
        if is_chapter
        else [Line(section.anchor, section.title, section.level - 1) for section in sections]
    )
    return {
        "language": edition.language,
        "page": page,
        "book": edition.shown.book,
        "is_chapter": is_chapter,
        "sections": sections,
        "contents": contents,
        "newest": edition.newest,
        "credits": richtext.safe_html(edition.shown.credits, links={}),
        "page_url": _page_url(edition),
    }


def _page_url(edition: Edition) -> str:
    path = edition.shown.urls().get(edition.page.translation_key, "")
    return path if path.startswith("http") else f"{settings.SITE_URL}{path}"


def _sections(edition: Edition, renderer: Renderer) -> list[Section]:
    """The chapters in order; in the whole handbook each part stands before its first chapter."""
    whole = isinstance(edition.page, HandbookIndexPage)
    sections: list[Section] = []
    before = None
    for chapter in edition.chapters:
        part = edition.shown.part_with(chapter.path)
        if whole and part is not None and part is not before:
            entry = part.entry
            sections.append(Section(2, _anchor(entry.page_id), entry.title, entry.intro))
        before = part
        blocks = tuple(filter(_says_something, renderer.blocks(chapter.raw_body)))
        sections.append(
            Section(2 + whole, _anchor(chapter.pk), chapter.title, chapter.intro, blocks)
        )
    return sections


def _says_something(block: Shown) -> bool:
    """An image for decoration stays off: in a tagged PDF each image needs words."""
    return block.kind != "image" or bool(block.values["alt"])


def _anchor(page_id: int) -> str:
    return f"page-{page_id}"


def _renderer(edition: Edition) -> Renderer:
    bodies = [chapter.raw_body for chapter in edition.chapters]
    linked = set().union(*(linked_pages(raw) for raw in bodies))
    images = set().union(*(pictures_in(raw) for raw in bodies))
    deeper = {HandbookIndexPage: 2, PartPage: 1}.get(type(edition.page), 0)
    return Renderer(_links(edition, linked), deeper=deeper, pictures=_pictures(images))


def _links(edition: Edition, linked: set[int]) -> dict[int, str]:
    """A chapter that is in the document is a jump within it; the others are on the site."""
    here = {chapter.translation_key: _anchor(chapter.pk) for chapter in edition.chapters}
    keys = dict(Page.objects.filter(pk__in=linked).values_list("pk", "translation_key"))
    inside = {pk: f"#{here[key]}" for pk, key in keys.items() if key in here}
    page = edition.page
    return selectors.links(edition.shown, linked, edition.reader, page.locale_id) | inside


def _pictures(images: set[int]) -> dict[int, Picture]:
    found = selectors.pictures(images)
    return {
        pk: Picture(address_of_image(pk), picture.width, picture.height)
        for pk, picture in found.items()
    }


def address_of_image(image_id: int) -> str:
    """A name that only `files_of` knows: the document never sees where files are."""
    return f"handbook:image/{image_id}"


def files_of(edition: Edition) -> dict[str, Any]:
    """How to read each image of the document, by its name in it."""
    images = set().union(*(pictures_in(chapter.raw_body) for chapter in edition.chapters))
    found = get_image_model().objects.filter(pk__in=images)
    return {address_of_image(image.pk): _reader(image) for image in found}


def _reader(image: Any) -> Any:
    def read() -> bytes:
        with image.file.open("rb") as file:
            return file.read()

    return read
