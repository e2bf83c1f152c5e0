"""The story of a pair: telling it, reading it, saying yes, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.selectors.people import text_for_purpose

from ..errors import Refused
from ..forms.stories import BY_CODE, QUESTIONS, StoryAnswerForm, StoryConsentForm
from ..models import Participant, Telling
from ..pair_rules import is_half, may_look_after_pair
from ..selectors.programmes import contact_lines
from ..selectors.stories import tellings
from ..services import stories as services
from .pair_access import half_or_staff, mentorship_for

Rule = Callable[[Any, Telling], bool]


def _tells(user: Any, telling: Telling) -> bool:
    return telling.told_by.user_id == user.pk


def _listens(user: Any, telling: Telling) -> bool:
    return telling.listener.user_id == user.pk


def _either_or_staff(user: Any, telling: Telling) -> bool:
    return half_or_staff(user, telling.mentorship)


def _found(request: HttpRequest, pk: uuid.UUID, rule: Rule) -> Telling:
    """The story if `rule` lets the person; strangers get 404, insiders without the right 403."""
    telling = get_object_or_404(tellings(request.user), pk=pk)
    if not rule(request.user, telling):
        raise PermissionDenied
    return telling


@login_required
@require_POST
def story_begin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mentorship = mentorship_for(request, pk, is_half)
    try:
        telling = services.story_begin(
            actor=request.user, mentorship=mentorship, language=translation.get_language()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("mentoring:mentorship_detail", pk=pk)
    if telling.story.is_told:
        return redirect("mentoring:story_detail", pk=telling.pk)
    return redirect("mentoring:story_question", pk=telling.pk, question=QUESTIONS[0].code)


@login_required
def story_question(request: HttpRequest, pk: uuid.UUID, question: str) -> HttpResponse:
    telling = _found(request, pk, _tells)
    if question not in BY_CODE:
        raise Http404
    asked, number = BY_CODE[question], list(BY_CODE).index(question)
    form = StoryAnswerForm(
        request.POST if request.method == "POST" else None,
        question=asked,
        initial={"answer": getattr(telling.story, question)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.story_answer(
                actor=request.user,
                telling=telling,
                question=question,
                text=form.cleaned_data["answer"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_after(telling, number, bool(request.GET.get("only"))))
    context = {
        "telling": telling,
        "form": form,
        "question_title": asked.title,
        "why": asked.why,
        "progress_text": _("Question %(number)d of %(total)d")
        % {"number": number + 1, "total": len(QUESTIONS)},
        "back_url": _before(telling, number),
    }
    return render(request, "mentoring/story_question.html", context)


def _after(telling: Telling, number: int, only: bool) -> str:
    if only or number + 1 == len(QUESTIONS):
        return reverse("mentoring:story_detail", args=[telling.pk])
    return reverse("mentoring:story_question", args=[telling.pk, QUESTIONS[number + 1].code])


def _before(telling: Telling, number: int) -> str:
    if number == 0:
        return reverse("mentoring:mentorship_detail", args=[telling.mentorship_id])
    return reverse("mentoring:story_question", args=[telling.pk, QUESTIONS[number - 1].code])


@login_required
def story_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _found(request, pk, _either_or_staff))


def _page(
    request: HttpRequest, telling: Telling, bound: StoryConsentForm | None = None
) -> HttpResponse:
    user, story, pair = request.user, telling.story, telling.mentorship
    me = pair.participant_of(user)
    hidden = story.state in ("draft", "withdrawn") and not _tells(user, telling)
    context = {
        "telling": telling,
        "story": story,
        "me": me,
        "other": pair.other_of(user) if me else None,
        "by_staff": me is None,
        "tells": _tells(user, telling),
        "hidden": hidden,
        "words": [] if hidden else [(one, getattr(story, one.code)) for one in QUESTIONS],
        "sides": [_side(half, telling, bound) for half in ([me] if me else _halves(telling))],
        "form": bound,
        "consent_text": text_for_purpose("story"),
        "contact_lines": contact_lines(pair.programme),
        "language_next": reverse("mentoring:story_detail", args=[telling.pk]),
    }
    return render(request, "mentoring/story_detail.html", context)


def _halves(telling: Telling) -> list[Participant]:
    return [telling.mentorship.mentee, telling.mentorship.mentor]


def _side(half: Participant, telling: Telling, bound: StoryConsentForm | None) -> dict[str, Any]:
    """One of the two as the page needs it: the yes that stands, or the form to say it."""
    story = telling.story
    said_yes = getattr(story, f"{half.role}_agreed") == story.digest
    fresh = _form(half, telling, initial={"digest": story.digest, "side": half.role, "name": "own"})
    mine = bound is not None and bound.data.get("side", "") in ("", half.role)
    return {
        "half": half,
        "said_yes": said_yes,
        "by_phone": not half.user.email,
        "form": bound if mine else fresh,
    }


def _form(half: Participant, telling: Telling, data: Any = None, **extra: Any) -> StoryConsentForm:
    return StoryConsentForm(
        data, first_name=half.user.first_name, auto_id=f"id_{half.role}_%s", **extra
    )


@login_required
@require_POST
def story_ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    telling = _found(request, pk, _tells)
    done = _("Sent. %(name)s can read your story now.")
    words = done % {"name": telling.listener.user.first_name}
    return _say_yes(request, telling, telling.told_by, services.story_ask, words)


@login_required
@require_POST
def story_agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    telling = _found(request, pk, _either_or_staff)
    half = _half_for(request, telling)

    def agree(**said: Any) -> None:
        services.story_agree(participant=half, **said)

    return _say_yes(request, telling, half, agree, _("The yes is noted. Thank you."))


def _say_yes(
    request: HttpRequest, telling: Telling, half: Participant, change: Any, done: str
) -> HttpResponse:
    form = _form(half, telling, request.POST)
    if form.is_valid():
        try:
            change(actor=request.user, telling=telling, **form.chosen())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("mentoring:story_detail", pk=telling.pk)
    return _page(request, telling, form)


def _half_for(request: HttpRequest, telling: Telling) -> Participant:
    """Oneself; for staff the one whom they name, else the first of the two."""
    pair = telling.mentorship
    own = pair.participant_of(request.user)
    return own or (pair.mentor if request.POST.get("side") == "mentor" else pair.mentee)


@login_required
@require_POST
def story_other_words(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    telling = _found(request, pk, _listens)
    _try(
        request,
        _("Noted. Talk about it together."),
        services.story_other_words,
        actor=request.user,
        telling=telling,
        digest=request.POST.get("digest", ""),
    )
    return redirect("mentoring:story_detail", pk=pk)


@login_required
@require_POST
def story_take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    telling = _found(request, pk, _either_or_staff)
    _try(
        request,
        _("The story is taken back. Nobody else can read it now."),
        services.story_take_back,
        actor=request.user,
        telling=telling,
        participant=_half_for(request, telling),
    )
    staff = may_look_after_pair(request.user, telling.mentorship)
    name = "mentoring:mentorship_staff" if staff else "mentoring:mentorship_detail"
    return redirect(name, pk=telling.mentorship_id)


def _try(request: HttpRequest, done: str, change: Any, **kwargs: Any) -> None:
    try:
        change(**kwargs)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
