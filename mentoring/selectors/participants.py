"""Reads about people in a programme: who can enter a round, and why others cannot."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace

from accounts.models import LegalBasis, Profile

from ..models import Participant, Programme
from ..models.participants import ParticipantQuerySet
from ..reasons import NOT_READY_REASONS

State = Participant.State
MIN_DIGITS = 4


def _guidance_in_force() -> Exists:
    return Exists(
        LegalBasis.objects.filter(
            user=OuterRef("user"),
            purpose=LegalBasis.Purpose.GUIDANCE,
            withdrawn_at__isnull=True,
        )
    )


def with_readiness(people: ParticipantQuerySet) -> ParticipantQuerySet:
    """Adds what `why_not_matchable` needs, so that it asks the database nothing more."""
    return people.select_related("programme", "user", "profile").annotate(
        has_basis=_guidance_in_force()
    )


def _ready() -> Q:
    certified = (
        Q(role=Profile.Role.MENTEE)
        | Q(programme__certificate_required=False)
        | Q(certificate_seen_on__isnull=False)
    )
    waits = Q(role=Profile.Role.MENTOR) | Q(waiting_since__isnull=False)
    return (
        Q(state=State.ADMITTED, briefed_at__isnull=False)
        & waits
        & ~Q(programme__state=Programme.State.CLOSED)
        & certified
        & Q(has_basis=True)
    )


def ready(people: ParticipantQuerySet) -> ParticipantQuerySet:
    """Those that pass every rule before matching: the positive side of `why_not_matchable`."""
    return with_readiness(people).filter(_ready())


def not_ready(people: ParticipantQuerySet) -> ParticipantQuerySet:
    return with_readiness(people).exclude(_ready())


def matchable(programme: Programme) -> ParticipantQuerySet:
    """Admitted, briefed, with a legal basis in force; mentees who wait; mentors with a certificate
    where one is asked."""
    return ready(Participant.objects.filter(programme=programme))


def why_not_matchable(participant: Participant) -> list[str]:
    """Codes of `mentoring.reasons.NOT_READY_REASONS`; empty when nothing is in the way.

    Asks the database for the legal basis only when `with_readiness` was not used.
    """
    missing = []
    if participant.programme.state == Programme.State.CLOSED:
        missing.append("programme_closed")
    if participant.state in (State.WITHDRAWN, State.NOT_NOW):
        missing.append(str(participant.state))
    elif participant.state != State.ADMITTED:
        missing.append("not_admitted")
    elif participant.is_mentee and participant.waiting_since is None:
        missing.append("not_waiting")
    if participant.briefed_at is None:
        missing.append("not_briefed")
    if not _has_basis(participant):
        missing.append("no_legal_basis")
    if (
        participant.is_mentor
        and participant.programme.certificate_required
        and participant.certificate_seen_on is None
    ):
        missing.append("no_certificate")
    return missing


def _has_basis(participant: Participant) -> bool:
    if hasattr(participant, "has_basis"):
        return participant.has_basis
    bases = LegalBasis.objects.filter(user=participant.user_id, withdrawn_at__isnull=True)
    return bases.filter(purpose=LegalBasis.Purpose.GUIDANCE).exists()


def people_of(
    programme: Programme, *, state: str = "", role: str = "", ready: str = ""
) -> ParticipantQuerySet:
    """People of a programme for the list; those who withdrew only when asked for."""
    people = with_readiness(Participant.objects.filter(programme=programme))
    people = people.filter(state=state) if state else people.enrolled()
    people = people.filter(user__erased_at=None)
    if role:
        people = people.filter(role=role)
    if ready:
        people = people.filter(_ready()) if ready == "yes" else people.exclude(_ready())
    return people.order_by("state_changed_at", "pk")


def reasons_in_words(participant: Participant) -> list[Any]:
    """What is still in the way of a match, as sentences."""
    return [NOT_READY_REASONS[code] for code in why_not_matchable(participant)]


def search(user: Any, words: str) -> list[Participant]:
    """At most 50 people of one's own programmes whose name, e-mail or phone holds the words."""
    words = words.strip()
    digits = "".join(sign for sign in words if sign.isdigit())
    found = Q(user__name__icontains=words) | Q(user__email__icontains=words)
    if len(digits) >= MIN_DIGITS:
        found |= Q(digits__contains=digits.removeprefix("0"))
    people = Participant.objects.managed_by(user).annotate(digits=_plain_phone()).filter(found)
    return list(people.select_related("user", "programme").order_by("user__name", "pk")[:50])


def _plain_phone() -> Any:
    """The phone number without the signs that people write between the digits."""
    number: Any = F("user__phone")
    for sign in (" ", "-", "(", ")", "."):
        number = Replace(number, Value(sign), Value(""))
    return number
