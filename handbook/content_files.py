"""Reads the handbooks that come with the product. Pure: no database, no Django.

The syntax stands in docs/content.md. Everything wrong is a `ContentError` that names the file.
"""

from __future__ import annotations

import re
import tomllib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "content"
FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.S)
BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(chapter:([a-z0-9-]+)\)")
ITEM = re.compile(r"- \*\*(.+?)\*\* +(.+)")
PLACES = ("signup", "home")

Blocks = list[dict[str, Any]]
Find = Callable[[str], int | None]
PICTURE = re.compile(r"[a-z0-9-]+\.(?:jpg|png)")
VIDEO = re.compile(r"https://[a-z0-9.-]+/[^\s\"<>]*")


class ContentError(ValueError):
    """A content file that breaks the rules of docs/content.md."""


@dataclass(frozen=True)
class Finder:
    """Gives the id of a chapter by its key, of an image by its file name; None: there is none."""

    chapter: Find
    image: Find


NOTHING = Finder(chapter=lambda key: None, image=lambda name: None)


@dataclass(frozen=True)
class FileBlock:
    kind: str
    lines: tuple[str, ...]


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


@dataclass(frozen=True)
class SeriesFile:
    """The introduction of one more handbook."""

    key: str
    title: str
    slug: str
    intro: str
    order: int
    audience: str
    readers: str
    status: str
    blocks: tuple[FileBlock, ...]


@dataclass(frozen=True)
class PartFile:
    key: str
    title: str
    slug: str
    intro: str


@dataclass(frozen=True)
class Book:
    """All files of one language; the chapters and the other handbooks in reading order."""

    language: str
    title: str
    slug: str
    intro: str
    readers: str
    status: str
    order: int
    credits: str
    parts: tuple[PartFile, ...]
    chapters: tuple[ChapterFile, ...]
    series: tuple[SeriesFile, ...]


def read_book(language: str, folder: Path = FOLDER) -> Book:
    """The book of one language. Raises ContentError for a file that cannot be used."""
    here = folder / language
    front, _body = _read(here / "_handbook.md")
    parts = tuple(PartFile(**part) for part in front["parts"])
    places = {part.key: number for number, part in enumerate(parts)}
    chapters = [_read_chapter(path, places) for path in sorted(here.glob("[!_]*.md"))]
    chapters.sort(key=lambda chapter: (places[chapter.part], chapter.order))
    series = [_read_introduction(path, language) for path in (here / "series").glob("*.md")]
    _credits, credits_text = _read(here / "_credits.md")
    return Book(
        language=language,
        **{name: front[name] for name in ("title", "slug", "intro", "readers", "status", "order")},
        credits=_text(credits_text.splitlines(), NOTHING),
        parts=parts,
        chapters=tuple(chapters),
        series=tuple(sorted(series, key=lambda file: file.order)),
    )


def stream_blocks(file: ChapterFile | SeriesFile, find: Finder) -> Blocks:
    """The file's blocks as the page stores them.

    A link to a chapter that `find` does not know becomes plain text; an image that it does not
    know is left open.
    """
    return [
        {
            "type": block.kind,
            "value": _VALUES[block.kind](block, find),
            "id": _id(file.key, str(number), block.kind),
        }
        for number, block in enumerate(file.blocks)
    ]


def _read(path: Path) -> tuple[dict[str, Any], str]:
    match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise ContentError(f"{path.name}: there is no front matter between +++ lines.")
    try:
        return tomllib.loads(match[1]), match[2]
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: {error}") from error


def _read_chapter(path: Path, places: dict[str, int]) -> ChapterFile:
    front, body = _read(path)
    with _naming(path):
        chapter = ChapterFile(
            key=front["translation_key"],
            blocks=tuple(_parse(body)),
            **{name: front[name] for name in _FRONT_FIELDS},
        )
        if chapter.part not in places:
            raise ContentError(f"no part is called {chapter.part}.")
        stream_blocks(chapter, NOTHING)
    return chapter


_FRONT_FIELDS = ("title", "slug", "intro", "part", "order", "audience")


def _read_introduction(path: Path, language: str) -> SeriesFile:
    front, body = _read(path)
    with _naming(path):
        file = SeriesFile(
            blocks=tuple(_parse(body)), **{name: front[name] for name in _SERIES_FIELDS}
        )
        if front["language"] != language or file.status not in STATUSES:
            raise ContentError("its language is not that of its folder, or its status is unknown.")
        stream_blocks(file, NOTHING)
    return file


_SERIES_FIELDS = ("key", "title", "slug", "intro", "order", "audience", "readers", "status")
STATUSES = ("introduction", "complete")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """What is wrong with a file is told with its name."""
    try:
        yield
    except KeyError as error:
        raise ContentError(f"{path.name}: {error} is missing or unknown.") from error
    except ContentError as error:
        raise ContentError(f"{path.name}: {error}") from error


def _parse(body: str) -> list[FileBlock]:
    blocks: list[FileBlock] = []
    kind: str | None = None
    lines: list[str] = []
    for line in body.splitlines():
        if line == ":::" and kind is not None:
            blocks.append(FileBlock(kind, tuple(lines)))
            kind, lines = None, []
        elif line.startswith(":::"):
            if kind is not None or line == ":::":
                raise ContentError(f"{line!r} stands where no block can begin or end.")
            kind = line[3:]
        elif kind is not None:
            lines.append(line)
        elif line.strip():
            raise ContentError(f"{line!r} stands outside a block.")
    if kind is not None:
        raise ContentError(f"the block {kind} is never closed.")
    return blocks


