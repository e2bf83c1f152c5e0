"""Offers: made by staff, answered by two people, ended by an answer, by time or by staff.

While an offer is open it holds one place of each side. What opens, answers or ends one holds the
programme first, and locks the offer after that (`mentoring.services.locks`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.services.places import NoPlaceLeft, places_free, places_take
from mentoring.errors import Refused
from mentoring.models import Mentorship, Participant, Programme
from mentoring.selectors.participants import why_not_matchable
from mentoring.services.locks import programmes_hold
from mentoring.services.mentorships import mentorship_start
from reenter.common import audit, clock
from reenter.common.schedule import each_minute

from .. import mails
from ..models import ForbiddenPair, Offer, Proposal

State = Offer.State
Answer = Offer.Answer

OPEN_FOR = timedelta(days=10)
REMIND_AFTER = timedelta(days=3)
CALL_AFTER = timedelta(days=7)
LATE_FOR = timedelta(days=30)
"""So long after its end an expired offer can still be accepted; later nothing is as it was."""

MENTEE = "mentee"
MENTOR = "mentor"
SIDES = (MENTEE, MENTOR)

TRANSITIONS: dict[str, set[str]] = {
    State.OPEN: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.WITHDRAWN},
    State.EXPIRED: {State.OPEN},
    State.ACCEPTED: set(),
    State.DECLINED: set(),
    State.WITHDRAWN: set(),
}


class OfferRefused(Refused):
    """The message is a translated sentence that says what to do instead."""


class OfferGone(OfferRefused):
    """The person comes too late: the place went to somebody else, or too much time went by."""


@transaction.atomic
def offer_open(
    *,
    actor: Any,
    programme: Programme,
    mentee: Participant,
    mentor: Participant,
    points: int,
    parts: dict[str, int],
    facts: list[dict[str, Any]],
    source: str,
    proposal: Proposal | None = None,
    note: str = "",
) -> Offer:
    """Offer two people each other: takes a place of each, mails both, and waits ten days.

    `points`, `parts` and `facts` are those of `matching.reasons`. Raises OfferRefused when one of
    the two cannot be matched, when they may not be proposed to each other, or when no place is
    left; then nothing has changed. The caller holds the programme and read both after that.
    """
    _refuse_pair(programme, mentee, mentor)
    _take_places(mentee, mentor)
    offer = _create(
        programme=programme,
        proposal=proposal,
        source=source,
        mentee=mentee,
        mentor=mentor,
        points=points,
        parts=parts,
        facts=facts,
        note=note[:300],
    )
    audit.record(actor=actor, action="offer_open", target=offer, source=source, points=points)
    mails.offer_opened(offer)
    return offer


def _create(**fields: Any) -> Offer:
    now = clock.now()
    try:
        with transaction.atomic():
            return Offer.objects.create(opened_at=now, expires_at=now + OPEN_FOR, **fields)
    except IntegrityError as error:
        raise OfferRefused(_("These two have an open offer already.")) from error


@transaction.atomic
def offer_answer(
    *,
    actor: Any,
    offer: Offer,
    side: str,
    answer: str,
    reason: str = "",
    on_behalf_of: Any = None,
) -> Offer:
    """Record yes or no of one side; returns the offer as it is then.

    Both yes: the mentorship starts in the same transaction. A no (with a `DeclineReason`) frees
    both places and keeps the two apart for good. A late yes to an expired offer opens it again if
    both places are still free. The same answer twice changes nothing. `on_behalf_of` is the person
    for whom staff (the actor) wrote it down. Raises OfferRefused.
    """
    offer = _locked(offer)
    _refuse_stranger(offer, side, actor, on_behalf_of)
    if _answer_of(offer, side) == answer:
        return offer
    if offer.state == State.EXPIRED and answer == Answer.YES:
        _revive(actor, offer, side)
    if offer.state != State.OPEN:
        raise OfferRefused(_refusal(offer))
    if answer == Answer.NO and reason not in Offer.DeclineReason.values:
        raise OfferRefused(_("Choose a reason from the list."))
    _note_answer(actor, offer, side, answer, on_behalf_of)
    if answer == Answer.NO:
        _decline(actor, offer, side, reason)
    elif offer.mentee_answer == offer.mentor_answer == Answer.YES:
        _accept(actor, offer)
    return offer


@transaction.atomic
def offer_withdraw(*, actor: Any, offer: Offer, note: str = "") -> Offer:
    """Staff take an open offer back; both hear that it does not go on. Raises OfferRefused."""
    offer = _locked(offer)
    if offer.state == State.WITHDRAWN:
        return offer
    offer.withdrawn_note = note[:300]
    _close(offer, State.WITHDRAWN, "withdrawn_note")
    audit.record(actor=actor, action="offer_withdraw", target=offer, why="staff")
    mails.offer_ended(offer, SIDES)
    return offer


@transaction.atomic
def offers_withdraw_of(*, actor: Any, participant: Participant) -> int:
    """End all open offers of somebody who left; only the other side is told. Safe to repeat."""
    mine = Q(mentee=participant) | Q(mentor=participant)
    ended = 0
    for offer in Offer.objects.open().filter(mine).order_by("pk"):
        offer = _locked(offer)
        if offer.state != State.OPEN:
            continue
        _close(offer, State.WITHDRAWN)
        audit.record(actor=actor, action="offer_withdraw", target=offer, why="left")
        left = MENTEE if offer.mentee_id == participant.pk else MENTOR
        mails.offer_ended(offer, [other_side(left)])
        ended += 1
    return ended


@each_minute("offers", order=40)
def offers_due() -> int:
    """Remind who has not answered on day 3, and let offers expire on day 10. Safe to repeat."""
    return _remind_due() + _expire_due()


def other_side(side: str) -> str:
    return MENTOR if side == MENTEE else MENTEE


def side_of(offer: Offer, user: Any) -> str | None:
    """Which half of the offer this person is, if any."""
    return next((side for side in SIDES if getattr(offer, side).user_id == user.pk), None)


def can_be_revived(offer: Offer, side: str) -> bool:
    """Whether a late yes of this side could open it again, as far as time tells."""
    if offer.state != State.EXPIRED or offer.closed_at is None:
        return False
    return not _answer_of(offer, side) and clock.now() <= offer.closed_at + LATE_FOR


def _remind_due() -> int:
    now = clock.now()
    due = Offer.objects.open().filter(
        reminded_at__isnull=True, opened_at__lte=now - REMIND_AFTER, expires_at__gt=now
    )
    reminded = 0
    for pk in due.order_by("opened_at").values_list("pk", flat=True):
        with transaction.atomic():
            if due.filter(pk=pk).update(reminded_at=now):
                mails.offer_reminder(_with_people().get(pk=pk))
                reminded += 1
    return reminded


def _expire_due() -> int:
    now = clock.now()
    due = Offer.objects.open().filter(expires_at__lte=now)
    expired = 0
    for pk, programme in due.order_by("expires_at").values_list("pk", "programme"):
        with transaction.atomic():
            programmes_hold([programme])
            if not due.filter(pk=pk).update(state=State.EXPIRED, closed_at=now):
                continue
            offer = _with_people().get(pk=pk)
            _release(offer)
            audit.record(actor=None, action="offer_expire", target=offer)
            mails.offer_expired(offer)
            expired += 1
    return expired


def _with_people() -> Any:
    return Offer.objects.select_related(
        "programme__organisation",
        "programme__contact",
        "mentee__user",
        "mentee__profile",
        "mentor__user",
        "mentor__profile",
    )


def _locked(offer: Offer) -> Offer:
    programmes_hold([offer.programme_id])
    return _with_people().select_for_update(of=("self",), no_key=True).get(pk=offer.pk)


def _answer_of(offer: Offer, side: str) -> str:
    return getattr(offer, f"{side}_answer")


def _refuse_pair(programme: Programme, mentee: Participant, mentor: Participant) -> None:
    roles_fit = mentee.is_mentee and mentor.is_mentor
    if not roles_fit or {mentee.programme_id, mentor.programme_id} != {programme.pk}:
        raise OfferRefused(_("Choose a mentee and a mentor of the same programme."))
    if mentee.user_id == mentor.user_id:
        raise OfferRefused(_("Nobody can be their own mentor."))
    for person in (mentee, mentor):
        if why_not_matchable(person):
            raise OfferRefused(
                _("%(name)s cannot be matched yet. Look at their page to see what is missing.")
                % {"name": person.user.name}
            )
    users = {"mentee": mentee.user_id, "mentor": mentor.user_id}
    if ForbiddenPair.objects.filter(**users).exists():
        raise OfferRefused(_("These two may not be proposed to each other."))
    before = Mentorship.objects.filter(mentee__user=mentee.user_id, mentor__user=mentor.user_id)
    if before.exists():
        raise OfferRefused(_("These two have been a pair before."))


def _refuse_stranger(offer: Offer, side: str, actor: Any, on_behalf_of: Any) -> None:
    person = getattr(offer, side).user
    if (on_behalf_of or actor) != person or (on_behalf_of and actor == person):
        raise OfferRefused(_("Only the person can answer, or staff for the person."))


def _refusal(offer: Offer) -> str:
    """Why nothing can be done with an offer that is no longer open."""
    if offer.state == State.ACCEPTED:
        return _("You both said yes already. Your mentorship has started.")
    if offer.state == State.EXPIRED:
        return _("The time to answer has run out. You do not need to do anything.")
    return _("This match does not go on, so you can no longer answer.")


def _take_places(mentee: Participant, mentor: Participant) -> None:
    try:
        places_take(profiles=[mentee.profile, mentor.profile])
    except NoPlaceLeft as error:
        person = mentee if error.profile.pk == mentee.profile_id else mentor
        raise OfferRefused(
            _("%(name)s has no place left: there is an open offer or a mentorship already.")
            % {"name": person.user.name}
        ) from error


def _revive(actor: Any, offer: Offer, side: str) -> None:
    """Somebody still wants it: take both places again and give both sides fresh time."""
    users = {"mentee": offer.mentee.user_id, "mentor": offer.mentor.user_id}
    if (
        not can_be_revived(offer, side)
        or why_not_matchable(offer.mentee)
        or why_not_matchable(offer.mentor)
        or ForbiddenPair.objects.filter(**users).exists()
    ):
        raise OfferGone(_("This match is no longer possible. We go on looking for you."))
    try:
        places_take(profiles=[offer.mentee.profile, offer.mentor.profile])
    except NoPlaceLeft as error:
        raise OfferGone(
            _("The place has gone to somebody else. We go on looking for you.")
        ) from error
    now = clock.now()
    _move(offer, State.OPEN)
    offer.opened_at, offer.expires_at = now, now + OPEN_FOR
    offer.closed_at = offer.reminded_at = None
    offer.save(update_fields=["state", "opened_at", "expires_at", "closed_at", "reminded_at"])
    audit.record(actor=actor, action="offer_revive", target=offer)
    mails.offer_revived(offer, other_side(side))


def _note_answer(actor: Any, offer: Offer, side: str, answer: str, on_behalf_of: Any) -> None:
    setattr(offer, f"{side}_answer", answer)
    setattr(offer, f"{side}_answered_at", clock.now())
    setattr(offer, f"{side}_recorded_by", actor if on_behalf_of else None)
    offer.save(update_fields=[f"{side}_answer", f"{side}_answered_at", f"{side}_recorded_by"])
    audit.record(
        actor=actor,
        on_behalf_of=on_behalf_of,
        action="offer_answer",
        target=offer,
        side=side,
        answer=answer,
    )
    mails.offer_no_longer_asks(offer, side)


def _decline(actor: Any, offer: Offer, side: str, reason: str) -> None:
    offer.decline_reason = reason
    _close(offer, State.DECLINED, "decline_reason")
    ForbiddenPair.objects.get_or_create(
        mentee=offer.mentee.user,
        mentor=offer.mentor.user,
        defaults={"reason": ForbiddenPair.Reason.DECLINED, "by": actor},
    )
    audit.record(actor=actor, action="offer_decline", target=offer, side=side, reason=reason)
    mails.offer_ended(offer, [other_side(side)])


def _accept(actor: Any, offer: Offer) -> None:
    """Both places pass from the offer to the mentorship."""
    _move(offer, State.ACCEPTED)
    offer.closed_at = clock.now()
    offer.mentorship = mentorship_start(
        actor=actor, programme=offer.programme, mentee=offer.mentee, mentor=offer.mentor
    )
    offer.save(update_fields=["state", "closed_at", "mentorship"])
    mails.offer_closed(offer)
    audit.record(actor=actor, action="offer_accept", target=offer)


def _close(offer: Offer, state: str, *fields: str) -> None:
    """End an open offer and give both places back."""
    _move(offer, state)
    offer.closed_at = clock.now()
    offer.save(update_fields=["state", "closed_at", *fields])
    _release(offer)


def _release(offer: Offer) -> None:
    places_free(profiles=[offer.mentee.profile, offer.mentor.profile])
    mails.offer_closed(offer)


def _move(offer: Offer, state: str) -> None:
    if state not in TRANSITIONS[offer.state]:
        raise OfferRefused(_refusal(offer))
    offer.state = state
