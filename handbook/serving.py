"""How a page of the handbook answers: the gate for the reader, and what its template needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import glossary, richtext, selectors
from .explaining import Explainer
from .forms import VerdictForm
from .models import BOOK_PATH, ChapterPage, HandbookIndexPage, PartPage
from .rendering import Raw, Renderer, linked_pages, pictures_in
from .rules import Audience, stand_in_for

Show = Callable[[HttpRequest], HttpResponse]
PAGES = (HandbookIndexPage, PartPage, ChapterPage)


def serve(page: Any, request: HttpRequest, show: Show) -> HttpResponse:
    """Show the page to whom it is for; ask a visitor to sign in; else say that it is not here."""
    if _contents(page, request).entry_of(page):
        return show(request)
    if not request.user.is_authenticated and _is_for_some(page):
        messages.info(request, _("Sign in to read this page. It is for people who take part."))
        return redirect_to_login(request.get_full_path())
    return not_for_you(request)


def not_for_you(request: HttpRequest, status: int = 404) -> HttpResponse:
    context = {"language_next": reverse("handbook:index")}
    return render(request, "handbook/not_for_you.html", context, status=status)


def context_of(page: Any, request: HttpRequest) -> dict[str, Any]:
    """What the template of this page needs, with only what the reader may see."""
    shown = _contents(page, request)
    context: dict[str, Any] = {
        "contents": shown,
        "credits": richtext.safe_html(shown.credits, links={}),
        "language_next": reverse("handbook:translation", args=[page.translation_key]),
    }
    if isinstance(page, PartPage):
        return context | _part_context(page, request, shown)
    raw = page.raw_body
    renderer = _renderer(page, request, [raw])
    context |= {"blocks": renderer.blocks(raw), "headings": renderer.headings}
    context["words"] = _explained(renderer, page, shown)
    if isinstance(page, ChapterPage):
        context |= _chapter_context(page, request, shown)
    return context


def _contents(page: Any, request: HttpRequest) -> selectors.Contents:
    """The contents of the page's handbook, read once per request."""
    kept = request.__dict__.setdefault("_handbook_contents", {})
    path = page.path[:BOOK_PATH]
    if path not in kept:
        kept[path] = selectors.contents(request.user, path=path, request=request)
    return kept[path]


def _is_for_some(page: Any) -> bool:
    """Whether signing in could help at all."""
    pages = type(page).objects.visible_to(stand_in_for(Audience.FACILITATOR))
    return pages.filter(pk=page.pk).exists()


def _chapter_context(
    page: ChapterPage, request: HttpRequest, shown: selectors.Contents
) -> dict[str, Any]:
    previous, following = shown.around(page.path)
    return {
        "part": shown.part_with(page.path) if page.path else None,
        "here": shown.entry_of(page),
        "previous": previous,
        "following": following,
        "thanks": "thanks" in request.GET,
        "form": VerdictForm(),
    }


def _part_context(
    page: PartPage, request: HttpRequest, shown: selectors.Contents
) -> dict[str, Any]:
    part = shown.part_with(page.path) if page.path else None
    context: dict[str, Any] = {"part": part}
    if part is None or "print" not in request.GET:
        return context
    chapters = list(
        ChapterPage.objects.visible_to(request.user).descendant_of(page).order_by("path")
    )
    bodies = [chapter.raw_body for chapter in chapters]
    renderer = _renderer(page, request, bodies, deeper=1)
    context["printed"] = [(chapter, renderer.blocks(chapter.raw_body)) for chapter in chapters]
    context["words"] = _explained(renderer, page, shown)
    return context


def _renderer(page: Any, request: HttpRequest, bodies: list[Raw], deeper: int = 0) -> Renderer:
    """One renderer for all these texts: what they link to and show is looked up at once."""
    wanted = set().union(*(linked_pages(raw) for raw in bodies))
    images = set().union(*(pictures_in(raw) for raw in bodies))
    shown = _contents(page, request)
    words = glossary.words_for(translation.get_language(), shown.urls())
    return Renderer(
        selectors.links(shown, wanted, request.user, page.locale_id),
        deeper=deeper,
        pictures=selectors.pictures(images),
        explainer=Explainer(words),
    )


def _explained(
    renderer: Renderer, page: Any, shown: selectors.Contents
) -> list[tuple[glossary.Word, str]]:
    """The words that were marked on this page, each with where to read on (not here)."""
    urls = shown.urls() | {page.translation_key: ""}
    return [(word, urls.get(word.chapter, "")) for word in renderer.explainer.found]
