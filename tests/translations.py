"""No message without a usable translation, none fuzzy, and none in the code that the file lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
IGNORED = ["--ignore", ".venv/*", "--ignore", "var/*", "--ignore", "tests/*"]


def incomplete(catalog: Catalog) -> list[str]:
    """Messages that a reader would see in the wrong language."""
    return [name_of(m) for m in catalog if m.id and (m.fuzzy or not all(parts(m)))]


def unusable(catalog: Catalog) -> list[str]:
    """Translations that would break a page: another placeholder than the message has."""
    return [f"{name_of(m)!r}: {fault}" for m, faults in catalog.check() for fault in faults]


def parts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def name_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def collected() -> set[str]:
    """The messages that stand in code and templates now, found afresh in a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        files = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\n")
        for name in files:
            if name.endswith((".py", ".html", ".txt")) and not name.startswith("tests/"):
                target = copy / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / name).exists():
                    shutil.copy(ROOT / name, target)
        (copy / "locale").mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "-l", "nl", "--no-location", *IGNORED],
            cwd=copy,
            env={**os.environ, "REENTER_VAR": folder},
            capture_output=True,
            check=True,
        )
        with (copy / "locale/nl/LC_MESSAGES/django.po").open("rb") as file:
            return {name_of(m) for m in read_po(file) if m.id}


def main() -> int:
    problems = []
    in_code = collected() if shutil.which("xgettext") else None
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        language = path.parent.parent.name
        try:
            with path.open("rb") as file:
                catalog = read_po(file, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError) as error:
            problems.append(f"{language}: cannot be read: {error}")
            continue
        problems += [f"{language}: {fault}" for fault in unusable(catalog)]
        problems += [f"{language}: no translation of {name!r}" for name in incomplete(catalog)]
        if in_code is not None:
            known = {name_of(m) for m in catalog if m.id}
            problems += [f"{language}: lacks {name!r}" for name in sorted(in_code - known)]
            problems += [f"{language}: unused {name!r}" for name in sorted(known - in_code)]
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
