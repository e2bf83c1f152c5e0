"""Answered questions that resemble one that somebody is about to ask."""

from __future__ import annotations

from collections import Counter
from typing import Any

from . import search, stems
from .questions import Question

MOST = 3
SHORTEST = 4
# A word in more than one in so many questions says little about any of them; a few always count.
COMMON = 4
FEW = 3

Forms = frozenset[tuple[int, str]]


def similar_questions(user: Any, language: str, text: str) -> list[Question]:
    """The questions for this reader that share rare words with the text, closest first: a query.

    A word of the question counts twice one of the answer, and the rarer the more.
    """
    asked = {_forms(language, word) for word in search.words_in(text) if len(word) >= SHORTEST}
    if not asked:
        return []
    rows = list(Question.objects.visible_to(user))
    held = [(_held(language, str(row)), _held(language, row.answer)) for row in rows]
    found = Counter(word for one, other in held for word in asked if word & (one | other))
    rare = [word for word, count in found.items() if count <= max(FEW, len(rows) // COMMON)]
    scores = [sum(_weight(word, one, other) / found[word] for word in rare) for one, other in held]
    order = sorted(range(len(rows)), key=lambda place: -scores[place])
    return [rows[place] for place in order[:MOST] if scores[place]]


def _weight(word: Forms, question: Forms, answer: Forms) -> int:
    return 2 if word & question else int(bool(word & answer))


def _held(language: str, text: str) -> Forms:
    return frozenset().union(*(_forms(language, word) for word in search.words_in(text)))


def _forms(language: str, word: str) -> Forms:
    """Two words are forms of each other when they share one of these."""
    return frozenset(enumerate(stems.stems(language, word)))
