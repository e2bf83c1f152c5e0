"""A pair as its facilitator sees it: dates, states and answers; never messages."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handbook.models import Moment
from handbook.selectors import reading_for
from reenter.common import clock

from ..errors import Refused
from ..forms.mentorships import MeetingForm, PairContactForm
from ..models import Mentorship
from ..pair_rules import may_look_after_pair
from ..selectors import mentorships as selectors
from ..selectors.checkins import check_ins_for_staff
from ..selectors.signals import signals
from ..selectors.stories import tellings_of
from ..services.contacts import contact_record
from .pair_access import mentorship_for, own_address


@login_required
def mentorship_staff(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return staff_page(request, mentorship_for(request, pk, may_look_after_pair))


def staff_page(
    request: HttpRequest,
    mentorship: Mentorship,
    *,
    meeting_form: MeetingForm | None = None,
    contact_form: PairContactForm | None = None,
) -> HttpResponse:
    meeting_form = meeting_form or MeetingForm(prefix="meeting")
    contact_form = contact_form or PairContactForm(mentorship=mentorship)
    meetings, now = selectors.meetings_of(mentorship), clock.now()
    found = signals(request.user, [mentorship.programme], now, only=mentorship)
    context = {
        "mentorship": mentorship,
        "meetings": meetings,
        "to_record": selectors.to_record(meetings),
        "check_ins": check_ins_for_staff(mentorship),
        "contacts": mentorship.contacts.select_related("by", "participant__user"),
        "signals": found,
        "read_on": reading_for(request.user, Moment.CHECK_IN_CALL) if found else [],
        "tellings": tellings_of(request.user, mentorship),
        "meeting_form": meeting_form,
        "contact_form": contact_form,
        "form": contact_form if contact_form.is_bound else meeting_form,
        "language_next": own_address(request, "mentorship_staff", mentorship),
    }
    return render(request, "mentoring/mentorship_staff.html", context)


@login_required
@require_POST
def mentorship_contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Staff spoke to one of the two about the pair."""
    mentorship = mentorship_for(request, pk, may_look_after_pair)
    form = PairContactForm(request.POST, mentorship=mentorship)
    if not form.is_valid():
        return staff_page(request, mentorship, contact_form=form)
    data = form.cleaned_data
    halves = {"mentee": mentorship.mentee, "mentor": mentorship.mentor}
    try:
        contact_record(
            actor=request.user,
            participant=halves[data["who"]],
            mentorship=mentorship,
            about=data["about"],
            how=data["how"],
            note=data["note"],
            quiet_days=data["quiet_days"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return staff_page(request, mentorship, contact_form=form)
    messages.success(request, _("Your talk is noted."))
    return redirect("mentoring:mentorship_staff", pk=pk)
