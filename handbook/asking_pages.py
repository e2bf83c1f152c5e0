"""Ask the editors a question, see what was answered, take it back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reenter.common.errors import Refused

from .inbox import AskedQuestion
from .questions import Question
from .reader_forms import LONGEST, AskForm
from .services.inbox import ANSWER_DAYS, question_ask, sent_withdraw
from .similar import similar_questions


@login_required
def question_ask_page(request: HttpRequest) -> HttpResponse:
    """Before a question is sent, the person sees once what was answered before and is like it."""
    form = AskForm(request.POST or None)
    similar: list[Question] = []
    if request.method == "POST" and form.is_valid():
        if "looked" not in request.POST:
            similar = _similar(request, form.cleaned_data["text"])
        if not similar:
            try:
                question_ask(actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Your question is with the editors."))
                return redirect("handbook:my_questions")
    context = {"form": form, "similar": similar, "days": ANSWER_DAYS}
    return render(request, "handbook/question_ask.html", context)


@login_required
@require_POST
def question_similar(request: HttpRequest) -> HttpResponse:
    """A piece of the page above. By POST: what somebody types does not belong in an address."""
    context = {"similar": _similar(request, request.POST.get("text", "")[:LONGEST])}
    return render(request, "handbook/question_similar.html", context)


@login_required
def my_questions(request: HttpRequest) -> HttpResponse:
    rows = AskedQuestion.objects.visible_to(request.user)
    return render(request, "handbook/my_questions.html", {"rows": rows, "days": ANSWER_DAYS})


@login_required
def my_question(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asked = get_object_or_404(AskedQuestion.objects.visible_to(request.user), pk=pk)
    shown = Question.objects.visible_to(request.user).filter(pk=asked.question_id).first()
    context = {"asked": asked, "shown": shown, "days": ANSWER_DAYS}
    return render(request, "handbook/my_question.html", context)


@login_required
@require_POST
def question_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asked = get_object_or_404(AskedQuestion.objects.visible_to(request.user), pk=pk)
    try:
        sent_withdraw(actor=request.user, sent=asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("handbook:my_question", pk=pk)
    messages.success(request, _("You took your question back. It is deleted."))
    return redirect("handbook:my_questions")


def _similar(request: HttpRequest, text: str) -> list[Question]:
    return similar_questions(request.user, translation.get_language(), text)
