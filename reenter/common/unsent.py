"""What somebody sends after their session ended is kept, and offered again once they signed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

KEY = "unsent"
KEPT_SECONDS = 30 * 60
MOST_CHARACTERS = 20_000
# Passwords are never kept, and the editors have a way of their own.
NOT_HERE = ("/account/", "/cms/", "/django-admin/")
NO_ANSWERS = ("csrfmiddlewaretoken",)


class UnsentMiddleware:
    """Nothing is sent without the person: after signing in they see what they typed, and a button.

    Only forms that passed the check against forgery come this far, so nobody can plant one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        if signed_in and KEY in request.session:
            request.session.set_expiry(None)  # the short life was for the visitor's session
            kept = _take(request) if request.method == "GET" else None
            if kept is not None:
                return render(request, "common/unsent.html", kept)
        response = self.get_response(request)
        if not signed_in and request.method == "POST" and _asks_to_sign_in(request, response):
            _keep(request)
        return response


def _asks_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    asked = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    return response.get("Location") == asked["Location"]


def _keep(request: HttpRequest) -> None:
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NO_ANSWERS
        for value in values
    ]
    too_much = sum(len(value) for _name, value in typed) > MOST_CHARACTERS
    if typed and not too_much and not request.path.startswith(NOT_HERE):
        request.session[KEY] = {
            "path": request.get_full_path(),
            "typed": typed,
            "at": time.time(),
        }
        request.session.set_expiry(KEPT_SECONDS)


def _take(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept for this address; it is shown once, and not after half an hour."""
    kept: dict[str, Any] = request.session[KEY]
    if time.time() - kept["at"] > KEPT_SECONDS:
        del request.session[KEY]
        return None
    if kept["path"] != request.get_full_path():
        return None
    del request.session[KEY]
    return kept | {"texts": [value for _name, value in kept["typed"] if " " in value.strip()]}
