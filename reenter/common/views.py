"""Whether the service lives and is ready, and how far a job is."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.clickjacking import xframe_options_sameorigin

from reenter.celery import app as celery_app

from . import mailpage
from .models import Job

RELOAD_SECONDS = 4


def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> HttpResponse:
    checks = {
        "database": _database_answers(),
        "broker": _broker_answers(),
        "migrations": _migrations_are_applied(),
    }
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


@login_required
def job_detail(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """How far a job is: a fragment for htmx, and without it a page that loads itself again.

    A finished job whose `params` hold a local `next` sends the person on to it; an open one with
    a local `cancel` has a button that posts there.
    """
    job = get_object_or_404(Job, pk=job_id, started_by=request.user)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    next_url = _local_url(request, job.params.get("next"))
    go_on = job.state == Job.State.DONE and bool(next_url)
    if go_on and not asked_by_htmx:
        return redirect(next_url)
    template = "components/progress.html" if asked_by_htmx else "common/job_detail.html"
    context = {
        "job": job,
        "next_url": next_url,
        "cancel_url": _local_url(request, job.params.get("cancel")),
    }
    response = render(request, template, context)
    if job.is_open and not asked_by_htmx:
        response["Refresh"] = str(RELOAD_SECONDS)
    elif not job.is_open and asked_by_htmx:
        # The page around the fragment shows the outcome, or sends the person on.
        response["HX-Redirect" if go_on else "HX-Refresh"] = next_url if go_on else "true"
    return response


def _local_url(request: HttpRequest, url: object) -> str:
    """`url` when it points into this site, else nothing."""
    text = url if isinstance(url, str) else ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(text, hosts, require_https=request.is_secure())
    return text if safe else ""


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
