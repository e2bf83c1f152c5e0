"""The notice that somebody wrote: never the text itself, at most once a day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from reenter.common import clock

from ..models import Mentorship, Participant
from .pairs import queue, see_mentorship

NOTICE = "message_notice:"


def notice_prefix(user_id: object) -> str:
    return f"{NOTICE}{user_id}:"


def notice(mentorship: Mentorship, participant: Participant, other: Participant) -> None:
    """At most one a day per person, over all their pairs; not at night."""
    user = participant.user
    moment = clock.next_daytime(clock.now(), user.time_zone)
    day = moment.astimezone(ZoneInfo(user.time_zone)).date()
    with translation.override(user.language):
        queue(
            participant,
            key=f"{notice_prefix(user.pk)}{day:%Y%m%d}",
            subject=_("You have a new message"),
            paragraphs=[
                _("%(name)s wrote to you.") % {"name": other.user.first_name},
                _("You can read it and answer on your page."),
            ],
            action=see_mentorship(mentorship),
            not_before=moment,
        )
