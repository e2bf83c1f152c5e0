"""Rounds in words: what a weight does, which rules hold, and why somebody has no pair."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .whynot import WHY_NOT

# What each criterion looks at, for the page where its weight is set.
EFFECTS: dict[str, Any] = {
    "goals": _("How well the mentor knows what the mentee wants to work on."),
    "lived": _("Whether the mentor has lived through what moves the mentee."),
    "bonds": _("What the two share outside work. Something rare counts more."),
    "sector": _("Whether both know the same kind of work."),
    "availability": _("How many times in the week suit both."),
    "place": _("How near they live. Meeting online counts half."),
}

# Rules that hold whatever the weights; the minimum and competitors are settings of the round.
MUST_HAVES: tuple[Any, ...] = (
    _("Both are admitted, had the briefing, and have a legal basis on record."),
    _("They share a language."),
    _("They can meet: online, or within travel distance."),
    _("The mentor has a place left."),
    _("The mentor knows something about at least one goal of the mentee."),
    _("They have not been a pair before, and nobody decided “never these two”."),
)

# Why somebody of the round has no pair; codes of the engine, of the adapters and of readiness.
UNMATCHED: dict[str, Any] = WHY_NOT | {
    "no_place_left": _("The places of mentors who fit went to others"),
    "below_minimum": _("All mentors who could fit are below the minimum score"),
    "no_shared_language": _("No mentor shares a language"),
    "too_far": _("Every mentor is too far away, and not both online"),
    "no_goal_covered": _("No mentor knows about one of the goals"),
    "all_barred": _("May not be proposed to any mentor"),
    "no_compatible_mentor": _("Every mentor fails one of the must-haves"),
    "left_out": _("Left out of this round by staff"),
}
UNMATCHED_MENTOR: dict[str, Any] = WHY_NOT | {
    "no_place_left": _("Has no place left"),
    "not_needed": _("No waiting mentee was left for this mentor"),
    "left_out": _("Left out of this round by staff"),
}

# Why two people are not a pair, when nothing else is wrong with them.
PAIR_WORDS: dict[str, Any] = WHY_NOT | {
    "locked_elsewhere": _("The mentee is kept together with another mentor"),
}


def unmatched_in_words(role: str, code: str) -> Any:
    """The phrase for a stored reason; a code without words stays as it is."""
    words = UNMATCHED if role == "mentee" else UNMATCHED_MENTOR
    return words.get(code, code)
