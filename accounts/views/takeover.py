"""Taking over an account that staff made: the code on paper, then a code by mail."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reenter.common import outbox
from reenter.common.contact import contact_line
from reenter.common.errors import Refused

from ..forms.people import ClaimForm, MailedCodeForm
from ..models import TakeoverCode, User
from ..services import people
from ..services.takeover import address_is_free, takeover_code_find

SESSION_KEY = "claim"
MINUTES = 15
ATTEMPTS = 5


@require_http_methods(["GET", "POST"])
@never_cache
def claim(request: HttpRequest) -> HttpResponse:
    """The code of the paper and an address; the answer never tells whether others use it."""
    if request.user.is_authenticated:
        return redirect("desk:home")
    form = ClaimForm(request.POST or None)
    if request.method == "POST":
        # Before the code is looked up: guessing must stay hopeless.
        limited = ratelimit.consume_or_429(request, action="claim")
        if limited:
            return limited
        if form.is_valid():
            code = takeover_code_find(form.cleaned_data["code"])
            if code:
                _start(request, code, form.cleaned_data["email"])
                return redirect("accounts:claim_confirm")
            form.add_error(
                "code", _("This code does not work. Look once more, or ask for a new one.")
            )
    return render(request, "accounts/claim.html", {"form": form})


@require_http_methods(["GET", "POST"])
@never_cache
def claim_confirm(request: HttpRequest) -> HttpResponse:
    """The code of the mail; then the person is signed in as themselves."""
    state = _state(request)
    if state is None:
        return redirect("accounts:claim")
    form = MailedCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if compare_user_code(actual=form.cleaned_data["code"], expected=state["mailed"]):
            return _finish(request, state)
        state["attempts"] += 1
        request.session[SESSION_KEY] = state
        if state["attempts"] >= ATTEMPTS:
            del request.session[SESSION_KEY]
            return render(request, "accounts/claim_failed.html", {"reason": ""}, status=403)
        form.add_error("code", _("This code is not right. Look at our last mail again."))
    return render(request, "accounts/claim_confirm.html", {"form": form, "email": state["email"]})


def _start(request: HttpRequest, code: TakeoverCode, email: str) -> None:
    """Mail a code to the address; one that is in use elsewhere gets a word instead."""
    adapter = get_adapter(request)
    mailed = adapter.generate_email_verification_code()
    with transaction.atomic():
        free = address_is_free(email, code.user)
        _mail(email, code.user, mailed if free else "")
    request.session[SESSION_KEY] = {
        "code": str(code.pk),
        "email": email,
        # Nobody can type what was never sent.
        "mailed": mailed,
        "attempts": 0,
        "at": time.time(),
    }


def _mail(email: str, user: User, mailed: str) -> None:
    if mailed:
        lines = [
            _("Type this code on the page that is open:"),
            mailed,
            _("The code works for 15 minutes."),
        ]
    else:
        lines = [
            _("You tried to take over an account with this address."),
            _("You have an account with this address already. Sign in there, or call us."),
        ]
    outbox.message_queue(
        key=f"claim:{uuid4()}",
        category=outbox.Category.CODE,
        to_address=email,
        language=get_language() or user.language,
        subject=_("Your code for RE-ENTER"),
        sections=[outbox.Section(lines)],
        # An address of somebody else hears nothing about this person.
        closing=[contact_line(user if mailed else None)],
    )


def _state(request: HttpRequest) -> dict[str, Any] | None:
    state = request.session.get(SESSION_KEY)
    if not state or time.time() - state["at"] > MINUTES * 60:
        return None
    return state


def _finish(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    del request.session[SESSION_KEY]
    code = TakeoverCode.objects.filter(pk=state["code"]).first()
    try:
        if code is None:
            raise Refused(_("This code does not work any more. Ask for a new one."))
        user = people.takeover_finish(code=code, email=state["email"])
    except Refused as refusal:
        return render(request, "accounts/claim_failed.html", {"reason": str(refusal)}, status=410)
    record_authentication(request, user, method="code", email=user.email)
    return perform_login(request, Login(user=user, email=user.email))
