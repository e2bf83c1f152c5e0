"""One person for their facilitator, and registering somebody at the desk or by phone."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.rules import may_be_taken_over
from accounts.selectors.people import legal_text_current
from accounts.selectors.profiles import profile_answers
from accounts.services.people import takeover_code_create
from mentoring.errors import Refused
from mentoring.forms.participants import CertificateForm, ContactForm, NoteForm
from mentoring.models import Mentorship, Participant, Programme
from mentoring.selectors.participants import reasons_in_words, with_readiness
from mentoring.services.contacts import contact_record
from mentoring.services.participants import TRANSITIONS

from .. import selectors, services
from ..forms import PersonForm
from ..history import history


@login_required
def person_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All that staff may see and do about one person in one of their programmes."""
    participant = managed(request, pk)
    enrolled = participant.state != Participant.State.WITHDRAWN
    missing = reasons_in_words(participant)
    context = {
        "participant": participant,
        "programme": participant.programme,
        "may": TRANSITIONS[participant.state],
        "not_ready": missing,
        "enrolled": enrolled,
        # Answers are theirs again once they have left.
        "answers": profile_answers(participant.profile) if enrolled else [],
        "offers": selectors.offers_of(request.user, participant),
        "mentorships": selectors.mentorships_of(request.user, participant),
        "contacts": selectors.contacts_of(request.user, participant),
        "history": history(request.user, participant),
        "note_form": NoteForm(auto_id="speak_%s"),
        "certificate_form": CertificateForm(
            initial={"seen_on": participant.certificate_seen_on}, auto_id="certificate_%s"
        ),
        "can_take_over": may_be_taken_over(participant.user),
        "match_url": reverse("matching:single_match", args=[pk]) if not missing else "",
    }
    return render(request, "desk/person_detail.html", context)


@login_required
@require_POST
@never_cache
def person_code(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a code to take the account over, and show it this once.

    No redirect: the code would have to be kept somewhere in plain text to survive it.
    """
    participant = managed(request, pk)
    try:
        code = takeover_code_create(actor=request.user, user=participant.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:person_detail", pk=pk)
    context = {
        "participant": participant,
        "programme": participant.programme,
        "code": code,
        "claim_address": settings.SITE_URL + reverse("accounts:claim"),
    }
    return render(request, "desk/person_code.html", context)


@login_required
def person_contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that one spoke to somebody; the task rests as long as asked."""
    participant = managed(request, pk)
    mentorship = _pair(request, participant)
    form = ContactForm(request.POST or None, initial={"about": request.GET.get("about", "contact")})
    if request.method == "POST" and form.is_valid():
        contact_record(
            actor=request.user, participant=participant, mentorship=mentorship, **form.cleaned_data
        )
        messages.success(request, _("Noted."))
        return redirect("desk:home")
    context = {
        "participant": participant,
        "programme": participant.programme,
        "mentorship": mentorship,
        "form": form,
    }
    return render(request, "desk/person_contact.html", context)


def _pair(request: HttpRequest, participant: Participant) -> Mentorship | None:
    """The pair that the task was about, if it is one of this person's."""
    wanted = request.GET.get("pair", "")
    pairs = selectors.mentorships_of(request.user, participant)
    return next((pair for pair in pairs if str(pair.pk) == wanted), None)


@login_required
def person_new(request: HttpRequest) -> HttpResponse:
    """Everything that sign-up asks, on behalf of somebody at the desk or on the phone."""
    programmes = Programme.objects.visible_to(request.user).exclude(state=Programme.State.CLOSED)
    if not programmes.exists():
        raise PermissionDenied
    form = PersonForm(
        request.POST or None,
        programmes=programmes,
        initial={"programme": request.GET.get("programme")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            participant = services.person_register(actor=request.user, **_told(form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Registered. Now go through the questions together."))
            return redirect("desk:profile_overview", pk=participant.pk, role=participant.role)
    return render(
        request, "desk/person_new.html", {"form": form, "text": legal_text_current("privacy")}
    )


def _told(data: dict[str, Any]) -> dict[str, Any]:
    """What the form gave, as the service takes it."""
    kept = {name: value for name, value in data.items() if name != "told"}
    return kept | {"forty_five_or_over": data["forty_five_or_over"] == "yes"}


def managed(request: HttpRequest, pk: uuid.UUID) -> Participant:
    """A person of one's own programmes; themselves they are refused, others see nothing."""
    seen = Participant.objects.visible_to(request.user)
    rows = with_readiness(seen).select_related(
        "programme__organisation", "programme__contact", "conduct_text", "briefed_by"
    )
    participant = get_object_or_404(rows, pk=pk)
    if not Participant.objects.managed_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return participant
