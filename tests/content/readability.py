"""Flesch reading ease for English and Flesch-Douma for Dutch, with our own syllable counts.

A higher figure is easier; 60 is about CEFR B1. The counts are by rule, without a dictionary:
a Dutch syllable is one vowel or one of the fixed vowel pairs; an English one is a group of
vowels, less a silent ending. On single words they can be one off; over a page that evens out.
"""

import re

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
