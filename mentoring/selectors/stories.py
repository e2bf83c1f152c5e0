"""Reads about the stories of pairs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from ..models import Mentorship, Telling


def tellings(user: Any) -> QuerySet[Telling]:
    """The stories that a person may see, with all that a page about one needs."""
    return (
        Telling.objects.visible_to(user)
        .select_related(
            "story",
            "told_by__user",
            "mentorship__programme__contact",
            "mentorship__programme__organisation",
            "mentorship__mentee__user",
            "mentorship__mentor__user",
        )
        .distinct()
    )


def tellings_of(user: Any, mentorship: Mentorship) -> list[Telling]:
    """The stories of one pair; one query."""
    return list(tellings(user).filter(mentorship=mentorship))
