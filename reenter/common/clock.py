"""The one place that tells the time, so that a command or a test can stand at another moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)

DAY_STARTS = time(9)
DAY_ENDS = time(20)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or timezone.now()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Make `now()` answer `moment` (aware) inside the block."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def today(zone: str | None = None) -> date:
    """The calendar date at `zone` (an IANA name; the site's own zone without one)."""
    return timezone.localtime(now(), ZoneInfo(zone) if zone else None).date()


def is_daytime(moment: datetime, zone: str) -> bool:
    """Whether it is between 9 and 20 h on the wall clock of `zone`."""
    return DAY_STARTS <= moment.astimezone(ZoneInfo(zone)).time() < DAY_ENDS


def next_daytime(moment: datetime, zone: str) -> datetime:
    """`moment` itself when it is daytime in `zone`, else the next 9:00 on the wall clock there."""
    local = moment.astimezone(ZoneInfo(zone))
    if DAY_STARTS <= local.time() < DAY_ENDS:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= DAY_ENDS else 0)
    return datetime.combine(day, DAY_STARTS, ZoneInfo(zone)).astimezone(UTC)
