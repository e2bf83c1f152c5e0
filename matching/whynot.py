"""Why two people are not proposed to each other, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from mentoring.reasons import NOT_READY_REASONS

# Codes of the engine's must-haves, of `matching.adapters`, and of people who cannot enter a round.
WHY_NOT: dict[str, Any] = {
    "same_person": _("This is the same person"),
    "forbidden": _("Staff decided: never these two"),
    "declined": _("An offer between them was declined"),
    "rematch": _("They asked for another match before"),
    "paired_before": _("They have been a pair before"),
    "group": _("Not possible for somebody else of the same group"),
    "competitor": _("They could be competitors"),
    "no_shared_language": _("No language in common"),
    "too_far": _("Too far apart, and not both online"),
    "no_goal_covered": _("Not one of the goals is covered"),
    "below_minimum": _("Below the minimum score of the programme"),
    "no_place_left": _("The mentor has no place left"),
    "has_match_or_offer": _("Has an open offer or a mentorship already"),
} | NOT_READY_REASONS


def why_not_in_words(codes: Iterable[str]) -> list[Any]:
    """One phrase per code; a code without words stays as it is."""
    return [WHY_NOT.get(code, code) for code in codes]
