"""Who may do what with people and organisations."""

from __future__ import annotations

from typing import Any

import rules

from .models import Organisation


@rules.predicate
def manages_organisation(user: Any, organisation: Organisation) -> bool:
    """Its facilitators, and admins."""
    return Organisation.objects.visible_to(user).filter(pk=organisation.pk).exists()


@rules.predicate
def may_be_taken_over(user: Any) -> bool:
    """A person who never signed in alone; staff rights are never handed on with a code."""
    return bool(
        user.is_active
        and user.last_login is None
        and not (user.is_staff or user.is_superuser)
        and not user.memberships.exists()
    )
