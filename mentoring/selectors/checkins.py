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
    """What both were asked and answered, and what is still planned; in order of time."""
    rows = mentorship.check_ins.exclude(state=CheckIn.State.DROPPED)
    return list(rows.select_related("participant__user", "recorded_by").order_by("due_at"))
