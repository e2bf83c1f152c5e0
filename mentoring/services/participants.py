"""Joining a programme, and the intake that decides who may enter a round."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import LegalText, Profile
from handbook.selectors import self_check
from reenter.common import audit, clock, outbox

from .. import events
from ..errors import Refused
from ..mails import waiting as mails
from ..models import Mentorship, Participant, Programme, StaffContact
from ..reasons import NOT_NOW_REASONS
from .locks import programmes_hold

State = Participant.State

TRANSITIONS: dict[str, set[str]] = {
    State.APPLIED: {State.SPOKEN_TO, State.ADMITTED, State.NOT_NOW, State.WITHDRAWN},
    State.SPOKEN_TO: {State.ADMITTED, State.NOT_NOW, State.WITHDRAWN},
    State.ADMITTED: {State.NOT_NOW, State.WITHDRAWN},
    State.NOT_NOW: {State.SPOKEN_TO, State.WITHDRAWN},
    State.WITHDRAWN: {State.APPLIED},
}


@transaction.atomic
def participant_enrol(
    *, actor: Any, programme: Programme, user: Any, role: str, tell: bool = True
) -> Participant:
    """Let a person take part in a programme, and tell them what happens next.

    Safe to repeat. The person needs a profile of the role. People join open programmes only;
    staff may also fill one that is in preparation. Somebody who withdrew starts at "applied"
    again. An import passes `tell=False`: those people did not apply here. Raises Refused.
    """
    profile = Profile.objects.filter(user=user, role=role).first()
    if profile is None:
        raise Refused(_("Answer the questions about yourself first."))
    _check_joinable(actor, programme, user)
    participant, created = Participant.objects.get_or_create(
        programme=programme, user=user, role=role, defaults={"profile": profile}
    )
    if not created:
        participant = _locked(participant)
        if participant.state != State.WITHDRAWN:
            return participant
        _move(participant, State.APPLIED, waiting_since=clock.now())
    _record(actor, participant, "participant_enrol")
    if tell:
        mails.application_received(participant)
    return participant


def _check_joinable(actor: Any, programme: Programme, user: Any) -> None:
    by_self = actor is not None and actor.pk == user.pk
    joinable = {Programme.State.OPEN} if by_self else {Programme.State.OPEN, Programme.State.DRAFT}
    if programme.state not in joinable:
        raise Refused(_("Nobody can join this programme now. Choose another one."))


@transaction.atomic
def participant_speak(*, actor: Any, participant: Participant, note: str = "") -> Participant:
    """Staff had the first talk."""
    participant = _locked(participant)
    since = participant.waiting_since or clock.now()
    _move(participant, State.SPOKEN_TO, waiting_since=since)
    _note(actor, participant, "apply", note)
    _record(actor, participant, "participant_speak", acted_for=False)
    return participant


@transaction.atomic
def participant_admit(*, actor: Any, participant: Participant) -> Participant:
    """From now on the person may enter a round, once briefed."""
    participant = _locked(participant)
    _move(participant, State.ADMITTED)
    _record(actor, participant, "participant_admit", acted_for=False)
    return participant


@transaction.atomic
def participant_not_now(
    *, actor: Any, participant: Participant, reason: str, note: str = ""
) -> Participant:
    """Not in the coming rounds. `reason` is a code of `NOT_NOW_REASONS`; open offers end."""
    if reason not in NOT_NOW_REASONS:
        raise Refused(_("Choose a reason from the list."))
    programmes_hold([participant.programme_id])
    participant = _locked(participant)
    if _in_a_pair(participant):
        raise Refused(_("This person is in a mentorship. End that first."))
    _move(participant, State.NOT_NOW, waiting_since=None)
    _note(actor, participant, "not_now", note)
    _record(actor, participant, "participant_not_now", acted_for=False, reason=reason)
    _leave(participant, actor)
    return participant


@transaction.atomic
def participant_return(*, actor: Any, participant: Participant) -> Participant:
    """Back again after "not now": spoken to, and waiting from today."""
    participant = _locked(participant)
    if participant.state != State.NOT_NOW:
        raise Refused(_refusal(participant))
    _move(participant, State.SPOKEN_TO, waiting_since=clock.now())
    _record(actor, participant, "participant_return", acted_for=False)
    return participant


@transaction.atomic
def participant_withdraw(*, actor: Any, participant: Participant) -> Participant:
    """The person stops, by themselves or through staff. Matching stops at once; safe to repeat."""
    programmes_hold([participant.programme_id])
    participant = _locked(participant)
    if participant.state == State.WITHDRAWN:
        return participant
    _move(participant, State.WITHDRAWN, waiting_since=None)
    _record(actor, participant, "participant_withdraw")
    _leave(participant, actor)
    return participant


@transaction.atomic
def participant_brief(
    *, actor: Any, participant: Participant, how: str, seen: Collection[str] = ()
) -> Participant:
    """Code of conduct and briefing were read (by the person) or talked through (with staff).

    Who reads also goes through the self-check of their role: `seen` holds the keys of the
    questions that they answered, right or wrong. Records which version of the code. Raises Refused
    when a question is missing, when staff claim to have read for somebody, when a person claims a
    talk, or when the site has no code of conduct yet.
    """
    by_self = actor.pk == participant.user_id
    allowed = Participant.Briefing.READ if by_self else Participant.Briefing.TALKED
    if how != allowed:
        raise Refused(_("Staff talk the briefing through. Only the person confirms reading it."))
    asked = {question.key for question in self_check([participant.role])}
    if by_self and not asked <= set(seen):
        raise Refused(_("Answer the questions of the briefing first."))
    text = LegalText.objects.filter(code="code_of_conduct").order_by("-version").first()
    if text is None:
        raise Refused(_("The code of conduct is not on the site yet. Ask the administrator."))
    participant = _locked(participant)
    if participant.conduct_text_id == text.pk and participant.briefed_at:
        return participant
    participant.briefed_at = clock.now()
    participant.briefed_how = how
    participant.briefed_by = actor
    participant.conduct_text = text
    participant.save(update_fields=["briefed_at", "briefed_how", "briefed_by", "conduct_text"])
    _record(actor, participant, "participant_brief", how=how, version=text.version)
    return participant


@transaction.atomic
def participant_certificate(
    *, actor: Any, participant: Participant, seen_on: date | None
) -> Participant:
    """Staff saw a mentor's certificate of conduct on a day; no copy is kept. None takes it back."""
    if not participant.is_mentor:
        raise Refused(_("Only mentors show a certificate of conduct."))
    if seen_on and seen_on > clock.today():
        raise Refused(_("This day has not come yet. Fill in the day on which you saw it."))
    participant = _locked(participant)
    participant.certificate_seen_on = seen_on
    participant.save(update_fields=["certificate_seen_on"])
    _record(actor, participant, "participant_certificate", acted_for=False, seen=bool(seen_on))
    return participant


