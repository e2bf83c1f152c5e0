"""What needs a facilitator now: signals from every app, one task per pair or person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from matching.models import Offer
from mentoring.models import Mentorship, Participant, Programme, StaffContact
from mentoring.selectors.signals import signals as pair_signals
from mentoring.selectors.waiting import letter_signals, people_signals
from mentoring.signals import URGENCY, Signal, signal

CALL_AFTER = timedelta(days=7)
OVER_SHOWN_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Task:
    """One line of the list: the most urgent signal, and what else is open about the same."""

    first: Signal
    others: list[Signal] = field(default_factory=list)

    @property
    def participant(self) -> Participant | None:
        return self.first.participant

    @property
    def mentorship(self) -> Mentorship | None:
        return self.first.mentorship

    @property
    def signals(self) -> list[Signal]:
        return [self.first, *self.others]


def tasks(user: Any, programmes: Sequence[Programme], now: datetime) -> list[Task]:
    """The person's task list over these programmes, most urgent and longest open first.

    A fixed number of queries, whatever the number of people. Needs `contact` and `organisation`
    of nothing; `participant.user` and `participant.programme` are loaded.
    """
    found = [
        *people_signals(programmes, now),
        *letter_signals(programmes),
        *offer_signals(user, programmes, now),
        *pair_signals(user, programmes, now),
    ]
    found = _without_needless_waiting(found, programmes)
    resting = _resting(programmes, now)
    groups: dict[Any, list[Signal]] = {}
    for one in found:
        if not _rests(one, resting):
            groups.setdefault(_subject(one), []).append(one)
    made = []
    for group in groups.values():
        first, *others = sorted(group, key=_order)
        made.append(Task(first, others))
    return sorted(made, key=lambda task: _order(task.first))


def _order(one: Signal) -> tuple[int, datetime]:
    return one.urgency, one.since


def _subject(one: Signal) -> tuple[str, UUID]:
    """What makes two signals one task: the same pair, else the same person, else programme."""
    if one.mentorship:
        return "pair", one.mentorship.pk
    if one.participant:
        return "person", one.participant.pk
    return "programme", one.programme.pk


def offer_signals(user: Any, programmes: Sequence[Programme], now: datetime) -> list[Signal]:
    """Offers without an answer for seven days, and ended ones nobody followed up. Two queries."""
    by_id = {programme.pk: programme for programme in programmes}
    offers = Offer.objects.looked_after_by(user).filter(programme__in=by_id)
    offers = offers.select_related("mentee__user", "mentor__user")
    found = []
    for offer in offers.filter(state=Offer.State.OPEN, opened_at__lte=now - CALL_AFTER):
        for person, answer in (
            (offer.mentee, offer.mentee_answer),
            (offer.mentor, offer.mentor_answer),
        ):
            if not answer:
                since = offer.opened_at + CALL_AFTER
                found.append(_of_offer("offer_call", offer, person, since, by_id))
    for offer in _over(offers, now):
        since = offer.closed_at or offer.expires_at
        found.append(_of_offer("offer_over", offer, offer.mentee, since, by_id))
    return found


def _of_offer(
    kind: str,
    offer: Offer,
    person: Participant,
    since: datetime,
    programmes: dict[UUID, Programme],
) -> Signal:
    person.programme = programmes[offer.programme_id]
    return signal(
        kind, programme=person.programme, participant=person, since=since, object_id=offer.pk
    )


def _over(offers: Any, now: datetime) -> Iterable[Offer]:
    """The last offer of each mentee who still waits, if it expired, was declined or withdrawn."""
    recent = offers.filter(
        mentee__state=Participant.State.ADMITTED,
        mentee__waiting_since__isnull=False,
        opened_at__gt=now - OVER_SHOWN_FOR,
    ).exclude(programme__state=Programme.State.CLOSED)
    recent = recent.order_by("mentee", "opened_at")
    newest: dict[UUID, Offer] = {offer.mentee_id: offer for offer in recent}
    running = {Offer.State.OPEN, Offer.State.ACCEPTED}
    return [offer for offer in newest.values() if offer.state not in running]


def _without_needless_waiting(found: list[Signal], programmes: Sequence[Programme]) -> list[Signal]:
    """Somebody with an open offer is not waiting in vain."""
    offers = Offer.objects.open().filter(programme__in=list(programmes))
    busy = {pk for pair in offers.values_list("mentee", "mentor") for pk in pair}
    return [
        one
        for one in found
        if not (one.kind == "waiting" and one.participant and one.participant.pk in busy)
    ]


def _resting(programmes: Sequence[Programme], now: datetime) -> dict[Any, list[StaffContact]]:
    """Recorded contacts that keep a task quiet, by pair or by person."""
    contacts = StaffContact.objects.filter(
        participant__programme__in=list(programmes), quiet_until__gt=now
    )
    resting: dict[Any, list[StaffContact]] = {}
    for contact in contacts:
        key = (
            ("pair", contact.mentorship_id)
            if contact.mentorship_id
            else ("person", contact.participant_id)
        )
        resting.setdefault(key, []).append(contact)
    return resting


def _rests(one: Signal, resting: dict[Any, list[StaffContact]]) -> bool:
    """A talk covers what it was about and what is less urgent, not what came up afterwards."""
    return any(
        URGENCY.get(contact.about, 0) <= one.urgency and one.since <= contact.created_at
        for contact in resting.get(_subject(one), [])
    )


def offers_of(user: Any, participant: Participant) -> list[Offer]:
    """States and dates of somebody's offers, for staff."""
    rows = Offer.objects.looked_after_by(user).filter(Q(mentee=participant) | Q(mentor=participant))
    return list(rows.select_related("mentee__user", "mentor__user").order_by("-opened_at"))


def mentorships_of(user: Any, participant: Participant) -> list[Mentorship]:
    """States and dates of somebody's pairs, for staff."""
    rows = Mentorship.objects.looked_after_by(user)
    rows = rows.filter(Q(mentee=participant) | Q(mentor=participant))
    return list(rows.select_related("mentee__user", "mentor__user").order_by("-started_at"))


def contacts_of(user: Any, participant: Participant) -> list[StaffContact]:
    """What staff noted about talking to somebody; not about a pair that the reader is half of."""
    mine = Mentorship.objects.of_person(user)
    return list(participant.contacts.exclude(mentorship__in=mine).select_related("by"))
