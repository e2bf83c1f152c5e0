"""The board of a round, any two people of it, and what staff decide about them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring.errors import Refused
from reenter.common.forms import Form

from ..forms.rounds import (
    BoardFilterForm,
    ForbidForm,
    OtherPairForm,
    ReasonForm,
    SwapForm,
    WhyNotForm,
)
from ..models import Override, Proposal, Round, RoundParticipant
from ..selectors import board as selectors
from ..selectors.look import look, price_of
from ..selectors.rounds import round_get
from ..services import overrides
from .rounds import read_on, round_context

People = dict[uuid.UUID, selectors.Person]
Pairs = Sequence[tuple[uuid.UUID, uuid.UUID]]


@require_safe
@login_required
def board(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    found = round_get(request.user, round_id)
    if found.solution is None:
        return redirect("matching:round_detail", found.pk)
    form = BoardFilterForm(request.GET)
    form.is_valid()
    page = request.GET.get("page", "1")
    context = round_context(found) | {
        "form": form,
        "board": selectors.board(found, **form.cleaned_data, page=page),
        "read_on": read_on(request, found),
    }
    return render(request, "matching/board.html", context)


@require_safe
@login_required
def board_whynot(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Choose any mentee and mentor; the page about the two follows."""
    found = _solved(request, round_id)
    people = selectors.people_of_round(found)
    asked = "mentee" in request.GET and "mentor" in request.GET
    form = WhyNotForm(
        request.GET if asked else None,
        initial=request.GET.dict(),
        mentees=_choices(people, "mentee"),
        mentors=_choices(people, "mentor"),
    )
    if asked and form.is_valid():
        pair = form.cleaned_data["mentee"], form.cleaned_data["mentor"]
        return redirect("matching:board_pair", found.pk, *pair)
    context = round_context(found) | {"form": form}
    return render(request, "matching/board_whynot.html", context)


