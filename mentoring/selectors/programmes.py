"""Reads about programmes."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from ..models import Programme


def contact_lines(programme: Programme) -> list[str]:
    """Who to turn to, with a phone number: the last lines of every mail and page.

    Uses `programme.contact` and `programme.organisation` (select them with the programme). In the
    language that is active. Falls back on the site's own number where no contact is named.
    """
    contact = programme.contact
    if contact is None:
        return [
            programme.organisation.name,
            _("Do you have a question? Call %(phone)s.") % {"phone": settings.CONTACT_PHONE},
        ]
    return [
        f"{contact.name}, {programme.organisation.name}",
        _("Do you have a question? Call %(phone)s.")
        % {"phone": contact.phone or settings.CONTACT_PHONE},
    ]
