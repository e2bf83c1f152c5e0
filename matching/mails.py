"""What people hear about an offer. First names only; nobody hears who declined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.models import Participant
from mentoring.selectors.programmes import contact_lines
from reenter.common import clock
from reenter.common.outbox import Category, Section, message_queue, messages_cancel

from .models import Offer

SIDES = ("mentee", "mentor")


def offer_opened(offer: Offer) -> None:
    """To both, at once."""
    for side in SIDES:
        person, other = _people(offer, side)
        with translation.override(person.user.language):
            _ask(
                offer,
                side,
                kind="opened",
                subject=_("We found somebody for you"),
                paragraphs=[_who_we_found(person, other), *_how_to_answer(offer, person)],
            )


def offer_revived(offer: Offer, side: str) -> None:
    """To the one who has not answered: the other still wants to, so there is fresh time."""
    messages_cancel(key_prefix=f"offer-ended:{offer.pk}:")
    person, other = _people(offer, side)
    if getattr(offer, f"{side}_answer"):
        return
    with translation.override(person.user.language):
        _ask(
            offer,
            side,
            kind="revived",
            subject=_("There is a second chance to meet"),
            paragraphs=[
                _("The match with %(other)s is possible again.") % {"other": other},
                *_how_to_answer(offer, person),
            ],
        )


def offer_reminder(offer: Offer) -> None:
    """To who has not answered after three days, by day."""
    for side in SIDES:
        if getattr(offer, f"{side}_answer"):
            continue
        person, other = _people(offer, side)
        with translation.override(person.user.language):
            _ask(
                offer,
                side,
                kind="reminder",
                subject=_("Do you want to meet? We have not heard from you yet"),
                paragraphs=[_who_we_found(person, other), *_how_to_answer(offer, person)],
                not_before=clock.next_daytime(clock.now(), person.user.time_zone),
            )


def offer_expired(offer: Offer) -> None:
    """To both: time ran out, what that means, and what happens next."""
    for side in SIDES:
        person, other = _people(offer, side)
        with translation.override(person.user.language):
            if getattr(offer, f"{side}_answer"):
                said = _("You said yes, but there was no answer from both of you in time.")
                action = _("See what happens next"), _address("desk:home")
            else:
                said = _("We did not hear from you in time. Do you still want this? Then say so.")
                action = _("See this match again"), _page(offer)
            _tell(
                offer,
                side,
                subject=_("The time for this match has run out"),
                paragraphs=[
                    _("We proposed that you and %(other)s meet.") % {"other": other},
                    said,
                    *_what_happens_next(person),
                ],
                action=action,
            )


def offer_ended(offer: Offer, sides: Iterable[str]) -> None:
    """It does not go on. The words are the same whoever ended it and whatever the reason."""
    for side in sides:
        person, other = _people(offer, side)
        with translation.override(person.user.language):
            _tell(
                offer,
                side,
                subject=_("This match does not go on"),
                paragraphs=[
                    _("The match with %(other)s does not go on.") % {"other": other},
                    _("This says nothing about you. Often it is a matter of time or of plans."),
                    *_what_happens_next(person),
                ],
                action=(_("See what happens next"), _address("desk:home")),
            )


def offer_no_longer_asks(offer: Offer, side: str) -> None:
    """This side has answered: withdraw what was not sent yet."""
    messages_cancel(key_prefix=f"offer:{offer.pk}:{side}:")


def offer_closed(offer: Offer) -> None:
    """Nobody needs to answer any more."""
    messages_cancel(key_prefix=f"offer:{offer.pk}:")


def _people(offer: Offer, side: str) -> tuple[Participant, str]:
    """The one we write to, and the first name of the other."""
    if side == "mentee":
        return offer.mentee, offer.mentor.user.first_name
    return offer.mentor, offer.mentee.user.first_name


def _who_we_found(person: Participant, other: str) -> str:
    if person.is_mentee:
        return _("We think that %(other)s fits you well as a mentor.") % {"other": other}
    return _("We think that you can help %(other)s to start a business.") % {"other": other}


def _how_to_answer(offer: Offer, person: Participant) -> list[str]:
    local = timezone.localtime(offer.expires_at, ZoneInfo(person.user.time_zone))
    return [
        _("See what you have in common. Then say yes or no, before %(day)s.")
        % {"day": date_format(local, "l j F")},
        _("No is a good answer too. Nobody hears who said no."),
    ]


def _what_happens_next(person: Participant) -> list[str]:
    if person.is_mentee:
        return [
            _("You stay on the list. We look again for somebody who fits you."),
            _("You hear from us within 30 days, also when there is no news."),
        ]
    return [
        _("Your place is free again. We look again for somebody you can help."),
        _("You hear from us as soon as we find somebody."),
    ]


def _ask(
    offer: Offer,
    side: str,
    *,
    kind: str,
    subject: str,
    paragraphs: Sequence[str],
    not_before: datetime | None = None,
) -> None:
    _queue(
        offer,
        side,
        key=f"offer:{offer.pk}:{side}:{offer.opened_at:%Y%m%d%H%M%S}:{kind}",
        subject=subject,
        paragraphs=paragraphs,
        action=(_("See who we found for you"), _page(offer)),
        not_before=not_before,
    )


def _tell(
    offer: Offer, side: str, *, subject: str, paragraphs: Sequence[str], action: tuple[str, str]
) -> None:
    """An ending, by day: nobody needs to read this at night."""
    person, _other = _people(offer, side)
    _queue(
        offer,
        side,
        key=f"offer-ended:{offer.pk}:{side}:{offer.closed_at:%Y%m%d%H%M%S}",
        subject=subject,
        paragraphs=paragraphs,
        action=action,
        not_before=clock.next_daytime(clock.now(), person.user.time_zone),
    )


def _queue(
    offer: Offer,
    side: str,
    *,
    key: str,
    subject: str,
    paragraphs: Sequence[str],
    action: tuple[str, str],
    not_before: datetime | None,
) -> None:
    person, _other = _people(offer, side)
    hello = _("Hello %(name)s,") % {"name": person.user.first_name}
    message_queue(
        key=key,
        category=Category.DIRECT,
        recipient=person.user,
        programme=offer.programme,
        subject=subject,
        sections=[Section([hello, *paragraphs], *action)],
        closing=contact_lines(offer.programme),
        not_before=not_before,
    )


def _page(offer: Offer) -> str:
    return _address("matching:offer_detail", offer.pk)


def _address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)
