"""The list of people of a programme, and what staff and people themselves do in the intake."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..errors import Refused
from ..forms.participants import (
    CertificateForm,
    NoteForm,
    NotNowForm,
    PeopleFilterForm,
)
from ..models import Participant, Programme
from ..selectors import participants as selectors
from ..selectors.programmes import counts
from ..services import participants as services

PER_PAGE = 25


@login_required
def participant_list(request: HttpRequest, slug: str) -> HttpResponse:
    """People of one programme, with what is still in the way of a match."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    filters = PeopleFilterForm(request.GET)
    people = selectors.people_of(programme, **filters.chosen())
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "filters": filters,
        "page": page,
        "rows": [(person, selectors.reasons_in_words(person)) for person in page],
        "counts": counts(programme),
    }
    return render(request, "mentoring/participant_list.html", context)


@login_required
def participant_next(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """What happens after joining, and when."""
    participant = _mine(request, slug, pk)
    context = {
        "participant": participant,
        "programme": participant.programme,
    }
    return render(request, "mentoring/participant_next.html", context)


@login_required
def participant_withdraw(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Stop with a programme: a question first, then the POST. For the person or for staff."""
    participant = _seen(request, slug, pk)
    by_self = participant.user_id == request.user.pk
    if request.method == "POST":
        services.participant_withdraw(actor=request.user, participant=participant)
        messages.success(request, _("Done. Matching has stopped at once."))
        return redirect("desk:home") if by_self else _back(participant)
    context = {
        "participant": participant,
        "programme": participant.programme,
        "by_self": by_self,
    }
    return render(request, "mentoring/participant_withdraw.html", context)


@login_required
@require_POST
def participant_speak(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return _act(request, slug, pk, NoteForm, services.participant_speak, _("Noted: spoken to."))


@login_required
@require_POST
def participant_admit(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return _act(request, slug, pk, None, services.participant_admit, _("Admitted."))


@login_required
def participant_not_now(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """A page of its own: the reason is asked before anything changes."""
    participant = _managed(request, slug, pk)
    form = NotNowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = services.participant_not_now
        return _do(request, participant, change, _("Noted: not now."), **form.cleaned_data)
    context = {"participant": participant, "programme": participant.programme, "form": form}
    return render(request, "mentoring/participant_not_now.html", context)


@login_required
@require_POST
def participant_return(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return _act(request, slug, pk, None, services.participant_return, _("Back on the list."))


@login_required
@require_POST
def participant_enrol_again(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Staff let somebody who withdrew start again, at their request."""
    participant = _managed(request, slug, pk)

    def again(*, actor: Any, participant: Participant) -> None:
        services.participant_enrol(
            actor=actor,
            programme=participant.programme,
            user=participant.user,
            role=participant.role,
        )

    return _do(request, participant, again, _("Enrolled again."))


@login_required
@require_POST
def participant_certificate(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    change = services.participant_certificate
    return _act(request, slug, pk, CertificateForm, change, _("Noted."))


@login_required
@require_POST
def participant_brief(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Staff talked code of conduct and briefing through with the person."""
    participant = _managed(request, slug, pk)
    how = Participant.Briefing.TALKED
    done = _("Noted: the briefing was talked through.")
    return _do(request, participant, services.participant_brief, done, how=how)


def _act(
    request: HttpRequest,
    slug: str,
    pk: uuid.UUID,
    form_class: type[Any] | None,
    change: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """One button or short form of staff about one person."""
    participant = _managed(request, slug, pk)
    data: dict[str, Any] = {}
    if form_class:
        form = form_class(request.POST)
        if not form.is_valid():
            for errors in form.errors.values():
                messages.error(request, " ".join(errors))
            return _back(participant)
        data = form.cleaned_data
    return _do(request, participant, change, done, **data)


def _do(
    request: HttpRequest,
    participant: Participant,
    change: Callable[..., Any],
    done: str,
    **data: Any,
) -> HttpResponse:
    try:
        change(actor=request.user, participant=participant, **data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _back(participant)


def _back(participant: Participant) -> HttpResponse:
    return redirect("desk:person_detail", pk=participant.pk)


def _seen(request: HttpRequest, slug: str, pk: uuid.UUID) -> Participant:
    rows = Participant.objects.visible_to(request.user).select_related(
        "user", "programme__contact", "programme__organisation"
    )
    return get_object_or_404(rows, pk=pk, programme__slug=slug)


def _mine(request: HttpRequest, slug: str, pk: uuid.UUID) -> Participant:
    participant = _seen(request, slug, pk)
    if participant.user_id != request.user.pk:
        raise PermissionDenied
    return participant


def _managed(request: HttpRequest, slug: str, pk: uuid.UUID) -> Participant:
    """Staff only: the person sees the page exists, and is refused."""
    participant = _seen(request, slug, pk)
    staff = Participant.objects.managed_by(request.user).filter(pk=participant.pk)
    if not staff.exists():
        raise PermissionDenied
    return participant
