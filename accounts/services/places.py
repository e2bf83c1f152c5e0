"""Places are how many pairs a person can be in at once; they can never be exceeded."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..models import Profile


class NoPlaceLeft(Exception):
    """`profile` has no place left; the message says so to a person."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(_("There is no place left for this person."))
        self.profile = profile


@transaction.atomic
def places_take(*, profiles: Iterable[Profile]) -> None:
    """Take one place of each profile, or of none: raises NoPlaceLeft."""
    for profile in _in_lock_order(profiles):
        free = Profile.objects.filter(pk=profile.pk, places_taken__lt=F("places"))
        if not free.update(places_taken=F("places_taken") + 1):
            raise NoPlaceLeft(profile)


@transaction.atomic
def places_free(*, profiles: Iterable[Profile]) -> None:
    """Give one place of each profile back."""
    for profile in _in_lock_order(profiles):
        taken = Profile.objects.filter(pk=profile.pk, places_taken__gt=0)
        taken.update(places_taken=F("places_taken") - 1)


def _in_lock_order(profiles: Iterable[Profile]) -> list[Profile]:
    """Everybody locks rows in the same order, so that two changes never wait for each other."""
    return sorted(profiles, key=lambda profile: profile.pk)
