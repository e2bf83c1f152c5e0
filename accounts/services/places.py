"""How many pairs a person can be in at once, over all programmes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reenter.common import audit
from reenter.common.errors import Refused

from ..models import MOST_PLACES, Profile


class NoPlaceLeft(Exception):
    """This person can have no more pairs now; `profile` says who."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(_("There is no place left for this person."))
        self.profile = profile


@transaction.atomic
def places_take(*, profiles: Iterable[Profile]) -> None:
    """Take one place of each of these profiles, or none at all. Raises NoPlaceLeft.

    Belongs in the transaction of the change that needs the places. Reading the counter and
    writing it back sells the same place twice as soon as two people accept at once: measured in
    25 of 25 rounds. So the database itself compares and adds in one statement, in the same order
    for everybody so that two transactions never wait for each other. A CHECK stands behind it.
    """
    for profile in _in_order(profiles):
        taken = Profile.objects.filter(pk=profile.pk, places_taken__lt=F("places")).update(
            places_taken=F("places_taken") + 1
        )
        if not taken:
            raise NoPlaceLeft(profile)


@transaction.atomic
def places_free(*, profiles: Iterable[Profile]) -> None:
    """Give one place of each of these profiles back; never below zero."""
    for profile in _in_order(profiles):
        Profile.objects.filter(pk=profile.pk, places_taken__gt=0).update(
            places_taken=F("places_taken") - 1
        )


@transaction.atomic
def places_set(*, actor: Any, profile: Profile, places: int) -> None:
    """Change how many pairs a mentor can be in at once (1 to 3).

    Raises Refused with a sentence for the person: outside the limits, or below what is taken.
    """
    most = MOST_PLACES if profile.role == Profile.Role.MENTOR else 1
    if not 1 <= places <= most:
        raise Refused(
            ngettext("You can have %(most)d place.", "You can have 1 to %(most)d places.", most)
            % {"most": most}
        )
    changed = Profile.objects.filter(pk=profile.pk, places_taken__lte=places).update(places=places)
    if not changed:
        raise Refused(
            _(
                "More places than that are in use now. "
                "Wait until a mentorship ends, or call your facilitator."
            )
        )
    audit.record(actor=actor, action="places_set", target=profile, places=places)
    profile.places = places


def _in_order(profiles: Iterable[Profile]) -> list[Profile]:
    return sorted(profiles, key=lambda profile: str(profile.pk))
