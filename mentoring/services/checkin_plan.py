"""When whom is asked how it goes.

The programme's plan gives days counted from the start; each question falls due at ten o'clock on
the person's own wall clock. Two check-ins of one person in one pair are never within ten days:
in the plan and around the first meeting the periodic one is dropped, and one that is late (the
server was down) is asked once, for all that it missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reenter.common import clock
from reenter.common.outbox import messages_cancel

from ..mails.checkins import message_key
from ..models import CheckIn, Mentorship, Participant

ASKED_AT = time(10)
SPACING = timedelta(days=10)
REPLACED_BY_FIRST_MEETING = 14

Kind = CheckIn.Kind
State = CheckIn.State


def at_ten(day: date, zone: str) -> datetime:
    """Ten o'clock there on that day, in UTC; right on both sides of a clock change."""
    return datetime.combine(day, ASKED_AT, ZoneInfo(zone)).astimezone(UTC)


def spaced_days(days: Iterable[int], last_day: int) -> list[int]:
    """The days of a plan that lie in the mentorship and at least ten days apart."""
    kept: list[int] = []
    for day in sorted(set(days)):
        if 0 < day <= last_day and (not kept or day - kept[-1] >= SPACING.days):
            kept.append(day)
    return kept


def check_ins_plan(*, mentorship: Mentorship) -> None:
    """Plan the periodic check-ins of both; short coaching has none. Safe to repeat."""
    if mentorship.kind != Mentorship.Kind.FULL:
        return
    planned = []
    for participant in (mentorship.mentee, mentorship.mentor):
        zone = participant.user.time_zone
        start = mentorship.started_at.astimezone(ZoneInfo(zone)).date()
        last_day = (mentorship.ends_on - start).days
        for day in spaced_days(mentorship.programme.check_in_days, last_day):
            planned.append(
                CheckIn(
                    mentorship=mentorship,
                    participant=participant,
                    kind=Kind.PERIODIC,
                    day=day,
                    due_at=at_ten(start + timedelta(days=day), zone),
                )
            )
    CheckIn.objects.bulk_create(planned, ignore_conflicts=True)


def first_meeting_plan(*, mentorship: Mentorship) -> None:
    """Both are asked the day after the first meeting became known; it replaces day 14."""
    if mentorship.kind != Mentorship.Kind.FULL:
        return
    for participant in (mentorship.mentee, mentorship.mentor):
        _first_meeting_of(mentorship, participant)


def _first_meeting_of(mentorship: Mentorship, participant: Participant) -> None:
    mine = mentorship.check_ins.filter(participant=participant)
    if mine.filter(kind=Kind.FIRST_MEETING).exclude(state=State.DROPPED).exists():
        return
    zone = participant.user.time_zone
    day = clock.today(zone) + timedelta(days=1)
    last = last_asked(mentorship, participant)
    if last:
        day = max(day, last.astimezone(ZoneInfo(zone)).date() + SPACING)
    for other in mine.filter(kind=Kind.PERIODIC, state=State.PLANNED):
        distance = abs(other.due_at.astimezone(ZoneInfo(zone)).date() - day)
        if other.day <= REPLACED_BY_FIRST_MEETING or distance < SPACING:
            drop(other)
    CheckIn.objects.update_or_create(
        mentorship=mentorship,
        participant=participant,
        kind=Kind.FIRST_MEETING,
        day=0,
        defaults={"state": State.PLANNED, "due_at": at_ten(day, zone)},
    )


def first_meeting_unplan(*, mentorship: Mentorship) -> None:
    """It turned out that they have not met: what was not asked yet is not asked."""
    mentorship.check_ins.filter(kind=Kind.FIRST_MEETING, state=State.PLANNED).update(
        state=State.DROPPED
    )


def last_asked(mentorship: Mentorship, participant: Participant) -> datetime | None:
    """When the person was last asked something in this pair."""
    asked = mentorship.check_ins.filter(participant=participant, asked_at__isnull=False)
    return asked.order_by("-asked_at").values_list("asked_at", flat=True).first()


def check_ins_drop(*, mentorship: Mentorship, planned: bool) -> None:
    """The pair ends or pauses: open questions lapse, and with `planned` the rest of the plan."""
    states = [State.ASKED, State.PLANNED] if planned else [State.ASKED]
    for check_in in mentorship.check_ins.filter(state__in=states):
        drop(check_in)


def check_ins_resume(*, mentorship: Mentorship) -> None:
    """After a pause: what fell due meanwhile lapses, but the first meeting is still asked about."""
    for check_in in mentorship.check_ins.filter(state=State.PLANNED, due_at__lte=clock.now()):
        if check_in.kind == Kind.FIRST_MEETING:
            postpone(check_in, clock.today() + timedelta(days=1))
        else:
            drop(check_in)


def postpone(check_in: CheckIn, day: date) -> None:
    check_in.due_at = at_ten(day, check_in.participant.user.time_zone)
    check_in.save(update_fields=["due_at"])


def drop(check_in: CheckIn) -> None:
    """Not needed any more; mail about it that still waits is withdrawn."""
    check_in.state = State.DROPPED
    check_in.save(update_fields=["state"])
    messages_cancel(key_prefix=message_key(check_in))
