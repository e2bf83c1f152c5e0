"""The language of pages around the handbook, whose addresses do not name one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def asked_language(request: HttpRequest) -> str:
    """That of the page that leads here, when it says so; else the reader's own."""
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else translation.get_language()
