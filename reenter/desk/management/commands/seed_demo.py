"""Make the demo programme with its accounts. Safe to repeat; for development only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reenter.desk.demo import ACCOUNTS, PASSWORD, SLUG, seed


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "This makes accounts with a known password. It runs in development only "
                "(DJANGO_DEBUG=True)."
            )
        seed()
        self.stdout.write(f"Demo programme: /programmes/{SLUG}/join/")
        for key in ACCOUNTS:
            self.stdout.write(f"  {key}@demo.example  {PASSWORD}")
