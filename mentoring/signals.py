"""What a facilitator should look at: one signal per fact, gathered from several places.

People and letters signal from this app, offers from `matching`; the desk puts all of them in one
list. The kinds stand here together, so that their order of urgency is seen at a glance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Mentorship, Participant, Programme

# Most urgent first: the place in this table is the urgency.
TEXTS: dict[str, Any] = {
    "not_good_fit": _("Says: not a good fit"),
    "low_satisfaction": _("Is not satisfied with how it goes"),
    "safeguarding_missing": _("The programme lacks a safeguarding person"),
    "offer_call": _("Has not answered an offer: give a call"),
    "offer_over": _("An offer came to nothing: look for the next best"),
    "silent": _("We heard nothing from this pair"),
    "no_first_meeting": _("No first meeting yet"),
    "check_in_unanswered": _("Did not answer the check-in"),
    "letter": _("Has no e-mail: call, or print the letter"),
    "apply": _("Applied: have a talk"),
    "waiting": _("Has been waiting for 30 days: call"),
    "decide": _("Was spoken to: decide on admission"),
    "end_near": _("The end date is near and there was no closing talk"),
}
# A call about how a pair is doing; the handbook has words for it.
CALLS_ABOUT_A_PAIR = {
    "not_good_fit", "low_satisfaction", "silent", "no_first_meeting", "check_in_unanswered",
    "end_near",
}  # fmt: skip
URGENCY = {kind: place for place, kind in enumerate(TEXTS)}


@dataclass(frozen=True)
class Signal:
    """One thing that needs a facilitator.

    `participant` is whom to call first (None for a programme as a whole), `mentorship` the pair
    it is about, if any. `since` is the moment from which it needs us. A lower `urgency` is first.
    `text` is lazily translated. `object_id` names the letter or offer behind it.
    """

    kind: str
    urgency: int
    programme: Programme
    participant: Participant | None
    mentorship: Mentorship | None
    since: datetime
    text: str | Promise
    object_id: UUID | None = field(default=None)

    @property
    def programme_id(self) -> UUID:
        return self.programme.pk


def signal(
    kind: str,
    *,
    programme: Programme,
    since: datetime,
    participant: Participant | None = None,
    mentorship: Mentorship | None = None,
    object_id: UUID | None = None,
) -> Signal:
    """A signal with the urgency and the words of its kind; KeyError for an unknown kind."""
    return Signal(
        kind=kind,
        urgency=URGENCY[kind],
        programme=programme,
        participant=participant,
        mentorship=mentorship,
        since=since,
        text=TEXTS[kind],
        object_id=object_id,
    )
