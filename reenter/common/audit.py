"""The audit trail: one row per change, written in the transaction of the change itself."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from .models import AuditEntry


def record(
    *,
    actor: Any,
    action: str,
    target: models.Model,
    on_behalf_of: Any = None,
    **data: Any,
) -> AuditEntry:
    """Write who did `action` to `target`.

    `actor` is a User, or None for the system. `data` may hold codes, ids and numbers, never
    names, addresses or free text. Raises RuntimeError outside a transaction: an audit row that
    can survive without its change, or the other way round, is worth nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record() must run inside the transaction of the change.")
    return AuditEntry.objects.create(
        actor=actor,
        on_behalf_of=on_behalf_of,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        data=data,
    )
