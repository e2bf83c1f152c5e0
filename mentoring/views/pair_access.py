"""Finding a pair for a request, and the way back to the person's own page of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from ..models import Mentorship
from ..pair_rules import is_half, may_look_after_pair
from ..selectors.mentorships import pairs


def mentorship_for(request: HttpRequest, pk: uuid.UUID, rule: Any) -> Mentorship:
    """The pair if `rule` lets the person; strangers get 404, insiders without the right 403."""
    visible = pairs(Mentorship.objects.visible_to(request.user))
    mentorship = get_object_or_404(visible.distinct(), pk=pk)
    if not rule(request.user, mentorship):
        raise PermissionDenied
    return mentorship


def half_or_staff(user: Any, mentorship: Mentorship) -> bool:
    return is_half(user, mentorship) or may_look_after_pair(user, mentorship)


def back_to(request: HttpRequest, mentorship: Mentorship) -> HttpResponseRedirect:
    """The person's own page of the pair."""
    staff = not is_half(request.user, mentorship)
    name = "mentoring:mentorship_staff" if staff else "mentoring:mentorship_detail"
    return redirect(name, pk=mentorship.pk)


def own_address(request: HttpRequest, name: str, mentorship: Mentorship) -> str:
    """Where a page with a mistake can be opened again: it stands at the address of a button."""
    own = request.method != "POST"
    return request.get_full_path() if own else reverse(f"mentoring:{name}", args=[mentorship.pk])
