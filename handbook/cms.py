"""Lists of our own in the editor. Wagtail's gate stands before them: only editors come here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .linkcheck import findings_of, published_texts
from .translations import lacking


def translation_report(request: HttpRequest) -> HttpResponse:
    """What still has to be translated, or translated anew."""
    names = dict(settings.LANGUAGES)
    rows = [(row, names[row.language]) for row in lacking()]
    return render(request, "handbook/cms/translation_report.html", {"rows": rows})


def link_report(request: HttpRequest) -> HttpResponse:
    """The published texts with links that lead nowhere or are not shown."""
    chapters = published_texts()
    found = zip(chapters, findings_of(chapters), strict=True)
    rows = [(chapter, findings) for chapter, findings in found if findings]
    return render(request, "handbook/cms/link_report.html", {"rows": rows})
