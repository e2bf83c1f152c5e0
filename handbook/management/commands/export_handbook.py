from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from handbook.package import zipped
from handbook.services import handbook_export


class Command(BaseCommand):
    help = "Write the whole handbook as Markdown files and images into a new folder or zip file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, or a name that ends with .zip")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["target"]
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise CommandError(f"{target} is there already. Name a new or empty one.")
        export = handbook_export()
        if target.suffix == ".zip":
            zipped(export.files, target)
        else:
            for name, content in export.files.items():
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for note in export.notes:
            self.stderr.write(note)
        self.stdout.write(f"{len(export.files)} files written to {target}")
