"""Pages about a round: the list, its rules and people, solving, publishing, closing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handbook.models import Moment
from handbook.selectors import Reading, reading_for
from mentoring.errors import Refused
from mentoring.models import Programme
from reenter.common.models import Job

from ..forms.rounds import LeaveOutForm, PeopleFilterForm, RoundForm
from ..models import Round
from ..roundwords import MUST_HAVES
from ..selectors import board as board_selectors
from ..selectors import rounds as selectors
from ..services import publishing, rounds

PEOPLE_ON_A_PAGE = 100
TAKING_PART = {"yes": True, "no": False}


@require_safe
@login_required
def round_list(request: HttpRequest, slug: str) -> HttpResponse:
    programme = _programme(request, slug)
    context = {"programme": programme, "rounds": selectors.rounds_of(programme)}
    return render(request, "matching/round_list.html", context)


@require_POST
@login_required
def round_new(request: HttpRequest, slug: str) -> HttpResponse:
    new = rounds.round_draft(actor=request.user, programme=_programme(request, slug))
    return redirect("matching:round_detail", new.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def round_detail(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """The rules of the round, and who takes part."""
    found = selectors.round_get(request.user, round_id)
    form = RoundForm(request.POST if request.method == "POST" else None, round=found)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.round_configure(actor=request.user, round=found, **form.rules())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The rules of this round are kept."))
        return redirect("matching:round_detail", found.pk)
    context = round_context(found) | {
        "form": form,
        "counts": selectors.counts(found),
        "must_haves": MUST_HAVES,
        "read_on": read_on(request, found),
    }
    return render(request, "matching/round_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def round_people(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Who takes part; a choice of them can be left out, with a reason."""
    found = selectors.round_get(request.user, round_id)
    filters = PeopleFilterForm(request.GET)
    filters.is_valid()
    rows = selectors.people_of(
        found,
        role=filters.cleaned_data.get("role", ""),
        included=TAKING_PART.get(filters.cleaned_data.get("taking_part", "")),
    )
    everybody = selectors.people_of(found, included=True)
    form = LeaveOutForm(request.POST if request.method == "POST" else None, people=everybody)
    if request.method == "POST" and form.is_valid():
        try:
            left = rounds.round_leave_out(actor=request.user, round=found, **form.cleaned_data)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            text = ngettext("%d person is left out.", "%d people are left out.", left)
            messages.success(request, text % left)
        return redirect("matching:round_people", found.pk)
    context = round_context(found) | {
        "filters": filters,
        "form": form,
        "chosen": set(request.POST.getlist("people")),
        "page_obj": Paginator(rows, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "matching/round_people.html", context)


@require_POST
@login_required
def round_people_add(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    found = selectors.round_get(request.user, round_id)
    try:
        added = rounds.round_people_add(actor=request.user, round=found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, ngettext("%d person added.", "%d people added.", added) % added)
    return redirect("matching:round_detail", found.pk)


@require_POST
@login_required
def round_person_back(
    request: HttpRequest, round_id: uuid.UUID, person_id: uuid.UUID
) -> HttpResponse:
    found = selectors.round_get(request.user, round_id)
    person = get_object_or_404(selectors.people_of(found), pk=person_id)
    try:
        rounds.round_take_back_in(actor=request.user, round=found, people=[person])
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        name = person.participant.user.name
        messages.success(request, _("%(name)s takes part again.") % {"name": name})
    return redirect("matching:round_people", found.pk)


@require_POST
@login_required
def round_solve(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    found = selectors.round_get(request.user, round_id)
    try:
        job = rounds.round_solve_start(actor=request.user, round=found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("matching:round_detail", found.pk)
    if job.started_by_id != request.user.pk:
        messages.info(request, _("A colleague has started this. The board shows it when done."))
        return redirect("matching:round_detail", found.pk)
    return redirect("common:job_detail", job.pk)


@require_POST
@login_required
def round_solve_cancel(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    found = selectors.round_get(request.user, round_id)
    if rounds.round_solve_cancel(actor=request.user, round=found):
        messages.success(request, _("The search is stopped. The round is as it was before."))
    else:
        messages.info(request, _("There is nothing to stop: no search is under way."))
    return redirect("matching:board", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def round_publish(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """First what would be sent, then the button; the revision that was seen goes along."""
    found = selectors.round_get(request.user, round_id)
    if request.method == "POST":
        return _publish(request, found)
    if found.state != Round.State.REVIEWED or found.solved_revision != found.revision:
        return redirect("matching:board", found.pk)
    context = round_context(found) | {
        "publication": selectors.publication(found),
        "board": board_selectors.board(found),
        "has_safeguarding": publishing.has_safeguarding(found.programme),
    }
    return render(request, "matching/round_publish.html", context)


def _publish(request: HttpRequest, found: Round) -> HttpResponse:
    seen = request.POST.get("revision", "")
    try:
        published = publishing.round_publish(
            actor=request.user, round=found, revision=int(seen) if seen.isdecimal() else -1
        )
    except publishing.AlreadyPublished as refusal:
        messages.info(request, str(refusal))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        pairs = published.proposals.count()  # type: ignore[attr-defined]
        text = ngettext(
            "The round is published. %d pair has been asked.",
            "The round is published. %d pairs have been asked.",
            pairs,
        )
        messages.success(request, text % pairs)
    return redirect("matching:board", found.pk)


@require_POST
@login_required
def round_close(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    found = selectors.round_get(request.user, round_id)
    try:
        rounds.round_close(actor=request.user, round=found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The round is closed."))
    return redirect("matching:round_list", found.programme.slug)


def _programme(request: HttpRequest, slug: str) -> Programme:
    programmes = Programme.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(programmes, slug=slug)


def read_on(request: HttpRequest, found: Round) -> list[Reading]:
    """What helps whoever prepares a round, as long as it is one to prepare."""
    if found.state not in rounds.CHANGEABLE:
        return []
    return reading_for(request.user, Moment.ROUND)


def round_context(found: Round) -> dict[str, Any]:
    """What every page of a round shows: where it stands and what can be done."""
    changeable = found.state in rounds.CHANGEABLE
    solved = found.solved_at is not None
    job = found.job
    later = job is not None and (not solved or job.created_at > found.solved_at)
    return {
        "round": found,
        "programme": found.programme,
        "changeable": changeable,
        "solved": solved,
        "outdated": changeable and solved and found.solved_revision != found.revision,
        "open_job": job if job is not None and job.is_open else None,
        "failed_job": job if later and changeable and job.state == Job.State.FAILED else None,
    }
