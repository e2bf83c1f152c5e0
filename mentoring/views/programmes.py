"""Choosing and joining a programme, and its settings for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organisation, Profile

from .. import joining, rules
from ..errors import Refused
from ..forms.programmes import JoinForm, ProgrammeCreateForm, ProgrammeSettingsForm
from ..models import Participant, Programme
from ..selectors import programmes as selectors
from ..services import participants as people
from ..services import programmes as services


def programme_choose(request: HttpRequest) -> HttpResponse:
    """Everything one can join today, with who runs it."""
    context = {
        "programmes": selectors.open_programmes(request.user),
        "wanted": joining.wanted(request),
    }
    return render(request, "mentoring/programme_choose.html", context)


def programme_join(request: HttpRequest, slug: str) -> HttpResponse:
    """The link that an organisation hands out; a POST joins in one role."""
    programme = _open_or_mine(request, slug)
    if request.method == "POST":
        form = JoinForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose: find a mentor, or become a mentor."))
            return redirect("mentoring:programme_join", slug=slug)
        return _join(request, programme, form.cleaned_data["role"])
    mine = selectors.participations(request.user, programme)
    context = {
        "programme": programme,
        "mine": mine,
        "joinable": programme.state == Programme.State.OPEN,
        "chosen": request.GET.get("role") or ("" if mine else _only_role(request)),
        "here": urlencode({"next": request.get_full_path()}),
    }
    return render(request, "mentoring/programme_join.html", context)


def _only_role(request: HttpRequest) -> str:
    """Who filled in one profile has chosen already: nobody is asked twice."""
    if not request.user.is_authenticated:
        return ""
    done = Profile.objects.filter(user=request.user, completed_at__isnull=False)
    roles = list(done.values_list("role", flat=True))
    return roles[0] if len(roles) == 1 else ""


def _open_or_mine(request: HttpRequest, slug: str) -> Programme:
    """Open programmes are public; others exist only for those who are in them or run them."""
    user = request.user
    seen = Q(state=Programme.State.OPEN)
    if user.is_authenticated:
        seen |= Q(pk__in=Programme.objects.visible_to(user))
        seen |= Q(pk__in=Participant.objects.filter(user=user).values("programme"))
    rows = Programme.objects.select_related("contact", "organisation").filter(seen)
    return get_object_or_404(rows, slug=slug)


def _join(request: HttpRequest, programme: Programme, role: str) -> HttpResponse:
    joining.remember(request, programme, role)
    user = request.user
    if not user.is_authenticated:
        page = reverse("mentoring:programme_join", args=[programme.slug])
        back = urlencode({"next": f"{page}?{urlencode({'role': role})}"})
        return redirect(f"{reverse('account_signup')}?{back}")
    profile = Profile.objects.filter(user=user, role=role, completed_at__isnull=False).first()
    if profile is None:
        return redirect("accounts:profile_overview", role)
    try:
        participant = people.participant_enrol(
            actor=user, programme=programme, user=user, role=role
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("mentoring:programme_choose")
    joining.forget(request)
    return redirect("mentoring:participant_next", slug=programme.slug, pk=participant.pk)


@login_required
def programme_create(request: HttpRequest) -> HttpResponse:
    organisations = Organisation.objects.order_by("name")
    if not request.user.is_superuser:
        organisations = organisations.filter(memberships__user=request.user)
    if not request.user.is_superuser and not organisations.exists():
        raise PermissionDenied
    form = ProgrammeCreateForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        programme = services.programme_create(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The programme is there. Now set it up."))
        return redirect("mentoring:programme_settings", slug=programme.slug)
    return render(request, "mentoring/programme_create.html", {"form": form})


@login_required
def programme_settings(request: HttpRequest, slug: str) -> HttpResponse:
    programme = _to_set_up(request, slug)
    form = ProgrammeSettingsForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            services.programme_change(actor=request.user, programme=programme, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("mentoring:programme_settings", slug=slug)
    context = {
        "programme": programme,
        "form": form,
        "criteria": selectors.criteria_in_words(programme),
        "runs_it": rules.may_run_programme(request.user, programme),
    }
    return render(request, "mentoring/programme_settings.html", context)


@login_required
@require_POST
def programme_open(request: HttpRequest, slug: str) -> HttpResponse:
    return _change_state(request, slug, services.programme_open, _("People can join now."))


@login_required
@require_POST
def programme_close(request: HttpRequest, slug: str) -> HttpResponse:
    done = _("The programme is closed. Pairs under way go on.")
    return _change_state(request, slug, services.programme_close, done)


def _change_state(request: HttpRequest, slug: str, change: Any, done: str) -> HttpResponse:
    programme = _to_set_up(request, slug)
    try:
        change(actor=request.user, programme=programme)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("mentoring:programme_settings", slug=slug)


def _to_set_up(request: HttpRequest, slug: str) -> Programme:
    return get_object_or_404(selectors.programmes_to_set_up(request.user), slug=slug)
