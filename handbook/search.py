"""The words of a text: where they stand, how they are compared, and how hits are shown.

Pure: the index of all words is in the database (`services/indexing.py`, `finding.py`;
docs/decisions/0010-handbook-search.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from . import stems

MOST_LETTERS = 100
MOST_WORDS = 8
EXCERPT_LETTERS = 180
# "programma's" is one word, a form of "programma".
_WORD = re.compile(r"[^\W_]+(?:['\u2019]s(?![^\W_]))?")


@dataclass(frozen=True)
class Piece:
    """A piece of an excerpt; `hit` when it should be marked."""

    text: str
    hit: bool


def fold(word: str) -> str:
    """Small letters without accents or a last 's; only letters and digits are left."""
    word = word.replace("\u2019", "'").partition("'")[0]
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def words_in(text: str) -> Iterator[str]:
    """The folded words of a text, in order, cut to what the index can hold."""
    return (fold(match[0])[: stems.MOST_LETTERS] for match in _WORD.finditer(_composed(text)))


def words_of(query: str) -> list[str]:
    """The folded words of a query, each once; long queries are cut."""
    return list(dict.fromkeys(words_in(query[:MOST_LETTERS])))[:MOST_WORDS]


def marked(text: str, words: Collection[str]) -> list[Piece]:
    """The text in pieces; each word that is one of the folded `words` is a hit."""
    text = _composed(text)
    pieces, done = [], 0
    for begin, end in _spans(text, words):
        pieces += [Piece(text[done:begin], False), Piece(text[begin:end], True)]
        done = end
    pieces.append(Piece(text[done:], False))
    return [piece for piece in pieces if piece.text]


def excerpt(text: str, words: Collection[str]) -> list[Piece]:
    """About two lines around the first hit; the beginning of the text when there is none."""
    text = _composed(text)
    first, _end = next(_spans(text, words), (0, 0))
    start = max(0, first - EXCERPT_LETTERS // 3)
    if start:
        start = text.find(" ", start, first) + 1 or first
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


def _composed(text: str) -> str:
    """Letters with their accents as one character: an accent alone would end a word."""
    return unicodedata.normalize("NFC", text)


def _spans(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _WORD.finditer(text) if fold(match[0]) in words)
