"""Importing a list in steps: file, columns, statement, words, check, done."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..forms.imports import NOBODY_IN_FILE, ColumnsForm, FileForm, StatementForm, WordsForm
from ..imports.mapping import from_dict
from ..imports.tables import MAX_BYTES, Table, TableError, read_table
from ..models import ImportBatch, Programme
from ..selectors import imports as selectors
from ..services import imports as services

PROBLEMS_SHOWN = 100


@login_required
def import_start(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table = _read(form)
        if table is not None:
            role = form.cleaned_data["role"]
            batch = services.batch_create(
                actor=request.user,
                programme=programme,
                role=role,
                filename=form.cleaned_data["file"].name,
                table=table,
                mapping=selectors.mapping_for(programme, role, table.columns),
            )
            return redirect("mentoring:import_columns", batch.pk)
    context = {"programme": programme, "form": form}
    return render(request, "mentoring/import_start.html", context)


def _read(form: FileForm) -> Table | None:
    """The table of the uploaded file; None leaves the reason as an error in the form."""
    file = form.cleaned_data["file"]
    try:
        table = read_table(file.read(MAX_BYTES + 1), file.name)
    except TableError as error:
        form.add_error("file", str(error))
        return None
    if not table.rows:
        form.add_error("file", NOBODY_IN_FILE)
        return None
    return table


@login_required
def import_columns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = _open_batch(request, pk)
    if batch.imported_at:
        return redirect("mentoring:import_done", batch.pk)
    form = ColumnsForm(
        request.POST or None,
        columns=batch.columns,
        rows=batch.rows,
        mapping=from_dict(batch.mapping),
        role=batch.role,
    )
    if request.method == "POST" and form.is_valid():
        services.batch_map(actor=request.user, batch=batch, mapping=form.result())
        return redirect("mentoring:import_statement", batch.pk)
    context = {"batch": batch, "form": form, "count": len(batch.rows)}
    return render(request, "mentoring/import_columns.html", context)


@login_required
def import_statement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = _open_batch(request, pk)
    if batch.imported_at:
        return redirect("mentoring:import_done", batch.pk)
    text = selectors.text_in_force("import_statement")
    form = StatementForm(request.POST or None, mapping=from_dict(batch.mapping), text=text)
    if request.method == "POST" and form.is_valid():
        conduct = selectors.text_in_force("code_of_conduct")
        services.batch_map(actor=request.user, batch=batch, mapping=form.result(conduct))
        return redirect("mentoring:import_check", batch.pk)
    context = {"batch": batch, "form": form, "text": text}
    return render(request, "mentoring/import_statement.html", context)


@login_required
def import_check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One thing at a time: words to explain, else cells to mend, else the button that imports."""
    batch = _open_batch(request, pk)
    if batch.imported_at:
        return redirect("mentoring:import_done", batch.pk)
    mapping = from_dict(batch.mapping)
    plan = services.import_plan(
        programme=batch.programme,
        table=selectors.table_of(batch),
        mapping=mapping,
        role=batch.role,
    )
    words = WordsForm(request.POST or None, unknown=plan.unknown, mapping=mapping)
    if request.method == "POST" and (not plan.unknown or words.is_valid()):
        if plan.unknown:
            services.batch_map(actor=request.user, batch=batch, mapping=words.result())
        return redirect("mentoring:import_check", batch.pk)
    context = {"batch": batch, "plan": plan, "mapping": mapping}
    if plan.unknown:
        return render(request, "mentoring/import_words.html", context | {"form": words})
    if plan.problems:
        context["problems"] = plan.problems[:PROBLEMS_SHOWN]
        context["more_problems"] = max(0, len(plan.problems) - PROBLEMS_SHOWN)
        return render(request, "mentoring/import_problems.html", context)
    return render(request, "mentoring/import_check.html", context)


@login_required
@require_POST
def import_run(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = _open_batch(request, pk)
    if batch.imported_at:
        messages.info(request, _("This list was imported already."))
        return redirect("mentoring:import_done", batch.pk)
    done = reverse("mentoring:import_done", args=[batch.pk])
    job = services.batch_start(actor=request.user, batch=batch, next_url=done)
    return redirect("common:job_detail", job.pk)


@login_required
def import_done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    batch = _open_batch(request, pk)
    if not batch.imported_at:
        return redirect("mentoring:import_check", batch.pk)
    return render(request, "mentoring/import_done.html", {"batch": batch})


def _open_batch(request: HttpRequest, pk: uuid.UUID) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user).select_related("programme__organisation")
    return get_object_or_404(batches, pk=pk)
