"""Mails to people without e-mail: to print, or to tell by phone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring import rules
from mentoring.models import Programme
from mentoring.selectors.waiting import letters_to_handle
from mentoring.services.contacts import letter_done as letter_done_service
from reenter.common.models import OutboxMessage

PER_PAGE = 25


@login_required
def letter_list(request: HttpRequest) -> HttpResponse:
    if not rules.is_facilitator(request.user):
        raise PermissionDenied
    letters = letters_to_handle(Programme.objects.visible_to(request.user))
    page = Paginator(letters, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/letter_list.html", {"page": page})


@login_required
def letter_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The letter as it goes on paper."""
    letter = _letter(request, pk)
    needs_a_call = any(section.get("action_label") for section in letter.sections)
    context = {"letter": letter, "needs_a_call": needs_a_call}
    return render(request, "desk/letter_detail.html", context)


@login_required
@require_POST
def letter_done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Printed, or told by phone."""
    letter = _letter(request, pk)
    how = "printed" if request.POST.get("how") == "printed" else "called"
    if letter_done_service(actor=request.user, letter=letter, how=how):
        messages.success(request, _("Noted. The letter is off your list."))
    else:
        messages.info(request, _("Somebody did this already."))
    return redirect("desk:home")


def _letter(request: HttpRequest, pk: uuid.UUID) -> OutboxMessage:
    """Only letters of own programmes; mails that were sent stay out of sight."""
    letters = OutboxMessage.objects.filter(
        programme__in=Programme.objects.visible_to(request.user),
        state__in=[OutboxMessage.State.LETTER, OutboxMessage.State.DONE],
    )
    return get_object_or_404(letters.select_related("recipient", "programme"), pk=pk)
