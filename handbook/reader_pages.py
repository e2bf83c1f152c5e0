"""What a reader presses at the end of a chapter."""

from __future__ import annotations

import uuid

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST

from . import selectors
from .forms import VerdictForm
from .models import ChapterPage
from .services.reading import chapter_mark, verdict_add


@require_POST
@login_required
def chapter_read(request: HttpRequest, language: str, key: uuid.UUID) -> HttpResponse:
    """Mark the chapter as read; with `undo`, take that back."""
    page = _chapter(request, language, key)
    chapter_mark(actor=request.user, key=key, read="undo" not in request.POST)
    return redirect(f"{page.url}#read")


@require_POST
def chapter_useful(request: HttpRequest, language: str, key: uuid.UUID) -> HttpResponse:
    """Count a yes or no with its note, from anybody who may read the chapter."""
    page = _chapter(request, language, key)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        with translation.override(language):
            return render(request, "handbook/chapter_useful.html", {"form": form, "page": page})
    if not request.session.session_key:
        request.session.create()  # a visitor: the limit counts per session
    limited = ratelimit.consume_or_429(request, action="useful", key=request.session.session_key)
    if limited:
        return limited
    verdict_add(page=page, **form.cleaned_data)
    return redirect(f"{page.url}?thanks=1#useful")


def _chapter(request: HttpRequest, language: str, key: uuid.UUID) -> ChapterPage:
    """The chapter in this language, when the person may read it."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    pages = selectors.visible_chapters(request.user, language)
    page = pages.defer("body", "search_text").filter(translation_key=key).first()
    if page is None:
        raise Http404
    return page