def _inline(text: str, find: Finder) -> str:
    def link(match: re.Match[str]) -> str:
        page_id = find.chapter(match[2])
        return match[1] if page_id is None else f'<a id="{page_id}" linktype="page">{match[1]}</a>'

    return LINK.sub(link, BOLD.sub(r"<b>\1</b>", escape(text, quote=False)))


def _text(lines: list[str] | tuple[str, ...], find: Finder) -> str:
    html: list[str] = []
    for group in "\n".join(lines).strip().split("\n\n"):
        rows = group.strip().splitlines()
        if rows and all(row.startswith("- ") for row in rows):
            items = "".join(f"<li>{_inline(row[2:], find)}</li>" for row in rows)
            html.append(f"<ul>{items}</ul>")
        elif rows and rows[0].startswith("## "):
            html.append(f"<h2>{_inline(rows[0][3:], find)}</h2>")
            if rows[1:]:
                html.append(_text(rows[1:], find))
        elif rows:
            html.append(f"<p>{_inline(' '.join(rows), find)}</p>")
    return "".join(html)


def _titled(block: FileBlock) -> tuple[str, list[str]]:
    """The title (or nothing) and the list lines below it."""
    lines = [line for line in block.lines if line.strip()]
    title = ""
    if lines and lines[0].startswith("title: "):
        title = lines.pop(0).removeprefix("title: ")
    if not lines or not all(line.startswith("- ") for line in lines):
        raise ContentError(f"a block {block.kind} holds lines that begin with '- '.")
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
    return {"title": title, "items": _items([f"<p>{_inline(x[2:], find)}</p>" for x in lines])}


def _points_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    title, lines = _titled(block)
    points = []
    for line in lines:
        match = ITEM.fullmatch(line)
        if match is None:
            raise ContentError(f"{line!r} is not of the form '- **Title.** text'.")
        points.append({"title": match[1], "text": f"<p>{_inline(match[2], find)}</p>"})
    return {"title": title, "items": _items(points)}


def _quote_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    *words, last = [line for line in block.lines if line.strip()] or [""]
    if not words or not last.startswith("— "):
        raise ContentError("a quote ends with a line '— name, role'.")
    name, _comma, role = last.removeprefix("— ").partition(", ")
    return {"words": " ".join(words), "name": name, "role": role}


def _action_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    fields = _fields(block, ("text", "label", "link"))
    kind, _colon, target = fields["link"].partition(":")
    value = {"text": fields["text"], "label": fields["label"], "page": None}
    if kind == "page" and target in PLACES:
        return value | {"target": target}
    if kind == "chapter":
        return value | {"target": "chapter", "page": find.chapter(target)}
    raise ContentError(f"{fields['link']!r} leads nowhere.")


def _fields(
    block: FileBlock, needed: tuple[str, ...], extra: tuple[str, ...] = ()
) -> dict[str, str]:
    """The lines `name: value` of a block: all that are needed, in order, then some of `extra`."""
    rows = [line.partition(": ") for line in block.lines if line.strip()]
    fields = {name: value.strip() for name, _colon, value in rows}
    names = list(fields)
    rest = names[len(needed) :]
    known = [name for name in extra if name in fields]
    if names[: len(needed)] != list(needed) or rest != known or not all(fields.values()):
        lines = " and ".join(filter(None, [", ".join(needed[:-1]), needed[-1]]))
        raise ContentError(f"a block {block.kind} has the lines {lines}.")
    return dict.fromkeys(extra, "") | fields


def _headed(block: FileBlock, name: str, find: Finder) -> tuple[str, str]:
    """The line `name: ...` (or nothing), and the text below it."""
    lines = list(block.lines)
    head = ""
    if lines and lines[0].startswith(f"{name}: "):
        head = lines.pop(0).removeprefix(f"{name}: ")
    if any(line.startswith("#") for line in lines):
        raise ContentError(f"a block {block.kind} holds no headings.")
    return head, _text(lines, find)


def _example_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    title, text = _headed(block, "title", find)
    if not text:
        raise ContentError("a block example holds a text.")
    return {"title": title, "text": text}


def _question_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    question, text = _headed(block, "question", find)
    if not question:
        raise ContentError("a block question begins with a line question.")
    return {"question": question, "text": text}


def _image_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    fields = _fields(block, ("file",), ("alt", "decoration", "caption"))
    if not PICTURE.fullmatch(fields["file"]):
        raise ContentError(f"{fields['file']!r} is no name of an image.")
    if fields["decoration"] not in ("", "yes") or bool(fields["alt"]) == bool(fields["decoration"]):
        raise ContentError("an image has a line alt, or the line 'decoration: yes'.")
    return {
        "image": find.image(fields["file"]),
        "alt": fields["alt"],
        "decoration": bool(fields["decoration"]),
        "caption": fields["caption"],
    }


def _video_value(block: FileBlock, find: Finder) -> dict[str, Any]:
    fields = _fields(block, ("title", "minutes", "link"), ("text",))
    if not fields["minutes"].isdecimal() or not int(fields["minutes"]):
        raise ContentError("the minutes of a video are a whole number.")
    if not VIDEO.fullmatch(fields["link"]):
        raise ContentError(f"{fields['link']!r} is no address that begins with https://.")
    return fields | {"minutes": int(fields["minutes"])}


def _text_value(block: FileBlock, find: Finder) -> str:
    return _text(block.lines, find)


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
