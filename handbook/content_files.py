"""Reads the handbooks that come with the product. Pure: no database.

The syntax stands in docs/content.md. Everything wrong is a `ContentError` that names the file, the
line and what was expected. `content_writing` writes the same files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from . import marks
from .file_blocks import NOTHING, FileBlock, Finder, block_value, stable_id
from .front_matter import ContentError, fields_of, id_of, naming, once, split

FOLDER = Path(__file__).resolve().parent / "content"
AUDIENCES = ("everyone", "mentor", "mentee", "facilitator")
STATUSES = ("introduction", "complete")
BOOK = "handbook"

Blocks = list[dict[str, Any]]
KEY = re.compile(r"[a-z0-9][a-z0-9-]*")


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
            "id": stable_id(file.key, str(number), block.kind),
        }
        for number, block in enumerate(file.blocks)
    ]


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
