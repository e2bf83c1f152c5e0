"""Links inside the handbook that lead nowhere, or that readers do not get to see as links.

A link to a page that is gone, to an address of our own that does not exist or to a heading that
a chapter lacks is broken. A link to a page that is not published is hidden: readers see its
words as plain text, and the link comes back with the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length, Substr
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import get_language_from_path, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from . import richtext
from .models import BlocksPage, ChapterPage, HandbookIndexPage, HomePage, PartPage
from .rendering import Raw, Renderer, texts


class Fault(models.TextChoices):
    GONE = "gone", _("leads to a page that is gone")
    ADDRESS = "address", _("leads to an address of this site that does not exist")
    HEADING = "heading", _("leads to a heading that this chapter does not have")
    THERE = "there", _("leads to a heading that the other chapter does not have")
    HIDDEN = "hidden", _("leads to a page that is not published: readers see plain words")


@dataclass(frozen=True)
class Link:
    """Where it stands, its words, and what it leads to: a page of the tree or an address."""

    number: int
    kind: str
    label: str
    page: int | None = None
    href: str = ""

    @property
    def place(self) -> str:
        """As an editor counts the blocks: “Block 3 (Tip list)”."""
        block = ChapterPage.body.field.stream_block.child_blocks[self.kind]
        return gettext("Block %(number)s (%(kind)s)") % {
            "number": self.number, "kind": capfirst(block.label),
        }  # fmt: skip


@dataclass(frozen=True)
class Finding:
    link: Link
    fault: Fault

    @property
    def is_broken(self) -> bool:
        return self.fault != Fault.HIDDEN

    def __str__(self) -> str:
        return f"{self.link.place}: “{self.link.label}” {self.fault.label}."


def findings(chapter: BlocksPage) -> list[Finding]:
    """What is wrong with the links of this chapter, as it stands in memory."""
    return findings_of([chapter])[0]


def findings_of(chapters: Sequence[BlocksPage]) -> list[list[Finding]]:
    """The same for many chapters, in as many queries as for one."""
    bodies = [chapter.raw_body for chapter in chapters]
    links = [list(_links(raw)) for raw in bodies]
    every = [link for found in links for link in found]
    addresses = {_own_address(link.href) for link in every}
    pages = _Pages({link.page for link in every if link.page}, addresses)
    result = []
    for chapter, raw, found in zip(chapters, bodies, links, strict=True):
        faults = ((link, _fault(link, chapter.locale_id, raw, pages)) for link in found)
        result.append([Finding(link, fault) for link, fault in faults if fault])
    return result


def _links(raw: Raw) -> Iterable[Link]:
    for number, block in enumerate(raw, start=1):
        kind, value = block["type"], block["value"]
        if kind == "action" and value["target"] == "chapter":
            yield Link(number, kind, value["label"], page=value.get("page") or -1)
        for html in texts([block]):
            for label, attributes in richtext.links(html):
                if attributes.get("linktype") == "page":
                    number_of = attributes.get("id", "")
                    page = int(number_of) if number_of.isdigit() else -1
                    yield Link(number, kind, label, page=page)
                else:
                    yield Link(number, kind, label, href=attributes.get("href", ""))


class _Pages:
    """The pages that some links lead to: three queries, whatever their number.

    One more when an address names a heading of a chapter.
    """

    def __init__(self, ids: set[int], addresses: set[tuple[str, str]]) -> None:
        self.keys = dict(Page.objects.filter(pk__in=ids).values_list("pk", "translation_key"))
        shown = _shown()
        keyed = shown.filter(translation_key__in=set(self.keys.values()))
        self.shown = set(keyed.values_list("translation_key", "locale_id"))
        homes = HomePage.objects.values_list("locale__language_code", "url_path")
        self.homes = dict(homes) if any(path for path, _heading in addresses) else {}
        urls = {self._url_path(path) for path, _heading in addresses if path}
        self.url_paths = set(shown.filter(url_path__in=urls).values_list("url_path", flat=True))
        deep = {self._url_path(path) for path, heading in addresses if heading}
        chapters = ChapterPage.objects.filter(url_path__in=deep) if deep else []
        self.anchors = {chapter.url_path: _anchors(chapter.raw_body) for chapter in chapters}

    def has_path(self, path: str) -> bool:
        try:
            match = resolve(path)
        except Resolver404:
            return False
        return match.view_name != "wagtail_serve" or self._url_path(path) in self.url_paths

    def has_heading(self, path: str, heading: str) -> bool:
        """Pages that are no chapters have what they have."""
        anchors = self.anchors.get(self._url_path(path))
        return anchors is None or heading in anchors

    def _url_path(self, path: str) -> str:
        language = get_language_from_path(path) or ""
        rest = path.removeprefix(f"/{language}/").strip("/")
        return f"{self.homes.get(language, '')}{rest}/" if rest else self.homes.get(language, "")


def _shown() -> models.QuerySet[Page]:
    """What is published, less the chapters of a part that is off the site."""
    parent_path = Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Page.steplen)
    return Page.objects.live().exclude(Exists(PartPage.objects.not_live().filter(path=parent_path)))


def _own_address(href: str) -> tuple[str, str]:
    """The path and the heading of an address on this site, with or without its name.

    Both are empty for any other address.
    """
    try:
        address, own = urlsplit(href), urlsplit(settings.SITE_URL)
    except ValueError:
        return "", ""
    if address.netloc == own.netloc:
        return address.path or "/", address.fragment
    if address.netloc or address.scheme or not address.path.startswith("/"):
        return "", ""
    return address.path, address.fragment


def _fault(link: Link, locale_id: int, raw: Raw, pages: _Pages) -> Fault | None:
    if link.page:
        key = pages.keys.get(link.page)
        if key is None:
            return Fault.GONE
        return None if (key, locale_id) in pages.shown else Fault.HIDDEN
    if link.href.startswith("#"):
        return None if link.href[1:] in _anchors(raw) else Fault.HEADING
    path, heading = _own_address(link.href)
    if not path:
        return None
    if not pages.has_path(path):
        return Fault.ADDRESS
    return Fault.THERE if heading and not pages.has_heading(path, heading) else None


def _anchors(raw: Raw) -> set[str]:
    renderer = Renderer({})
    renderer.blocks(raw)
    return {heading.anchor for heading in renderer.headings}


def published_texts() -> list[BlocksPage]:
    """The chapters and introductions that readers see, in reading order; two queries."""
    found = [
        page
        for model in (HandbookIndexPage, ChapterPage)
        for page in model.objects.live().select_related("locale")
    ]
    return sorted(found, key=lambda page: page.path)


def pointing_to(page: Any) -> list[BlocksPage]:
    """The published texts that link to this page or to one below it, in reading order."""
    below = page.get_descendants(inclusive=True)
    # A translation keeps the links of its original: they lead to the page in its own language.
    keys = below.values_list("translation_key", flat=True)
    ids = set(Page.objects.filter(translation_key__in=set(keys)).values_list("pk", flat=True))
    return [
        chapter
        for chapter in published_texts()
        if chapter.locale_id == page.locale_id
        if chapter.pk not in ids
        if any(link.page in ids for link in _links(chapter.raw_body))
    ]
