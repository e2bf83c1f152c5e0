"""What matching holds about a person: how to export it and how to erase it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from mentoring.models import Participant
from mentoring.services.locks import programmes_hold_of
from reenter.common import personal_data as messages
from reenter.common import privacy

from ..models import ForbiddenPair, Offer, Override, RoundParticipant
from ..personal_words import WORDS
from .offers import offers_withdraw_of, side_of


def export(user: Any) -> dict[str, Any]:
    """The person's own side: their offers with their own answers, and their rounds.

    Nothing about the other person but the first name that the offer showed, and no points: those
    are about two people.
    """
    return {"offers": _offers(user), "rounds": _rounds(user)}


@transaction.atomic
def erase(user: Any) -> None:
    """Cut every tie between the person and what matching keeps; ends open offers first.

    Rounds keep their pseudonymous arrays and stay replayable. Offers keep state and dates for the
    counts of the programme, without reasons, facts and notes.
    """
    programmes_hold_of(user)
    for participant in Participant.objects.filter(user=user):
        offers_withdraw_of(actor=None, participant=participant)
    for pk in _offers_of(user).values_list("pk", flat=True):
        messages.name_take_out(key_prefix=f"offer-ended:{pk}:", name=user.first_name)
    places = RoundParticipant.objects.filter(participant__user=user)
    mine = Q(mentee__in=places) | Q(mentor__in=places)
    Override.objects.filter(mine).update(reason="", withdrawn_reason="")
    places.update(participant=None, left_out_note="")
    ForbiddenPair.objects.filter(Q(mentee=user) | Q(mentor=user)).delete()
    _offers_of(user).update(facts=[], parts={}, decline_reason="", note="", withdrawn_note="")


def _offers_of(user: Any) -> Any:
    return Offer.objects.filter(Q(mentee__user=user) | Q(mentor__user=user))


def _offers(user: Any) -> list[dict[str, Any]]:
    rows = _offers_of(user).select_related("programme", "mentee__user", "mentor__user")
    return [_offer(offer, side_of(offer, user) or "mentee") for offer in rows]


def _offer(offer: Offer, side: str) -> dict[str, Any]:
    other = offer.mentor if side == "mentee" else offer.mentee
    answered_at = getattr(offer, f"{side}_answered_at")
    answer = getattr(offer, f"{side}_answer")
    return {
        "programme": offer.programme.name,
        "my_role": side,
        "with": other.user.first_name,
        "opened_at": offer.opened_at.isoformat(),
        "state": _state_for_export(offer),
        "my_answer": answer,
        "my_answer_at": answered_at.isoformat() if answered_at else "",
        "my_reason": offer.decline_reason if answer == Offer.Answer.NO else "",
    }


def _state_for_export(offer: Offer) -> str:
    """A decline looks like a withdrawal: nobody hears who declined."""
    over = offer.state in (Offer.State.DECLINED, Offer.State.WITHDRAWN)
    return "ended" if over else str(offer.state)


def _rounds(user: Any) -> list[dict[str, Any]]:
    rows = RoundParticipant.objects.filter(participant__user=user).select_related(
        "round__programme"
    )
    return [
        {
            "programme": row.round.programme.name,
            "round": row.round.number,
            "role": row.role,
            "took_part": row.included,
        }
        for row in rows
    ]


privacy.register("matching", export=export, erase=erase, words=WORDS)
