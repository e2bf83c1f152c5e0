from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from handbook.front_matter import ContentError
from handbook.package import unpacked
from handbook.services import handbook_import, import_plan


class Command(BaseCommand):
    help = (
        "Read a handbook from a folder or zip file, as export_handbook writes it: all of it or "
        "nothing. New pages become drafts, changed ones get a new version that is not published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="a folder or a zip file")
        parser.add_argument("--dry-run", action="store_true", help="only list what would change")
        parser.add_argument("--publish", action="store_true", help="also publish what was read")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["source"].exists():
            raise CommandError(f"There is no {options['source']}.")
        try:
            with unpacked(options["source"]) as folder:
                if options["dry_run"]:
                    changes = import_plan(folder)
                else:
                    changes = handbook_import(actor=None, folder=folder, publish=options["publish"])
        except ContentError as error:
            raise CommandError(f"Nothing was written. {error}") from error
        for change in changes:
            if change.state != "same" or options["verbosity"] > 1:
                self.stdout.write(change.line())
        counts = Counter(change.state for change in changes)
        self.stdout.write(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