@require_safe
@login_required
def board_pair(
    request: HttpRequest, round_id: uuid.UUID, mentee_id: uuid.UUID, mentor_id: uuid.UUID
) -> HttpResponse:
    """Score, reasons and must-haves of two people, and what pairing them would change."""
    found = _solved(request, round_id)
    people = selectors.people_of_round(found)
    mentee, mentor = _two(people, mentee_id, mentor_id)
    decided = [
        row
        for row in selectors.decisions(found, people)
        if (row.mentee_id, row.mentor_id) == (mentee.pk, mentor.pk)
    ]
    context = round_context(found) | {
        "mentee": mentee,
        "mentor": mentor,
        "decision": decided[0] if decided else None,
        "aside": [person for person in (mentee, mentor) if person.position is None],
    }
    if not context["aside"]:
        found.refresh_from_db(fields=["problem"])
        context["look"] = look(found, mentee, mentor, people)
    return render(request, "matching/board_pair.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def override_lock(
    request: HttpRequest, round_id: uuid.UUID, mentee_id: uuid.UUID, mentor_id: uuid.UUID
) -> HttpResponse:
    pair = _pair(request, round_id, mentee_id, mentor_id)
    return _decide(
        request,
        pair,
        ReasonForm(_posted(request)),
        partial(overrides.override_lock, **pair),
        together=[(mentee_id, mentor_id)],
        heading=_("Keep these two together"),
        about=_("Next time the best pairs are found around them."),
        button=_("Keep together"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def override_forbid(
    request: HttpRequest, round_id: uuid.UUID, mentee_id: uuid.UUID, mentor_id: uuid.UUID
) -> HttpResponse:
    pair = _pair(request, round_id, mentee_id, mentor_id)
    return _decide(
        request,
        pair,
        ForbidForm(_posted(request)),
        partial(overrides.override_forbid, **pair),
        apart=[(mentee_id, mentor_id)],
        heading=_("Keep these two apart"),
        about=_("Next time both get somebody else, if there is somebody."),
        button=_("Keep apart"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def override_swap(
    request: HttpRequest, round_id: uuid.UUID, mentee_id: uuid.UUID, mentor_id: uuid.UUID
) -> HttpResponse:
    pair = _pair(request, round_id, mentee_id, mentor_id)
    found, mentee, mentor = pair["round"], pair["mentee"], pair["mentor"]
    people = ("mentee__participant__user", "mentor__participant__user")
    pairs = Proposal.objects.filter(round=found).select_related(*people).defer("parts", "facts")
    own = get_object_or_404(pairs, mentee=mentee, mentor=mentor)
    others = pairs.exclude(mentor=mentor)
    texts = {
        "heading": _("Exchange mentors with another pair"),
        "about": _("Both new pairs are kept together when you find the best pairs again."),
    }
    asked = request.POST or request.GET
    chosen = _uuid(asked.get("other", ""))
    other = others.filter(pk=chosen).first() if chosen else None
    if other is None:
        names = sorted(((str(row.pk), _names(row)) for row in others), key=lambda one: one[1])
        form = OtherPairForm(asked or None, pairs=names)
        texts |= {"button": _("Show what it changes"), "method": "get"}
        return _form(request, pair, form, texts)

    def exchange(actor: Any, reason: str, **_chosen: Any) -> None:
        overrides.override_swap(actor=actor, round=found, first=own, second=other, reason=reason)

    return _decide(
        request,
        pair,
        SwapForm(_posted(request), initial={"other": other.pk}),
        exchange,
        together=[(mentee.pk, other.mentor_id), (other.mentee_id, mentor.pk)],
        button=_("Exchange"),
        with_pair=_names(other),
        **texts,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def override_withdraw(
    request: HttpRequest, round_id: uuid.UUID, override_id: uuid.UUID
) -> HttpResponse:
    found = round_get(request.user, round_id)
    rows = Override.objects.filter(round=found).select_related(
        "round", "by", "mentee__participant__user", "mentor__participant__user"
    )
    override = get_object_or_404(rows, pk=override_id)
    return _decide(
        request,
        {"round": found, "mentee": override.mentee, "mentor": override.mentor},
        ReasonForm(_posted(request)),
        partial(overrides.override_withdraw, override=override),
        heading=_("Take a decision back"),
        about=override.get_kind_display(),
        button=_("Take it back"),
        override=override,
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _decide(
    request: HttpRequest,
    pair: dict[str, Any],
    form: Form,
    decide: Callable[..., Any],
    *,
    together: Pairs = (),
    apart: Pairs = (),
    **texts: Any,
) -> HttpResponse:
    """Show what it changes and the form; with a valid answer decide, and say so on the board."""
    if form.is_valid():
        try:
            decide(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. Find the best pairs again to see what changes."))
            return redirect("matching:board", pair["round"].pk)
    if together or apart:
        people = selectors.people_of_round(pair["round"])
        both = {
            "together": [_two(people, *ids) for ids in together],
            "apart": [_two(people, *ids) for ids in apart],
        }
        texts |= {"priced": True, "price": price_of(pair["round"], people, **both)}
    return _form(request, pair, form, texts)


def _form(
    request: HttpRequest, pair: dict[str, Any], form: Form, texts: dict[str, Any]
) -> HttpResponse:
    names = {"mentee_name": _name(pair["mentee"]), "mentor_name": _name(pair["mentor"])}
    context = round_context(pair["round"]) | pair | names | texts | {"form": form}
    return render(request, "matching/override_form.html", context)


def _solved(request: HttpRequest, round_id: uuid.UUID) -> Round:
    found = round_get(request.user, round_id)
    if found.solution is None:
        raise Http404
    return found


def _two(
    people: People, mentee_id: uuid.UUID, mentor_id: uuid.UUID
) -> tuple[selectors.Person, selectors.Person]:
    mentee, mentor = people.get(mentee_id), people.get(mentor_id)
    if mentee is None or mentor is None or (mentee.role, mentor.role) != ("mentee", "mentor"):
        raise Http404
    return mentee, mentor


def _pair(
    request: HttpRequest, round_id: uuid.UUID, mentee_id: uuid.UUID, mentor_id: uuid.UUID
) -> dict[str, Any]:
    """The solved round and the two, by the names that the services give them."""
    found = _solved(request, round_id)
    rows = RoundParticipant.objects.filter(round=found).select_related("participant__user")
    mentee = get_object_or_404(rows.filter(role="mentee"), pk=mentee_id)
    mentor = get_object_or_404(rows.filter(role="mentor"), pk=mentor_id)
    return {"round": found, "mentee": mentee, "mentor": mentor}


def _choices(people: People, role: str) -> list[tuple[uuid.UUID, str]]:
    known = [one for one in people.values() if one.role == role and one.participant]
    return [(one.pk, one.name) for one in sorted(known, key=lambda one: one.name.casefold())]


def _name(row: RoundParticipant) -> str:
    return row.participant.user.name if row.participant else _("Somebody who left")


def _names(pair: Proposal) -> str:
    return f"{_name(pair.mentee)} + {_name(pair.mentor)}"
