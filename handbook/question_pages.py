"""The page of answered questions: by topic, with search, for whom they are written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from . import search, selectors
from .keys import chapter_key
from .questions import Question


def question_list(request: HttpRequest) -> HttpResponse:
    """What this reader may see, grouped by topic; `q` keeps those with all of its words."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[: search.MOST_LETTERS]
    found = _found(request.user, search.words_of(query))
    urls = _chapters(request.user, found)
    topics = [
        (label, [(row, urls.get(row.chapter)) for row in found if row.topic == topic])
        for topic, label in Question.Topic.choices
    ]
    context = {
        "query": query,
        "count": len(found),
        "topics": [(label, rows) for label, rows in topics if rows],
    }
    return render(request, "handbook/questions.html", context)


def _found(user: Any, words: list[str]) -> list[Question]:
    """Those with a word that begins with each of `words`, in the question or the answer."""
    rows = list(Question.objects.visible_to(user))
    texts = (set(search.words_in(f"{row} {row.answer}")) for row in rows)
    return [
        row
        for row, text in zip(rows, texts, strict=True)
        if all(any(own.startswith(word) for own in text) for word in words)
    ]


def _chapters(user: Any, rows: list[Question]) -> dict[str, str]:
    """Where the chapters to read on are, by their key; one query."""
    keys = {chapter_key(row.chapter): row.chapter for row in rows if row.chapter}
    pages = selectors.visible_chapters(user, translation.get_language())
    chapters = pages.filter(translation_key__in=keys).defer("body", "search_text")
    return {keys[page.translation_key]: page.url or "" for page in chapters}
