"""Pages about offers: for the two people, and for the staff who look after them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors.profiles import profile_answers
from handbook.models import Moment
from handbook.selectors import reading_for
from mentoring.models import Programme
from mentoring.selectors.programmes import contact_lines

from .. import rules
from ..forms.offers import DeclineForm, OfferFilterForm, RecordAnswerForm, WithdrawForm
from ..models import Offer
from ..reasons import parts_in_words, reasons_for_other, reasons_for_staff
from ..selectors.next_best import next_best
from ..selectors.offers import offer_get, offers_of_programmes
from ..services import offers

ROWS_ON_A_PAGE = 50


@require_safe
@login_required
def offer_list(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.visible_to(request.user)
    if not programmes.exists():
        raise Http404
    form = OfferFilterForm(request.GET, programmes=programmes)
    form.is_valid()
    rows = offers_of_programmes(request.user, **form.cleaned_data)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "matching/offer_list.html", {"form": form, "page_obj": page})


@require_safe
@login_required
def offer_detail(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    offer = offer_get(request.user, offer_id)
    side = offers.side_of(offer, request.user)
    if side is None:
        return render(request, "matching/offer_staff.html", _staff_context(offer))
    context = _person_context(offer, side)
    if offer.state == Offer.State.OPEN:
        context["read_on"] = reading_for(request.user, Moment.OFFER)
    return render(request, "matching/offer_detail.html", context)


@require_POST
@login_required
def offer_accept(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    offer = offer_get(request.user, offer_id)
    side = _own_side(request, offer)
    try:
        offer = offers.offer_answer(
            actor=request.user, offer=offer, side=side, answer=Offer.Answer.YES
        )
    except offers.OfferGone as gone:
        context = {
            "me": getattr(offer, side),
            "gone": str(gone),
            "contact_lines": contact_lines(offer.programme),
            "language_next": reverse("matching:offer_detail", args=[offer.pk]),
        }
        return render(request, "matching/offer_gone.html", context, status=409)
    except offers.OfferRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _thanks(offer))
    return redirect("matching:offer_detail", offer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def offer_decline(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    offer = offer_get(request.user, offer_id)
    side = _own_side(request, offer)
    if offer.state != Offer.State.OPEN:
        return redirect("matching:offer_detail", offer.pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = {"side": side, "answer": Offer.Answer.NO, "reason": form.cleaned_data["reason"]}
        try:
            offers.offer_answer(actor=request.user, offer=offer, **answer)
        except offers.OfferRefused as refusal:
            messages.warning(request, str(refusal))
        return redirect("matching:offer_detail", offer.pk)
    context = _person_context(offer, side) | {"form": form}
    return render(request, "matching/offer_decline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def offer_answer(request: HttpRequest, offer_id: uuid.UUID, side: str) -> HttpResponse:
    """Staff record what one of the two told them."""
    offer = _managed(request, offer_id)
    if side not in offers.SIDES:
        raise Http404
    person = getattr(offer, side).user
    form = RecordAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            offer = offers.offer_answer(
                actor=request.user, offer=offer, side=side, on_behalf_of=person, **form.cleaned_data
            )
        except offers.OfferRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The answer is recorded."))
        return redirect("matching:offer_detail", offer.pk)
    context = {"form": form, "offer": offer, "person": person}
    return render(request, "matching/offer_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def offer_withdraw(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    offer = _managed(request, offer_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            offers.offer_withdraw(actor=request.user, offer=offer, note=form.cleaned_data["note"])
        except offers.OfferRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The offer is taken back. Both have been told."))
        return redirect("matching:offer_detail", offer.pk)
    return render(request, "matching/offer_withdraw.html", {"form": form, "offer": offer})


def _own_side(request: HttpRequest, offer: Offer) -> str:
    side = offers.side_of(offer, request.user)
    if side is None:
        raise PermissionDenied
    return side


def _managed(request: HttpRequest, offer_id: uuid.UUID) -> Offer:
    offer = offer_get(request.user, offer_id)
    if not rules.may_manage_offer(request.user, offer):
        raise PermissionDenied
    return offer


def _thanks(offer: Offer) -> str:
    if offer.state == Offer.State.ACCEPTED:
        return _("You both said yes. Your mentorship starts now.")
    return _("Thank you. Your yes is noted. We tell you when the other has answered too.")


def _person_context(offer: Offer, side: str) -> dict[str, Any]:
    me, other = getattr(offer, side), getattr(offer, offers.other_side(side))
    both_yes = offer.state == Offer.State.ACCEPTED
    return {
        "offer": offer,
        "me": me,
        "other_name": other.user.name if both_yes else other.user.first_name,
        "my_answer": getattr(offer, f"{side}_answer"),
        "is_over": offer.state in (Offer.State.DECLINED, Offer.State.WITHDRAWN),
        "can_still": offers.can_be_revived(offer, side),
        "reasons": reasons_for_other(offer, viewer=side),
        "about_other": profile_answers(other.profile, for_match=True),
        "contact_lines": contact_lines(offer.programme),
    }


def _staff_context(offer: Offer) -> dict[str, Any]:
    ended = offer.state in (Offer.State.DECLINED, Offer.State.EXPIRED, Offer.State.WITHDRAWN)
    page = reverse("matching:single_match", args=[offer.mentee_id])
    next_best_url = f"{page}?after={offer.pk}"
    return {
        "offer": offer,
        "sides": [_side_for_staff(offer, side) for side in offers.SIDES],
        "parts": parts_in_words(offer.parts, reasons_for_staff(offer.facts)),
        "next_best_url": next_best_url if ended else "",
        "next_best": next_best(offer) if ended else None,
        "can_answer": offer.state in (Offer.State.OPEN, Offer.State.EXPIRED),
    }


def _side_for_staff(offer: Offer, side: str) -> dict[str, Any]:
    answer = getattr(offer, f"{side}_answer")
    return {
        "side": side,
        "participant": getattr(offer, side),
        "answer": answer,
        "label": Offer.Answer(answer).label if answer else _("No answer yet"),
        "kind": {"yes": "success", "no": "danger"}.get(answer, "neutral"),
        "answered_at": getattr(offer, f"{side}_answered_at"),
        "recorded_by": getattr(offer, f"{side}_recorded_by"),
    }
