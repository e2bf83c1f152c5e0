"""Who may do what with offers and matches; a stranger does not even see them."""

from __future__ import annotations

from typing import Any

from mentoring.models import Participant
from mentoring.rules import may_look_after

from .models import Offer


def may_answer_offer(user: Any, offer: Offer) -> bool:
    """Only the two themselves; needs `mentee` and `mentor` selected."""
    return user.pk in (offer.mentee.user_id, offer.mentor.user_id)


def may_manage_offer(user: Any, offer: Offer) -> bool:
    """Facilitators of the programme, except those whose own offer it is."""
    return Offer.objects.looked_after_by(user).filter(pk=offer.pk).exists()


def may_match(user: Any, participant: Participant) -> bool:
    """Facilitators of the programme, but nobody finds a match for themselves."""
    return participant.user_id != user.pk and may_look_after(user, participant)
