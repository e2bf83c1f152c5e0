"""Reads for search: which chapters hold the words of a query, best first.

A word is found in all its forms, or by its beginning. Only when no chapter that the reader may
see holds it, the nearest word that one of those chapters holds stands in for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length
from wagtail.models import Page

from . import search, stems
from .models import BOOK_PATH, SearchHit, SearchWord
from .selectors import visible_chapters

SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Hit:
    """A chapter that was found, its words with the hits marked."""

    url: str
    book: str
    part: str
    minutes: int
    title: list[search.Piece]
    excerpt: list[search.Piece]


@dataclass(frozen=True)
class Found:
    """Ids of the chapters, best first; the words to mark in each; what stood in for what."""

    pages: list[int] = field(default_factory=list)
    words: Mapping[int, set[str]] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)


def search_chapters(user: Any, language: str, words: list[str]) -> Found:
    """Chapters that hold each of the folded `words` in some form: at most 6 queries."""
    if not words:
        return Found()
    order = list(visible_chapters(user, language).values_list("pk", flat=True))
    visible = set(order)
    found = _matches(language, words, visible)
    unknown = [word for word in words if not found[word]]
    instead = _nearest(language, unknown, visible)
    if instead:
        nearest = _matches(language, instead.values(), visible)
        found |= {word: nearest[other] for word, other in instead.items()}
    whole = set.intersection(*(set(found[word]) for word in words))
    scores = {pk: sum(found[word][pk].score for word in words) for pk in whole}
    place = {pk: number for number, pk in enumerate(order)}
    return Found(
        pages=sorted(whole, key=lambda pk: (-scores[pk], place[pk])),
        words={pk: set().union(*(found[word][pk].words for word in words)) for pk in whole},
        instead=instead,
    )


def hits(user: Any, language: str, found: Found, page_ids: list[int]) -> list[Hit]:
    """The found chapters of one page of results, with their excerpts: two queries."""
    chapters = visible_chapters(user, language).defer("body").in_bulk(page_ids)
    paths = {chapter.path[: -Page.steplen] for chapter in chapters.values()}
    paths |= {path[:BOOK_PATH] for path in paths}
    titles = dict(Page.objects.filter(path__in=paths).values_list("path", "title"))
    return [
        Hit(
            url=chapter.get_url() or "",
            book=titles[chapter.path[:BOOK_PATH]],
            part=titles[chapter.path[: -Page.steplen]],
            minutes=chapter.reading_minutes,
            title=search.marked(chapter.title, found.words[pk]),
            excerpt=search.excerpt(f"{chapter.intro} {chapter.search_text}", found.words[pk]),
        )
        for pk in page_ids
        if (chapter := chapters.get(pk))
    ]


@dataclass
class _Match:
    """How well a chapter answers one word of the query, and with which words."""

    score: float = 0
    words: set[str] = field(default_factory=set)


def _matches(
    language: str, words: Iterable[str], visible: set[int]
) -> dict[str, dict[int, _Match]]:
    """For each word the chapters that hold it, in one query."""
    found: dict[str, dict[int, _Match]] = {word: defaultdict(_Match) for word in words}
    forms = {word: stems.stems(language, word) for word in found}
    wanted = Q()
    for word, (stem, root) in forms.items():
        wanted |= Q(word__word=word) | Q(word__stem=stem) | Q(word__root=root)
        if len(word) >= SHORTEST_BEGINNING:
            wanted |= Q(word__word__startswith=word)
    rows = SearchHit.objects.filter(wanted, word__language=language).values_list(
        "page_id", "weight", "word__word", "word__stem", "word__root"
    )
    for page_id, weight, text, stem, root in rows:
        if page_id not in visible:
            continue
        for word, (own_stem, own_root) in forms.items():
            form = text == word or stem == own_stem or root == own_root
            if form or (len(word) >= SHORTEST_BEGINNING and text.startswith(word)):
                match = found[word][page_id]
                match.score = max(match.score, weight if form else weight / 2)
                match.words.add(text)
    return found


def _nearest(language: str, words: list[str], visible: set[int]) -> dict[str, str]:
    """For words with a typing error: the nearest word in a chapter that the reader may see."""
    lengths = {
        length
        for word in words
        if (most := stems.errors_allowed(word))
        for length in range(len(word) - most, len(word) + most + 1)
    }
    if not lengths:
        return {}
    known = (
        SearchWord.objects.filter(language=language)
        .annotate(length=Length("word"))
        .filter(length__in=lengths)
    )
    near: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for text in known.values_list("word", flat=True):
        for word in words:
            most = stems.errors_allowed(word)
            far = stems.distance(word, text, most)
            if far <= most:
                near[word].append((far, text))
    texts = {text for found in near.values() for _far, text in found}
    often = _chapters_with(language, texts, visible)
    return {
        word: min(seen, key=lambda pair: (pair[0], -often[pair[1]], pair[1]))[1]
        for word, found in near.items()
        if (seen := [pair for pair in found if pair[1] in often])
    }


def _chapters_with(language: str, texts: set[str], visible: set[int]) -> Counter[str]:
    """In how many chapters that the reader may see each word stands."""
    rows = SearchHit.objects.filter(word__language=language, word__word__in=texts)
    pairs = rows.values_list("word__word", "page_id")
    return Counter(text for text, page_id in pairs if page_id in visible)
