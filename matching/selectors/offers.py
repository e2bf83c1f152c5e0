"""Reads about offers, for pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from mentoring.models import Programme
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


def open_offers_of(user: Any) -> OfferQuerySet:
    """What the person has to answer, or waits for: for their own home page."""
    mine = Q(mentee__user=user) | Q(mentor__user=user)
    return Offer.objects.open().filter(mine).select_related(*WITH_PEOPLE)


def _to_call() -> Q:
    return Q(state=Offer.State.OPEN, opened_at__lte=clock.now() - CALL_AFTER)
