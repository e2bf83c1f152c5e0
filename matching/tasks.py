"""Celery tasks: each takes ids and calls one service; all may run twice."""

from celery import shared_task

from .services import scanning


@shared_task(expires=60 * 60)
def scan_block(run: str, look: int, block: int) -> None:
    scanning.block_scan(run, look, block)
