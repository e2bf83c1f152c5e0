"""Who may read what."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Profile


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    MENTOR = "mentor", _("Mentors")
    MENTEE = "mentee", _("Mentees")
    FACILITATOR = "facilitator", _("Facilitators")


def audiences(user: Any) -> frozenset[str]:
    """The audiences that a person belongs to; one query per person and request.

    A participation always has a profile of its role, so the profile tells the role. Facilitators
    read everything: they talk the chapters of mentors and mentees through. So do editors.
    """
    if not user.is_authenticated:
        return frozenset({Audience.EVERYONE})
    if not hasattr(user, "_handbook_audiences"):
        user._handbook_audiences = _audiences(user)
    return user._handbook_audiences


def stand_in(of: frozenset[str]) -> Any:
    """Somebody who reads for these audiences and is nobody: no row, nothing of theirs to see."""
    if of == {Audience.EVERYONE}:
        return AnonymousUser()
    person = get_user_model()(language=get_language() or "")
    person._handbook_audiences = of
    return person


def stand_in_for(audience: str) -> Any:
    """Somebody of this audience who is nobody."""
    own = {Audience.EVERYONE, Audience(audience)}
    return stand_in(frozenset(Audience) if audience == Audience.FACILITATOR else frozenset(own))


def _audiences(user: Any) -> frozenset[str]:
    if user.is_superuser:
        return frozenset(Audience)
    people = get_user_model().objects
    profiles = Profile.objects.filter(user=OuterRef("pk"))
    editing = people.filter(
        pk=OuterRef("pk"),
        groups__permissions__codename="access_admin",
        groups__permissions__content_type__app_label="wagtailadmin",
    )
    mentor, mentee, facilitates, edits = (
        people.filter(pk=user.pk)
        .values_list(
            Exists(profiles.filter(role=Profile.Role.MENTOR)),
            Exists(profiles.filter(role=Profile.Role.MENTEE)),
            Exists(Membership.objects.filter(user=OuterRef("pk"))),
            Exists(editing),
        )
        .get()
    )
    if facilitates or edits:
        return frozenset(Audience)
    roles = {Audience.MENTOR: mentor, Audience.MENTEE: mentee, Audience.EVERYONE: True}
    return frozenset(audience for audience, belongs in roles.items() if belongs)
