"""What happened to a participant, in words, from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring.models import Mentorship, Participant
from mentoring.reasons import NOT_NOW_REASONS
from mentoring.signals import TEXTS
from reenter.common.models import AuditEntry

WORDS = {
    "participant_enrol": _("Joined the programme"),
    "participant_import": _("Came in with an import"),
    "participant_speak": _("Spoken to"),
    "participant_admit": _("Admitted"),
    "participant_not_now": _("Set to “not now”"),
    "participant_return": _("Back on the list"),
    "participant_withdraw": _("Withdrew from the programme"),
    "participant_brief": _("Had the briefing"),
    "participant_certificate": _("Certificate of conduct noted"),
    "contact_record": _("Staff spoke to this person"),
    "takeover_code_create": _("Got a code to take the account over"),
    "user_create": _("Account made"),
    "takeover_finish": _("Took the account over"),
    "profile_create": _("Profile started"),
    "profile_answer": _("An answer in the profile was saved"),
    "profile_skip": _("A question in the profile was skipped"),
    "profile_complete": _("Profile finished"),
    "legal_basis_record": _("Legal basis recorded"),
    "legal_basis_withdraw": _("Legal basis withdrawn"),
}
READ = 200
SHOWN = 50


@dataclass(frozen=True)
class Line:
    at: datetime
    what: Any
    detail: Any
    by: str
    on_behalf: bool
    times: int = 1


def history(user: Any, participant: Participant) -> list[Line]:
    """The newest known acts on the enrolment, the profile and the account. Two queries.

    A talk about a pair that the reader is half of is not told.
    """
    own = {str(pk) for pk in Mentorship.objects.of_person(user).values_list("pk", flat=True)}
    mine = (
        Q(target_type="mentoring.participant", target_id=str(participant.pk))
        | Q(target_type="accounts.profile", target_id=str(participant.profile_id))
        | Q(target_type="accounts.user", target_id=str(participant.user_id))
    )
    rows = AuditEntry.objects.filter(mine, action__in=WORDS).select_related("actor")
    lines: list[Line] = []
    for row in rows.order_by("-created_at")[:READ]:
        if row.data.get("mentorship") in own:
            continue
        line = _line(row)
        if lines and _same(lines[-1], line):
            lines[-1] = replace(lines[-1], times=lines[-1].times + 1)
        else:
            lines.append(line)
    return lines[:SHOWN]


def _same(newer: Line, older: Line) -> bool:
    """Nine answers saved in a row are one line."""
    return (newer.what, newer.detail, newer.by, newer.at.date()) == (
        older.what,
        older.detail,
        older.by,
        older.at.date(),
    )


def _line(row: AuditEntry) -> Line:
    detail = NOT_NOW_REASONS.get(row.data.get("reason", "")) or TEXTS.get(row.data.get("about", ""))
    return Line(
        at=row.created_at,
        what=WORDS[row.action],
        detail=detail or row.data.get("version", ""),
        by=row.actor.name if row.actor else "",
        on_behalf=row.on_behalf_of_id is not None,
    )
