"""What each kind of block in a content file becomes, as the page stores it. Pure: no database.

The syntax stands in docs/content.md. `content_writing` writes the same blocks.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from . import marks
from .front_matter import ContentError

ITEM = re.compile(r"- \*\*(.+?)\*\* +(.+)")
PLACES = ("signup", "home")
PICTURE = re.compile(r"[a-z0-9-]+\.(?:jpg|png)")
VIDEO = re.compile(r"https://[^\s\"<>]+")

Find = Callable[[str], int | None]


@dataclass(frozen=True)
class Finder:
    """Gives the id of a chapter, a part or another handbook by its key, of an image by its file
    name, of the book.

    None: there is none.
    """

    chapter: Find
    image: Find
    part: Find = lambda key: None
    book: Find = lambda key: None
    series: Find = lambda key: None

    def page(self, target: str) -> int | None:
        """By `chapter:key`, `part:key`, `series:key` or `page:handbook`."""
        kind, _colon, key = target.partition(":")
        finders = {
            "chapter": self.chapter, "part": self.part, "series": self.series, "page": self.book
        }  # fmt: skip
        return finders[kind](key)


NOTHING = Finder(chapter=lambda key: None, image=lambda name: None)


@dataclass(frozen=True)
class FileBlock:
    kind: str
    lines: tuple[str, ...]
    line: int = 0


def block_value(block: FileBlock, find: Finder) -> Any:
    if block.kind not in _VALUES:
        raise ContentError(
            _("line %(line)s: there is no block '%(kind)s'. Expected: %(kinds)s.")
            % {"line": block.line, "kind": block.kind, "kinds": ", ".join(_VALUES)}
        )
    held = replace(block, lines=tuple(marks.rows(block.lines)))
    try:
        return _VALUES[block.kind](held, find)
    except ContentError as error:
        raise ContentError(
            _("line %(line)s, block %(kind)s: %(fault)s")
            % {"line": block.line, "kind": block.kind, "fault": error}
        ) from error


def _titled(block: FileBlock) -> tuple[str, list[str]]:
    """The title (or nothing) and the list lines below it."""
    lines = [line for line in block.lines if line.strip()]
    title = ""
    if lines and lines[0].startswith("title: "):
        title = marks.plain(lines.pop(0).removeprefix("title: "))
    if not lines or not all(line.startswith("- ") for line in lines):
        raise ContentError(
            _("a block %(kind)s holds lines that begin with '- '.") % {"kind": block.kind}
        )
    return title, lines


def _items(values: list[Any]) -> list[dict[str, Any]]:
    # Without an id Wagtail takes the item for one of an older format, and loses what is in it.
    return [
        {"type": "item", "value": value, "id": stable_id(str(number), str(value))}
        for number, value in enumerate(values)
    ]


def stable_id(*parts: str) -> str:
    """The same id at each reading, so that two versions can be compared block by block."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(parts)))


def _tips_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    title, lines = _titled(block)
    return {"title": title, "items": _items([marks.line(line[2:], find.page) for line in lines])}


def _points_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    title, lines = _titled(block)
    points = []
    for line in lines:
        match = ITEM.fullmatch(line)
        if match is None:
            raise ContentError(
                _("'%(text)s' is not of the form '- **Title.** text'.")
                % {"text": marks.plain(line)}
            )
        points.append({"title": marks.plain(match[1]), "text": marks.line(match[2], find.page)})
    return {"title": title, "items": _items(points)}


def _quote_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    *words, last = [line for line in block.lines if line.strip()] or [""]
    if not words or not last.startswith("— "):
        raise ContentError(_("a quote ends with a line '— name, role'."))
    name, _comma, role = last.removeprefix("— ").partition(", ")
    said = " ".join(row.strip() for row in words)
    return {"words": marks.plain(said), "name": marks.plain(name), "role": marks.plain(role)}


def _action_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    fields = _fields(block, ("text", "label", "link"))
    kind, _colon, target = fields["link"].partition(":")
    value = {"text": fields["text"], "label": fields["label"], "page": None}
    if kind == "page" and target in PLACES:
        return value | {"target": target}
    if kind == "chapter":
        return value | {"target": "chapter", "page": find.chapter(target)}
    raise ContentError(_("'%(link)s' leads nowhere.") % {"link": fields["link"]})


def _fields(
    block: FileBlock, needed: tuple[str, ...], extra: tuple[str, ...] = ()
) -> dict[str, str]:
    """The lines `name: value` of a block: all that are needed, in order, then some of `extra`."""
    rows = [line.partition(": ") for line in block.lines if line.strip()]
    fields = {name: marks.plain(value) for name, _colon, value in rows}
    names = list(fields)
    rest = names[len(needed) :]
    known = [name for name in extra if name in fields]
    if names[: len(needed)] != list(needed) or rest != known or not all(fields.values()):
        lines = ", ".join(needed)
        raise ContentError(
            _("a block %(kind)s has the lines %(lines)s.") % {"kind": block.kind, "lines": lines}
        )
    return dict.fromkeys(extra, "") | fields


def _headed(block: FileBlock, name: str, find: Finder) -> tuple[str, str]:
    """The line `name: ...` (or nothing), and the text below it."""
    lines = list(block.lines)
    head = ""
    if lines and lines[0].startswith(f"{name}: "):
        head = marks.plain(lines.pop(0).removeprefix(f"{name}: "))
    if any(line.startswith("#") for line in lines):
        raise ContentError(_("a block %(kind)s holds no headings.") % {"kind": block.kind})
    return head, marks.read_text(lines, find.page)


def _example_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    title, text = _headed(block, "title", find)
    if not text:
        raise ContentError(_("a block example holds a text."))
    return {"title": title, "text": text}


def _question_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    question, text = _headed(block, "question", find)
    if not question:
        raise ContentError(_("a block question begins with a line question."))
    return {"question": question, "text": text}


def _image_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    fields = _fields(block, ("file",), ("alt", "decoration", "caption"))
    if not PICTURE.fullmatch(fields["file"]):
        raise ContentError(_("'%(file)s' is no name of an image.") % {"file": fields["file"]})
    if fields["decoration"] not in ("", "yes") or bool(fields["alt"]) == bool(fields["decoration"]):
        raise ContentError(_("an image has a line alt, or the line 'decoration: yes'."))
    return {
        "image": find.image(fields["file"]),
        "alt": fields["alt"],
        "decoration": bool(fields["decoration"]),
        "caption": fields["caption"],
    }


def _video_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    fields = _fields(block, ("title", "minutes", "link"), ("text",))
    if not fields["minutes"].isdecimal() or not int(fields["minutes"]):
        raise ContentError(_("the minutes of a video are a whole number."))
    if not VIDEO.fullmatch(fields["link"]):
        raise ContentError(
            _("'%(link)s' is no address that begins with https://.") % {"link": fields["link"]}
        )
    return fields | {"minutes": int(fields["minutes"])}


def _text_value(block: FileBlock, find: Finder) -> str:
    return marks.read_text(block.lines, find.page)


_VALUES: dict[str, Callable[[FileBlock, Finder], Any]] = {
    "text": _text_value,
    "tips": _tips_value,
    "benefits": _points_value,
    "steps": _points_value,
    "quote": _quote_value,
    "example": _example_value,
    "question": _question_value,
    "image": _image_value,
    "video": _video_value,
    "action": _action_value,
}
