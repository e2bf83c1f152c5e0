"""Who may do what with programmes and participants; a stranger does not even see them."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation

from .models import Participant, Programme


def is_facilitator(user: Any) -> bool:
    """Works for an organisation."""
    return user.is_authenticated and user.memberships.exists()


def may_create_programme(user: Any, organisation: Organisation) -> bool:
    """Admins for every organisation, facilitators for their own."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or organisation.memberships.filter(user=user).exists()


def may_run_programme(user: Any, programme: Programme) -> bool:
    """Facilitators of the organisation that owns it."""
    return Programme.objects.visible_to(user).filter(pk=programme.pk).exists()


def may_look_after(user: Any, participant: Participant) -> bool:
    """Facilitators of the programme that the person takes part in."""
    return Participant.objects.managed_by(user).filter(pk=participant.pk).exists()
