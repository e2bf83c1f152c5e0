"""How plain a text is: a figure, and the sentences and words that make it hard. Pure.

The figure is Flesch reading ease for English and Flesch-Douma for Dutch, with our own syllables.

A higher figure is easier; 60 is about CEFR B1. The counts are by rule, without a dictionary:
a Dutch syllable is one vowel or one of the fixed vowel pairs; an English one is a group of
vowels, less a silent ending. On single words they can be one off; over a page that evens out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PLAIN_WORDS = Path(__file__).resolve().parent / "content" / "_plain_words.json"
EASY = 60  # about CEFR B1
LONG_SENTENCE = 15
LONG_WORD_LETTERS = 13
LONG_WORD_SYLLABLES = 5

WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?:](?=\s|$)|\n+")
DUTCH_SYLLABLE = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|eu|oe|ui|ei|ij|ou|au|[aeiouyáàâéèêëíîïóôöúûü]"
)
ENGLISH_GROUP = re.compile(r"[aeiouy]+")
ENGLISH_SILENT = re.compile(
    r"(?<=[a-z])(?:(?<![lr])e|(?<=[aeiouy]r)e|(?<![td])ed|(?<![sxzcgh])es)$"
    r"|(?<=som)e(?=[ot])|(?<=bus)i(?=ness)"
)
ENGLISH_HIATUS = re.compile(
    r"i(?:a(?!l)|o(?!u|n\b|ns\b)|et|(?<![ct]i)en)|ua|eo(?!p)|eas?$|(?<=[aeo])ing"
)


@dataclass(frozen=True)
class LongSentence:
    text: str
    words: int


@dataclass(frozen=True)
class HardWord:
    """A word that many readers do not know, with plainer ones (none for a word that is long)."""

    word: str
    instead: str = ""


@dataclass(frozen=True)
class Advice:
    """What to tell who wrote a text. `ease` is None when there are no words yet."""

    ease: float | None
    words: int
    sentences: int
    long_sentences: tuple[LongSentence, ...]
    hard_words: tuple[HardWord, ...]

    @property
    def is_easy(self) -> bool:
        return self.ease is not None and self.ease >= EASY


def advice(text: str, language: str) -> Advice:
    """The figure, the sentences of 15 words or more and the hard words, in order of the text."""
    pieces = [(" ".join(part.split()), WORD.findall(part)) for part in SENTENCE_END.split(text)]
    found = [(piece, words) for piece, words in pieces if words]
    words = [word for _piece, words in found for word in words]
    return Advice(
        ease=reading_ease(text, language) if words else None,
        words=len(words),
        sentences=len(found),
        long_sentences=tuple(
            LongSentence(piece, len(words)) for piece, words in found if len(words) >= LONG_SENTENCE
        ),
        hard_words=_hard_words(words, language),
    )


def _hard_words(words: list[str], language: str) -> tuple[HardWord, ...]:
    """Each once: those with a plainer word in the list, then those that are just long."""
    listed: dict[str, HardWord] = {}
    long: dict[str, HardWord] = {}
    plainer = plain_words().get(language, {})
    for word in dict.fromkeys(word.lower() for word in words):
        if word in plainer:
            listed[word] = HardWord(word, plainer[word])
        elif _is_long(word, language):
            long[word] = HardWord(word)
    return (*listed.values(), *long.values())


def _is_long(word: str, language: str) -> bool:
    return len(word) >= LONG_WORD_LETTERS or syllables(word, language) >= LONG_WORD_SYLLABLES


@cache
def plain_words() -> dict[str, dict[str, str]]:
    """Per language: a hard word in small letters, and what to write instead."""
    found: dict[str, dict[str, str]] = json.loads(PLAIN_WORDS.read_text(encoding="utf-8"))
    return found


def syllables(word: str, language: str) -> int:
    """Number of spoken syllables in one word, at least 1."""
    word = word.lower()
    if language == "nl":
        return max(1, len(DUTCH_SYLLABLE.findall(word)))
    stem = ENGLISH_SILENT.sub("", word)
    return max(1, len(ENGLISH_GROUP.findall(stem)) + len(ENGLISH_HIATUS.findall(word)))


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a line break, as after a list item, ends a sentence too."""
    parts = (WORD.findall(part) for part in SENTENCE_END.split(text))
    return [words for words in parts if words]


def reading_ease(text: str, language: str) -> float:
    """Flesch (en) or Flesch-Douma (nl) of a text of at least one word."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    length = len(words) / len(found)
    weight = sum(syllables(word, language) for word in words) / len(words)
    if language == "nl":
        return 206.84 - 0.93 * length - 77 * weight
    return 206.835 - 1.015 * length - 84.6 * weight
