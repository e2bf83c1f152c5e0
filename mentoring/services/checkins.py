"""Asking people how it goes, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from reenter.common import audit, clock
from reenter.common.models import OutboxMessage
from reenter.common.outbox import messages_cancel
from reenter.common.schedule import each_minute

from ..errors import Refused
from ..mails import checkins as mails
from ..models import CheckIn, Mentorship
from .checkin_plan import SPACING, drop, last_asked, postpone
from .mentorships import in_touch_note, mentorship_locked, nudges_cancel

REMIND_AFTER = timedelta(days=3)
MISSED_AFTER = timedelta(days=10)

Kind = CheckIn.Kind
State = CheckIn.State
Sending = OutboxMessage.State


@each_minute("checkins", order=60)
def check_ins_run() -> int:
    """Ask what is due, remind once after three days, stop waiting after ten."""
    return _ask_due() + _remind_due() + _miss_due()


def _ask_due() -> int:
    due = CheckIn.objects.filter(
        state=State.PLANNED,
        due_at__lte=clock.now(),
        mentorship__state=Mentorship.State.ACTIVE,
    )
    pairs = due.order_by().values_list("mentorship", "participant").distinct()
    return sum(_ask(mentorship, participant) for mentorship, participant in list(pairs))


@transaction.atomic
def _ask(mentorship_id: Any, participant_id: Any) -> bool:
    """Ask one person one thing about one pair; after a standstill that covers all that was due."""
    mentorship = mentorship_locked(Mentorship(pk=mentorship_id))
    if mentorship.state != Mentorship.State.ACTIVE:
        return False
    due = list(
        mentorship.check_ins.filter(
            participant=participant_id, state=State.PLANNED, due_at__lte=clock.now()
        ).order_by("due_at")
    )
    if not due:
        return False
    chosen = next((c for c in due if c.kind == Kind.FIRST_MEETING), due[-1])
    for other in due:
        if other != chosen:
            drop(other)
    half = mentorship.mentee if mentorship.mentee_id == participant_id else mentorship.mentor
    chosen.mentorship, chosen.participant = mentorship, half
    zone = ZoneInfo(half.user.time_zone)
    last = last_asked(mentorship, half)
    earliest = last.astimezone(zone).date() + SPACING if last else None
    if earliest and clock.now().astimezone(zone).date() < earliest:
        postpone(chosen, earliest)
        return False
    chosen.state, chosen.asked_at = State.ASKED, clock.now()
    chosen.save(update_fields=["state", "asked_at"])
    audit.record(actor=None, action="check_in_ask", target=chosen)
    nudges_cancel(mentorship, half)
    mails.ask(chosen)
    return True


def _remind_due() -> int:
    limit = clock.now() - REMIND_AFTER
    open_ones = _asked(limit).filter(reminded_at__isnull=True)
    return sum(
        _remind(pk) for pk, reached in _reached(open_ones).items() if reached and reached <= limit
    )


@transaction.atomic
def _remind(pk: Any) -> bool:
    check_in = check_in_locked(pk)
    if check_in.state != State.ASKED or check_in.reminded_at:
        return False
    check_in.reminded_at = clock.now()
    check_in.save(update_fields=["reminded_at"])
    mails.remind(check_in)
    return True


def _miss_due() -> int:
    limit = clock.now() - MISSED_AFTER
    return sum(
        _miss(pk) for pk, reached in _reached(_asked(limit)).items() if reached and reached <= limit
    )


@transaction.atomic
def _miss(pk: Any) -> bool:
    check_in = check_in_locked(pk)
    if check_in.state != State.ASKED:
        return False
    check_in.state = State.MISSED
    check_in.save(update_fields=["state"])
    messages_cancel(key_prefix=mails.message_key(check_in))
    return True


def _asked(before: datetime) -> Any:
    return CheckIn.objects.filter(
        state=State.ASKED, asked_at__lte=before, mentorship__state=Mentorship.State.ACTIVE
    )


def _reached(check_ins: Iterable[CheckIn]) -> dict[Any, datetime | None]:
    """When each question reached its person; None while it waits (server away, letter to print).

    Nobody is reminded of, or counted as silent on, a question that they have not had.
    """
    asked = {mails.ask_key(check_in): check_in for check_in in check_ins}
    rows = OutboxMessage.objects.filter(key__in=asked)
    sent = {key: (state, at) for key, state, at in rows.values_list("key", "state", "sent_at")}
    reached = {}
    for key, check_in in asked.items():
        state, at = sent.get(key, (Sending.SENT, check_in.asked_at))
        waits = state in (Sending.PENDING, Sending.LETTER)
        reached[check_in.pk] = None if waits else at or check_in.asked_at
    return reached


@transaction.atomic
def check_in_answer(
    *,
    actor: Any,
    check_in: CheckIn,
    fit: str = "",
    satisfaction: int | None = None,
    in_touch: bool = False,
    comment: str = "",
    may_change: bool = False,
) -> CheckIn:
    """Store what the person, or staff for them, answered; mail that still asks is withdrawn.

    The first meeting is answered with `fit`; the others with `satisfaction` (1 to 5), "we are in
    touch", or both. `actor` differs from the person when staff write the answer down. A late
    answer is as welcome as one in time; one given before is kept unless `may_change`. Raises
    Refused.
    """
    check_in = check_in_locked(check_in.pk)
    person = check_in.participant.user
    if check_in.state in (State.PLANNED, State.DROPPED):
        raise Refused(_("We do not need an answer to this any more. Thank you."))
    if check_in.state == State.ANSWERED and not may_change:
        raise Refused(_("You have answered this already. Thank you."))
    _check_answer(check_in, fit, satisfaction, in_touch)
    by_staff = actor.pk != person.pk
    check_in.state, check_in.answered_at = State.ANSWERED, clock.now()
    check_in.fit, check_in.satisfaction = fit, satisfaction
    check_in.comment = comment.strip()[:1000]
    check_in.recorded_by = actor if by_staff else None
    check_in.save()
    if in_touch:
        in_touch_note(mentorship=check_in.mentorship)
    messages_cancel(key_prefix=mails.message_key(check_in))
    nudges_cancel(check_in.mentorship)
    audit.record(
        actor=actor,
        action="check_in_answer",
        target=check_in,
        on_behalf_of=person if by_staff else None,
    )
    return check_in


def _check_answer(check_in: CheckIn, fit: str, satisfaction: int | None, in_touch: bool) -> None:
    if check_in.kind == Kind.FIRST_MEETING:
        valid = fit in CheckIn.Fit and satisfaction is None
    else:
        rated = satisfaction is not None and 1 <= satisfaction <= 5
        valid = not fit and (rated or (satisfaction is None and in_touch))
    if not valid:
        raise Refused(_("Choose one of the answers."))


def check_in_locked(pk: Any) -> CheckIn:
    """The row as it is now with its pair, held until the transaction ends. The pair comes first,
    as everywhere, so that two transactions never wait for each other."""
    mentorship_id = CheckIn.objects.values_list("mentorship", flat=True).get(pk=pk)
    mentorship = mentorship_locked(Mentorship(pk=mentorship_id))
    check_in = CheckIn.objects.select_for_update(no_key=True).get(pk=pk)
    check_in.mentorship = mentorship
    halves = {half.pk: half for half in (mentorship.mentee, mentorship.mentor)}
    check_in.participant = halves[check_in.participant_id]
    return check_in
