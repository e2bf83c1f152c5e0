"""The briefing that a person does alone: read, answer a few questions, and say "I am ready".

Of the self-check only the keys of the questions that somebody answered are kept, in their session,
until they are ready. The answer itself travels once, as the fragment of the page with the reasons
(`#answer-2`): a browser sends no fragment, so it is in no log, and the back button works, because
every page is a GET.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handbook.keys import chapter_key
from handbook.selectors import CheckQuestion, reading_for, readings, self_check

from ..errors import Refused
from ..forms.participants import BriefingForm, SelfCheckForm
from ..models import Participant
from ..selectors import programmes as selectors
from ..services import participants as people

SEEN = "self_check_seen"


@require_safe
@login_required
def programme_briefing(request: HttpRequest, slug: str) -> HttpResponse:
    """Code of conduct, briefing and chapters of one's role: what to read before the questions."""
    mine = _mine(request, slug)
    roles = [participant.role for participant in mine]
    context = _context(mine) | {
        "texts": selectors.briefing_texts(roles),
        "chapters": reading_for(request.user, *(f"briefing_{role}" for role in roles)),
        "briefed": all(participant.briefed_at for participant in mine),
        "briefed_at": mine[0].briefed_at,
        "next_url": _page(slug, 1, len(self_check(roles))),
    }
    return render(request, "mentoring/programme_briefing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def briefing_question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mine = _mine(request, slug)
    question = _question(mine, number)
    form = SelfCheckForm(request.POST if request.method == "POST" else None, question=question)
    if request.method == "POST" and form.is_valid():
        seen = request.session.get(SEEN, [])
        request.session[SEEN] = sorted({*seen, question.key})
        reasons = reverse("mentoring:briefing_reasons", args=[slug, number])
        return redirect(f"{reasons}#answer-{form.cleaned_data['answer']}")
    context = _context(mine) | {
        "question_title": str(question),
        "number": number,
        "form": form,
        "back_url": _page_before(slug, number),
    }
    return render(request, "mentoring/briefing_question.html", context)


@require_safe
@login_required
def briefing_reasons(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Each answer with its kind reason; the page does not know which one was chosen."""
    mine = _mine(request, slug)
    question = _question(mine, number)
    context = _context(mine) | {
        "question": question,
        "number": number,
        "read_on": readings(request.user, [chapter_key(question.chapter)]),
        "back_url": reverse("mentoring:briefing_question", args=[slug, number]),
    }
    context["next_url"] = _page(slug, number + 1, context["total"])
    return render(request, "mentoring/briefing_reasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def briefing_ready(request: HttpRequest, slug: str) -> HttpResponse:
    """The last page: the code of conduct is acknowledged, and the briefing recorded."""
    mine = _mine(request, slug)
    seen = request.session.get(SEEN, [])
    questions = self_check(participant.role for participant in mine)
    for number, question in enumerate(questions, start=1):
        if question.key not in seen:
            return redirect("mentoring:briefing_question", slug, number)
    form = BriefingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _record(request, mine, seen)
    context = _context(mine) | {
        "form": form,
        "back_url": _page_before(slug, len(questions) + 1),
    }
    return render(request, "mentoring/briefing_ready.html", context)


def _record(request: HttpRequest, mine: list[Participant], seen: list[str]) -> HttpResponse:
    try:
        for participant in mine:
            people.participant_brief(
                actor=request.user,
                participant=participant,
                how=Participant.Briefing.READ,
                seen=seen,
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("mentoring:programme_briefing", mine[0].programme.slug)
    request.session.pop(SEEN, None)
    messages.success(request, _("Thank you. You had the briefing."))
    return redirect("desk:home")


def _mine(request: HttpRequest, slug: str) -> list[Participant]:
    """One's enrolments here; nobody else sees these pages."""
    mine = [
        participant
        for participant in selectors.participations(request.user, slug=slug)
        if participant.state != Participant.State.WITHDRAWN
    ]
    if not mine:
        raise Http404
    return mine


def _context(mine: list[Participant]) -> dict[str, Any]:
    questions = self_check(participant.role for participant in mine)
    return {"programme": mine[0].programme, "total": len(questions)}


def _question(mine: list[Participant], number: int) -> CheckQuestion:
    questions = self_check(participant.role for participant in mine)
    if not 1 <= number <= len(questions):
        raise Http404
    return questions[number - 1]


def _page(slug: str, number: int, total: int) -> str:
    """The question with this number; after the last one comes the end."""
    if number > total:
        return reverse("mentoring:briefing_ready", args=[slug])
    return reverse("mentoring:briefing_question", args=[slug, number])


def _page_before(slug: str, number: int) -> str:
    """Where the link back of the question with this number leads."""
    if number == 1:
        return reverse("mentoring:programme_briefing", args=[slug])
    return reverse("mentoring:briefing_reasons", args=[slug, number - 1])
