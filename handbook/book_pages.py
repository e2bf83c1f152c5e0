"""The book club: the list of books, proposing one, and what became of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Term
from reenter.common.errors import Refused

from .books import Book
from .inbox import BookProposal
from .reader_forms import BookFilterForm, ProposalForm
from .services.inbox import ANSWER_DAYS, book_propose, sent_withdraw


def books(request: HttpRequest) -> HttpResponse:
    """All books, or those of a topic, for somebody, in a language: two queries."""
    rows = list(Book.objects.visible_to(request.user))
    codes = {code for book in rows for code in book.topics}
    labels = {term.code: str(term) for term in Term.objects.filter(code__in=codes)}
    filters = BookFilterForm(request.GET, topics=labels)
    chosen = filters.chosen()
    shown = [
        (book, [labels[code] for code in book.topics if code in labels])
        for book in rows
        if _fits(book, chosen)
    ]
    context = {"filters": filters, "rows": shown, "chosen": chosen}
    return render(request, "handbook/books.html", context)


def _fits(book: Book, chosen: dict[str, str]) -> bool:
    return (
        chosen.get("topic", "") in ("", *book.topics)
        and chosen.get("audience", "") in ("", book.audience)
        and chosen.get("language", "") in ("", *book.titles)
    )


@login_required
def book_propose_page(request: HttpRequest) -> HttpResponse:
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            book_propose(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your book is with the editors. Thank you."))
            return redirect("handbook:my_books")
    return render(request, "handbook/book_propose.html", {"form": form, "days": ANSWER_DAYS})


@login_required
def my_books(request: HttpRequest) -> HttpResponse:
    rows = BookProposal.objects.visible_to(request.user).select_related("book")
    return render(request, "handbook/my_books.html", {"rows": rows, "days": ANSWER_DAYS})


@login_required
@require_POST
def proposal_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = get_object_or_404(BookProposal.objects.visible_to(request.user), pk=pk)
    try:
        sent_withdraw(actor=request.user, sent=proposal)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You took your proposal back. It is deleted."))
    return redirect("handbook:my_books")
