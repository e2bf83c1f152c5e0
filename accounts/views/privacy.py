"""What we do with whose data: the texts, one's own choices, taking along, deleting."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reenter.common import clock
from reenter.common.errors import Refused

from ..forms.people import DeleteAccountForm
from ..models import LegalBasis, LegalText
from ..selectors.people import legal_text_current, purposes_of, text_for_purpose
from ..services import basis
from ..services import privacy as services


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"text": legal_text_current("privacy")})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"text": legal_text_current("terms")})


@require_safe
def legal_text(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A text as it stood when somebody agreed to it."""
    text = get_object_or_404(LegalText, code=code, version=version)
    return render(request, "accounts/privacy.html", {"text": text})


@require_safe
@login_required
def my_privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/my_privacy.html", {"purposes": purposes_of(request.user)})


@require_POST
@login_required
def purpose_give(request: HttpRequest, purpose: str) -> HttpResponse:
    basis.legal_basis_record(
        actor=request.user,
        user=request.user,
        purpose=_known(purpose),
        text=text_for_purpose(purpose),
    )
    messages.success(request, _("Saved. You can take this back at any time."))
    return redirect("accounts:my_privacy")


@require_POST
@login_required
def purpose_withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    basis.legal_basis_withdraw(actor=request.user, user=request.user, purpose=_known(purpose))
    messages.success(request, _("Stopped. From now on we do not do this any more."))
    return redirect("accounts:my_privacy")


@require_safe
@never_cache
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        services.account_export(request.user),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = 'attachment; filename="re-enter-my-data.json"'
    return response


@require_safe
@never_cache
@login_required
def my_data_read(request: HttpRequest) -> HttpResponse:
    context = {"blocks": services.account_in_words(request.user), "today": clock.now()}
    return render(request, "accounts/my_data_read.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def account_delete(request: HttpRequest) -> HttpResponse:
    form = DeleteAccountForm(request.POST or None)
    objections = services.erasure_objections(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.account_erase(actor=request.user, user=request.user)
        except Refused as refusal:
            objections = [str(refusal)]
        else:
            logout(request)
            return redirect("accounts:account_deleted")
    context = {"form": form, "objections": objections}
    return render(request, "accounts/account_delete.html", context)


@require_safe
def account_deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/account_deleted.html")


def _known(purpose: str) -> str:
    if purpose not in LegalBasis.Purpose.values:
        raise Http404
    return purpose
