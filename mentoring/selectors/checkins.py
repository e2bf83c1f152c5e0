"""Reads about check-ins."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from reenter.common import clock

from ..models import CheckIn, Mentorship, Participant

JUST_ASKED = timedelta(days=3)


def with_pair(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    """With everything that a page about one check-in needs."""
    return rows.select_related(
        "participant__user",
        "mentorship__programme__contact",
        "mentorship__programme__organisation",
        "mentorship__mentee__user",
        "mentorship__mentor__user",
    )


def asked_anyway(mentorship: Mentorship, half: Participant) -> bool:
    """Whether a check-in went to this half in the last three days, or goes out today."""
    now, zone = clock.now(), ZoneInfo(half.user.time_zone)
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    asked = Q(asked_at__gt=now - JUST_ASKED) | Q(reminded_at__gt=now - JUST_ASKED)
    coming = Q(state=CheckIn.State.PLANNED, due_at__lt=tomorrow)
    return mentorship.check_ins.filter(asked | coming, participant=half).exists()


def check_ins_for_staff(mentorship: Mentorship) -> list[CheckIn]:
    """What both were asked and answered, and the next question of each; in order of time."""
    rows = mentorship.check_ins.exclude(state=CheckIn.State.DROPPED)
    shown, next_one = [], set()
    for check_in in rows.select_related("participant__user", "recorded_by").order_by("due_at"):
        if check_in.state == CheckIn.State.PLANNED:
            if check_in.participant_id in next_one:
                continue
            next_one.add(check_in.participant_id)
        shown.append(check_in)
    return shown
