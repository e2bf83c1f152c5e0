"""What every request needs: the looser policy of the editors, the person's language and zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from csp.constants import SELF
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

EDITOR_PREFIXES = ("/cms/", "/django-admin/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(EDITOR_PREFIXES):
            response._csp_replace = settings.CONTENT_SECURITY_POLICY_EDITORS  # type: ignore[attr-defined]
        elif getattr(request, "is_preview", False):
            # The editor shows the page, with its own strict policy, in a frame of its own.
            response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
        return super().process_response(request, response)


class PersonMiddleware:
    """Show times in the person's own zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
