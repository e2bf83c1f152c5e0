"""What has to happen each minute. Apps register; `send_due` runs all of it, safe to repeat."""

from __future__ import annotations

import logging
from collections.abc import Callable

from . import clock

logger = logging.getLogger(__name__)

Duty = Callable[[], int]
_duties: dict[str, tuple[int, Duty]] = {}


def each_minute(name: str, *, order: int = 50) -> Callable[[Duty], Duty]:
    """Register a function without arguments that does what is due and returns how many it did.

    It must be idempotent and take the time from `clock`. Lower `order` runs first; sending the
    outbox runs last, at 100.
    """

    def register(duty: Duty) -> Duty:
        _duties[name] = (order, duty)
        return duty

    return register


def run_due() -> dict[str, int]:
    """Run every registered duty in order; one that fails is logged and does not stop the others."""
    counts = {}
    for name, (_order, duty) in sorted(_duties.items(), key=lambda item: (item[1][0], item[0])):
        try:
            counts[name] = duty()
        except Exception:
            logger.exception("duty_failed name=%s at=%s", name, clock.now().isoformat())
            counts[name] = -1
    return counts
