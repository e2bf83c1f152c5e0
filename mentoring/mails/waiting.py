"""Mails to people who wait: what happens next, and when."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reenter.common.outbox import Category, Section, message_queue

from ..models import Participant
from ..selectors.programmes import contact_lines


def application_received(participant: Participant) -> None:
    """At once after joining: we have your application, and this is what comes."""
    user, programme = participant.user, participant.programme
    with translation.override(user.language):
        steps = [
            _("You have joined %(programme)s as a %(role)s.")
            % {"programme": programme.name, "role": participant.get_role_display()},
            _("We call you within 14 days to get to know you."),
            _("Meanwhile, read the briefing. It takes a quarter of an hour."),
            _("After that we look for your match. You hear from us after each round."),
        ]
        message_queue(
            key=f"application:{participant.pk}:{participant.waiting_since:%Y%m%d%H%M}",
            category=Category.DIRECT,
            recipient=user,
            programme=programme,
            subject=_("We have your application: what happens next"),
            sections=[
                Section(
                    [_("Hello %s,") % user.first_name, *steps],
                    _("Read the briefing"),
                    settings.SITE_URL
                    + reverse("mentoring:programme_briefing", args=[programme.slug]),
                )
            ],
            closing=contact_lines(programme),
        )


def no_match_yet(participant: Participant, *, round_key: str) -> None:
    """After a round: no match this time, you come first next time."""
    user, programme = participant.user, participant.programme
    with translation.override(user.language):
        steps = [
            _("We have just looked for matches in %s.") % programme.name,
            _("This time we found no match that fits you well enough."),
            _("You stay on the list. Who waits longer comes first in the next round."),
            _("Have you waited for 30 days? Then we call you."),
        ]
        message_queue(
            key=f"waiting:{participant.pk}:{round_key}",
            category=Category.CAPPED,
            recipient=user,
            programme=programme,
            subject=_("No match yet: what happens next"),
            sections=[
                Section(
                    [_("Hello %s,") % user.first_name, *steps],
                    _("See what happens next"),
                    _address("desk:home"),
                )
            ],
            closing=contact_lines(programme),
        )


def _address(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)
