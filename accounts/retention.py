"""Registry of how long people are kept: each rule names those whose time is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

Due = Callable[[datetime], Sequence[Any]]
_rules: dict[str, Due] = {}


def register(name: str, due: Due) -> None:
    """Called from an app's `ready()`; `due(now)` gives the ids of the users to erase."""
    _rules[name] = due


def rules() -> dict[str, Due]:
    return dict(_rules)
