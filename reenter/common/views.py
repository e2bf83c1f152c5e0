"""Whether the service lives and is ready, and how far a job is."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from reenter.celery import app as celery_app

from . import mailpage
from .models import Job


def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> HttpResponse:
    checks = {
        "database": _database_answers(),
        "broker": _broker_answers(),
        "migrations": _migrations_are_applied(),
    }
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def job_detail(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The progress bar; a fragment for htmx, a whole page that reloads itself without."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    job = get_object_or_404(Job, pk=job_id, started_by=request.user)
    return render(request, "components/progress.html", {"job": job})


def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "common/mail_list.html", {"mails": mailpage.mails()})


def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "common/mail_detail.html", {"mail": _mail_or_404(name)})


@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The mail as HTML, in a frame of its own where nothing can run."""
    response = HttpResponse(_mail_or_404(name).html)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _mail_or_404(name: str) -> mailpage.Mail:
    found = mailpage.mail(name)
    if found is None:
        raise Http404
    return found


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with celery_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # each transport has errors of its own
        return False
    return True


def _migrations_are_applied() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
