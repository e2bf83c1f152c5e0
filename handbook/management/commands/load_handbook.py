from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handbook.content_files import ContentError
from handbook.services import handbook_load


class Command(BaseCommand):
    help = (
        "Load the chapters that come with the product. Safe to repeat: what somebody edited or "
        "deleted on screen stays as it is, and is listed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcomes = handbook_load(actor=None)
        except ContentError as error:
            raise CommandError(str(error)) from error
        for outcome in outcomes:
            if outcome.state != "same" or options["verbosity"] > 1:
                self.stdout.write(outcome.line())
        counts = Counter(outcome.state for outcome in outcomes)
        self.stdout.write(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
