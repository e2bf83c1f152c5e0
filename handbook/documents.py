"""A DOCX or Markdown document as the chapters of a part: its words, and a list of what is lost.

Headings of level 1 begin a chapter, those of level 2 and lower stand inside. What comes out has
been through the same sieve as all rich text (`richtext`); images and tables stay behind, in words.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import mammoth
import nh3
from bs4 import Tag
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from .richtext import SCHEMES, parse

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_CHAPTERS = 100
MOST_TITLE = 120
MACROS = "word/vbaProject.bin"
OLD_WORD = b"\xd0\xcf\x11\xe0"
TAGS = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "a", "h1", "h2", "h3", "h4", "h5",
        "h6", "table", "tr", "td", "th", "img", "blockquote", "pre", "code", "hr"}  # fmt: skip
STYLES = "p[style-name='Title'] => h1.document-title:fresh\np[style-name='Subtitle'] => p:fresh"
OUTSIDE = re.compile(r"(?i)(https?|mailto|tel):")
TIPS = re.compile(r"\btips?\b", re.I)


class DocumentError(ValueError):
    """A document that is not taken; the text says what to do."""


@dataclass
class Chapter:
    title: str
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Document:
    """`left_out` holds a sentence for each thing that did not come along."""

    title: str
    chapters: list[Chapter]
    left_out: list[str]


def read_document(name: str, content: bytes) -> Document:
    """The document in a file with this name. Raises DocumentError."""
    if len(content) > MOST_BYTES:
        raise DocumentError(too_heavy())
    if not content.strip():
        raise DocumentError(_("This document is empty. Choose another one."))
    ending = PurePath(name).suffix.lower()
    if ending in (".md", ".markdown"):
        html, title = _markdown(content), ""
    elif ending == ".docx":
        html, title = _docx(content)
    else:
        raise DocumentError(_("Choose a Word document (.docx) or a Markdown file (.md)."))
    return _Reader(PurePath(name).stem[:MOST_TITLE]).read(html, title)


def too_heavy() -> str:
    text = _("This document is too big: over %(most)s MB. Take the pictures out and save it again.")
    return text % {"most": MOST_BYTES // 1024 // 1024}


def _markdown(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            _("This is no text in UTF-8. Save it as UTF-8 and try again.")
        ) from error
    # Markup of HTML in it is shown as the words that it is.
    return MarkdownIt("commonmark", {"html": False}).enable("table").render(text)


def _docx(content: bytes) -> tuple[str, str]:
    """Its HTML, and the words of its title style."""
    _check_docx(content)
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(content),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
        )
    except Exception as error:  # whatever a broken file makes it stumble over
        raise DocumentError(_damaged()) from error
    soup = parse(result.value)
    title = soup.find("h1", class_="document-title")
    words = title.extract().get_text() if title is not None else ""
    return soup.div.decode_contents(), " ".join(words.split())


def _check_docx(content: bytes) -> None:
    if content.startswith(OLD_WORD):
        raise DocumentError(
            _("This document has a password, or is of an old kind. Save it as .docx without one.")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED:
                raise DocumentError(too_heavy())
            if any(entry.flag_bits & 1 for entry in entries.values()):
                raise DocumentError(_("This document has a password. Save it without one."))
            if "word/document.xml" not in entries or "[Content_Types].xml" not in entries:
                raise DocumentError(_damaged())
            kinds = _unpacked(archive, "[Content_Types].xml")
            for name in entries:
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _unpacked(archive, name):
                    raise DocumentError(_damaged())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise DocumentError(_damaged()) from error
    if MACROS in entries or b"macroEnabled" in kinds:
        raise DocumentError(_("This document holds macros. Save it as an ordinary .docx."))


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """One more byte than allowed tells a size that is a lie."""
    with archive.open(name) as file:
        content = file.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise DocumentError(too_heavy())
    return content


def _damaged() -> str:
    return _("This is no Word document (.docx), or it is damaged. Save it anew and try again.")


class _Reader:
    """Goes through the HTML once, from top to bottom."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.chapters: list[Chapter] = []
        self.left_out: list[str] = []
        self.text: list[str] = []
        self.has_heading = False

    def read(self, html: str, title: str) -> Document:
        clean = nh3.clean(
            html, tags=TAGS, attributes={"a": {"href"}, "img": {"alt"}, "li": {"id"}},
            url_schemes=SCHEMES, link_rel=None,
        )  # fmt: skip
        soup = parse(clean)
        if not soup.get_text().strip():
            raise DocumentError(_("There are no words in this document."))
        if not soup.find("h1"):
            raise DocumentError(
                _(
                    "This document has no headings of level 1, so we cannot tell its chapters. "
                    "Give each chapter the style “Heading 1” (in Markdown: # Title)."
                )
            )
        self._title = title[:MOST_TITLE] or self.name
        for child in list(soup.div.children):
            if isinstance(child, Tag):
                self._element(child)
        self._close_text()
        if len(self.chapters) > MOST_CHAPTERS:
            text = _("This document has more than %(most)s chapters. Cut it into pieces.")
            raise DocumentError(text % {"most": MOST_CHAPTERS})
        return Document(self._title, self.chapters, self.left_out)

    def _element(self, tag: Tag) -> None:
        if tag.name == "h1":
            self._close_text()
            words = " ".join(tag.get_text().split())
            if words:
                self.chapters.append(Chapter(words[:MOST_TITLE]))
            return
        for lost in [tag, *tag.find_all(True)] if tag.name != "hr" else []:
            self._lose(lost)
        if tag.name in ("table", "hr") or tag.decomposed:
            return
        if tag.name in ("ul", "ol"):
            self._list(tag)
        elif tag.name == "blockquote":
            for child in tag.find_all(["p", "ul", "ol"], recursive=False):
                self._element(child)
        elif tag.get_text().strip():
            name = {"h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}.get(tag.name, "p")
            self._add(f"<{name}>{_inner(tag)}</{name}>")

    def _lose(self, tag: Tag) -> None:
        """Write down what cannot come along, and take it out."""
        if tag.decomposed:
            return
        if tag.name == "img":
            words = tag.get("alt") or _("without a description")
            self._note(_("an image (%(words)s)") % {"words": _short(str(words))})
            tag.decompose()
        elif tag.name == "table":
            rows = tag.find_all("tr")
            words = _short(
                " | ".join(cell.get_text().strip() for cell in tag.find_all(["td", "th"]))
            )
            self._note(
                _("a table of %(rows)s rows (%(words)s)") % {"rows": len(rows), "words": words}
            )
            tag.decompose()
        elif tag.name == "li" and str(tag.get("id", "")).startswith(("footnote", "endnote")):
            words = tag.get_text().replace("↑", "")
            self._note(_("a footnote (%(words)s)") % {"words": _short(words)})
            tag.decompose()
        elif tag.name == "a" and not re.match(
            r"(?i)(https?|mailto|tel):", str(tag.get("href", ""))
        ):
            tag.unwrap()

    def _note(self, what: str) -> None:
        chapter = self.chapters[-1].title if self.chapters else self._title
        self.left_out.append(f"“{chapter}”: {what}.")

    def _list(self, tag: Tag) -> None:
        """A list below a heading about tips becomes a list of tips; every other stays a list."""
        items = [item for item in tag.find_all("li", recursive=False) if item.get_text().strip()]
        if not items:
            return
        heading = parse(self.text[-1]).find("h2") if self.text else None
        flat = not tag.find(["ul", "ol"])
        if heading is not None and flat and TIPS.search(heading.get_text()):
            self.text.pop()
            self._close_text()
            values = [f"<p>{_inner(item)}</p>" for item in items]
            title = " ".join(heading.get_text().split())[:MOST_TITLE]
            self._block("tips", {"title": title, "items": _items(values)})
        else:
            self._add(_listed(tag))

    def _add(self, html: str) -> None:
        self.text.append(html)

    def _close_text(self) -> None:
        if self.text:
            self._block("text", "".join(self.text))
            self.text = []

    def _block(self, kind: str, value: Any) -> None:
        if not self.chapters:  # words before the first heading
            self.chapters.append(Chapter(self._title))
        self.chapters[-1].blocks.append({"type": kind, "value": value, "id": str(uuid.uuid4())})


def _items(values: list[str]) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": str(uuid.uuid4())} for value in values]


def _listed(tag: Tag) -> str:
    items = []
    for item in tag.find_all("li", recursive=False):
        inner = [child.extract() for child in item.find_all(["ul", "ol"], recursive=False)]
        below = "".join(_listed(child) for child in inner)
        if item.get_text().strip() or below:
            items.append(f"<li>{_inner(item)}{below}</li>")
    return f"<{tag.name}>{''.join(items)}</{tag.name}>"


def _inner(tag: Tag) -> str:
    """The words with bold, italic and links; paragraphs within become lines."""
    for inside in list(tag.find_all(["p", "pre", "code", "blockquote"])):
        if inside.name == "p" and inside.find_next_sibling("p") is not None:
            inside.append(parse("<br/>").br)
        inside.unwrap()
    for strong, plain in (("strong", "b"), ("em", "i")):
        for mark in tag.find_all(strong):
            mark.name = plain
    return tag.decode_contents().replace("\n", " ").strip()


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 200 else f"{words[:200]}…"
