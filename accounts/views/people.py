"""One's own account: overview, details, language, the second factor of staff."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import reauthenticate as password_again
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.i18n import set_language as set_language_cookie

from ..forms.people import DetailsForm
from ..models import Profile, User
from ..selectors.people import is_staff_member, second_factor_missing
from ..services import people


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/me.html", {"tasks": _pages(request.user)})


def _pages(user: User) -> list[dict[str, Any]]:
    has_password = user.has_usable_password()
    password = "account_change_password" if has_password else "account_set_password"
    pages = [
        (_("My details"), _("Name, phone number, time zone and language."), "accounts:details"),
        (_("My e-mail address"), user.email, "account_email"),
        (
            _("My password"),
            _("Change your password.") if has_password else _("You need none. You may choose one."),
            password,
        ),
        (
            _("Passkeys and second lock"),
            _("Sign in with your fingerprint, face or a code from an app."),
            "mfa_index",
        ),
        (_("My privacy"), _("See, take along or delete your data."), "accounts:my_privacy"),
    ]
    if is_staff_member(user):
        pages.append(
            (_("My organisation"), _("Facilitators and invitations."), "accounts:organisation_list")
        )
    tasks = [{"title": title, "hint": hint, "url": reverse(name)} for title, hint, name in pages]
    return _answers(user) + tasks


def _answers(user: User) -> list[dict[str, Any]]:
    """The way to one's own answers, one line per role, so that they can always be changed."""
    titles = {
        Profile.Role.MENTEE: _("My answers as a mentee"),
        Profile.Role.MENTOR: _("My answers as a mentor"),
    }
    roles = Profile.objects.filter(user=user).order_by("role").values_list("role", flat=True)
    return [
        {
            "title": titles[Profile.Role(role)],
            "hint": _("See and change what you told about yourself."),
            "url": reverse("accounts:profile_overview", args=[role]),
        }
        for role in roles
        if role in titles
    ]


@require_http_methods(["GET", "POST"])
@login_required
def details(request: HttpRequest) -> HttpResponse:
    for_staff = is_staff_member(request.user)
    form = DetailsForm(
        request.POST or None,
        for_staff=for_staff,
        initial=DetailsForm.initial_of(request.user),
    )
    if request.method == "POST" and form.is_valid():
        people.details_save(actor=request.user, user=request.user, **form.cleaned_data)
        with override(request.user.language):
            messages.success(request, _("Your details are saved."))
        return redirect("accounts:me")
    return render(request, "accounts/details.html", {"form": form})


@require_safe
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why staff need a second factor, and how to get one."""
    missing = second_factor_missing(request.user)
    return render(request, "accounts/second_factor.html", {"missing": missing})


@login_required
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """allauth's own page; who has nothing to prove themselves with a second time goes on."""
    if not get_adapter().get_reauthentication_methods(request.user):
        return redirect(get_next_redirect_url(request) or "accounts:me")
    return password_again(request)


def set_language(request: HttpRequest) -> HttpResponse:
    """Django's own switch, remembered for people who are signed in."""
    response = set_language_cookie(request)
    if request.method == "POST" and request.user.is_authenticated:
        people.language_save(
            user=request.user, language=request.POST.get("language", get_language())
        )
    return response
