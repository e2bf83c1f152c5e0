"""Whom a person can call: their facilitator where an app higher up knows one, else the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Contact:
    """`name` is empty where there is only the site's own number; so is `programme`.

    A message to the person that goes with this programme reaches its staff if it becomes a letter.
    """

    name: str
    phone: str
    programme: Any = None


# `lookup(user)`: the contact of this person, or None. Added in an app's `ready()`.
lookups: list[Callable[[Any], Contact | None]] = []


def contact_of(user: Any) -> Contact:
    if user is not None and user.is_authenticated:
        for lookup in lookups:
            if found := lookup(user):
                return found
    return Contact("", settings.CONTACT_PHONE)


def contact_line(user: Any) -> str:
    """The last line of a mail that is about no programme; in the language that is active."""
    contact = contact_of(user)
    if contact.name:
        return _("Questions? Call %(name)s: %(phone)s.") % vars(contact)
    return _("Questions? Call %(phone)s.") % vars(contact)
