"""The mail to somebody whose organisation brought them in with a list."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reenter.common.outbox import Category, Section, message_queue

from ..models import Participant
from ..selectors.programmes import contact_lines


def imported(participant: Participant) -> None:
    """Where your data are kept, why, and whom to call. Once per enrolment."""
    user, programme = participant.user, participant.programme
    organisation = programme.organisation.name
    with translation.override(user.language):
        lines = [
            _("%(organisation)s has put you on the list of %(programme)s.")
            % {"organisation": organisation, "programme": programme.name},
            _("Your details are now kept in RE-ENTER. We use them to find your match."),
            _("Sign in with this e-mail address to see and change them.")
            if user.email
            else _("Call us to hear or change what we keep about you."),
            _("Do you not want this? Call us, and we take you off the list."),
        ]
        message_queue(
            key=f"imported:{participant.pk}",
            category=Category.DIRECT,
            recipient=user,
            programme=programme,
            subject=_("You are on the list of %s") % programme.name,
            sections=[
                Section(
                    [_("Hello %s,") % user.first_name, *lines],
                    _("See my details") if user.email else "",
                    settings.SITE_URL + reverse("desk:home") if user.email else "",
                )
            ],
            closing=contact_lines(programme),
        )
