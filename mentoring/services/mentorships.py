"""A pair starts, rests, goes on and ends; and says that all is well, or is asked about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.services.places import places_free
from reenter.common import audit, clock
from reenter.common.outbox import messages_cancel
from reenter.common.schedule import each_minute

from ..errors import Refused
from ..mails import mentorships as mails
from ..mails.messages import notice_prefix
from ..models import Mentorship, Participant, Programme
from ..selectors.checkins import asked_anyway
from ..selectors.signals import gone_silent
from .checkin_plan import check_ins_drop, check_ins_plan, check_ins_resume
from .locks import programmes_hold

SHORT_COACHING = timedelta(weeks=8)

State = Mentorship.State
EndReason = Mentorship.EndReason

TRANSITIONS: dict[str, set[str]] = {
    State.ACTIVE: {State.PAUSED, State.ENDED},
    State.PAUSED: {State.ACTIVE, State.ENDED},
    State.ENDED: set(),
}
# After these the two do not wait for another match by themselves.
COMPLETED = {EndReason.GOAL_REACHED, EndReason.TIME_IS_UP}


@transaction.atomic
def mentorship_start(
    *,
    actor: Any,
    programme: Programme,
    mentee: Participant,
    mentor: Participant,
    kind: str = Mentorship.Kind.FULL,
) -> Mentorship:
    """Both said yes: the pair exists, its check-ins are planned, both hear the next step.

    Belongs in the transaction of the last yes. The places of both were taken by the offer and
    stay taken. Ends the waiting of both.
    """
    now = clock.now()
    length = timedelta(weeks=programme.mentorship_weeks)
    if kind == Mentorship.Kind.SHORT:
        length = min(length, SHORT_COACHING)
    mentorship = Mentorship.objects.create(
        programme=programme,
        mentee=mentee,
        mentor=mentor,
        kind=kind,
        started_at=now,
        ends_on=(now + length).date(),
        rhythm_days=programme.rhythm_days,
    )
    check_ins_plan(mentorship=mentorship)
    Participant.objects.filter(pk__in=[mentee.pk, mentor.pk]).update(waiting_since=None)
    audit.record(actor=actor, action="mentorship_start", target=mentorship, kind=kind)
    mails.started(mentorship, mentee, mentor)
    mails.started(mentorship, mentor, mentee)
    return mentorship


@transaction.atomic
def mentorship_pause(*, actor: Any, mentorship: Mentorship) -> Mentorship:
    """The pair rests: nobody is asked anything until it goes on. Raises Refused."""
    mentorship = _move(mentorship, State.PAUSED)
    check_ins_drop(mentorship=mentorship, planned=False)
    nudges_cancel(mentorship)
    audit.record(actor=actor, action="mentorship_pause", target=mentorship)
    for half, _other in _halves(mentorship):
        mails.paused(mentorship, half, f"{clock.now():%Y%m%d%H%M}")
    return mentorship


@transaction.atomic
def mentorship_hold(*, actor: Any, mentorship: Mentorship) -> Mentorship:
    """Staff stop the contact for now, also of a pair that rests already. Raises Refused.

    Both read the same words, without a reason; only staff can let it go on.
    """
    mentorship = mentorship_locked(mentorship)
    if mentorship.state == State.ENDED or mentorship.on_hold:
        raise Refused(_refusal(mentorship))
    if mentorship.participant_of(actor) is not None:
        raise Refused(_("Only staff can do this. Call us."))
    mentorship.state, mentorship.on_hold = State.PAUSED, True
    mentorship.save(update_fields=["state", "on_hold"])
    check_ins_drop(mentorship=mentorship, planned=False)
    nudges_cancel(mentorship)
    audit.record(actor=actor, action="mentorship_hold", target=mentorship)
    for half, _other in _halves(mentorship):
        messages_cancel(key_prefix=notice_prefix(half.user_id))  # another pair's comes a day later
        mails.on_hold(mentorship, half, f"{clock.now():%Y%m%d%H%M}")
    return mentorship


def hold_check(mentorship: Mentorship) -> None:
    """While the programme holds a pair the two have no contact here. Raises Refused."""
    if mentorship.on_hold:
        raise Refused(_refusal(mentorship))


@transaction.atomic
def mentorship_resume(*, actor: Any, mentorship: Mentorship) -> Mentorship:
    """The pair goes on; that is a sign of life, so silence is counted from today.

    After a pause by the programme staff alone may do this. Raises Refused.
    """
    if mentorship.participant_of(actor) is not None:
        hold_check(mentorship_locked(mentorship))
    mentorship = _move(
        mentorship, State.ACTIVE, on_hold=False, in_touch_at=clock.now(), silence_asked_at=None
    )
    check_ins_resume(mentorship=mentorship)
    audit.record(actor=actor, action="mentorship_resume", target=mentorship)
    for half, _other in _halves(mentorship):
        mails.resumed(mentorship, half, f"{clock.now():%Y%m%d%H%M}")
    return mentorship


@transaction.atomic
def mentorship_end(
    *,
    actor: Any,
    mentorship: Mentorship,
    reason: str,
    stopped_by: Participant | None = None,
    wants_match: bool = False,
) -> Mentorship:
    """Stop without blame: places come free, open questions lapse, both read the same neutral mail.

    `reason` is a code of `Mentorship.EndReason` that staff alone see. `stopped_by` is the half
    whose wish it was (None: the programme's); with `wants_match` that half waits for a new match,
    without it they are set to "not now". After an ending that was not a completion the other half
    waits too. Raises Refused.
    """
    if reason not in EndReason:
        raise Refused(_("Choose a reason from the list."))
    programmes_hold([mentorship.programme_id])
    mentorship = _move(
        mentorship, State.ENDED, ended_at=clock.now(), end_reason=reason, on_hold=False
    )
    places_free(profiles=[mentorship.mentee.profile, mentorship.mentor.profile])
    check_ins_drop(mentorship=mentorship, planned=True)
    nudges_cancel(mentorship)
    _wait_again(mentorship, reason, stopped_by, wants_match)
    audit.record(
        actor=actor,
        action="mentorship_end",
        target=mentorship,
        on_behalf_of=_acted_for(actor, stopped_by),
        reason=reason,
    )
    for half, other in _halves(mentorship):
        if not (reason == EndReason.LEFT and half == stopped_by):
            mails.ended(mentorship, half, other)
    return mentorship


def _wait_again(
    mentorship: Mentorship, reason: str, stopped_by: Participant | None, wants_match: bool
) -> None:
    for half, _other in _halves(mentorship):
        if half.state != Participant.State.ADMITTED or half.waiting_since:
            continue
        busy = Mentorship.objects.exclude(state=State.ENDED).filter(Q(mentee=half) | Q(mentor=half))
        if busy.exists():
            continue
        if wants_match if half == stopped_by else reason not in COMPLETED:
            half.waiting_since = clock.now()
        elif half == stopped_by:
            half.state, half.state_changed_at = Participant.State.NOT_NOW, clock.now()
        half.save(update_fields=["waiting_since", "state", "state_changed_at"])


@transaction.atomic
def mentorship_in_touch(
    *, actor: Any, mentorship: Mentorship, on_behalf_of: Any = None
) -> Mentorship:
    """One tap: all is well with us. Silence is counted from now; unsent questions are withdrawn."""
    mentorship = mentorship_locked(mentorship)
    if mentorship.state != State.ACTIVE:
        raise Refused(_refusal(mentorship))
    in_touch_note(mentorship=mentorship)
    audit.record(
        actor=actor,
        action="mentorship_in_touch",
        target=mentorship,
        on_behalf_of=on_behalf_of,
    )
    return mentorship


def in_touch_note(*, mentorship: Mentorship) -> None:
    """A sign of life became known; belongs in the transaction of what made it known."""
    mentorship.in_touch_at = clock.now()
    mentorship.silence_asked_at = None
    mentorship.save(update_fields=["in_touch_at", "silence_asked_at"])
    nudges_cancel(mentorship)


@each_minute("silence", order=62)
def mentorships_ask_silent() -> int:
    """Pairs from whom we heard nothing are asked themselves, once, before staff are.

    Not who is asked by a check-in these days: a mail has one thing to do.
    """
    asked = 0
    for mentorship in gone_silent(clock.now()):
        asked += _ask_silent(mentorship)
    return asked


@transaction.atomic
def _ask_silent(mentorship: Mentorship) -> bool:
    now = clock.now()
    # Looked at again under the lock: one of the two may have told us something meanwhile.
    mentorship = mentorship_locked(mentorship)
    silent = gone_silent(now).filter(pk=mentorship.pk).first()
    if silent is None:
        return False
    days = (now - silent.last_sign).days  # type: ignore[attr-defined]  # annotated
    mentorship.silence_asked_at = now
    mentorship.save(update_fields=["silence_asked_at"])
    for half, other in _halves(mentorship):
        if not asked_anyway(mentorship, half):
            mails.silent(mentorship, half, other, days)
    return True


def participant_gone(participant: Participant, actor: Any) -> None:
    """Somebody left the programme: their pairs end, and the other halves hear it."""
    running = Mentorship.objects.exclude(state=State.ENDED).filter(
        Q(mentee=participant) | Q(mentor=participant)
    )
    for mentorship in running:
        mentorship_end(
            actor=actor, mentorship=mentorship, reason=EndReason.LEFT, stopped_by=participant
        )


def _move(mentorship: Mentorship, state: str, **changes: Any) -> Mentorship:
    mentorship = mentorship_locked(mentorship)
    if state not in TRANSITIONS[mentorship.state]:
        raise Refused(_refusal(mentorship))
    mentorship.state = state
    for field, value in changes.items():
        setattr(mentorship, field, value)
    mentorship.save(update_fields=["state", *changes])
    return mentorship


def _refusal(mentorship: Mentorship) -> str:
    if mentorship.on_hold:
        return _("The programme paused this mentorship. Call us if you have a question.")
    return {
        State.ACTIVE: _("This mentorship is under way already."),
        State.PAUSED: _("This mentorship is paused. Let it go on first."),
        State.ENDED: _("This mentorship has ended. Call us if you want to go on."),
    }[State(mentorship.state)]


def mentorship_locked(mentorship: Mentorship) -> Mentorship:
    """The row as it is now, held until the transaction ends."""
    rows = Mentorship.objects.select_for_update(of=("self",), no_key=True).select_related(
        "programme__contact",
        "programme__organisation",
        "mentee__user",
        "mentee__profile",
        "mentor__user",
        "mentor__profile",
    )
    locked = rows.get(pk=mentorship.pk)
    for half in (locked.mentee, locked.mentor):
        half.programme = locked.programme
    return locked


def _halves(mentorship: Mentorship) -> list[tuple[Participant, Participant]]:
    mentee, mentor = mentorship.mentee, mentorship.mentor
    return [(mentee, mentor), (mentor, mentee)]


def nudges_cancel(mentorship: Mentorship, half: Participant | None = None) -> None:
    """Withdraw what still waits to ask both, or one half, why we hear nothing."""
    messages_cancel(key_prefix=mails.silent_prefix(mentorship, half))


def _acted_for(actor: Any, half: Participant | None) -> Any:
    """The person whose own act staff recorded, if they did."""
    if half is None or actor is None or actor.pk == half.user_id:
        return None
    return half.user
