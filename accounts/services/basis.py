"""On which legal basis we use whose data for what, and the texts that say so."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reenter.common import audit, clock
from reenter.common.errors import Refused

from .. import events
from ..models import LegalBasis, LegalText, User

LEGAL_FILE = Path(__file__).resolve().parent.parent / "data" / "legal.json"

# The only purpose that needs no consent: the person asks us for it by taking part.
CONTRACT_PURPOSES = {LegalBasis.Purpose.GUIDANCE}


@cache
def _shipped_texts() -> list[dict[str, Any]]:
    return json.loads(LEGAL_FILE.read_text("utf-8"))


def legal_texts_load(*, model: type[LegalText] = LegalText) -> int:
    """Add the shipped texts that are not there yet; returns how many.

    Safe to repeat. A version that exists is never overwritten: people agreed to it as it stands.
    """
    added = 0
    for text in _shipped_texts():
        _row, created = model.objects.get_or_create(
            code=text["code"],
            version=text["version"],
            defaults={"titles": text["titles"], "bodies": text["bodies"]},
        )
        added += created
    return added


@transaction.atomic
def legal_basis_record(
    *,
    actor: Any,
    user: User,
    purpose: str,
    text: LegalText,
    how: str = LegalBasis.How.SELF,
) -> LegalBasis:
    """Record that this purpose is allowed for this person from now on, under this text.

    Safe to repeat under the same text. A newer text replaces the one in force. `how` says who
    told it to whom. Raises Refused for a removed account.
    """
    _lock(user)
    current = legal_basis_in_force(user, purpose)
    if current and current.text_id == text.pk:
        return current
    moment = clock.now()
    _end(user, purpose, moment)
    basis = LegalBasis.objects.create(
        user=user,
        purpose=purpose,
        basis=basis_of(purpose),
        text=text,
        how=how,
        recorded_by=actor,
        given_at=moment,
    )
    audit.record(
        actor=actor,
        action="legal_basis_record",
        target=user,
        on_behalf_of=_acted_for(actor, user),
        purpose=purpose,
        text=str(text.pk),
        version=text.version,
        how=how,
    )
    return basis


@transaction.atomic
def legal_basis_withdraw(*, actor: Any, user: User, purpose: str) -> bool:
    """End this purpose for this person at once; returns whether it was in force.

    Without guidance nobody is matched any more: open offers and places are given back, as stories
    are taken down, by those who registered in `accounts.events`.
    """
    _lock(user)
    if not _end(user, purpose, clock.now()):
        return False
    audit.record(
        actor=actor,
        action="legal_basis_withdraw",
        target=user,
        on_behalf_of=_acted_for(actor, user),
        purpose=purpose,
    )
    for hook in _to_tell(purpose):
        hook(user, actor)
    return True


def _to_tell(purpose: str) -> list[events.Hook]:
    """Who must act when a purpose ends."""
    hooks: dict[str, list[events.Hook]] = {
        LegalBasis.Purpose.GUIDANCE: events.guidance_withdrawn,
        LegalBasis.Purpose.STORY: events.story_consent_withdrawn,
    }
    return hooks.get(purpose, [])


def legal_basis_in_force(user: User, purpose: str) -> LegalBasis | None:
    """The row that allows this purpose for this person today, if any."""
    return _in_force(user, purpose).first()


def basis_of(purpose: str) -> str:
    """The legal basis that a purpose rests on."""
    if purpose in CONTRACT_PURPOSES:
        return LegalBasis.Basis.CONTRACT
    return LegalBasis.Basis.CONSENT


def _in_force(user: User, purpose: str) -> QuerySet[LegalBasis]:
    return LegalBasis.objects.filter(user=user, purpose=purpose, withdrawn_at__isnull=True)


def _end(user: User, purpose: str, moment: datetime) -> int:
    return _in_force(user, purpose).update(withdrawn_at=moment)


def _acted_for(actor: Any, user: User) -> User | None:
    """The person whose own act somebody else recorded, if they did."""
    return user if actor is not None and actor.pk != user.pk else None


def _lock(user: User) -> None:
    """One change at a time per person, so that a purpose is in force once."""
    if not User.objects.select_for_update(no_key=True).filter(pk=user.pk, erased_at=None).exists():
        raise Refused(_("This account was removed."))
