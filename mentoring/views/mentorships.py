"""My mentorship: the other person, messages, meetings, what comes next, pausing and stopping."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.selectors.profiles import profile_answers
from handbook.models import Moment
from handbook.selectors import reading_for

from ..errors import Refused
from ..forms.mentorships import MeetingForm, MessageForm, PairFilterForm, StaffStopForm, StopForm
from ..models import Mentorship, Programme
from ..pair_rules import is_half
from ..selectors import mentorships as selectors
from ..selectors.programmes import contact_lines
from ..selectors.stories import tellings_of
from ..services import mentorships as services
from ..services import messages as message_services
from .pair_access import back_to, half_or_staff, mentorship_for, own_address

PER_PAGE = 25


@login_required
def mentorship_list(request: HttpRequest) -> HttpResponse:
    """One's own pairs; and for staff those of their programmes."""
    user = request.user
    programmes = list(Programme.objects.visible_to(user))
    filters = PairFilterForm(request.GET, programmes=programmes)
    rows = selectors.mentorships_for_staff(user, **filters.chosen())
    context = {
        "own": [(pair, pair.other_of(user)) for pair in selectors.own_mentorships(user)],
        "programmes": programmes,
        "filters": filters,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "mentoring/mentorship_list.html", context)


@login_required
def mentorship_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mentorship = mentorship_for(request, pk, is_half)
    return pair_page(request, mentorship, MessageForm(), MeetingForm(prefix="meeting"))


def pair_page(
    request: HttpRequest,
    mentorship: Mentorship,
    message_form: MessageForm,
    meeting_form: MeetingForm,
) -> HttpResponse:
    user = request.user
    me, other = mentorship.participant_of(user), mentorship.other_of(user)
    meetings = selectors.meetings_of(mentorship)
    page = selectors.messages_page(mentorship, request.GET.get("page"))
    steps = selectors.next_steps(mentorship, me, meetings)
    own_stories = tellings_of(user, mentorship)
    context = {
        "mentorship": mentorship,
        "other": other,
        "answers": profile_answers(other.profile, for_match=True),
        "meetings": meetings,
        "to_record": selectors.to_record(meetings),
        "steps": steps,
        "read_on": reading_for(user, steps.moment) if steps.moment else [],
        "page": page,
        "tellings": own_stories,
        "told_by_me": any(one.told_by_id == me.pk for one in own_stories) if me else False,
        "has_unread": any(m.sender_id != user.pk and not m.read_at for m in page),
        "message_form": message_form,
        "meeting_form": meeting_form,
        "form": message_form if message_form.is_bound else meeting_form,
        "contact_lines": contact_lines(mentorship.programme),
        "language_next": own_address(request, "mentorship_detail", mentorship),
    }
    return render(request, "mentoring/mentorship_detail.html", context)


@login_required
@require_POST
def message_send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mentorship = mentorship_for(request, pk, is_half)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            message_services.message_send(
                actor=request.user, mentorship=mentorship, body=form.cleaned_data["body"]
            )
        except Refused as refusal:
            form.add_error("body", str(refusal))
        else:
            messages.success(request, _("Your message is there."))
            return redirect("mentoring:mentorship_detail", pk=pk)
    return pair_page(request, mentorship, form, MeetingForm(prefix="meeting"))


@login_required
@require_POST
def messages_read(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mentorship = mentorship_for(request, pk, is_half)
    message_services.messages_read(actor=request.user, mentorship=mentorship)
    return redirect("mentoring:mentorship_detail", pk=pk)


@login_required
@require_POST
def mentorship_in_touch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mentorship = mentorship_for(request, pk, half_or_staff)
    _try(
        request,
        _("Good to hear. Thank you."),
        services.mentorship_in_touch,
        actor=request.user,
        mentorship=mentorship,
    )
    return back_to(request, mentorship)


@login_required
def mentorship_pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the pair rest, go on, or have no contact: a question first, then the POST."""
    mentorship = mentorship_for(request, pk, half_or_staff)
    if request.method == "POST":
        changes = {
            "resume": (services.mentorship_resume, _("The mentorship goes on.")),
            "hold": (services.mentorship_hold, _("The contact stops. Both have been told.")),
        }
        pause = (services.mentorship_pause, _("The mentorship is paused."))
        change, done = changes.get(request.POST.get("do", ""), pause)
        _try(request, done, change, actor=request.user, mentorship=mentorship)
        return back_to(request, mentorship)
    context = {
        "mentorship": mentorship,
        "paused": mentorship.state == Mentorship.State.PAUSED,
        "by_staff": not is_half(request.user, mentorship),
        "back_url": back_to(request, mentorship).url,
        "read_on": reading_for(request.user, Moment.STOPPING),
        "contact_lines": contact_lines(mentorship.programme),
    }
    return render(request, "mentoring/mentorship_pause.html", context)


@login_required
def mentorship_stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop without blame: for either of the two, or for staff in their name."""
    mentorship = mentorship_for(request, pk, half_or_staff)
    me = mentorship.participant_of(request.user)
    form = (StopForm if me else StaffStopForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sides = {"mentee": mentorship.mentee, "mentor": mentorship.mentor}
        _try(
            request,
            _("Your mentorship has stopped.") if me else _("The mentorship has stopped."),
            services.mentorship_end,
            actor=request.user,
            mentorship=mentorship,
            reason=form.cleaned_data["reason"],
            stopped_by=me or sides.get(form.cleaned_data["side"]),
            wants_match=form.cleaned_data["wants_match"],
        )
        return back_to(request, mentorship)
    context = {
        "mentorship": mentorship,
        "form": form,
        "by_staff": me is None,
        "back_url": back_to(request, mentorship).url,
        "read_on": reading_for(request.user, Moment.STOPPING),
        "contact_lines": contact_lines(mentorship.programme),
    }
    return render(request, "mentoring/mentorship_stop.html", context)


def _try(request: HttpRequest, done: str, change: Any, **kwargs: Any) -> None:
    try:
        change(**kwargs)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
