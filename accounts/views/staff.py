"""An organisation's facilitators: who they are, inviting and removing them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reenter.common import clock
from reenter.common.errors import Refused

from ..forms.people import InvitationForm, OrganisationForm
from ..models import Invitation, Organisation
from ..selectors.people import is_staff_member, members_of, open_invitations, organisations_of
from ..services import people, staff


@require_safe
@login_required
def organisation_list(request: HttpRequest) -> HttpResponse:
    if not is_staff_member(request.user):
        raise PermissionDenied
    organisations = list(organisations_of(request.user))
    if len(organisations) == 1 and not request.user.is_superuser:
        return redirect("accounts:organisation_detail", organisations[0].pk)
    return render(request, "accounts/organisation_list.html", {"organisations": organisations})


@require_http_methods(["GET", "POST"])
@login_required
def organisation_new(request: HttpRequest) -> HttpResponse:
    if not request.user.is_superuser:
        raise PermissionDenied
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = staff.organisation_create(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The organisation is added. Now invite its facilitator."))
        return redirect("accounts:organisation_detail", organisation.pk)
    return render(request, "accounts/organisation_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
def organisation_detail(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """The facilitators, open invitations, and the form that sends a new one."""
    organisation = _organisation(request, organisation_id)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.invitation_create(
                actor=request.user, organisation=organisation, email=form.cleaned_data["email"]
            )
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("accounts:organisation_detail", organisation.pk)
    context = {
        "organisation": organisation,
        "members": members_of(organisation),
        "invitations": open_invitations(organisation),
        "form": form,
    }
    return render(request, "accounts/organisation_detail.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def membership_remove(
    request: HttpRequest, organisation_id: uuid.UUID, membership_id: uuid.UUID
) -> HttpResponse:
    organisation = _organisation(request, organisation_id)
    membership = get_object_or_404(members_of(organisation), pk=membership_id)
    error = ""
    if request.method == "POST":
        try:
            people.membership_remove(
                actor=request.user, organisation=organisation, user=membership.user
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("This person has no access any more."))
            return redirect("accounts:organisation_list")
    context = {"organisation": organisation, "membership": membership, "error": error}
    return render(request, "accounts/membership_remove.html", context)


@require_POST
@login_required
def invitation_withdraw(
    request: HttpRequest, organisation_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    organisation = _organisation(request, organisation_id)
    invitation = get_object_or_404(open_invitations(organisation), pk=invitation_id)
    people.invitation_withdraw(actor=request.user, invitation=invitation)
    messages.success(request, _("The invitation is withdrawn. Its link does not work any more."))
    return redirect("accounts:organisation_detail", organisation.pk)


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, and a button. Opening it changes nothing, also when a mail scanner does."""
    found = (
        Invitation.objects.filter(pk=staff.invitation_id(token))
        .select_related("organisation", "invited_by")
        .first()
    )
    if found is None:
        return _invitation_page(request, "unknown", status=404)
    if found.accepted_at or found.expires_at <= clock.now():
        return _invitation_page(request, "over", found, status=410)
    if not request.user.is_authenticated:
        return _invitation_page(request, "signed_out", found)
    if not staff.invitation_is_for(request.user, found):
        return _invitation_page(request, "other_person", found, status=403)
    if request.method == "POST":
        try:
            people.invitation_accept(user=request.user, invitation=found)
        except Refused:
            return _invitation_page(request, "over", found, status=410)
        messages.success(request, _("Welcome. You are a facilitator now."))
        return redirect("accounts:details")
    return _invitation_page(request, "open", found)


def _invitation_page(
    request: HttpRequest, state: str, found: Invitation | None = None, status: int = 200
) -> HttpResponse:
    context = {"state": state, "invitation": found}
    return render(request, "accounts/invitation.html", context, status=status)


def _organisation(request: HttpRequest, organisation_id: uuid.UUID) -> Organisation:
    return get_object_or_404(organisations_of(request.user), pk=organisation_id)
