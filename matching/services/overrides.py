"""What staff decide against or ahead of the engine: keep two together, keep two apart, exchange.

Each decision needs a reason, is logged with who and when, and makes the result of the round out
of date. It is taken back, never deleted.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from matching.engine import Problem, ProblemError
from matching.engine.musthaves import failed_codes
from reenter.common import audit, clock

from ..models import ForbiddenPair, Override, Proposal, Round, RoundParticipant
from ..whynot import why_not_in_words
from .rounds import RoundRefused, changeable, touch

Kind = Override.Kind
REASON_LENGTH = 300


class OverrideRefused(RoundRefused):
    """The message is a translated sentence that says what to do instead."""


@transaction.atomic
def override_lock(
    *, actor: Any, round: Round, mentee: RoundParticipant, mentor: RoundParticipant, reason: str
) -> Override:
    """Keep these two together when the round is solved again.

    Raises OverrideRefused when they fail a must-have, when the mentee is kept with somebody else,
    when the mentor has no place for it, and RoundRefused when the round can no longer change.
    """
    round = changeable(round)
    _check(actor, round, mentee, mentor, reason)
    _refuse_impossible(round, mentee, mentor)
    return _decide(actor, round, Kind.LOCK, mentee, mentor, reason)


@transaction.atomic
def override_forbid(
    *,
    actor: Any,
    round: Round,
    mentee: RoundParticipant,
    mentor: RoundParticipant,
    reason: str,
    never_again: bool = False,
) -> Override:
    """Keep these two apart in this round, and with `never_again` in every later one too."""
    round = changeable(round)
    _check(actor, round, mentee, mentor, reason)
    for_good = never_again and _forbid_for_good(actor, mentee, mentor, reason)
    return _decide(actor, round, Kind.FORBID, mentee, mentor, reason, for_good=for_good)


@transaction.atomic
def override_swap(
    *, actor: Any, round: Round, first: Proposal, second: Proposal, reason: str
) -> tuple[Override, Override]:
    """Two pairs exchange their mentors: that is two pairs kept together, or none."""
    round = changeable(round)
    if {first.round_id, second.round_id} != {round.pk}:
        raise OverrideRefused(_("Choose two pairs of this round."))
    if first.mentor_id == second.mentor_id:
        raise OverrideRefused(_("These two have the same mentor. Choose another pair."))
    one = override_lock(
        actor=actor, round=round, mentee=first.mentee, mentor=second.mentor, reason=reason
    )
    other = override_lock(
        actor=actor, round=round, mentee=second.mentee, mentor=first.mentor, reason=reason
    )
    return one, other


@transaction.atomic
def override_withdraw(*, actor: Any, override: Override, reason: str) -> Override:
    """Take a decision back, with what it forbade for good. Twice changes nothing."""
    round = changeable(override.round)
    override = Override.objects.select_related("mentee__participant", "mentor__participant").get(
        pk=override.pk
    )
    if override.withdrawn_at is not None:
        return override
    _refuse_without(reason)
    override.withdrawn_at, override.withdrawn_by = clock.now(), actor
    override.withdrawn_reason = reason.strip()[:REASON_LENGTH]
    override.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    if override.for_good:
        _allow_again(override)
    touch(round)
    audit.record(actor=actor, action="override_withdraw", target=override, round=str(round.pk))
    return override


def current_problem(round: Round) -> Problem:
    """The stored problem under the rules as they are now.

    Raises RoundRefused when unsolved, or when an older engine solved it.
    """
    try:
        problem = Problem.from_dict(round.problem or {})
    except ProblemError as error:
        raise RoundRefused(_("Find the best pairs first.")) from error
    return dataclasses.replace(problem, weights=round.weights, minimum_points=round.minimum_points)


def _check(
    actor: Any, round: Round, mentee: RoundParticipant, mentor: RoundParticipant, reason: str
) -> None:
    if mentee.role != "mentee" or mentor.role != "mentor":
        raise OverrideRefused(_("Choose a mentee and a mentor."))
    if {mentee.round_id, mentor.round_id} != {round.pk}:
        raise OverrideRefused(_("Choose two people of this round."))
    if mentee.participant is None or mentor.participant is None:
        raise OverrideRefused(_("One of the two takes no part any more."))
    if actor is not None and actor.pk in (mentee.participant.user_id, mentor.participant.user_id):
        raise OverrideRefused(_("This is about yourself. Ask a colleague to decide it."))
    _refuse_without(reason)
    _refuse_decided(round, mentee, mentor)


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise OverrideRefused(_("Write in a few words why."))


def _refuse_decided(round: Round, mentee: RoundParticipant, mentor: RoundParticipant) -> None:
    found = _in_force(round).filter(mentee=mentee, mentor=mentor).first()
    if found is None:
        return
    if found.kind == Kind.LOCK:
        raise OverrideRefused(_("You keep these two together already. Take that back first."))
    raise OverrideRefused(_("You keep these two apart already. Take that back first."))


def _refuse_impossible(round: Round, mentee: RoundParticipant, mentor: RoundParticipant) -> None:
    """A lock that the next solve could not keep."""
    problem = current_problem(round)
    if mentee.position is None or mentor.position is None:
        raise OverrideRefused(
            _("One of the two was not in the last result. Find the best pairs again first.")
        )
    broken = failed_codes(problem, mentee.position, mentor.position)
    if broken:
        why = ". ".join(str(phrase) for phrase in why_not_in_words(broken))
        raise OverrideRefused(
            _("These two cannot be kept together. It breaks a must-have: %(why)s.") % {"why": why}
        )
    locks = _in_force(round).filter(kind=Kind.LOCK)
    if locks.filter(mentee=mentee).exists():
        raise OverrideRefused(
            _("You keep this mentee together with another mentor. Take that back first.")
        )
    if locks.filter(mentor=mentor).count() >= int(problem.capacity[mentor.position]):
        raise OverrideRefused(
            _("All places of this mentor are kept for others. Take one of those back first.")
        )


def _in_force(round: Round) -> Any:
    return Override.objects.filter(round=round, withdrawn_at__isnull=True)


def _decide(
    actor: Any,
    round: Round,
    kind: str,
    mentee: RoundParticipant,
    mentor: RoundParticipant,
    reason: str,
    *,
    for_good: bool = False,
) -> Override:
    try:
        with transaction.atomic():
            override = Override.objects.create(
                round=round,
                kind=kind,
                mentee=mentee,
                mentor=mentor,
                reason=reason.strip()[:REASON_LENGTH],
                for_good=for_good,
                by=actor,
            )
    except IntegrityError as error:
        raise OverrideRefused(_("This was decided just now. Look again.")) from error
    touch(round)
    audit.record(
        actor=actor,
        action=f"override_{kind}",
        target=override,
        round=str(round.pk),
        mentee=str(mentee.pk),
        mentor=str(mentor.pk),
        for_good=for_good,
    )
    return override


def _forbid_for_good(
    actor: Any, mentee: RoundParticipant, mentor: RoundParticipant, reason: str
) -> bool:
    """Whether this decision is the one that forbids them for good."""
    _pair, made = ForbiddenPair.objects.get_or_create(
        **_users(mentee, mentor),
        defaults={
            "reason": ForbiddenPair.Reason.FORBIDDEN,
            "note": reason.strip()[:REASON_LENGTH],
            "by": actor,
        },
    )
    return made


def _allow_again(override: Override) -> None:
    if override.mentee.participant is None or override.mentor.participant is None:
        return
    pair = _users(override.mentee, override.mentor)
    ForbiddenPair.objects.filter(**pair, reason=ForbiddenPair.Reason.FORBIDDEN).delete()


def _users(mentee: RoundParticipant, mentor: RoundParticipant) -> dict[str, Any]:
    return {
        "mentee_id": mentee.participant.user_id,  # type: ignore[union-attr]
        "mentor_id": mentor.participant.user_id,  # type: ignore[union-attr]
    }
