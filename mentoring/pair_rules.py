"""Who may do what with a pair: the two themselves, and the staff who look after them."""

from __future__ import annotations

from typing import Any

from .models import CheckIn, Mentorship
from .rules import may_run_programme


def is_half(user: Any, mentorship: Mentorship) -> bool:
    """One of the two. Needs `mentee` and `mentor` selected to ask the database nothing."""
    return mentorship.participant_of(user) is not None


def may_look_after_pair(user: Any, mentorship: Mentorship) -> bool:
    """Facilitators of the programme, but not of a pair that they are half of themselves.

    Otherwise somebody could read what their own mentor or mentee told staff about them.
    """
    return not is_half(user, mentorship) and may_run_programme(user, mentorship.programme)


def may_answer_check_in(user: Any, check_in: CheckIn) -> bool:
    """The person who is asked; staff write down an answer that they were told."""
    if check_in.participant.user_id == user.pk:
        return True
    return may_look_after_pair(user, check_in.mentorship)
