"""From the stored blocks of a chapter to what the templates show, and to plain words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.html import escape
from django.utils.text import slugify

from . import richtext
from .blocks import Place
from .explaining import Explainer

WORDS_A_MINUTE = 150
PLACES = {Place.SIGNUP: "accounts:start", Place.HOME: "desk:home"}
Raw = list[dict[str, Any]]


@dataclass(frozen=True)
class Heading:
    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Picture:
    """An image as it stands on our own site; width and height in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Shown:
    """One block, ready for `handbook/blocks/<kind>.html`."""

    kind: str
    values: dict[str, Any]

    @property
    def template(self) -> str:
        return f"handbook/blocks/{self.kind}.html"


@dataclass
class Renderer:
    """Renders one or more chapters of a page; anchors stay unique over all of them."""

    links: Mapping[int, str]
    deeper: int = 0
    pictures: Mapping[int, Picture] = field(default_factory=dict)
    explainer: Explainer = field(default_factory=lambda: Explainer([]))
    headings: list[Heading] = field(default_factory=list)

    def blocks(self, raw: Raw) -> list[Shown]:
        return [
            Shown(block["type"], getattr(self, f"_{block['type']}")(block["value"]))
            for block in raw
            if block["type"] in KINDS
        ]

    def anchor(self, text: str, level: int) -> str:
        """The id of a new heading, written down for the list of contents."""
        text = " ".join(text.split())
        base = slugify(text)[:60].strip("-") or "part"
        taken = {heading.anchor for heading in self.headings}
        # The page's own ids (main, and whatever a template brings) never begin like this.
        name, number = f"h-{base}", 1
        while name in taken:
            number += 1
            name = f"h-{base}-{number}"
        self.headings.append(Heading(name, text, level))
        return name

    def _line(self, html: str) -> str:
        return self.explainer.explain(richtext.safe_html(html, links=self.links, inline=True))

    def _titled(self, value: dict[str, Any]) -> dict[str, Any]:
        title, level = value.get("title") or "", 2 + self.deeper
        anchor = self.anchor(title, level) if title else ""
        return {"title": title, "anchor": anchor, "level": level}

    def _text(self, value: str) -> dict[str, Any]:
        html = richtext.safe_html(value, links=self.links, anchor=self.anchor, deeper=self.deeper)
        return {"html": self.explainer.explain(html)}

    def _tips(self, value: dict[str, Any]) -> dict[str, Any]:
        return self._titled(value) | {"list": [self._line(html) for html in _list(value)]}

    def _points(self, value: dict[str, Any]) -> dict[str, Any]:
        items = [(item["title"], self._line(item["text"])) for item in _list(value)]
        return self._titled(value) | {"list": items}

    _benefits = _steps = _points

    def _quote(self, value: dict[str, Any]) -> dict[str, Any]:
        return value

    def _example(self, value: dict[str, Any]) -> dict[str, Any]:
        return self._titled(value) | {"html": self._story(value["text"])}

    def _question(self, value: dict[str, Any]) -> dict[str, Any]:
        return {"question": value["question"], "html": self._story(value.get("text") or "")}

    def _story(self, html: str) -> str:
        return self.explainer.explain(richtext.safe_html(html, links=self.links))

    def _image(self, value: dict[str, Any]) -> dict[str, Any]:
        alt = "" if value.get("decoration") else value.get("alt") or ""
        picture = self.pictures.get(value.get("image") or 0)
        return {"picture": picture, "alt": alt, "caption": value.get("caption") or ""}

    def _video(self, value: dict[str, Any]) -> dict[str, Any]:
        link = value.get("link") or ""
        site = video_site(link)
        return value | {"url": link if site else "", "site": site}

    def _action(self, value: dict[str, Any]) -> dict[str, Any]:
        if value["target"] == Place.CHAPTER:
            url = self.links.get(value.get("page") or 0)
        else:
            url = reverse(PLACES[Place(value["target"])])
        return {"text": value["text"], "label": value["label"], "url": url}


KINDS = (
    "text", "tips", "benefits", "steps", "quote", "example", "question", "image", "video", "action",
)  # fmt: skip
# The plain words of a block, in reading order; the other kinds hold HTML or lists.
WORDS = {
    "quote": ("words", "name", "role"),
    "image": ("caption",),
    "video": ("title", "text"),
    "action": ("text", "label"),
}


def video_site(link: str) -> str:
    """The name of the site that a video stands on; empty for an address that cannot be used."""
    try:
        address = urlsplit(link)
    except ValueError:
        return ""
    return (address.hostname or "") if address.scheme == "https" else ""


def _list(value: dict[str, Any]) -> list[Any]:
    return [item["value"] for item in value["items"]]


def _heading(value: dict[str, Any]) -> str:
    title = value.get("title")
    return f"<h2>{escape(title)}</h2>" if title else ""


def texts(raw: Raw) -> Iterable[str]:
    """Every text of the blocks as HTML, in reading order."""
    for block in raw:
        kind, value = block["type"], block["value"]
        if kind == "text":
            yield value
        elif kind == "tips":
            yield from (_heading(value), *_list(value))
        elif kind in ("benefits", "steps"):
            yield _heading(value)
            for item in _list(value):
                yield from (escape(item["title"]), item["text"])
        elif kind in ("example", "question"):
            yield _heading(value) or f"<p>{escape(value.get('question', ''))}</p>"
            yield value.get("text") or ""
        elif kind in WORDS:
            yield from (escape(value.get(name) or "") for name in WORDS[kind])


def linked_pages(raw: Raw) -> set[int]:
    """Ids of all pages that the blocks lead to."""
    ids = {
        block["value"]["page"]
        for block in raw
        if block["type"] == "action" and block["value"].get("page")
    }
    for html in texts(raw):
        if "linktype" in html:
            ids |= richtext.page_ids(html)
    return ids


def pictures_in(raw: Raw) -> set[int]:
    """Ids of all images in the blocks."""
    images = (block["value"].get("image") for block in raw if block["type"] == "image")
    return {image for image in images if image}


def plain_text(raw: Raw) -> str:
    """All words of the blocks, for search and excerpts."""
    return " ".join(filter(None, (richtext.plain(html) for html in texts(raw))))


def readable_lines(raw: Raw) -> str:
    """All words with a line for each paragraph, heading and item, as a reader takes them in."""
    return "\n".join(filter(None, (richtext.lines(html) for html in texts(raw))))


def reading_minutes(text: str) -> int:
    """Whole minutes, at least one, at 150 words a minute."""
    return max(1, math.ceil(len(text.split()) / WORDS_A_MINUTE))
