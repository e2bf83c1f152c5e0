"""Match one person now: the same rules, the same log and the same offer as after a round."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mentoring.models import Participant
from mentoring.selectors.participants import with_readiness
from mentoring.services.locks import programmes_hold

from ..models import Offer
from ..selectors.single import Refused, single_pair
from .offers import OfferRefused, offer_open

ENDED = (Offer.State.DECLINED, Offer.State.EXPIRED, Offer.State.WITHDRAWN)


@transaction.atomic
def single_offer(
    *, actor: Any, participant: Participant, other: Participant, note: str, after: str = ""
) -> Offer:
    """Offer these two each other because staff decided so, with the reason in `note`.

    `after` is the id of an offer of this person that ended: then this one is its next best.
    Raises OfferRefused when the pair fails a must-have.
    """
    if participant.role == other.role or participant.programme_id != other.programme_id:
        raise OfferRefused(_("Choose a mentee and a mentor of the same programme."))
    programmes_hold([participant.programme_id])
    both = with_readiness(Participant.objects.filter(pk__in=[participant.pk, other.pk])).in_bulk()
    participant, other = both[participant.pk], both[other.pk]
    found = single_pair(participant, other)
    if isinstance(found, Refused):
        raise OfferRefused(
            _("These two cannot be matched. %(why)s.")
            % {"why": ". ".join(str(phrase) for phrase in found.why)}
        )
    mentee, mentor = (participant, other) if participant.is_mentee else (other, participant)
    return offer_open(
        actor=actor,
        programme=participant.programme,
        mentee=mentee,
        mentor=mentor,
        points=found.points,
        parts=found.parts,
        facts=found.facts,
        source=_source(participant, after),
        note=note,
    )


def _source(participant: Participant, after: str) -> str:
    mine = Q(mentee=participant) | Q(mentor=participant)
    known = after and Offer.objects.filter(mine, pk=after, state__in=ENDED).exists()
    return Offer.Source.NEXT_BEST if known else Offer.Source.ONE_PERSON
