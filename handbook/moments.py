"""The moments at which a chapter helps, and the chapters that editors put there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity

from .rules import Audience


class Moment(models.TextChoices):
    """Each has one or two places in the product; `PLACES` says which, and who reads it there."""

    BRIEFING_MENTEE = "briefing_mentee", _("A mentee gets the briefing")
    BRIEFING_MENTOR = "briefing_mentor", _("A mentor gets the briefing")
    OFFER = "offer", _("Somebody has an offer to answer")
    FIRST_MEETING_MENTEE = "first_meeting_mentee", _("A mentee will meet for the first time")
    FIRST_MEETING_MENTOR = "first_meeting_mentor", _("A mentor will meet for the first time")
    AGREEMENT = "agreement", _("Two people make agreements")
    GOALS = "goals", _("Two people set goals")
    CHECK_IN_LOW = "check_in_low", _("Somebody says that it does not go well")
    STOPPING = "stopping", _("Somebody wants to pause or stop")
    CLOSING = "closing", _("The end date is near")
    ROUND = "round", _("A facilitator prepares a round")
    CHECK_IN_CALL = "check_in_call", _("A facilitator calls about a pair")
    RECRUITING = "recruiting", _("A facilitator looks for people")


@dataclass(frozen=True)
class Place:
    """Who reads there, on which page, and how many chapters fit."""

    readers: tuple[Audience, ...]
    where: str | Promise
    most: int = 2


MENTEE, MENTOR = (Audience.MENTEE,), (Audience.MENTOR,)
BOTH, STAFF = MENTEE + MENTOR, (Audience.FACILITATOR,)
BRIEFING = _("The page of the briefing, before the questions")
PAIR_PAGE = _("The page of the pair, under “What comes next”")

PLACES: dict[str, Place] = {
    Moment.BRIEFING_MENTEE: Place(MENTEE, BRIEFING, most=4),
    Moment.BRIEFING_MENTOR: Place(MENTOR, BRIEFING, most=4),
    Moment.OFFER: Place(BOTH, _("The page of the offer, until it is answered")),
    Moment.FIRST_MEETING_MENTEE: Place(MENTEE, PAIR_PAGE),
    Moment.FIRST_MEETING_MENTOR: Place(MENTOR, PAIR_PAGE),
    Moment.AGREEMENT: Place(BOTH, _("The page of the pair, after the first meeting")),
    Moment.GOALS: Place(BOTH, _("The page of the pair, after the second and third meeting")),
    Moment.CHECK_IN_LOW: Place(BOTH, _("The page that thanks for a check-in")),
    Moment.STOPPING: Place(BOTH, _("The pages to pause and to stop")),
    Moment.CLOSING: Place(BOTH, _("The page of the pair, in the last four weeks")),
    Moment.ROUND: Place(STAFF, _("A round and its board, until it is published")),
    Moment.CHECK_IN_CALL: Place(STAFF, _("“Needs you” and the page of a pair, for a call")),
    Moment.RECRUITING: Place(STAFF, _("The page of a programme, at the link to hand out")),
}


class MomentReading(Entity):
    """The chapters for one moment, in order, by the key that they share with their translations.

    `loaded` is what came with the product; another value in `chapters` is an editor's choice.
    """

    moment = models.CharField(max_length=20, choices=Moment, unique=True)
    chapters = models.JSONField(default=list)
    loaded = models.JSONField(null=True, editable=False)

    def __str__(self) -> str:
        return self.get_moment_display()

    @property
    def is_edited(self) -> bool:
        return self.chapters != self.loaded


def who_misses(readers: tuple[Audience, ...], audience: str) -> list[Any]:
    """The readers at a place who may not see a chapter for `audience`; staff see everything."""
    if audience == Audience.EVERYONE:
        return []
    return [one for one in readers if one not in (Audience.FACILITATOR, audience)]
