"""What we do when allauth tells that something happened."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from .models import User


@receiver(authenticator_added)
def second_factor_just_shown(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Who adds a second factor has it in hand: do not ask for it again on the very next page."""
    record_authentication(request, user, method="mfa", reauthenticated=True)
