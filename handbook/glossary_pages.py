"""The glossary as a page: all words by letter."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from . import glossary, selectors


def glossary_list(request: HttpRequest) -> HttpResponse:
    """In the reader's language, the words that this reader may see."""
    language = translation.get_language()
    contents = selectors.contents(request.user, language=language, request=request)
    urls = contents.urls()
    words = sorted(glossary.words_for(language, urls), key=_sorting)
    letters = [
        (letter, [(word, urls.get(word.chapter, "")) for word in rows])
        for letter, rows in groupby(words, key=lambda word: _sorting(word)[0].upper())
    ]
    return render(request, "handbook/glossary.html", {"letters": letters})


def _sorting(word: glossary.Word) -> str:
    """Accents and capitals do not count."""
    plain = unicodedata.normalize("NFKD", word.name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
