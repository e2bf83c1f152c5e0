"""Pages around the handbook; the handbook itself is served by Wagtail (`serving.py`)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from wagtail.models import Page

from . import finding, search, selectors
from .languages import asked_language

HITS_A_PAGE = 10


def index(request: HttpRequest) -> HttpResponse:
    """To the handbook in the reader's language, or in another when it has none."""
    for language in _languages():
        url = selectors.book_url(language)
        if url:
            return redirect(url)
    raise Http404


def page_translation(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One address for a page in all languages: to the page in the reader's language.

    A page that is not translated leads to the beginning of the handbook.
    """
    url = selectors.page_url(key, translation.get_language())
    if url:
        return redirect(url)
    if not Page.objects.live().filter(translation_key=key).exists():
        raise Http404
    return redirect("handbook:index")


def handbook_search(request: HttpRequest) -> HttpResponse:
    """Find chapters by the words in them, in the language of the page that asks."""
    language = asked_language(request)
    with translation.override(language):
        return _search(request, language)


def series(request: HttpRequest) -> HttpResponse:
    """The handbooks beside each other, in the language of the page that asks."""
    language = asked_language(request)
    with translation.override(language):
        context = {
            "books": selectors.series(request.user, language),
            "language_next": reverse("handbook:series"),
        }
        return render(request, "handbook/series.html", context)


def _search(request: HttpRequest, language: str) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[: search.MOST_LETTERS]
    words = search.words_of(query)
    found = finding.search_chapters(request.user, language, words)
    page_obj = Paginator(found.pages, HITS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "searched": bool(words),
        "page_obj": page_obj,
        "count": len(found.pages),
        "instead": found.instead,
        "hits": finding.hits(request.user, language, found, list(page_obj)) if found.pages else [],
        "language_next": f"{reverse('handbook:search')}?{urlencode({'q': query})}",
    }
    return render(request, "handbook/search.html", context)


def cms_account(request: HttpRequest) -> HttpResponse:
    """Wagtail would ask for a first and last name here, and keep neither."""
    return redirect("accounts:me")


def cms_closed(request: HttpRequest, screen: str) -> HttpResponse:
    """Nobody makes or changes people, groups or the site itself in the editor."""
    raise Http404


def _languages() -> list[str]:
    """The reader's language, then the others."""
    current = translation.get_language()
    return [current, *(code for code, _name in settings.LANGUAGES if code != current)]
