"""What every request needs: the looser policy of the editors, the person's language and zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import SELF
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django_structlog.middlewares import RequestMiddleware

from .logs import without_secrets

EDITOR_PREFIXES = ("/cms/", "/django-admin/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith(EDITOR_PREFIXES):
            response._csp_replace = settings.CONTENT_SECURITY_POLICY_EDITORS  # type: ignore[attr-defined]
        elif getattr(request, "is_preview", False):
            # The editor shows the page, with its own strict policy, in a frame of its own.
            response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
        return super().process_response(request, response)


class LanguageMiddleware(LocaleMiddleware):
    """The language of the path under /nl/ and /en/, else of the person; a 404 stays a 404.

    Django's own would send every unknown address on to the handbook's tree first, and so tell a
    stranger nothing new but with a redirect where a 404 belongs.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", get_language() or settings.LANGUAGE_CODE)
        return response


class PersonMiddleware:
    """Speak the person's own language and show times in their own zone.

    The cookie decides for visitors, and an address that names a language for everybody. People
    who are signed in get one too, so that the page after signing out is still theirs to read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person: Any = request.user
        if person.is_authenticated:
            timezone.activate(ZoneInfo(person.time_zone))
            if not translation.get_language_from_path(request.path_info):
                translation.activate(person.language)
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if person.is_authenticated:
            _remember_language(request, response, person.language)
        return response


def _remember_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    name = settings.LANGUAGE_COOKIE_NAME
    if name not in response.cookies and request.COOKIES.get(name) != language:
        response.set_cookie(
            name,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )


class ButtonOnlyMiddleware:
    """A page in place of the bare 405, for who opens the address of a button.

    That happens after signing in again half-way, or by reloading a page that shows an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page


class RequestLogMiddleware(RequestMiddleware):
    """Log requests without what people typed in the address and without the secrets in it."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {without_secrets(request.path)}"
