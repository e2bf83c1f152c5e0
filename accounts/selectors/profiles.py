"""Profiles as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from ..models import Profile


@dataclass(frozen=True)
class Answer:
    code: str
    short: Any
    values: list[str]


def profile_answers(profile: Profile, for_match: bool = False) -> list[Answer]:
    """What the person told, in words; with `for_match` only what the owner marked."""
    prefetch_related_objects([profile], "chosen__term__group")
    mentee = profile.role == Profile.Role.MENTEE
    topics = [str(chosen.term) for chosen in profile.answers_of("topic")]
    answers = [
        Answer("idea", _("Idea"), [profile.pitch])
        if mentee
        else Answer("business", _("Business"), [profile.pitch]),
        Answer("goals", _("Goals"), topics)
        if mentee
        else Answer("topics", _("What I know about"), topics),
        Answer("exchange", _("What I can share"), [profile.exchange]),
    ]
    shown = [a for a in answers if any(a.values)]
    return [a for a in shown if a.code in profile.visible] if for_match else shown
