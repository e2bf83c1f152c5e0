"""From files back to pages: all of them or none, and never onto the site without an editor."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from handbook import content_files, uploads
from handbook.content_files import Book, ChapterFile, SeriesFile, read_book, stream_blocks
from handbook.file_blocks import Finder
from handbook.front_matter import ContentError, naming
from handbook.keys import key_of
from handbook.models import ChapterPage, HandbookIndexPage, PartPage
from handbook.selectors import mentoring_book
from reenter.common import audit

from .loading import canonical, content_of, differences, first_page
from .pictures import picture_find, picture_keep
from .site import editors_prepare, home_prepare, site_prepare


@dataclass(frozen=True)
class Change:
    """What becomes of one page: new, changed or same; `notes` are sentences for the editor."""

    language: str
    file: str
    title: str
    state: str
    differs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def where(self) -> list[str]:
        """The parts of the page that differ, in words."""
        return [_in_words(name) for name in self.differs]

    def line(self) -> str:
        text = f"{self.language} {self.state:8} {self.file}"
        text = f"{text}: {', '.join(self.differs)}" if self.differs else text
        return " ".join([text, *(f"({note})" for note in self.notes)])


def _in_words(name: str) -> str:
    _block, is_block, number = name.partition("block ")
    if is_block:
        return _("block %(number)s") % {"number": number}
    model = ChapterPage if name in ("title", "intro", "audience", "body") else HandbookIndexPage
    return str(model._meta.get_field(name).verbose_name)


@dataclass
class _Node:
    """A page as the files have it, and the page of the site when it is there."""

    language: str
    file: str
    key: uuid.UUID
    model: type[Page]
    slug: str
    fields: dict[str, Any]
    parent: _Node | None = None
    text: ChapterFile | SeriesFile | Book | None = None
    page: Any = None
    is_new: bool = False


def import_plan(folder: Path) -> list[Change]:
    """What an import would do; reads only. Raises ContentError for a file that cannot be used."""
    importer = _Importer(folder)
    return [importer.change(node) for node in importer.nodes]


def handbook_import(*, actor: Any, folder: Path, publish: bool = False) -> list[Change]:
    """Make the pages that are new and a new version of those that differ: drafts, or published.

    Pages that the files lack stay; so do the place and the address of those that are there. What
    an editor wrote stays in the history. Raises ContentError with nothing written.
    """
    importer = _Importer(folder)
    try:
        with transaction.atomic():
            return importer.carry_out(actor, publish)
    except Exception:
        importer.forget_images()
        raise


@dataclass
class _Importer:
    folder: Path
    nodes: list[_Node] = field(default_factory=list)
    images: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.made: list[Any] = []
        languages = [code for code, _name in settings.LANGUAGES]
        for language in (code for code in languages if (self.folder / code).is_dir()):
            with naming(language):
                self.nodes += _nodes(read_book(language, self.folder))
        for node in self.nodes:
            node.page = _existing(node)
        self.chapter_keys = {
            node.text.key: node.key for node in self.nodes if node.model is ChapterPage
        }
        self.series_keys = {
            node.text.key: node.key for node in self.nodes if isinstance(node.text, SeriesFile)
        }
        self.part_keys = {
            Path(node.file).name: node.key for node in self.nodes if node.model is PartPage
        }

    # Reading

    def change(self, node: _Node) -> Change:
        wanted = self.wanted(node)
        title = node.fields["title"]
        if node.page is None:
            return Change(node.language, node.file, title, "new")
        latest = content_of(node.page.get_latest_revision_as_object())
        plain = canonical(wanted)
        if latest == plain:
            return Change(node.language, node.file, title, "same")
        if node.page.locked:
            raise ContentError(
                _("%(file)s: “%(title)s” is locked in the editor. Unlock it first.")
                % {"file": f"{node.language}/{node.file}", "title": node.page.title}
            )
        notes = []
        if node.page.has_unpublished_changes:
            notes.append(_("a draft of an editor stays in the history"))
        if node.page.slug != node.slug:
            notes.append(_("it keeps its address"))
        return Change(
            node.language, node.file, title, "changed", differences(latest, plain), tuple(notes)
        )

    def wanted(self, node: _Node) -> dict[str, Any]:
        """The fields as the page stores them; a page or image that is yet to be made counts -1."""
        if node.text is None:
            return node.fields
        with naming(f"{node.language}/{node.file}.md"):
            body = stream_blocks(node.text, self._finder(node.language))
            for block, source in zip(body, node.text.blocks, strict=True):
                for fault in _too_long(_BODY.child_blocks[block["type"]], block["value"]):
                    raise ContentError(f"line {source.line}, block {source.kind}: {fault}")
        return node.fields | {"body": body}

    def _finder(self, language: str) -> Finder:
        def chapter(key: str) -> int:
            number = self.chapter_keys.get(key) or key_of(f"chapter/{key}")
            return self._page_id(number, language, f"chapter:{key}")

        def part(key: str) -> int:
            number = self.part_keys.get(key) or key_of(f"part/{key}")
            return self._page_id(number, language, f"part:{key}")

        def series(key: str) -> int:
            number = self.series_keys.get(key) or key_of(f"series/{key}")
            return self._page_id(number, language, f"series:{key}")

        def book(key: str) -> int:
            books = (node for node in self.nodes if isinstance(node.text, Book))
            found = next(node for node in books if node.language == language)
            return found.page.pk if found.page else -1

        return Finder(chapter=chapter, image=self._image_id, part=part, book=book, series=series)

    def _page_id(self, key: uuid.UUID, language: str, name: str) -> int:
        inside = [node for node in self.nodes if node.key == key]
        own = [node for node in inside if node.language == language] or inside
        if own:
            return own[0].page.pk if own[0].page else -1
        pages = Page.objects.filter(translation_key=key)
        page = pages.filter(locale__language_code=language).first() or pages.first()
        if page is None:
            raise ContentError(_("there is no page %(name)s to link to.") % {"name": name})
        return page.pk

    def _image_id(self, name: str) -> int:
        if name not in self.images:
            self.images[name] = self._image(name)
        image = self.images[name]
        return image if isinstance(image, int) else image.pk

    def _image(self, name: str) -> Any:
        path = self.folder / "images" / name
        if not path.is_file():
            raise ContentError(_("there is no file images/%(name)s.") % {"name": name})
        content = path.read_bytes()
        found = picture_find(content)
        if found is not None:
            return found
        if not uploads.is_bare(content):
            try:
                content, ending = uploads.redrawn(content)
            except uploads.PictureError as error:
                raise ContentError(f"images/{name}: {error}") from error
            name = f"{path.stem}.{ending}"
        if not self.writing:
            return picture_find(content) or -1
        image = picture_find(content) or picture_keep(name=name, content=content)
        self.made.append(image)
        return image

    writing = False

    # Writing

    def carry_out(self, actor: Any, publish: bool) -> list[Change]:
        homes = {code: home_prepare(code) for code, _name in settings.LANGUAGES}
        site_prepare(homes)
        editors_prepare()
        changes = [self.change(node) for node in self.nodes]
        self.writing, self.images = True, {}
        self._make(homes)
        for node, change in zip(self.nodes, changes, strict=True):
            if change.state != "same":
                self._write(node, actor, publish)
        counts = {state: sum(c.state == state for c in changes) for state in ("new", "changed")}
        if any(counts.values()):
            home = homes[settings.LANGUAGE_CODE]
            audit.record(
                actor=actor, action="handbook.imported", target=home, published=publish, **counts
            )
        return changes

    def _make(self, homes: dict[str, Page]) -> None:
        """New pages in their place, still empty, because chapters link both ways."""
        before: _Node | None = None
        for node in self.nodes:
            if node.page is None:
                home = homes[node.language]
                parent = node.parent.page if node.parent is not None else home
                self._add(node, parent, home.locale_id, before)
            before = node
        for node in self.nodes:  # paths grew while others were put between
            node.page = node.model.objects.get(pk=node.page.pk)

    def _add(self, node: _Node, parent: Page, locale_id: int, before: _Node | None) -> None:
        parent = Page.objects.get(pk=parent.pk)
        page = node.model(
            slug="" if parent.get_children().filter(slug=node.slug).exists() else node.slug,
            locale=Locale.objects.get(pk=locale_id),
            translation_key=node.key,
            live=False,
            **node.fields,
        )
        siblings = before is not None and before.model is node.model
        previous = Page.objects.get(pk=before.page.pk) if before is not None and siblings else None
        if previous is not None and previous.is_child_of(parent):
            previous.add_sibling("right", instance=page)
        else:
            parent.add_child(instance=page)
        node.page, node.is_new = page, True

    def _write(self, node: _Node, actor: Any, publish: bool) -> None:
        page = node.page if node.is_new else node.page.get_latest_revision_as_object()
        for name, value in self.wanted(node).items():
            setattr(page, name, value)
        if node.is_new:
            page.save()
        revision = page.save_revision(user=actor, clean=False, log_action=True)
        if publish:
            try:
                revision.publish(user=actor, skip_permission_checks=True)
            except ValidationError as error:
                words = " ".join(error.messages)
                raise ContentError(f"{node.language}/{node.file}.md: {words}") from error

    def forget_images(self) -> None:
        """What a transaction that failed left on disk."""
        kept = get_image_model().objects.filter(pk__in=[image.pk for image in self.made])
        there = set(kept.values_list("pk", flat=True))
        for image in self.made:
            if image.pk not in there:
                image.file.storage.delete(image.file.name)


_BODY = ChapterPage.body.field.stream_block


def _nodes(book: Book) -> Iterator[_Node]:
    """What is made has a parent: the handbooks stand first, and a part before its chapters."""
    for first in sorted([book, *book.series], key=lambda one: one.order):
        name = content_files.BOOK if first is book else f"series/{first.key}"
        file = "_handbook" if first is book else name
        key, fields = _key(name, first.id), first_page(book, first)
        node = _Node(book.language, file, key, HandbookIndexPage, first.slug, fields, text=first)
        if first is book:
            top = node
        yield node
    for part in book.parts:
        fields = {"title": part.title, "intro": part.intro}
        key = _key(f"part/{part.key}", part.id)
        name = f"_handbook/{part.key}"
        above = _Node(book.language, name, key, PartPage, part.slug, fields, top)
        yield above
        for chapter in (chapter for chapter in book.chapters if chapter.part == part.key):
            fields = {
                "title": chapter.title, "intro": chapter.intro, "audience": chapter.audience
            }  # fmt: skip
            key = _key(f"chapter/{chapter.key}", chapter.id)
            yield _Node(
                book.language, chapter.key, key, ChapterPage, chapter.slug, fields, above, chapter
            )


def _key(name: str, own_id: str) -> uuid.UUID:
    return uuid.UUID(own_id) if own_id else key_of(name)


def _existing(node: _Node) -> Any:
    pages = node.model.objects.filter(locale__language_code=node.language)
    if isinstance(node.text, Book):  # a language has one, whatever its key
        return mentoring_book(pages, node.language)
    return pages.filter(translation_key=node.key).first()


def _too_long(block: Any, value: Any) -> Iterator[str]:
    """What does not fit in a field of the editor."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _too_long(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from _too_long(block.child_block, item["value"])
    elif isinstance(value, str) and isinstance(block, blocks.FieldBlock):
        most = getattr(block.field, "max_length", None)
        if most and len(value) > most:
            yield _("“%(text)s…” has %(count)s signs; at most %(most)s.") % {
                "text": value[:30], "count": len(value), "most": most,
            }  # fmt: skip
