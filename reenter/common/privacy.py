"""Registry of personal data: each app says how to export and how to erase what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .readable import Words

Export = Callable[[Any], Any]
Erase = Callable[[Any], None]


@dataclass(frozen=True)
class PersonalData:
    """`export(user)` gives JSON-safe data; `erase(user)` removes it inside one transaction.

    `words` says what the export means to somebody who reads it.
    """

    name: str
    export: Export
    erase: Erase
    words: Words


_handlers: dict[str, PersonalData] = {}


def register(name: str, *, export: Export, erase: Erase, words: Words) -> None:
    """Called from an app's `ready()`; the name is the heading in the export file."""
    _handlers[name] = PersonalData(name, export, erase, words)


def handlers() -> list[PersonalData]:
    """Those who use others come first: erasing goes from the top of the house downwards."""
    return list(reversed(_handlers.values()))
