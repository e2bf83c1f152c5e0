"""Planning and recording meetings, for the two and for staff in their name."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..errors import Refused
from ..forms.mentorships import MeetingForm, MessageForm
from ..models import Meeting
from ..pair_rules import is_half
from ..services import meetings as services
from .mentorships import pair_page
from .pair_access import back_to, half_or_staff, mentorship_for
from .pair_staff import staff_page


@login_required
@require_POST
def meeting_plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For the two and for staff; on bad input the page of the person with what they typed."""
    mentorship = mentorship_for(request, pk, half_or_staff)
    form = MeetingForm(request.POST, prefix="meeting")
    if form.is_valid():
        try:
            meeting = services.meeting_plan(
                actor=request.user, mentorship=mentorship, starts_at=form.starts_at()
            )
        except Refused as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _done(request, meeting))
            return back_to(request, mentorship)
    if is_half(request.user, mentorship):
        return pair_page(request, mentorship, MessageForm(), form)
    return staff_page(request, mentorship, meeting_form=form)


def _done(request: HttpRequest, meeting: Meeting) -> str:
    if not meeting.took_place:
        return _("The meeting is planned.")
    own = is_half(request.user, meeting.mentorship)
    return _("Noted: you met.") if own else _("Noted: they met.")


@login_required
@require_POST
def meeting_record(request: HttpRequest, pk: uuid.UUID, meeting_pk: uuid.UUID) -> HttpResponse:
    """`outcome`: it took place (yes), it did not (no), or take it off the list (remove)."""
    mentorship = mentorship_for(request, pk, half_or_staff)
    meeting = get_object_or_404(Meeting, pk=meeting_pk, mentorship=mentorship)
    outcome = request.POST.get("outcome")
    try:
        if outcome == "remove":
            services.meeting_remove(actor=request.user, meeting=meeting)
            messages.success(request, _("The meeting is off the list."))
        elif outcome in ("yes", "no"):
            services.meeting_record(
                actor=request.user, meeting=meeting, took_place=outcome == "yes"
            )
            messages.success(request, _("Thank you, we noted it."))
        else:
            messages.error(request, _("Choose one of the answers."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back_to(request, mentorship)
