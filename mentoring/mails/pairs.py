"""What all mails to the two of a pair have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reenter.common.outbox import Category, Section, message_queue

from ..models import Mentorship, Participant
from ..selectors.programmes import contact_lines


def queue(
    participant: Participant,
    *,
    key: str,
    subject: str,
    paragraphs: Sequence[str],
    action: tuple[str, str],
    category: str = Category.DIRECT,
    not_before: datetime | None = None,
) -> None:
    """One mail to one half, with a greeting, one action (label, address) and whom to call.

    Call it with the person's language active.
    """
    user = participant.user
    message_queue(
        key=key,
        category=category,
        recipient=user,
        programme=participant.programme,
        subject=subject,
        sections=[
            Section([_("Hello %(name)s,") % {"name": user.first_name}, *paragraphs], *action)
        ],
        closing=contact_lines(participant.programme),
        not_before=not_before,
    )


def see_mentorship(mentorship: Mentorship) -> tuple[str, str]:
    return (
        _("See your mentorship"),
        address("mentoring:mentorship_detail", str(mentorship.pk)),
    )


def address(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def moment_in_words(moment: datetime, zone: str) -> str:
    """A date and time on the person's own wall clock, in the active language."""
    local = timezone.localtime(moment, ZoneInfo(zone))
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "l j F Y"),
        "time": date_format(local, "H:i"),
    }
