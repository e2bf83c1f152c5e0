from typing import Any

from django.core.management.base import BaseCommand

from handbook.services.moments import moments_load


class Command(BaseCommand):
    help = "Load which chapters are offered at which moment. Safe to repeat; edits stay."

    def handle(self, *args: Any, **options: Any) -> None:
        states = moments_load(actor=None)
        counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        self.stdout.write(f"moments: {counts}")
