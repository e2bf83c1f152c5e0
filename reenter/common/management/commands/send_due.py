from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from reenter.common import clock, schedule


class Command(BaseCommand):
    help = "Do what the scheduler does each minute. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="Stand at this moment (ISO 8601) instead of the present.")

    def handle(self, *args: Any, **options: Any) -> None:
        with clock.standing_at(_moment(options["now"])):
            counts = schedule.run_due()
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        if -1 in counts.values():
            raise CommandError("A part failed; the log says why.")


def _moment(text: str | None) -> datetime:
    if not text:
        return clock.now()
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"--now {text!r} is no moment. Example: 2026-03-29T09:00:00+02:00")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
