from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.models import Profile
from mentoring.imports.mapping import Mapping, MappingError, from_toml, propose
from mentoring.imports.tables import TableError, read_table
from mentoring.models import Programme
from mentoring.services.imports import import_participants, import_plan


class Command(BaseCommand):
    help = "Import people from a CSV or XLSX file: all of them, or none when a row has a problem."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, help="Slug of the programme.")
        parser.add_argument("--role", required=True, choices=Profile.Role.values)
        parser.add_argument("--mapping", type=Path, help="TOML file; see docs/examples.")
        parser.add_argument("--dry-run", action="store_true", help="Check only, write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):  # the language of all commands
            self._import(**options)

    def _import(self, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme “{options['programme']}”.")
        try:
            table = read_table(_content(options["file"]), options["file"].name)
            mapping = _mapping(options["mapping"], table.columns)
        except (TableError, MappingError) as error:
            raise CommandError(str(error)) from error
        role = options["role"]
        plan = import_plan(programme=programme, table=table, mapping=mapping, role=role)
        if plan.problems:
            lines = "\n".join(str(problem) for problem in plan.problems)
            raise CommandError(f"Nothing was imported. {len(plan.problems)} problems:\n{lines}")
        if not options["dry_run"]:
            import_participants(
                actor=None, programme=programme, role=role, mapping=mapping, plan=plan
            )
        verb = "Would add" if options["dry_run"] else "Added"
        self.stdout.write(f"{verb} {len(plan.new)}; already there: {len(plan.known)}.")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}.") from error


def _mapping(path: Path | None, columns: list[str]) -> Mapping:
    if path is None:
        return propose(columns)
    try:
        return from_toml(_content(path).decode())
    except UnicodeDecodeError as error:
        raise CommandError(f"The mapping file {path} is no UTF-8 text.") from error
