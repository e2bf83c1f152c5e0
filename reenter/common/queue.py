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
    transaction.on_commit(lambda: hand_over(task, *args))


def hand_over(task: Task, *args: Any) -> bool:
    """Ask a worker now; False when the broker is down."""
    try:
        task.apply_async(args=args, retry=False)
    except Exception as error:
        if not _is_transport_error(error, task):
            raise
        logger.warning("broker_unavailable task=%s error=%s", task.name, type(error).__name__)
        return False
    return True


def _is_transport_error(error: Exception, task: Task) -> bool:
    """A connection that dies in use raises the transport's own errors."""
    if isinstance(error, BrokerError | OSError):
        return True
    return isinstance(error, tuple(task.app.connection_for_write().connection_errors))
