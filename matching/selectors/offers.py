"""Reads about offers, for pages and for the task list."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404

from mentoring.models import Mentorship, Participant, Programme
from reenter.common import clock

from ..models import Offer
from ..models.offers import OfferQuerySet
from ..services.offers import CALL_AFTER

WITH_PEOPLE = (
    "programme__organisation",
    "programme__contact",
    "mentee__user",
    "mentee__profile",
    "mentor__user",
    "mentor__profile",
)
STATES_OVER_WITHOUT_MATCH = (Offer.State.DECLINED, Offer.State.EXPIRED, Offer.State.WITHDRAWN)


def offer_get(user: Any, offer_id: uuid.UUID) -> Offer:
    """The offer with both people; 404 for whoever has nothing to do with it."""
    offers = Offer.objects.visible_to(user).select_related(
        *WITH_PEOPLE, "mentee_recorded_by", "mentor_recorded_by"
    )
    return get_object_or_404(offers, pk=offer_id)


def offers_of_programmes(
    user: Any, *, programme: Programme | None = None, state: str = ""
) -> OfferQuerySet:
    """Offers that the person looks after, newest first. State "call": day 7 and on."""
    offers = Offer.objects.looked_after_by(user)
    if programme:
        offers = offers.filter(programme=programme)
    if state == "call":
        offers = offers.filter(_to_call())
    elif state:
        offers = offers.filter(state=state)
    return offers.select_related("programme", "mentee__user", "mentor__user")


def offers_to_call(programmes: Iterable[Programme]) -> OfferQuerySet:
    """Open for seven days and still without an answer of both: somebody needs a call."""
    offers = Offer.objects.filter(_to_call(), programme__in=programmes)
    return offers.select_related(*WITH_PEOPLE).order_by("opened_at")


def offers_to_follow_up(programmes: Iterable[Programme]) -> OfferQuerySet:
    """Ended without a match, and the mentee has nothing since: look at the next best.

    Only the last offer of each mentee who still takes part. The page for it is
    `matching:single_match` of `offer.mentee_id` with `?after=<offer id>`.
    """
    later = Offer.objects.filter(mentee=OuterRef("mentee"), created_at__gt=OuterRef("created_at"))
    paired = Mentorship.objects.filter(
        ~Q(state=Mentorship.State.ENDED) | Q(started_at__gte=OuterRef("opened_at")),
        mentee__user=OuterRef("mentee__user"),
    )
    offers = Offer.objects.filter(
        ~Exists(later),
        ~Exists(paired),
        programme__in=programmes,
        state__in=STATES_OVER_WITHOUT_MATCH,
        mentee__state=Participant.State.ADMITTED,
    )
    return offers.select_related(*WITH_PEOPLE).order_by("closed_at")


def open_offers_of(user: Any) -> OfferQuerySet:
    """What the person has to answer, or waits for: for their own home page."""
    mine = Q(mentee__user=user) | Q(mentor__user=user)
    return Offer.objects.open().filter(mine).select_related(*WITH_PEOPLE)


def _to_call() -> Q:
    return Q(state=Offer.State.OPEN, opened_at__lte=clock.now() - CALL_AFTER)
