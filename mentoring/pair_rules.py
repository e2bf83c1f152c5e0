"""Who may do what with a pair: the two themselves, and the staff who look after them."""

from __future__ import annotations

from typing import Any

from .models import Mentorship


def is_half(user: Any, mentorship: Mentorship) -> bool:
    """One of the two. Needs `mentee` and `mentor` selected to ask the database nothing."""
    return mentorship.participant_of(user) is not None


def may_look_after_pair(user: Any, mentorship: Mentorship) -> bool:
    """Facilitators of the programme, but not of a pair that they are half of themselves."""
    return Mentorship.objects.looked_after_by(user).filter(pk=mentorship.pk).exists()
