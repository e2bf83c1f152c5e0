"""Which pairs need a facilitator. Messages and logins are never looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from ..models import CheckIn, Meeting, Mentorship, Participant, Programme, StaffContact
from ..signals import URGENCY, Signal, signal

FIRST_MEETING_WITHIN = timedelta(days=14)
SILENCE_GRACE_DAYS = 7
PAIR_FIRST = timedelta(days=3)
MEETING_IS_RECENT = timedelta(days=30)
END_IS_NEAR = timedelta(days=28)
UNANSWERED_AFTER = timedelta(days=10)
CLOSING_TALK = "end_near"


def signals(
    user: Any, programmes: Sequence[Programme], now: datetime, only: Mentorship | None = None
) -> list[Signal]:
    """One signal at most per running pair that the person looks after: its most urgent one.

    Three queries whatever the number of pairs; `only` looks at one pair. A contact that staff
    recorded about the pair rests what it was about and what is less urgent, until its
    `quiet_until`; without such a date it settles an answer for good. What comes up afterwards is
    shown again.
    """
    by_id = {programme.pk: programme for programme in programmes}
    found = []
    rows = _pairs(Mentorship.objects.looked_after_by(user).filter(programme__in=by_id))
    for mentorship in rows.filter(pk=only.pk) if only else rows:
        for half in (mentorship.mentee, mentorship.mentor):
            half.programme = mentorship.programme = by_id[mentorship.programme_id]
        contacts = list(mentorship.contacts.all())
        open_now = [s for s in _of_pair(mentorship, now) if not _rests(s, contacts, now)]
        if open_now:
            found.append(min(open_now, key=lambda one: (one.urgency, one.since)))
    return sorted(found, key=lambda one: (one.urgency, one.since))


def gone_silent(now: datetime) -> QuerySet[Mentorship]:
    """Running pairs that nobody heard of for too long and that were not asked about it yet.

    Annotated with `last_sign`. Past its end date a pair is staff's business, not asked any more.
    """
    running = Mentorship.objects.running().filter(ends_on__gte=now.date())
    rhythms = running.order_by().values_list("rhythm_days", flat=True).distinct()
    too_long = Q(pk__isnull=True)
    for days in rhythms:
        too_long |= Q(rhythm_days=days, last_sign__lte=now - silence_after(days))
    asked = Q(silence_asked_at__isnull=False, silence_asked_at__gte=F("last_sign"))
    return with_last_sign(running).filter(too_long).exclude(asked)


def silence_after(rhythm_days: int) -> timedelta:
    """The agreed rhythm and a week."""
    return timedelta(days=rhythm_days + SILENCE_GRACE_DAYS)


def with_last_sign(rows: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    """Adds `last_met` and `last_sign`: the start, a recorded meeting, an answer, or a tap."""
    met = _latest(Meeting.objects.filter(took_place=True), "starts_at")
    answered = _latest(CheckIn.objects.filter(answered_at__isnull=False), "answered_at")
    return rows.annotate(last_met=met).annotate(
        last_sign=Greatest(
            "started_at",
            Coalesce(met, "started_at"),
            Coalesce(answered, "started_at"),
            Coalesce("in_touch_at", "started_at"),
        )
    )


def _latest(rows: QuerySet, field: str) -> Subquery:
    of_pair = rows.filter(mentorship=OuterRef("pk")).order_by().values("mentorship")
    return Subquery(
        of_pair.annotate(latest=Max(field)).values("latest"), output_field=DateTimeField()
    )


def _pairs(rows: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    asked = CheckIn.objects.filter(asked_at__isnull=False).order_by("asked_at")
    return (
        with_last_sign(rows.filter(state=Mentorship.State.ACTIVE))
        .select_related("mentee__user", "mentor__user")
        .prefetch_related(Prefetch("check_ins", asked, to_attr="asked_check_ins"), "contacts")
    )


def _of_pair(mentorship: Mentorship, now: datetime) -> Iterator[Signal]:
    for half in (mentorship.mentee, mentorship.mentor):
        mine = [c for c in mentorship.asked_check_ins if c.participant_id == half.pk]  # type: ignore[attr-defined]
        yield from _answers(mentorship, half, mine)
        yield from _unanswered(mentorship, half, mine, now)
    yield from _state(mentorship, now)


def _answers(mentorship: Mentorship, half: Participant, mine: list[CheckIn]) -> Iterator[Signal]:
    for check_in in mine:
        if check_in.fit == CheckIn.Fit.NOT_GOOD and check_in.answered_at:
            yield _signal("not_good_fit", mentorship, half, check_in.answered_at)
    rated = [c for c in mine if c.satisfaction and c.answered_at]
    if rated:
        last = max(rated, key=lambda check_in: check_in.asked_at)
        if last.satisfaction <= CheckIn.LOW:
            yield _signal("low_satisfaction", mentorship, half, last.answered_at)


def _unanswered(
    mentorship: Mentorship, half: Participant, mine: list[CheckIn], now: datetime
) -> Iterator[Signal]:
    """In a row, and up to the last one: an answer starts the count again."""
    row: list[CheckIn] = []
    for check_in in mine:
        if check_in.state == CheckIn.State.MISSED:
            row.append(check_in)
        elif check_in.state == CheckIn.State.ANSWERED:
            row = []
    met = mentorship.last_met  # type: ignore[attr-defined]
    enough = 2 if met and met > now - MEETING_IS_RECENT else 1
    if len(row) >= enough:
        since = row[enough - 1].asked_at + UNANSWERED_AFTER
        yield _signal("check_in_unanswered", mentorship, half, since)


def _state(mentorship: Mentorship, now: datetime) -> Iterator[Signal]:
    mentee = mentorship.mentee
    no_meeting_since = mentorship.started_at + FIRST_MEETING_WITHIN
    if mentorship.last_met is None and no_meeting_since <= now:  # type: ignore[attr-defined]
        yield _signal("no_first_meeting", mentorship, mentee, no_meeting_since)
    asked = mentorship.silence_asked_at
    quiet_since = mentorship.last_sign + silence_after(mentorship.rhythm_days)  # type: ignore[attr-defined]
    if asked and asked >= quiet_since and asked + PAIR_FIRST <= now:
        yield _signal("silent", mentorship, mentee, asked + PAIR_FIRST)
    near = datetime.combine(mentorship.ends_on, time(), UTC) - END_IS_NEAR
    talked = any(contact.about == CLOSING_TALK for contact in mentorship.contacts.all())
    if mentorship.kind == Mentorship.Kind.FULL and near <= now and not talked:
        yield _signal("end_near", mentorship, mentee, near)


def _signal(kind: str, mentorship: Mentorship, half: Participant, since: datetime) -> Signal:
    return signal(
        kind,
        programme=mentorship.programme,
        since=since,
        participant=half,
        mentorship=mentorship,
    )


ANSWERS = {"not_good_fit", "low_satisfaction", "check_in_unanswered"}


def _rests(one: Signal, contacts: list[StaffContact], now: datetime) -> bool:
    for contact in contacts:
        if contact.created_at < one.since or URGENCY.get(contact.about, 0) > one.urgency:
            continue
        if contact.quiet_until and contact.quiet_until > now:
            return True
        if contact.quiet_until is None and one.kind in ANSWERS and contact.about == one.kind:
            return True
    return False
