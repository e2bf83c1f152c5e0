"""Links inside the handbook that lead nowhere, or that readers do not get to see as links.

A link to a page that is gone, to an address of our own that does not exist or to a heading that
the chapter lacks is broken. A link to a page that is not published is hidden: readers see its
words as plain text, and the link comes back with the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import get_language_from_path, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from . import richtext
from .models import BlocksPage, ChapterPage, HandbookIndexPage, HomePage
from .rendering import Raw, Renderer, texts


class Fault(models.TextChoices):
    GONE = "gone", _("leads to a page that is gone")
    ADDRESS = "address", _("leads to an address of this site that does not exist")
    HEADING = "heading", _("leads to a heading that this chapter does not have")
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
    pages = _Pages({link.page for link in every if link.page}, {_own_path(x.href) for x in every})
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
    """The pages that some links lead to: three queries, whatever their number."""

    def __init__(self, ids: set[int], paths: set[str]) -> None:
        self.keys = dict(Page.objects.filter(pk__in=ids).values_list("pk", "translation_key"))
        live = Page.objects.live()
        keyed = live.filter(translation_key__in=set(self.keys.values()))
        self.live = set(keyed.values_list("translation_key", "locale_id"))
        homes = HomePage.objects.values_list("locale__language_code", "url_path")
        self.homes = dict(homes) if any(paths) else {}
        urls = {self._url_path(path) for path in paths if path}
        self.url_paths = set(live.filter(url_path__in=urls).values_list("url_path", flat=True))

    def has_path(self, path: str) -> bool:
        try:
            match = resolve(path)
        except Resolver404:
            return False
        return match.view_name != "wagtail_serve" or self._url_path(path) in self.url_paths

    def _url_path(self, path: str) -> str:
        language = get_language_from_path(path) or ""
        rest = path.removeprefix(f"/{language}/").strip("/")
        return f"{self.homes.get(language, '')}{rest}/" if rest else self.homes.get(language, "")


def _own_path(href: str) -> str:
    """The path of an address on this site, with or without its name; empty for any other."""
    try:
        address, own = urlsplit(href), urlsplit(settings.SITE_URL)
    except ValueError:
        return ""
    if address.netloc:
        return (address.path or "/") if address.netloc == own.netloc else ""
    return address.path if not address.scheme and address.path.startswith("/") else ""


def _fault(link: Link, locale_id: int, raw: Raw, pages: _Pages) -> Fault | None:
    if link.page:
        key = pages.keys.get(link.page)
        if key is None:
            return Fault.GONE
        return None if (key, locale_id) in pages.live else Fault.HIDDEN
    if link.href.startswith("#"):
        return None if link.href[1:] in _anchors(raw) else Fault.HEADING
    path = _own_path(link.href)
    return Fault.ADDRESS if path and not pages.has_path(path) else None


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
    ids = set(page.get_descendants(inclusive=True).values_list("pk", flat=True))
    return [
        chapter
        for chapter in published_texts()
        if chapter.locale_id == page.locale_id
        if chapter.pk not in ids
        if any(link.page in ids for link in _links(chapter.raw_body))
    ]
