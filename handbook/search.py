"""Finding words: without capitals or accents, by the beginning of a word, the same everywhere.

A chapter stores its words as " word word word ", folded. A query is folded in the same way and
each of its words must begin a stored word: one LIKE per word, which SQLite and PostgreSQL answer
alike (docs/decisions/0010-handbook-search.md).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MOST_LETTERS = 100
MOST_WORDS = 8
EXCERPT_LETTERS = 180


@dataclass(frozen=True)
class Piece:
    """A piece of an excerpt; `hit` when it should be marked."""

    text: str
    hit: bool


def fold(text: str) -> str:
    """Small letters without accents; anything but letters and digits becomes a space."""
    return "".join(_fold_letter(letter) for letter in text)


def words_of(query: str) -> list[str]:
    """The folded words of a query, each once; long queries are cut."""
    return list(dict.fromkeys(fold(query[:MOST_LETTERS]).split()))[:MOST_WORDS]


def stored_text(*texts: str) -> str:
    """What a chapter keeps to be found by."""
    return f" {' '.join(' '.join(fold(text).split()) for text in texts)} "


def score(words: list[str], title: str, intro: str) -> int:
    """A word in the title counts most, then one in the introduction."""
    in_title, in_intro = stored_text(title), stored_text(intro)
    return sum(3 * (f" {word}" in in_title) + (f" {word}" in in_intro) for word in words)


def marked(text: str, words: list[str]) -> list[Piece]:
    """The text in pieces, each hit from the beginning of its word to the end of the match."""
    folded, origin = _folded_with_origin(text)
    spans: list[tuple[int, int]] = []
    for start in range(len(folded)):
        if start and folded[start - 1] != " ":
            continue
        longest = max((len(w) for w in words if folded.startswith(w, start)), default=0)
        if longest:
            spans.append((origin[start], origin[start + longest - 1] + 1))
    pieces, done = [], 0
    for begin, end in spans:
        pieces += [Piece(text[done:begin], False), Piece(text[begin:end], True)]
        done = end
    pieces.append(Piece(text[done:], False))
    return [piece for piece in pieces if piece.text]


def excerpt(text: str, words: list[str]) -> list[Piece]:
    """About two lines around the first hit; the beginning of the text when there is none."""
    pieces = marked(text, words)
    before = pieces[0].text if pieces and not pieces[0].hit and len(pieces) > 1 else ""
    start = max(0, len(before) - EXCERPT_LETTERS // 3)
    if start:
        start = text.find(" ", start) + 1
    end = len(text)
    if end > start + EXCERPT_LETTERS:
        end = text.rfind(" ", start, start + EXCERPT_LETTERS)
    # A hit may be cut by an excerpt of one very long word: keep what there is.
    cut = text[start : end if end > start else start + EXCERPT_LETTERS]
    shown = marked(cut, words)
    if start:
        shown.insert(0, Piece("… ", False))
    if start + len(cut) < len(text):
        shown.append(Piece(" …", False))
    return shown


def _fold_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter)
    kept = "".join(part for part in plain if not unicodedata.combining(part)).casefold()
    return "".join(part if part.isalnum() else " " for part in kept)


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place in `text` that it came from."""
    folded, origin = [], []
    for place, letter in enumerate(text):
        for part in _fold_letter(letter):
            folded.append(part)
            origin.append(place)
    return "".join(folded), origin
