"""Lists of our own in the editor. Wagtail's gate stands before them: only editors come here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from .linkcheck import findings_of
from .models import ChapterPage
from .translations import lacking, untranslated


def translation_report(request: HttpRequest) -> HttpResponse:
    """What still has to be translated, or translated anew."""
    names = dict(settings.LANGUAGES)
    rows = [(row, names[row.language]) for row in lacking()]
    entries = [
        (row, reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]), names[code])
        for row, code in untranslated()
    ]
    context = {"rows": rows, "entries": entries}
    return render(request, "handbook/cms/translation_report.html", context)


def link_report(request: HttpRequest) -> HttpResponse:
    """The published chapters with links that lead nowhere or are not shown."""
    chapters = list(ChapterPage.objects.live().select_related("locale").order_by("path"))
    found = zip(chapters, findings_of(chapters), strict=True)
    rows = [(chapter, findings) for chapter, findings in found if findings]
    return render(request, "handbook/cms/link_report.html", {"rows": rows})