def _locked(participant: Participant) -> Participant:
    rows = Participant.objects.select_related("programme__contact", "programme__organisation")
    return (
        rows.select_related("user")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=participant.pk)
    )


def _move(participant: Participant, to: str, **changes: Any) -> None:
    if to not in TRANSITIONS[participant.state]:
        raise Refused(_refusal(participant))
    changes |= {"state": to, "state_changed_at": clock.now()}
    for name, value in changes.items():
        setattr(participant, name, value)
    participant.save(update_fields=list(changes))


def _refusal(participant: Participant) -> str:
    return _("That cannot be done now. This person is: %(state)s.") % {
        "state": participant.get_state_display().lower()
    }


def _in_a_pair(participant: Participant) -> bool:
    pairs = Mentorship.objects.exclude(state=Mentorship.State.ENDED)
    mine = pairs.filter(mentee=participant) | pairs.filter(mentor=participant)
    return mine.exists()


def _leave(participant: Participant, actor: Any) -> None:
    for prefix in ("application", "waiting"):
        outbox.messages_cancel(key_prefix=f"{prefix}:{participant.pk}:")
    events.tell_left(participant, actor)


def _note(actor: Any, participant: Participant, about: str, note: str) -> None:
    if note:
        StaffContact.objects.create(participant=participant, by=actor, about=about, note=note)


def _record(
    actor: Any, participant: Participant, action: str, *, acted_for: bool = True, **data: Any
) -> None:
    """`acted_for` marks an act of the person's own that staff recorded for them."""
    staff = actor is not None and actor.pk != participant.user_id
    audit.record(
        actor=actor,
        action=action,
        target=participant,
        on_behalf_of=participant.user if acted_for and staff else None,
        **data,
    )
