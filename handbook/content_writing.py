"""Writes what `content_files` reads: a chapter with its blocks as text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from . import front_matter, marks
from .file_blocks import FileBlock, Finder, block_value
from .front_matter import ContentError

# For trying out what was written: every page and image is there.
EVERYTHING = Finder(*5 * [lambda name: 1])


@dataclass(frozen=True)
class Names:
    """By id: `page` gives `chapter:key` and the like (see `Finder`), `image` a file name."""

    page: Callable[[int], str | None]
    image: Callable[[int], str | None]


def page_text(
    front: dict[str, Any], raw: Iterable[dict[str, Any]], names: Names
) -> tuple[str, list[int]]:
    """The file, and the numbers of the blocks that are not complete and so are not in it."""
    pieces = [front_matter.written(_on_one_line(front))]
    left_out = []
    for number, block in enumerate(raw, start=1):
        written = _block(block, names)
        if written is None:
            left_out.append(number)
        else:
            pieces.append(written)
    return "\n".join(pieces), left_out


def credits_text(front: dict[str, Any], html: str, names: Names) -> str:
    text = marks.write_text(html, names.page, headings=False)
    head = front_matter.written(_on_one_line(front))
    return f"{head}\n{text}\n" if text else head


def _on_one_line(front: dict[str, Any]) -> dict[str, Any]:
    return {
        name: " ".join(value.split()) if isinstance(value, str)
        else [_on_one_line(table) for table in value] if isinstance(value, list)
        else value
        for name, value in front.items()
    }  # fmt: skip


def _block(block: dict[str, Any], names: Names) -> str | None:
    kind, value = block["type"], block["value"]
    if kind not in _LINES:
        return None
    text = "\n".join(_LINES[kind](value, names))
    try:
        # What cannot be read back is not complete: a quote of nobody, a button without words.
        read = FileBlock(kind, tuple(text.split("\n")))
        block_value(read, EVERYTHING)
    except ContentError:
        return None
    return f":::{kind}\n{text}\n:::\n" if text else f":::{kind}\n:::\n"


def _field(name: str, value: Any) -> Iterator[str]:
    text = marks.write_plain(str(value or ""))
    if text:
        yield f"{name}: {text}"


def _text(value: str, names: Names) -> Iterator[str]:
    yield marks.write_text(value, names.page)


def _tips(value: dict[str, Any], names: Names) -> Iterator[str]:
    yield from _field("title", value.get("title"))
    for item in value["items"]:
        words = marks.write_line(item["value"], names.page)
        if words:
            yield f"- {words}"


def _points(value: dict[str, Any], names: Names) -> Iterator[str]:
    yield from _field("title", value.get("title"))
    for item in value["items"]:
        title = marks.write_plain(item["value"]["title"], signs="*")
        yield f"- **{title}** {marks.write_line(item['value']['text'], names.page)}"


def _quote(value: dict[str, Any], names: Names) -> Iterator[str]:
    yield marks.write_plain(value["words"])
    name, role = marks.write_plain(value["name"], signs=","), value.get("role") or ""
    yield f"— {name}, {marks.write_plain(role)}" if role.strip() else f"— {name}"


def _headed(head: str) -> Callable[[dict[str, Any], Names], Iterator[str]]:
    def lines(value: dict[str, Any], names: Names) -> Iterator[str]:
        yield from _field(head, value.get(head))
        text = marks.write_text(value.get("text") or "", names.page, headings=False)
        if text:
            yield text

    return lines


def _image(value: dict[str, Any], names: Names) -> Iterator[str]:
    yield from _field("file", names.image(value.get("image") or 0))
    if value.get("decoration"):
        yield "decoration: yes"
    else:
        yield from _field("alt", value.get("alt"))
    yield from _field("caption", value.get("caption"))


def _video(value: dict[str, Any], names: Names) -> Iterator[str]:
    for name in ("title", "minutes", "link", "text"):
        yield from _field(name, value.get(name))


def _action(value: dict[str, Any], names: Names) -> Iterator[str]:
    yield from _field("text", value["text"])
    yield from _field("label", value["label"])
    if value["target"] == "chapter":
        yield from _field("link", names.page(value.get("page") or 0))
    else:
        yield f"link: page:{value['target']}"


_LINES: dict[str, Callable[[Any, Names], Iterator[str]]] = {
    "text": _text,
    "tips": _tips,
    "benefits": _points,
    "steps": _points,
    "quote": _quote,
    "example": _headed("title"),
    "question": _headed("question"),
    "image": _image,
    "video": _video,
    "action": _action,
}
