"""What enrolments and talks hold about a person: export, erasure, and how long they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from reenter.common.models import AuditEntry

from ..models import ImportBatch, Mentorship, Participant, StaffContact
from .locks import programmes_hold_of
from .participants import participant_withdraw

UNMATCHED_KEPT = timedelta(days=365)
CLOSED_KEPT = timedelta(days=2 * 365)


def export(user: Any) -> list[dict[str, Any]]:
    """Enrolments with their dates, and that staff spoke to the person, with the notes."""
    rows = Participant.objects.filter(user=user).select_related("programme", "conduct_text")
    return [_enrolment(row) for row in rows.prefetch_related("contacts")]


def _enrolment(row: Participant) -> dict[str, Any]:
    return {
        "programme": row.programme.name,
        "role": row.role,
        "state": row.state,
        "joined_at": row.created_at.isoformat(),
        "state_changed_at": row.state_changed_at.isoformat(),
        "briefed_at": row.briefed_at.isoformat() if row.briefed_at else None,
        "briefed_how": row.briefed_how,
        "code_of_conduct": row.conduct_text.version if row.conduct_text else None,
        "certificate_seen_on": (
            row.certificate_seen_on.isoformat() if row.certificate_seen_on else None
        ),
        "number_in_an_imported_list": row.external_id,
        "talks_with_staff": [
            {"at": talk.created_at.isoformat(), "how": talk.how, "note": talk.note}
            for talk in row.contacts.all()
        ],
    }


def erase(user: Any) -> None:
    """Leave every programme and forget what was said; the bare enrolments stay for the counts."""
    programmes_hold_of(user)
    for participant in Participant.objects.filter(user=user):
        participant_withdraw(actor=None, participant=participant)
    _out_of_lists(user)
    Participant.objects.filter(user=user).update(external_id="", certificate_seen_on=None)
    theirs = Q(mentorship__mentee__user=user) | Q(mentorship__mentor__user=user)
    StaffContact.objects.filter(Q(participant__user=user) | theirs).update(note="")


def _out_of_lists(user: Any) -> None:
    """Take the person out of uploaded lists that wait to be imported once more."""
    mine = Participant.objects.filter(user=user)
    details = {user.name, user.email, user.phone, *mine.values_list("external_id", flat=True)}
    wanted = {detail.casefold() for detail in details if detail}
    lists = ImportBatch.objects.filter(programme__in=mine.values("programme")).exclude(rows=[])
    for batch in lists:
        kept = [
            (row, number)
            for row, number in zip(batch.rows, batch.numbers, strict=True)
            if wanted.isdisjoint(str(cell).strip().casefold() for cell in row)
        ]
        if len(kept) < len(batch.rows):
            batch.rows = [row for row, _number in kept]
            batch.numbers = [number for _row, number in kept]
            batch.save(update_fields=["rows", "numbers"])


def guidance_withdrawn(user: Any, actor: Any) -> None:
    """Without guidance there is no matching: the person leaves every programme."""
    programmes_hold_of(user)
    for participant in Participant.objects.filter(user=user).enrolled():
        participant_withdraw(actor=actor, participant=participant)


def unmatched_due(now: datetime) -> Sequence[UUID]:
    """People who never had a pair, twelve months after their last step."""
    people = _without_steps_since(now - UNMATCHED_KEPT).exclude(
        _has_pairs(Mentorship.objects.all())
    )
    return list(people.values_list("pk", flat=True))


def closed_due(now: datetime) -> Sequence[UUID]:
    """People whose last pair ended 24 months ago, and who did nothing since."""
    limit = now - CLOSED_KEPT
    recent = Mentorship.objects.exclude(state=Mentorship.State.ENDED, ended_at__lt=limit)
    people = _without_steps_since(limit).filter(_has_pairs(Mentorship.objects.all()))
    return list(people.exclude(_has_pairs(recent)).values_list("pk", flat=True))


def _has_pairs(mentorships: QuerySet[Mentorship]) -> Exists:
    half = Q(mentee__user=OuterRef("pk")) | Q(mentor__user=OuterRef("pk"))
    return Exists(mentorships.filter(half))


def _without_steps_since(limit: datetime) -> QuerySet[User]:
    """Participants who, themselves or through staff, took no step since."""
    acted = AuditEntry.objects.filter(created_at__gte=limit).filter(
        Q(actor=OuterRef("pk")) | Q(on_behalf_of=OuterRef("pk"))
    )
    moved = Participant.objects.filter(user=OuterRef("pk"), state_changed_at__gte=limit)
    enrolled = Participant.objects.filter(user=OuterRef("pk"))
    signed_in = Q(last_login__gte=limit)
    people = User.objects.filter(Exists(enrolled), erased_at=None, memberships=None, is_staff=False)
    return people.exclude(signed_in).exclude(Exists(acted)).exclude(Exists(moved))
