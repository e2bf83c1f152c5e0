"""What can be imported, and how the text of a cell becomes an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.availability import SLOT_CODES, SLOTS
from accounts.models import Profile

YES = {"yes", "y", "true", "1", "ja", "j", "waar"}
NO = {"no", "n", "false", "0", "nee", "onwaar"}
TERM_FIELDS = {"topics": "topic", "themes": "theme", "bonds": "bond", "sector": "sector"}
LIST_FIELDS = {"languages", "availability", "topics", "themes", "bonds", "sector"}
MAX_TOPICS = {Profile.Role.MENTEE: 5, Profile.Role.MENTOR: 7}


@dataclass(frozen=True)
class Field:
    """One thing we can take in; `names` are the column names by which others call it."""

    code: str
    label: str | Promise
    names: tuple[str, ...]


FIELDS = [
    Field("external_id", gettext_lazy("Number in your own system"), ("id", "number", "nummer")),
    Field("name", gettext_lazy("Name"), ("display name", "full name", "naam", "volledige naam")),
    Field("email", gettext_lazy("E-mail address"), ("e-mail", "mail", "e-mailadres", "mailadres")),
    Field("phone", gettext_lazy("Phone number"), ("tel", "telephone", "telefoon", "mobile")),
    Field("forty_five_or_over", gettext_lazy("45 or over"), ("45+", "over 45", "45 of ouder")),
    Field("languages", gettext_lazy("Languages"), ("language", "talen", "taal", "speaks")),
    Field("meeting", gettext_lazy("Online or in person"), ("mode", "vorm", "contact form")),
    Field("place", gettext_lazy("Town or village"), ("city", "town", "woonplaats", "plaats")),
    Field("pitch", gettext_lazy("Idea or business in one sentence"), ("idea", "idee", "business")),
    Field("phase", gettext_lazy("Phase of the business"), ("fase", "stage")),
    Field(
        "topics",
        gettext_lazy("Topics: goals, or what a mentor knows"),
        ("asks", "offers", "goals", "doelen", "expertise", "onderwerpen", "wants", "skills"),
    ),
    Field("themes", gettext_lazy("Life themes"), ("lived experience", "thema's", "motives")),
    Field(
        "sector",
        gettext_lazy("Sector"),
        ("previous field", "business field", "branche", "industry", "field"),
    ),
    Field(
        "bonds",
        gettext_lazy("Bonds: what they like and belong to"),
        ("shared events", "interests", "hobbies", "interesses"),
    ),
    Field("availability", gettext_lazy("When they have time"), ("beschikbaarheid", "available")),
    Field("exchange", gettext_lazy("What the other can learn, or they hope to learn"), ()),
    Field("places", gettext_lazy("Places of a mentor (1 to 3)"), ("capacity", "plekken")),
]
BY_CODE = {field.code: field for field in FIELDS}


class CellError(ValueError):
    """A cell that cannot be used; the message says what was expected."""


def split(text: str, separator: str) -> list[str]:
    """The parts of a cell; without a separator of its own, by semicolon, bar or comma."""
    parts = text.split(separator) if separator else re.split(r"[;|,]", text)
    return [part.strip() for part in parts if part.strip()]


def parse_yes_no(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise CellError(_("“%(value)s” is neither yes nor no.") % {"value": text})


def parse_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise CellError(_("“%(value)s” is no e-mail address.") % {"value": text}) from error
    return text.lower()


def parse_language(text: str) -> str:
    """An ISO 639 code, or the name of a language in Dutch, English or itself."""
    code = text.casefold()
    names = _language_codes()
    if code in names:
        return names[code]
    raise CellError(
        _("“%(value)s” is no language we know. Use a code such as nl or en.") % {"value": text}
    )


def parse_choice(choices: type, text: str) -> str:
    """The code of a choice, from the code itself or its label in any of our languages."""
    known = _by_name(tuple(choices.choices))  # type: ignore[attr-defined]
    if text.casefold() in known:
        return known[text.casefold()]
    raise CellError(_expected(text, list(choices.values)))  # type: ignore[attr-defined]


def parse_slot(text: str) -> str:
    known = _by_name(tuple(SLOTS))
    if text.casefold() in known:
        return known[text.casefold()]
    raise CellError(_expected(text, SLOT_CODES))


def parse_places(text: str) -> int:
    if text in ("1", "2", "3"):
        return int(text)
    raise CellError(_("“%(value)s” is no number from 1 to 3.") % {"value": text})


def parse_text(limit: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > limit:
            raise CellError(
                _("This text is too long: %(length)s characters, at most %(limit)s.")
                % {"length": len(text), "limit": limit}
            )
        return text

    return parse


PARSERS: dict[str, Callable[[str], Any]] = {
    "external_id": parse_text(80),
    "name": parse_text(150),
    "email": parse_email,
    "phone": parse_text(30),
    "forty_five_or_over": parse_yes_no,
    "languages": parse_language,
    "meeting": lambda text: parse_choice(Profile.Meeting, text),
    "pitch": parse_text(300),
    "phase": lambda text: parse_choice(Profile.Phase, text),
    "availability": parse_slot,
    "exchange": parse_text(500),
    "places": parse_places,
}


def in_all_languages(label: str | Promise) -> list[str]:
    """A list may be in another language than the page of the person who imports it."""
    texts = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts.append(str(label))
    return texts


@cache
def _by_name(choices: tuple[tuple[str, Any], ...]) -> dict[str, str]:
    known = {code.casefold(): code for code, _label in choices}
    for code, label in choices:
        for text in in_all_languages(label):
            known.setdefault(text.casefold(), code)
    return known


def _expected(text: str, codes: list[str]) -> str:
    return _("“%(value)s” is not one of: %(known)s.") % {
        "value": text,
        "known": ", ".join(codes),
    }


_names: dict[str, str] = {}


def _language_codes() -> dict[str, str]:
    if not _names:
        for page_language in ("en", "nl"):
            for code, name in Locale(page_language).languages.items():
                if re.fullmatch("[a-z]{2,3}", code):
                    _names[code] = code
                    _names.setdefault(str(name).casefold(), code)
        for code in ("nl", "en", "de", "fr", "es", "it", "pt", "pl", "tr", "ar", "uk"):
            _names.setdefault(str(Locale(code).get_display_name(code)).casefold(), code)
    return _names
