"""Match one person now: from their page to an offer."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring.models import Participant

from .. import rules
from ..forms.offers import SingleOfferForm
from ..selectors import single as selectors
from ..services.offers import OfferRefused
from ..services.single import single_offer as make_offer


@require_safe
@login_required
def single_match(request: HttpRequest, participant_id: uuid.UUID) -> HttpResponse:
    participant = _managed(request, participant_id)
    context = _context(request, participant) | {"match": selectors.single_match(participant)}
    return render(request, "matching/single_match.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def single_offer(
    request: HttpRequest, participant_id: uuid.UUID, other_id: uuid.UUID
) -> HttpResponse:
    participant = _managed(request, participant_id)
    people = Participant.objects.filter(programme=participant.programme).exclude(
        role=participant.role
    )
    other = get_object_or_404(people.select_related("user", "profile", "programme"), pk=other_id)
    if other.user_id == request.user.pk:
        raise PermissionDenied
    form = SingleOfferForm(request.POST if request.method == "POST" else None)
    context = _context(request, participant)
    if request.method == "POST" and form.is_valid():
        try:
            offer = make_offer(
                actor=request.user,
                participant=participant,
                other=other,
                note=form.cleaned_data["note"],
                after=context["after"],
            )
        except OfferRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect(context["back_url"])
        messages.success(request, _("The offer is made. Both hear of it."))
        return redirect("matching:offer_detail", offer.pk)
    found = selectors.single_pair(participant, other)
    context |= {"form": form, "other": other, "found": found}
    context["fits"] = isinstance(found, selectors.Candidate)
    return render(request, "matching/single_offer.html", context)


def _managed(request: HttpRequest, participant_id: uuid.UUID) -> Participant:
    visible = Participant.objects.visible_to(request.user)
    people = visible.select_related("user", "profile", "programme__organisation")
    participant = get_object_or_404(people, pk=participant_id)
    if not rules.may_match(request.user, participant):
        raise PermissionDenied
    return participant


def _context(request: HttpRequest, participant: Participant) -> dict[str, Any]:
    """`after` is the ended offer for which we look for the next best, if there is one."""
    after = _as_uuid(request.GET.get("after", ""))
    page = reverse("matching:single_match", args=[participant.pk])
    query = f"?{urlencode({'after': after})}" if after else ""
    return {
        "participant": participant,
        "after": after,
        "query": query,
        "back_url": page + query,
    }


def _as_uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
