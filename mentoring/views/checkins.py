"""Answering a check-in: from the mail without signing in, on the site, or by staff for somebody."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from handbook.models import Moment
from handbook.selectors import reading_for

from ..errors import Refused
from ..forms.checkins import CommentForm, form_for, given_answer
from ..models import CheckIn
from ..selectors.checkins import with_pair
from ..selectors.programmes import contact_lines, programme_contact
from ..services import checkins as services
from ..tokens import LinkExpired, check_in_id

State = CheckIn.State
NOT_BY_LINK = {State.ANSWERED: "used", State.PLANNED: "lapsed", State.DROPPED: "lapsed"}


@csrf_exempt  # the link itself is the right to answer, and it works with cookies switched off
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Opening it changes nothing: a mail scanner answers nothing.

    The page is not stored, and its address goes to no other site: the whole site sends
    `Referrer-Policy: same-origin`.
    """
    try:
        check_in = with_pair(CheckIn.objects.all()).filter(pk=check_in_id(token)).first()
    except LinkExpired:
        return _kind(request, "expired", 410)
    except BadSignature:
        return _kind(request, "unknown", 404)
    if check_in is None:
        return _kind(request, "unknown", 404)
    _speak_like_the_mail(request, check_in)
    if check_in.state in NOT_BY_LINK:
        return _kind(request, NOT_BY_LINK[check_in.state], 410, check_in)
    form = form_for(check_in)(_posted(request))
    if request.method == "POST" and form.is_valid():
        person = check_in.participant.user
        try:
            answered = services.check_in_answer(actor=person, check_in=check_in, **form.answer())
        except Refused:  # two taps at once: the first one counts
            return _kind(request, "used", 410, check_in)
        return _kind(request, "thanks", 200, check_in, low=answered.is_low)
    return _ask(request, check_in, form, by_link=True)


def _speak_like_the_mail(request: HttpRequest, check_in: CheckIn) -> None:
    """Unless the reader is signed in or chose a language here before."""
    if not (request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES):
        translation.activate(check_in.participant.user.language)


@login_required
@never_cache
def check_in_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """On the site: for the person, who may change an answer, and for staff in their name."""
    visible = with_pair(CheckIn.objects.visible_to(request.user)).distinct()
    check_in = get_object_or_404(visible, pk=pk)
    if check_in.state in (State.PLANNED, State.DROPPED):
        return _kind(request, "lapsed", 200, check_in)
    form = form_for(check_in)(_posted(request), initial=given_answer(check_in))
    if request.method == "POST" and form.is_valid():
        own = check_in.participant.user_id == request.user.pk
        try:
            answered = services.check_in_answer(
                actor=request.user, check_in=check_in, may_change=True, **form.answer()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if own and answered.is_low:
                return redirect("mentoring:check_in_thanks", pk=pk)
            thanks = _("Thank you for your answer.") if own else _("The answer is recorded.")
            messages.success(request, thanks)
        name = "mentoring:mentorship_detail" if own else "mentoring:mentorship_staff"
        return redirect(name, pk=check_in.mentorship_id)
    return _ask(request, check_in, form, by_link=False)


@login_required
@never_cache
def check_in_thanks(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """After a low answer on the site: what to read, and whom to call; for the person alone."""
    visible = with_pair(CheckIn.objects.visible_to(request.user)).distinct()
    check_in = get_object_or_404(visible, pk=pk)
    if check_in.participant.user_id != request.user.pk:
        raise PermissionDenied
    if check_in.state != State.ANSWERED:
        return redirect("mentoring:check_in_detail", pk=pk)
    return _kind(request, "thanks", 200, check_in, low=check_in.is_low)


def _posted(request: HttpRequest) -> Any:
    """Also an empty POST is one: it gets the error, not a fresh page."""
    return request.POST if request.method == "POST" else None


def _ask(
    request: HttpRequest, check_in: CheckIn, form: CommentForm, *, by_link: bool
) -> HttpResponse:
    context = _about(check_in) | {
        "form": form,
        "by_link": by_link,
        "by_staff": not by_link and check_in.participant.user_id != request.user.pk,
    }
    return render(request, "mentoring/check_in_detail.html", context)


def _kind(
    request: HttpRequest,
    case: str,
    status: int,
    check_in: CheckIn | None = None,
    *,
    low: bool = False,
) -> HttpResponse:
    """A page that says what to do: thanks (`low` after a low answer), used, lapsed, expired or
    unknown."""
    context: dict[str, Any] = {"case": case} | (_about(check_in) if check_in else {})
    if low:
        context["read_on"] = reading_for(request.user, Moment.CHECK_IN_LOW)
    return render(request, "mentoring/check_in_notice.html", context, status=status)


def _about(check_in: CheckIn) -> dict[str, Any]:
    return {
        "check_in": check_in,
        "person": check_in.participant.user,
        "other": check_in.mentorship.other_of(check_in.participant.user).user,
        "contact_lines": contact_lines(check_in.mentorship.programme),
        "contact_person": programme_contact(check_in.mentorship.programme),
    }
