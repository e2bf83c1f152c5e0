"""What the forms of a word have in common, and how far a typing error is from a word.

Stems are Snowball's. Dutch has two, because each alone parts some forms of one word: the older
one cuts "mentoren" to "mentor", the newer one "bedrijven" to "bedrijf" and "coaching" to "coach".
Two words are forms of each other when one of the two agrees.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

MOST_LETTERS = 60
# The stem, and the root that is cut down further; a language that is not here has no stems.
ALGORITHMS = {"nl": ("dutch_porter", "dutch"), "en": ("english", "english")}
# "ideeën" without its accents: the stemmers look for a vowel fewer.
DUTCH_PLURAL = re.compile(r"(?<=ee|ie)en$")


@lru_cache(maxsize=50_000)
def stems(language: str, word: str) -> tuple[str, str]:
    """The stem and the root of a folded word."""
    if language == "nl":
        word = DUTCH_PLURAL.sub("", word)
    first, second = _stemmers(language)
    if first is None:
        return word, word
    stem, root = first.stemWord(word), second.stemWord(word)
    # A participle ("gevraagd") may lose its "ge"; a noun ("gesprek") is another word without.
    if language == "nl" and word.startswith("ge") and word[-1] not in "dt":
        root = root if root.startswith("ge") else f"ge{root}"
    return stem, root


@cache
def _stemmers(language: str) -> tuple[Any, Any]:
    names = ALGORITHMS.get(language)
    if names is None:
        return None, None
    first, second = (snowballstemmer.stemmer(name) for name in names)
    return first, second


def errors_allowed(word: str) -> int:
    """Typing errors that may stand between a query word and a word of a chapter."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def distance(left: str, right: str, most: int) -> int:
    """Letters to add, leave out, change or swap with a neighbour; `most` + 1 when it is more.

    The optimal string alignment distance, row by row, given up when a whole row is too far.
    """
    if abs(len(left) - len(right)) > most or len(set(left) ^ set(right)) > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
