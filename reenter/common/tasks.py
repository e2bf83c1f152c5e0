"""Celery tasks: each takes ids and calls one service; all may run twice."""

from celery import shared_task

from . import jobs, outbox, schedule


@shared_task
def send_due() -> dict[str, int]:
    return schedule.run_due()


@shared_task
def deliver_message(message_id: str) -> None:
    outbox.deliver(message_id)


@shared_task
def run_job(job_id: str) -> None:
    jobs.job_run(job_id)
