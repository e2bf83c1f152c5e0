"""Reads the content files as plain data, without Django."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("nl", "en")
CHAPTERS = ROOT / "handbook" / "content"
FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.S)
NOT_READ = re.compile(r"(link|file|alt|decoration|minutes): ")
NAMES = re.compile(r"^(## |- |title: |text: |label: |question: |caption: )")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True)
class Block:
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    path: Path
    language: str
    front: dict
    body: str


def load_json(name: str):
    return json.loads((ROOT / "accounts" / "data" / name).read_text(encoding="utf-8"))


def load_content(name: str):
    return json.loads((CHAPTERS / name).read_text(encoding="utf-8"))


def split_front_matter(text: str) -> tuple[dict, str]:
    """Front matter as a dict, and the rest; ValueError when the +++ lines are missing."""
    match = FRONT_MATTER.match(text)
    if match is None:
        raise ValueError("no front matter between +++ lines")
    return tomllib.loads(match[1]), match[2]


def load_chapters() -> list[Chapter]:
    """Every published chapter file; a name that begins with _ is no chapter."""
    chapters = []
    for path in sorted(CHAPTERS.glob("*/[!_]*.md")):
        front, body = split_front_matter(path.read_text(encoding="utf-8"))
        chapters.append(Chapter(path, path.parent.name, front, body))
    return chapters


def load_series() -> list[Chapter]:
    """The introduction of every other handbook of the series."""
    pages = []
    for path in sorted(CHAPTERS.glob("*/series/*.md")):
        front, body = split_front_matter(path.read_text(encoding="utf-8"))
        pages.append(Chapter(path, path.parent.parent.name, front, body))
    return pages


def parse_blocks(body: str) -> list[Block]:
    """Blocks in order; ValueError for text outside a block, an open block or a nested one."""
    blocks, kind, lines = [], None, []
    for line in body.splitlines():
        if line == ":::":
            if kind is None:
                raise ValueError("a block ends that never began")
            blocks.append(Block(kind, tuple(lines)))
            kind, lines = None, []
        elif line.startswith(":::"):
            if kind is not None:
                raise ValueError(f"{line} stands inside {kind}")
            kind = line[3:]
        elif kind is not None:
            lines.append(line)
        elif line.strip():
            raise ValueError(f"text outside a block: {line!r}")
    if kind is not None:
        raise ValueError(f"{kind} is never closed")
    return blocks


def plain_text(blocks: list[Block]) -> str:
    """What a reader reads: no marks, no link targets, no field names."""
    lines = []
    for block in blocks:
        for line in block.lines:
            if NOT_READ.match(line) and block.kind in ("action", "image", "video"):
                continue
            line = LINK.sub(r"\1", line)
            lines.append(NAMES.sub("", line).replace("**", ""))
    return "\n".join(lines)
