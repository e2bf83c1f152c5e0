"""Reads about check-ins."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import CheckIn, Mentorship


def with_pair(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    """With everything that a page about one check-in needs."""
    return rows.select_related(
        "participant__user",
        "mentorship__programme__contact",
        "mentorship__programme__organisation",
        "mentorship__mentee__user",
        "mentorship__mentor__user",
    )


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
