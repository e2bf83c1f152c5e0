"""One programme for its facilitators, and the search over their own people."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from handbook.models import Moment
from handbook.selectors import reading_for
from mentoring import rules
from mentoring.models import Programme
from mentoring.selectors.participants import matchable, search
from mentoring.selectors.programmes import counts

from ..forms import SearchForm


@login_required
def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts, the link to hand out, and the ways to people, rounds, settings and import."""
    programmes = Programme.objects.visible_to(request.user)
    programme = get_object_or_404(programmes.select_related("organisation", "contact"), slug=slug)
    context = {
        "programme": programme,
        "counts": counts(programme),
        "ready": matchable(programme).count(),
        "running": programme.mentorships.running().count(),
        "join_address": settings.SITE_URL + reverse("mentoring:programme_join", args=[slug]),
        "rounds_url": reverse("matching:round_list", args=[slug]),
        "offers_url": reverse("matching:offer_list"),
        "import_url": reverse("mentoring:import_start", args=[slug]),
        "read_on": reading_for(request.user, Moment.RECRUITING),
    }
    return render(request, "desk/programme_detail.html", context)


@login_required
def people_search(request: HttpRequest) -> HttpResponse:
    """Only a POST searches, so that no name lands in the server's logs; it changes nothing."""
    if not rules.is_facilitator(request.user):
        raise PermissionDenied
    form = SearchForm(request.POST or None)
    people = None
    if request.method == "POST" and form.is_valid():
        people = search(request.user, form.cleaned_data["q"])
    return render(request, "desk/people_search.html", {"form": form, "people": people})
