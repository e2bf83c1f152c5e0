"""Handing work to Celery without depending on it: the database stays the only true copy."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)


def enqueue(task: Task, *args: Any) -> None:
    """Ask a worker to run `task(*args)` once this transaction is in.

    When the broker is down this logs and goes on: each row that needs work is found again by the
    minute's sweep.
    """

    def send() -> None:
        try:
            task.apply_async(args=args, retry=False)
        except Exception as error:
            if not _is_transport_error(error, task):
                raise
            logger.warning("broker_unavailable task=%s error=%s", task.name, type(error).__name__)

    transaction.on_commit(send)


def _is_transport_error(error: Exception, task: Task) -> bool:
    """A connection that dies in use raises the transport's own errors."""
    if isinstance(error, BrokerError | OSError):
        return True
    return isinstance(error, tuple(task.app.connection_for_write().connection_errors))
