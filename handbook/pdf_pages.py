"""The PDF of a page of the handbook: asked for, made in the background, handed out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from . import serving
from .models import Paper
from .pdf.edition import Edition
from .services import papers

RELOAD_SECONDS = 2

Answer = Callable[[Edition, Paper | None], HttpResponseBase]


@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request: HttpRequest, language: str, key: uuid.UUID) -> HttpResponseBase:
    """How far the PDF is, for who may read the page; a POST asks for it."""
    page = _page(language, key)
    here = reverse("handbook:pdf", args=[language, key])

    def answer(edition: Edition, paper: Paper | None) -> HttpResponseBase:
        if request.method != "POST":
            return _status(request, edition, paper)
        if papers.paper_request(page=page, user=request.user).is_ready:
            return redirect("handbook:pdf_file", language, key)
        return redirect(here)

    return _for_reader(request, page, answer)


@require_safe
def pdf_file(request: HttpRequest, language: str, key: uuid.UUID) -> HttpResponseBase:
    """The file itself, as long as its content is what the reader may see at this moment."""
    page = _page(language, key)

    def answer(edition: Edition, paper: Paper | None) -> HttpResponseBase:
        if paper is None or not paper.is_ready:
            return redirect("handbook:pdf", language, key)
        name = f"{slugify(page.title)[:80] or 'handbook'}-{language}.pdf"
        response = FileResponse(
            paper.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
        )
        response["Cache-Control"] = "private, no-cache"
        return response

    return _for_reader(request, page, answer)


def _page(language: str, key: uuid.UUID) -> Any:
    pages = Page.objects.live().select_related("locale")
    return get_object_or_404(pages, translation_key=key, locale__language_code=language).specific


def _for_reader(request: HttpRequest, page: Any, answer: Answer) -> HttpResponseBase:
    """Through the gate of the page itself; a page with nothing for this reader is not there."""

    def show(request: HttpRequest) -> Any:
        edition, paper = papers.paper_find(page=page, user=request.user)
        if not edition.chapters:
            return serving.not_for_you(request)
        return answer(edition, paper)

    if not isinstance(page, serving.PAGES):
        return serving.not_for_you(request)
    return serving.serve(page, request, show)


def _status(request: HttpRequest, edition: Edition, paper: Paper | None) -> HttpResponse:
    job = paper.job if paper is not None else None
    context = {
        "page": edition.page,
        "back_url": edition.shown.urls().get(edition.page.translation_key),
        "language": edition.language,
        "paper": paper if paper is not None and paper.is_ready else None,
        "job": job,
        "failed": job is not None and not job.is_open,
    }
    response = render(request, "handbook/pdf.html", context)
    if job is not None and job.is_open:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response
