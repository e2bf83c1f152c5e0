"""The first page of everybody: welcome, the next step, or what needs a facilitator."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Organisation
from mentoring import joining
from mentoring.models import Programme
from reenter.common import clock

from .. import next_step, selectors

PER_PAGE = 25


def home(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.is_authenticated:
        return render(request, "desk/landing.html")
    if user.memberships.exists():
        return _needs_you(request)
    if user.is_superuser:
        return _administration(request)
    own = next_step.read_own(user, joining.wanted(request))
    first, *others = next_step.steps(own)
    return render(request, "desk/next_step.html", {"step": first, "others": others})


def _needs_you(request: HttpRequest) -> HttpResponse:
    """The task list, most urgent first, over all own programmes or one of them."""
    programmes = list(
        Programme.objects.visible_to(request.user).select_related("organisation", "contact")
    )
    slug = request.GET.get("programme", "")
    chosen = [programme for programme in programmes if programme.slug == slug]
    tasks = selectors.tasks(request.user, chosen or programmes, clock.now())
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programmes": programmes,
        "chosen": chosen[0] if chosen else None,
        "page": page,
        "lines": [_line(task) for task in page],
        "own": [
            step
            for step in next_step.steps(next_step.read_own(request.user))
            if step.code != "start"
        ],
    }
    return render(request, "desk/task_list.html", context)


def _line(task: selectors.Task) -> dict[str, Any]:
    """A task with the addresses of the pages that it leads to."""
    one = task.first
    pair = task.mentorship
    return {
        "task": task,
        "pair_url": reverse("mentoring:mentorship_detail", args=[pair.pk]) if pair else "",
        "offer_url": _offer_url(one),
        "letters": [signal for signal in task.signals if signal.kind == "letter"],
    }


def _offer_url(one: Any) -> str:
    if one.kind in ("offer_call", "offer_over"):
        return reverse("matching:offer_detail", args=[one.object_id])
    return ""


def _administration(request: HttpRequest) -> HttpResponse:
    """Where an administrator goes from here; they see nobody's answers."""
    context = {
        "organisations": Organisation.objects.order_by("name"),
        "programmes": Programme.objects.select_related("organisation").order_by("name"),
        "organisations_url": reverse("accounts:organisation_list"),
        "taxonomy_url": reverse("wagtailsnippets_accounts_term:list"),
        "cms_url": reverse("wagtailadmin_home"),
    }
    return render(request, "desk/administration.html", context)
