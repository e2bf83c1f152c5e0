"""Long work with progress. A job is a row; a worker runs the function registered for its kind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from . import clock
from .models import Job
from .queue import enqueue
from .schedule import each_minute

logger = logging.getLogger(__name__)

Progress = Callable[[str, float], None]
Work = Callable[[Job, Progress], None]
STALE_AFTER = timedelta(minutes=3)
_work: dict[str, Work] = {}


class JobCancelled(Exception):
    """Somebody stopped the job: raised by `progress`, and not to be caught by the work."""


class JobRefused(Exception):
    """The work cannot be done; the message is shown to the person who asked for it."""


def register(kind: str) -> Callable[[Work], Work]:
    """Decorate `work(job, progress)`; it may run twice and must be idempotent.

    `progress(phase, fraction)` stores how far it is, and raises JobCancelled once the job was
    cancelled. Raise JobRefused with a translated sentence for an outcome the person can act on.
    """

    def decorate(work: Work) -> Work:
        _work[kind] = work
        return work

    return decorate


def job_start(*, actor: Any, kind: str, params: dict[str, Any]) -> Job:
    """Store a job and hand it to a worker once the transaction is in."""
    from .tasks import run_job

    if kind not in _work:
        raise ValueError(f"No work is registered for jobs of kind {kind!r}.")
    with transaction.atomic():
        job = Job.objects.create(kind=kind, params=params, started_by=actor)
        enqueue(run_job, str(job.pk))
    return job


def job_cancel(*, job: Job) -> bool:
    """Stop a job that is not finished; False when it was. The caller authorises and records it.

    Work that must not be cut in two calls `progress` inside the transaction that stores its result,
    under a lock that the caller of this holds too.
    """
    waiting = Job.objects.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return bool(waiting.update(state=Job.State.CANCELLED, finished_at=clock.now()))


def job_run(job_id: str) -> None:
    """Run one job if nobody else has it; called by the worker."""
    now = clock.now()
    free = Q(state=Job.State.QUEUED) | Q(
        state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER
    )
    taken = Job.objects.filter(free, pk=job_id).update(state=Job.State.RUNNING, heartbeat_at=now)
    if not taken:
        return
    job = Job.objects.get(pk=job_id)

    def progress(phase: str, fraction: float) -> None:
        percent = round(100 * min(1, max(0, fraction)))
        running = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
        if not running.update(phase=phase, progress=percent, heartbeat_at=clock.now()):
            raise JobCancelled

    try:
        _work[job.kind](job, progress)
    except JobCancelled:
        logger.info("job_cancelled kind=%s job=%s", job.kind, job_id)
    except JobRefused as refusal:
        _finish(job_id, Job.State.FAILED, str(refusal))
    except Exception:
        logger.exception("job_failed kind=%s job=%s", job.kind, job_id)
        _finish(job_id, Job.State.FAILED, "")
    else:
        _finish(job_id, Job.State.DONE, "")


def _finish(job_id: str, state: str, error: str) -> None:
    changes = {"state": state, "error": error[:300], "finished_at": clock.now()}
    if state == Job.State.DONE:
        changes["progress"] = 100
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(**changes)


@each_minute("jobs", order=90)
def jobs_resume() -> int:
    """Hand over again what never reached a worker, or whose worker died."""
    from .tasks import run_job

    limit = clock.now() - STALE_AFTER
    lost = Job.objects.filter(
        Q(state=Job.State.QUEUED, created_at__lt=limit)
        | Q(state=Job.State.RUNNING, heartbeat_at__lt=limit)
    )
    for job in lost:
        enqueue(run_job, str(job.pk))
    return len(lost)
