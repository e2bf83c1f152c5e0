"""Words of the glossary in a text: the first time that each stands on a page, it can be pressed.

Works on HTML that `richtext.safe_html` cleaned. Headings and links are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .glossary import Word

_TAG = re.compile(r"""(<(?:[^>"']|"[^"]*"|'[^']*')*>)""")
_CLOSED = re.compile(r"<(/?)(?:a|h[1-6])\b")


class Explainer:
    """Marks the words of one page; `found` are those that it marked, in order."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.found: list[Word] = []
        self._by_form = {
            _folded(form): word for word in words if word.in_text for form in word.forms
        }
        # The longest first, so that "reverse mentoring" is not taken for "mentoring".
        forms = sorted(self._by_form, key=len, reverse=True)
        pattern = "|".join(_loose(form) for form in forms)
        self._pattern = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I) if forms else None

    def explain(self, html: str) -> SafeString:
        """The same HTML with buttons that open the explanation of a word."""
        if self._pattern is None:
            return mark_safe(html)  # noqa: S308 - as it came, cleaned
        pieces, inside = [], 0
        for piece in _TAG.split(html):
            if piece.startswith("<"):
                closed = _CLOSED.match(piece)
                inside += (-1 if closed[1] else 1) if closed else 0
            elif not inside:
                piece = self._pattern.sub(self._marked, piece)
            pieces.append(piece)
        return mark_safe("".join(pieces))  # noqa: S308 - cleaned HTML and our own buttons

    def _marked(self, match: re.Match[str]) -> str:
        word = self._by_form[_folded(unescape(match[0]))]
        if word in self.found:
            return match[0]
        self.found.append(word)
        return format_html(
            '<button type="button" class="handbook-term" popovertarget="{}">{}</button>',
            word.anchor,
            mark_safe(match[0]),  # noqa: S308 - a piece of the cleaned HTML
        )


def _folded(form: str) -> str:
    return " ".join(form.replace("\u2019", "'").lower().split())


def _loose(form: str) -> str:
    """A form as it may stand in cleaned HTML: with any space, and either apostrophe."""
    parts = (re.escape(part.replace("&", "&amp;")) for part in form.split())
    return r"(?:\s|&nbsp;)+".join(parts).replace("'", "['\u2019]")
