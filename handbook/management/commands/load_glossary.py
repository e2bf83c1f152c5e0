from typing import Any

from django.core.management.base import BaseCommand

from handbook.services.entries import glossary_load


class Command(BaseCommand):
    help = "Load the glossary that comes with the product. Safe to repeat; edits stay."

    def handle(self, *args: Any, **options: Any) -> None:
        states = glossary_load(actor=None)
        counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        self.stdout.write(f"glossary: {counts}")
