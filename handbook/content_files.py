"""Reads the handbooks that come with the product. Pure: no database.

The syntax stands in docs/content.md. Everything wrong is a `ContentError` that names the file, the
line and what was expected. `content_writing` writes the same files.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from . import marks
from .front_matter import ContentError, fields_of, id_of, naming, once, split

FOLDER = Path(__file__).resolve().parent / "content"
ITEM = re.compile(r"- \*\*(.+?)\*\* +(.+)")
PLACES = ("signup", "home")
AUDIENCES = ("everyone", "mentor", "mentee", "facilitator")
STATUSES = ("introduction", "complete")
BOOK = "handbook"

Blocks = list[dict[str, Any]]
Find = Callable[[str], int | None]
PICTURE = re.compile(r"[a-z0-9-]+\.(?:jpg|png)")
VIDEO = re.compile(r"https://[^\s\"<>]+")
KEY = re.compile(r"[a-z0-9][a-z0-9-]*")


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


@dataclass(frozen=True)
class ChapterFile:
    key: str
    title: str
    slug: str
    intro: str
    part: str
    order: int
    audience: str
    blocks: tuple[FileBlock, ...]
    id: str = ""


@dataclass(frozen=True)
class SeriesFile:
    """The introduction of one more handbook."""

    key: str
    title: str
    slug: str
    intro: str
    readers: str
    audience: str
    status: str
    order: int
    blocks: tuple[FileBlock, ...]
    id: str = ""


@dataclass(frozen=True)
class PartFile:
    key: str
    title: str
    slug: str
    intro: str
    id: str = ""


@dataclass(frozen=True)
class Book:
    """All files of one language; the chapters and the other handbooks in reading order.

    `key` and `blocks` are those of the handbook's own first page.
    """

    language: str
    title: str
    slug: str
    intro: str
    readers: str
    audience: str
    status: str
    order: int
    blocks: tuple[FileBlock, ...]
    credits: str
    parts: tuple[PartFile, ...]
    chapters: tuple[ChapterFile, ...]
    series: tuple[SeriesFile, ...]
    id: str = ""
    key: str = BOOK


def read_book(language: str, folder: Path = FOLDER) -> Book:
    """The book of one language. Raises ContentError for a file that cannot be used."""
    here = folder / language
    with naming("_handbook.md"):
        front, body, line = split(here / "_handbook.md")
        own = _first_page(front, body, line)
        parts = tuple(_part(part) for part in front.get("parts", []))
        once([part.key for part in parts], _("the key of a part"))
    places = {part.key: number for number, part in enumerate(parts)}
    chapters = [_read_chapter(path, places) for path in sorted(here.glob("[!_]*.md"))]
    with naming(language):
        once([chapter.key for chapter in chapters], _("a translation_key"))
        once([f"{chapter.part}/{chapter.slug}" for chapter in chapters], _("a slug within a part"))
    chapters.sort(key=lambda chapter: (places[chapter.part], chapter.order))
    series = [_read_introduction(path, language) for path in (here / "series").glob("*.md")]
    _credits, credits_text = _read(here / "_credits.md")
    return Book(
        language=language,
        credits=marks.read_text(marks.rows(credits_text.split("\n")), NOTHING.page),
        parts=parts,
        chapters=tuple(chapters),
        series=tuple(sorted(series, key=lambda file: (file.order, file.key))),
        **own,
    )


def stream_blocks(file: ChapterFile | SeriesFile | Book, find: Finder) -> Blocks:
    """The file's blocks as the page stores them.

    A link to a chapter that `find` does not know becomes plain text; an image that it does not
    know is left open.
    """
    return [
        {
            "type": block.kind,
            "value": block_value(block, find),
            "id": _id(file.key, str(number), block.kind),
        }
        for number, block in enumerate(file.blocks)
    ]


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


def _read(path: Path) -> tuple[dict[str, Any], str]:
    with naming(path.name):
        front, body, _line = split(path)
    return front, body


def _part(front: Any) -> PartFile:
    if not isinstance(front, dict):
        raise ContentError(_("front matter: parts are written as [[parts]]."))
    fields = fields_of(front, {"key": 90, "title": 255, "slug": 255, "intro": 250})
    if not KEY.fullmatch(fields["key"]):
        raise ContentError(
            _("front matter: %(name)s '%(value)s' is not of small letters, digits and -.")
            % {"name": "key", "value": fields["key"]}
        )
    return PartFile(**fields, id=id_of(front))


def _read_chapter(path: Path, places: dict[str, int]) -> ChapterFile:
    with naming(path.name):
        front, body, line = split(path)
        names = {"translation_key": 90, "title": 255, "slug": 255, "intro": 250, "part": 90}
        fields = fields_of(front, names | {"audience": 20})
        order = _order(front)
        key = fields.pop("translation_key")
        if key != path.stem or not KEY.fullmatch(key):
            raise ContentError(
                _("front matter: translation_key '%(key)s' is not the name of the file.")
                % {"key": key}
            )
        if fields["part"] not in places:
            raise ContentError(
                _("no part is called %(part)s. Expected: %(parts)s.")
                % {"part": fields["part"], "parts": ", ".join(places)}
            )
        _check_audience(fields)
        chapter = ChapterFile(
            key=key, order=order, blocks=tuple(_parse(body, line)), id=id_of(front), **fields
        )
        stream_blocks(chapter, NOTHING)
    return chapter


def _read_introduction(path: Path, language: str) -> SeriesFile:
    with naming(f"series/{path.name}"):
        front, body, line = split(path)
        key = fields_of(front, {"key": 90})["key"]
        if key != path.stem or not KEY.fullmatch(key):
            raise ContentError(
                _("front matter: key '%(key)s' is not the name of the file.") % {"key": key}
            )
        if front.get("language", language) != language:
            raise ContentError(_("front matter: language is not that of the folder."))
        return SeriesFile(key=key, **_first_page(front, body, line))


def _first_page(front: dict[str, Any], body: str, line: int) -> dict[str, Any]:
    """What the first page of any handbook has."""
    names = {"title": 255, "slug": 255, "intro": 250, "readers": 150, "audience": 20, "status": 12}
    fields = fields_of({"audience": "everyone"} | front, names)
    _check_audience(fields)
    if fields["status"] not in STATUSES:
        raise ContentError(
            _("front matter: status is one of %(statuses)s.") % {"statuses": ", ".join(STATUSES)}
        )
    blocks = tuple(_parse(body, line))
    for block in blocks:
        block_value(block, NOTHING)
    return fields | {"order": _order(front), "blocks": blocks, "id": id_of(front)}


def _order(front: dict[str, Any]) -> int:
    order = front.get("order")
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise ContentError(_("front matter: order is a whole number from 1."))
    return order


def _check_audience(fields: dict[str, str]) -> None:
    if fields["audience"] not in AUDIENCES:
        raise ContentError(
            _("front matter: audience is one of %(audiences)s.")
            % {"audiences": ", ".join(AUDIENCES)}
        )


def _parse(body: str, first: int = 1) -> list[FileBlock]:
    blocks: list[FileBlock] = []
    kind: str | None = None
    lines: list[str] = []
    begun = 0
    for number, line in enumerate(body.split("\n"), start=first):
        if line == ":::" and kind is not None:
            blocks.append(FileBlock(kind, tuple(lines), begun))
            kind, lines = None, []
        elif line.startswith(":::"):
            if kind is not None or line == ":::":
                raise ContentError(
                    _("line %(line)s: '%(text)s' stands where no block can begin or end.")
                    % {"line": number, "text": line}
                )
            kind, begun = line[3:], number
        elif kind is not None:
            lines.append(line)
        elif line.strip():
            raise ContentError(
                _("line %(line)s: '%(text)s' stands outside a block.")
                % {"line": number, "text": line}
            )
    if kind is not None:
        raise ContentError(
            _("line %(line)s: the block %(kind)s is never closed with a line ':::'.")
            % {"line": begun, "kind": kind}
        )
    return blocks


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
        {"type": "item", "value": value, "id": _id(str(number), str(value))}
        for number, value in enumerate(values)
    ]


def _id(*parts: str) -> str:
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
