"""When two people meet, and whether they did. What they say stays between them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reenter.common import audit, clock
from reenter.common.outbox import messages_cancel

from ..errors import Refused
from ..mails import mentorships as mails
from ..models import Meeting, Mentorship, Participant
from .checkin_plan import first_meeting_plan, first_meeting_unplan
from .mentorships import hold_check, mentorship_locked, nudges_cancel

FURTHEST = timedelta(days=366)


@transaction.atomic
def meeting_plan(
    *, actor: Any, mentorship: Mentorship, starts_at: datetime, on_behalf_of: Any = None
) -> Meeting:
    """Plan a meeting, or note one that has been: a moment in the past counts as "we met".

    The half that did not plan it gets a mail (both, when staff did). Raises Refused.
    """
    mentorship = _open(mentorship)
    hold_check(mentorship)
    now = clock.now()
    if starts_at > now + FURTHEST:
        raise Refused(_("Choose a day within a year from now."))
    if starts_at < mentorship.started_at - timedelta(days=1):
        raise Refused(_("Choose a day after your mentorship began."))
    if mentorship.meetings.filter(starts_at=starts_at).exists():
        raise Refused(_("This meeting is in the list already."))
    meeting = Meeting.objects.create(
        mentorship=mentorship,
        starts_at=starts_at,
        took_place=True if starts_at <= now else None,
        recorded_by=actor,
    )
    _record(actor, meeting, "meeting_plan", on_behalf_of)
    if meeting.took_place:
        _met(mentorship)
    else:
        for half, other in _others_than(actor, mentorship):
            mails.meeting_planned(meeting, half, other)
    return meeting


@transaction.atomic
def meeting_record(
    *, actor: Any, meeting: Meeting, took_place: bool, on_behalf_of: Any = None
) -> Meeting:
    """It took place, or it did not. The first one that did brings the question how it was."""
    mentorship = _open(meeting.mentorship)
    meeting = _locked(meeting, mentorship)
    if took_place and meeting.starts_at > clock.now():
        raise Refused(_("This meeting is still to come. Tell us afterwards."))
    meeting.took_place, meeting.recorded_by = took_place, actor
    meeting.save(update_fields=["took_place", "recorded_by"])
    _record(actor, meeting, "meeting_record", on_behalf_of, took_place=took_place)
    if took_place:
        _met(mentorship)
    else:
        _not_met(mentorship)
    return meeting


@transaction.atomic
def meeting_remove(*, actor: Any, meeting: Meeting, on_behalf_of: Any = None) -> None:
    """Take a meeting off the list; one that was still to come is cancelled by mail."""
    mentorship = _open(meeting.mentorship)
    meeting = _locked(meeting, mentorship)
    _record(actor, meeting, "meeting_remove", on_behalf_of)
    messages_cancel(key_prefix=f"meeting:{meeting.pk}:planned:")
    if meeting.starts_at > clock.now():
        for half, other in _others_than(actor, mentorship):
            mails.meeting_removed(meeting, half, other)
    meeting.delete()
    _not_met(mentorship)


def _met(mentorship: Mentorship) -> None:
    """A sign of life; and after the first meeting both are asked how it was."""
    if mentorship.silence_asked_at:
        mentorship.silence_asked_at = None
        mentorship.save(update_fields=["silence_asked_at"])
    nudges_cancel(mentorship)
    first_meeting_plan(mentorship=mentorship)


def _not_met(mentorship: Mentorship) -> None:
    if not mentorship.meetings.filter(took_place=True).exists():
        first_meeting_unplan(mentorship=mentorship)


def _open(mentorship: Mentorship) -> Mentorship:
    mentorship = mentorship_locked(mentorship)
    if mentorship.state == Mentorship.State.ENDED:
        raise Refused(_("This mentorship has ended. Call us if you want to go on."))
    return mentorship


def _locked(meeting: Meeting, mentorship: Mentorship) -> Meeting:
    found = Meeting.objects.select_for_update(no_key=True).filter(pk=meeting.pk).first()
    if found is None:
        raise Refused(_("This meeting was taken off the list already."))
    found.mentorship = mentorship
    return found


def _others_than(actor: Any, mentorship: Mentorship) -> list[tuple[Participant, Participant]]:
    """Who did not do it themselves, each with the other half."""
    mentee, mentor = mentorship.mentee, mentorship.mentor
    halves = [(mentee, mentor), (mentor, mentee)]
    return [(half, other) for half, other in halves if half.user_id != actor.pk]


def _record(actor: Any, meeting: Meeting, action: str, on_behalf_of: Any, **data: Any) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=meeting,
        on_behalf_of=on_behalf_of,
        mentorship=str(meeting.mentorship_id),
        **data,
    )
