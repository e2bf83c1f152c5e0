"""The editors' screens for what readers send. Who sent it is nowhere on them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access

from reenter.common.errors import Refused

from .editor_forms import AnswerForm, BookForm, QuestionForm
from .inbox import AskedQuestion, BookProposal
from .services import inbox as services

View = Callable[..., HttpResponse]


def editors_only(view: View) -> View:
    """Behind Wagtail's own gate, and asked to sign in by the site's own door."""
    return login_required(require_admin_access(view))


@editors_only
def asked_questions(request: HttpRequest) -> HttpResponse:
    return render(request, "handbook/cms/asked_questions.html", _waiting(AskedQuestion))


@editors_only
def proposed_books(request: HttpRequest) -> HttpResponse:
    return render(request, "handbook/cms/proposed_books.html", _waiting(BookProposal))


@editors_only
def question_publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _sent(AskedQuestion, pk)
    start = {"topic": asked.topic, "questions": {asked.language: asked.text}}
    form = QuestionForm(request.POST or None, initial=start, needed=asked.language)

    def act() -> Any:
        question = form.save(commit=False)
        return services.question_publish(actor=request.user, asked=asked, question=question)

    return _answer(request, asked, form, act, _("Answer for everybody"))


@editors_only
def question_reply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _sent(AskedQuestion, pk)
    form = AnswerForm(request.POST or None)

    def act() -> Any:
        text = form.cleaned_data["text"]
        return services.question_reply(actor=request.user, asked=asked, answer=text)

    return _answer(request, asked, form, act, _("Answer only the sender"))


@editors_only
def question_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _sent(AskedQuestion, pk)
    return _close(request, asked, _("Close without an answer"))


@editors_only
def book_choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _sent(BookProposal, pk)
    language = proposal.book_language
    start = {
        "authors": proposal.author,
        "titles": {language: proposal.title},
        "isbns": {language: proposal.isbn},
        "why": {proposal.language: proposal.why},
    }
    form = BookForm(request.POST or None, initial=start)

    def act() -> Any:
        book = form.save(commit=False)
        return services.book_choose(actor=request.user, proposal=proposal, book=book)

    return _answer(request, proposal, form, act, _("Put it on the list"))


@editors_only
def book_decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _sent(BookProposal, pk)
    return _close(request, proposal, _("Decline kindly"))


def _sent(model: type[Any], pk: uuid.UUID) -> Any:
    return get_object_or_404(model.objects.defer("sender"), pk=pk)


def _waiting(model: type[AskedQuestion] | type[BookProposal]) -> dict[str, Any]:
    return {"rows": model.objects.waiting(), "promised": services.ANSWER_DAYS}


def _close(request: HttpRequest, sent: Any, title: str) -> HttpResponse:
    form = AnswerForm(request.POST or None)

    def act() -> Any:
        reason = form.cleaned_data["text"]
        return services.sent_close(actor=request.user, sent=sent, reason=reason)

    return _answer(request, sent, form, act, title)


def _answer(
    request: HttpRequest, sent: Any, form: BaseForm, act: Callable[[], Any], title: str
) -> HttpResponse:
    """One form about one thing that was sent; back to the list when it is done."""
    is_book = isinstance(sent, BookProposal)
    back = "handbook:proposed_books" if is_book else "handbook:asked_questions"
    if not sent.is_new:
        messages.info(request, _("Another editor has answered this already."))
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done. The sender gets a message."))
        return redirect(back)
    context = {"sent": sent, "is_book": is_book, "form": form, "title": title, "back": back}
    return render(request, "handbook/cms/answer.html", context)
