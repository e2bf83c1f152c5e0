"""Staff see other people's data, so their account needs a second lock."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .selectors.people import second_factor_missing

# What one needs to set the second factor up, or to leave.
NEEDED = [
    "accounts:second_factor",
    "mfa_index",
    "account_logout",
    "account_login",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "set_language",
    "accounts:privacy",
    "accounts:terms",
    "common:healthz",
    "common:readyz",
]


class StaffSecondFactorMiddleware:
    """Until staff have an authenticator app or a passkey, they get to no other page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_MFA_REQUIRED
            and request.user.is_authenticated
            and not _is_needed(request.path)
            and second_factor_missing(request.user)
        ):
            return redirect("accounts:second_factor")
        return self.get_response(request)


def _is_needed(path: str) -> bool:
    if path.startswith(settings.STATIC_URL):
        return True
    # Everything below the page of second factors belongs to setting one up.
    return path.startswith(reverse("mfa_index")) or path in map(reverse, NEEDED)
