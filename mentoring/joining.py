"""Which programme somebody came for, kept in the session while they sign up and fill in."""

from __future__ import annotations

from django.http import HttpRequest

from .models import Programme

KEY = "joining"


def remember(request: HttpRequest, programme: Programme, role: str) -> None:
    request.session[KEY] = {"programme": programme.slug, "role": role}


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def wanted(request: HttpRequest) -> tuple[Programme, str] | None:
    """The open programme and the role that this person came for, if any."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    programme = Programme.objects.open().filter(slug=kept["programme"]).first()
    return (programme, kept["role"]) if programme else None
