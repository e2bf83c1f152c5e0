"""Which column is which answer, which are dropped, and who vouches for the list."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from .fields import BY_CODE, FIELDS, in_all_languages

SIMILAR_ENOUGH = 0.8


class MappingError(Exception):
    """The mapping cannot be used; the message names the part of it that is wrong."""


@dataclass(frozen=True)
class Statement:
    """Who says, of which day and under which text (`code/version`), that something was done."""

    by: str
    on: date
    text: str


@dataclass(frozen=True)
class Mapping:
    """`columns`: field -> column; `values`: field -> {text in the file: our code or ""}.

    `visible`: the questions whose answers the people told the organisation their match may see.
    """

    columns: dict[str, str]
    drop: list[str] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    separator: str = ""
    admitted: bool = False
    visible: list[str] = field(default_factory=list)
    legal_basis: Statement | None = None
    briefing: Statement | None = None

    def to_dict(self) -> dict[str, Any]:
        plain = asdict(self)
        for name in ("legal_basis", "briefing"):
            if plain[name]:
                plain[name]["on"] = plain[name]["on"].isoformat()
        return plain


def from_toml(text: str) -> Mapping:
    """Read a mapping file; see docs/examples. Raises MappingError naming the wrong part."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(_("The mapping file is no valid TOML: %s") % error) from error
    return from_dict(data)


def from_dict(data: dict[str, Any]) -> Mapping:
    """The same from plain data, as stored with an import or typed in a TOML file."""
    known = {"columns", "drop", "values", "prefixes", "separator", "admitted", "visible"}
    unknown = sorted(set(data) - known - {"legal_basis", "briefing"})
    if unknown:
        raise MappingError(_("The mapping has an unknown part: %s") % unknown[0])
    columns = data.get("columns", {})
    for code in (*columns, *data.get("values", {}), *data.get("prefixes", {})):
        if code not in BY_CODE:
            raise MappingError(
                _("The mapping names “%(code)s”. Known are: %(known)s.")
                % {"code": code, "known": ", ".join(BY_CODE)}
            )
    return Mapping(
        columns=dict(columns),
        drop=list(data.get("drop", [])),
        values={code: dict(pairs) for code, pairs in data.get("values", {}).items()},
        prefixes=dict(data.get("prefixes", {})),
        separator=str(data.get("separator", "")),
        admitted=bool(data.get("admitted", False)),
        visible=[str(code) for code in data.get("visible", [])],
        legal_basis=_statement(data.get("legal_basis"), "legal_basis"),
        briefing=_statement(data.get("briefing"), "briefing"),
    )


def _statement(data: dict[str, Any] | None, part: str) -> Statement | None:
    if not data:
        return None
    on = data.get("on")
    try:
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
    except ValueError as error:
        raise MappingError(
            _("“on” in [%(part)s] must be a date such as 2026-11-01.") % {"part": part}
        ) from error
    if not data.get("by") or not re.fullmatch(r"[\w-]+/[\w.-]+", str(data.get("text", ""))):
        raise MappingError(
            _("[%(part)s] must say “by” (who) and “text” (code/version).") % {"part": part}
        )
    return Statement(by=str(data["by"]), on=day, text=str(data["text"]))


def propose(columns: list[str]) -> Mapping:
    """Guess the field of each column by its name; what resembles nothing is dropped."""
    found: dict[str, str] = {}
    scored = sorted(
        (
            (_likeness(column, known.code), known.code, column)
            for known in FIELDS
            for column in columns
        ),
        reverse=True,
    )
    for likeness, code, column in scored:
        if likeness >= SIMILAR_ENOUGH and code not in found and column not in found.values():
            found[code] = column
    return Mapping(columns=found, drop=[c for c in columns if c not in found.values()])


def _likeness(column: str, code: str) -> float:
    def plain(text: str) -> str:
        return re.sub(r"[^a-z0-9+]+", " ", text.casefold()).strip()

    names = {code.replace("_", " "), *BY_CODE[code].names, *in_all_languages(BY_CODE[code].label)}
    return max(SequenceMatcher(None, plain(column), plain(name)).ratio() for name in names)
