"""What pairs, meetings, messages and check-ins hold about a person: export and erasure.

An erased person's pairs keep their dates, without a name, for the funder's evidence.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from reenter.common import privacy
from reenter.common.outbox import messages_cancel

from .. import personal_words
from ..models import CheckIn, Meeting, Mentorship, Message, Participant
from .mentorships import participant_gone


def register() -> None:
    privacy.register("mentorships", export=_export, erase=_erase, words=personal_words.MENTORSHIPS)


def _export(user: Any) -> dict[str, Any]:
    mine = Mentorship.objects.of_person(user)
    return {
        "mentorships": [_mentorship(row, user) for row in mine.select_related("programme")],
        "meetings": [
            {"starts_at": meeting.starts_at.isoformat(), "took_place": meeting.took_place}
            for meeting in Meeting.objects.filter(mentorship__in=mine)
        ],
        "messages_i_wrote": [
            {"written_at": message.created_at.isoformat(), "text": message.body}
            for message in Message.objects.filter(sender=user)
        ],
        "check_ins": [_check_in(row) for row in CheckIn.objects.filter(participant__user=user)],
    }


def _mentorship(mentorship: Mentorship, user: Any) -> dict[str, Any]:
    mentee = Participant.objects.filter(pk=mentorship.mentee_id, user=user).exists()
    return {
        "programme": mentorship.programme.name,
        "my_role": "mentee" if mentee else "mentor",
        "kind": mentorship.kind,
        "state": mentorship.state,
        "started_at": mentorship.started_at.isoformat(),
        "ends_on": mentorship.ends_on.isoformat(),
        "ended_at": mentorship.ended_at and mentorship.ended_at.isoformat(),
    }


def _check_in(check_in: CheckIn) -> dict[str, Any]:
    return {
        "kind": check_in.kind,
        "due_at": check_in.due_at.isoformat(),
        "state": check_in.state,
        "answered_at": check_in.answered_at and check_in.answered_at.isoformat(),
        "fit": check_in.fit,
        "satisfaction": check_in.satisfaction,
        "comment": check_in.comment,
    }


def _erase(user: Any) -> None:
    """Ends what runs, deletes every text, and withdraws mail to others that names the person."""
    for participant in Participant.objects.filter(user=user).select_related("user"):
        participant_gone(participant, None)
    Message.objects.filter(sender=user).update(body="")
    CheckIn.objects.filter(participant__user=user).update(comment="")
    for mentorship in Mentorship.objects.of_person(user):
        _withdraw_mail(mentorship, user)


def _withdraw_mail(mentorship: Mentorship, user: Any) -> None:
    for what in ("started", "silent"):
        messages_cancel(key_prefix=f"mentorship:{mentorship.pk}:{what}:")
    for meeting in mentorship.meetings.all():
        messages_cancel(key_prefix=f"meeting:{meeting.pk}:")
    about = CheckIn.objects.filter(Q(mentorship=mentorship) & ~Q(participant__user=user))
    for check_in in about:
        messages_cancel(key_prefix=f"check_in:{check_in.pk}:")
