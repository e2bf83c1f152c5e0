"""Lists of our own in the editor. Wagtail's gate stands before them: only editors come here."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from .linkcheck import findings_of, published_texts
from .models import ChapterPage, Verdict
from .services.reading import note_remove
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
    """The published texts with links that lead nowhere or are not shown."""
    chapters = published_texts()
    found = zip(chapters, findings_of(chapters), strict=True)
    rows = [(chapter, findings) for chapter, findings in found if findings]
    return render(request, "handbook/cms/link_report.html", {"rows": rows})


def useful_report(request: HttpRequest) -> HttpResponse:
    """How often each chapter was found useful or not, with what readers wrote."""
    notes = Verdict.objects.exclude(note="").order_by("-day", "-pk")
    pages = ChapterPage.objects.select_related("locale").defer("body", "search_text")
    chapters = (
        pages.annotate(
            yes=Count("verdicts", filter=Q(verdicts__useful=True)),
            no=Count("verdicts", filter=Q(verdicts__useful=False)),
        )
        .exclude(yes=0, no=0)
        .order_by("-no", "path")
        .prefetch_related(Prefetch("verdicts", queryset=notes, to_attr="notes"))
    )
    return render(request, "handbook/cms/useful_report.html", {"chapters": chapters})


@require_POST
def note_take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """A note that was dealt with, or that names somebody."""
    note_remove(actor=request.user, verdict=get_object_or_404(Verdict, pk=pk))
    messages.success(request, _("The note is gone. Its answer still counts."))
    return redirect("handbook_useful")
