"""The head of a content file: names with values between two lines of +++ (TOML); pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.S)
SLUG = re.compile(r"[-\w]+")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAY_BE_EMPTY = ("intro", "readers")


class ContentError(ValueError):
    """A content file that breaks the rules of docs/content.md."""


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Put the name of the file before what is wrong in it."""
    try:
        yield
    except ContentError as error:
        raise ContentError(f"{name}: {error}") from error


def split(path: Path) -> tuple[dict[str, Any], str, int]:
    """Front matter, body, and the number of the line that the body begins with."""
    try:
        match = FRONT_MATTER.match(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ContentError(_("this file is missing.")) from error
    except UnicodeDecodeError as error:
        raise ContentError(_("the text is not in UTF-8. Save it as UTF-8.")) from error
    if match is None:
        raise ContentError(_("line 1: there is no front matter between +++ lines."))
    try:
        # An empty line in place of the +++, so that an error names the line of the file.
        return tomllib.loads(f"\n{match[1]}"), match[2], match[1].count("\n") + 4
    except tomllib.TOMLDecodeError as error:
        raise ContentError(
            _('front matter: %(fault)s. Expected: name = "text".') % {"fault": error}
        ) from error


def fields_of(front: dict[str, Any], names: dict[str, int]) -> dict[str, str]:
    """Texts of the front matter, each with at most so many characters."""
    for name, most in names.items():
        if name not in front:
            raise ContentError(
                _('front matter: %(name)s is missing. Expected: %(name)s = "text".')
                % {"name": name}
            )
        value = front[name]
        if not isinstance(value, str) or (not value.strip() and name not in MAY_BE_EMPTY):
            raise ContentError(
                _("front matter: %(name)s is a text between quotation marks.") % {"name": name}
            )
        if len(value) > most:
            raise ContentError(
                _("front matter: %(name)s has %(count)s characters; at most %(most)s.")
                % {"name": name, "count": len(value), "most": most}
            )
    if "slug" in names and not SLUG.fullmatch(front["slug"]):
        raise ContentError(
            _("front matter: slug '%(slug)s' is not of letters, digits and -.")
            % {"slug": front["slug"]}
        )
    return {name: front[name] for name in names}


def id_of(front: dict[str, Any]) -> str:
    found = front.get("id", "")
    if found and not (isinstance(found, str) and ID.fullmatch(found)):
        raise ContentError(
            _("front matter: id '%(id)s' is not one that an export wrote.") % {"id": found}
        )
    return found


def once(names: list[str], what: str) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ContentError(
            _("%(what)s stands twice: %(names)s.")
            % {"what": what, "names": ", ".join(sorted(twice))}
        )


def written(front: Mapping[str, Any]) -> str:
    """The head with these names in this order; a list of mappings becomes [[name]] tables."""
    lines = ["+++"]
    for name, value in front.items():
        if isinstance(value, list):
            for table in value:
                lines += ["", f"[[{name}]]", *(_line(key, text) for key, text in table.items())]
        else:
            lines.append(_line(name, value))
    return "\n".join([*lines, "+++", ""])


def _line(name: str, value: str | int) -> str:
    # A text of JSON is one of TOML, but for the one control sign that JSON lets through.
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{name} = {text}"
