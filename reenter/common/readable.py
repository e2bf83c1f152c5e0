"""A person's export in words: the same data, with labels in place of keys and codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

Labels = Mapping[Any, Any]


@dataclass(frozen=True)
class Words:
    """`labels`: what a key is called; None leaves it out, because its neighbour says it in words.

    `codes`: what the codes at a path mean, such as `check_ins.state`; a function where that
    depends on the language of the page.
    """

    title: Any
    labels: Labels
    codes: Mapping[str, Labels | Callable[[], Labels]] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """A heading with facts below it, then smaller blocks."""

    title: str
    level: int
    facts: list[tuple[str, list[str]]]
    blocks: list[Block]


def block(value: Any, words: Words) -> Block:
    return Block(str(words.title), 2, *_content(value, words, "", 3))


def _content(
    value: Any, words: Words, path: str, level: int
) -> tuple[list[tuple[str, list[str]]], list[Block]]:
    facts: list[tuple[str, list[str]]] = []
    blocks: list[Block] = []
    if isinstance(value, list):
        items = [Block("", level, *_content(item, words, path, level)) for item in value]
        return facts, items
    for key, part in value.items():
        label, below = words.labels.get(key, key), f"{path}.{key}".strip(".")
        if label is None or part in (None, "", [], {}):
            continue
        if isinstance(part, dict) or (isinstance(part, list) and isinstance(part[0], dict)):
            blocks.append(Block(str(label), level, *_content(part, words, below, level + 1)))
        else:
            facts.append((str(label), _lines(key, part, words, below)))
    return facts, blocks


def _lines(key: str, part: Any, words: Words, path: str) -> list[str]:
    known = words.codes.get(path, {})
    labels = known() if callable(known) else known
    values = part if isinstance(part, list) else [part]
    return [str(labels[value]) if value in labels else _text(key, value) for value in values]


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str) and (key == "at" or key.endswith(("_at", "_on"))):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)
