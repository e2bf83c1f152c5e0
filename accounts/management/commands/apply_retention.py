from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services.privacy import retention_run


class Command(BaseCommand):
    help = "Erase the people whose time is over. Safe to repeat; the scheduler does it each night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Only show who would be erased, by id."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        due = retention_run(dry_run=options["dry_run"])
        for name, ids in due.items():
            self.stdout.write(f"{name}: {len(ids)}")
            for pk in ids:
                self.stdout.write(f"  {pk}")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")
