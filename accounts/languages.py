"""The languages that people speak with each other: ISO 639-1 codes, named in the page's own."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language

CODES = (
    *("nl", "en", "fy", "de", "fr", "es", "pt", "it", "pl", "uk", "ru", "ro", "bg", "hu", "cs"),
    *("sk", "hr", "sr", "bs", "sl", "el", "tr", "ar", "fa", "ku", "so", "ti", "am", "ur", "hi"),
    *("pa", "bn", "ta", "zh", "ja", "vi", "th", "id", "da", "sv", "no", "fi", "sq", "hy", "ka"),
    *("he", "sw"),
)
SHOWN_FIRST = 5


def language_choices() -> list[tuple[str, str]]:
    """Code and name; the most common first, then by name."""
    names = Locale.parse((get_language() or "nl").split("-")[0]).languages
    first, rest = CODES[:SHOWN_FIRST], CODES[SHOWN_FIRST:]
    rest = sorted(rest, key=lambda code: names[code].casefold())
    return [(code, _capital(names[code])) for code in [*first, *rest]]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
