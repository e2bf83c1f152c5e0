"""Migrate once, copy often: each test database starts as a copy of a migrated template.

The template's name holds a digest of all migrations and of the installed versions, so that a
changed one makes a new template.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "var" / "test-templates"


def digest() -> str:
    """Changes when a migration, the settings or a locked version changes."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("reenter/*/migrations/*.py")]
    files += [ROOT / "requirements.txt", ROOT / "reenter/settings/base.py"]
    state = hashlib.sha256()
    for file in sorted(files):
        # The name counts: the database remembers migrations by it.
        state.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return state.hexdigest()[:16]


def migrate_into(url: str) -> None:
    """Run the migrations in a process of their own."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "reenter.settings.test"}
        | {"DATABASE_URL": url},
        check=True,
    )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Workers that start together wait for the first to make the template."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_copy(target: Path) -> None:
    template = TEMPLATES / f"{digest()}.sqlite3"
    with one_at_a_time():
        if not template.exists():
            making = template.with_suffix(".making")
            making.unlink(missing_ok=True)
            migrate_into(f"sqlite:///{making}")
            making.rename(template)
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob(f"{target.name}*"):
        old.unlink()
    shutil.copy(template, target)


def postgres_copy(settings: dict[str, Any], target: str) -> None:
    import psycopg2

    template = f"reenter_template_{digest()}"
    server = psycopg2.connect(
        dbname="postgres",
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or 5432,
    )
    server.autocommit = True
    with one_at_a_time(), server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            cursor.execute(f'DROP DATABASE IF EXISTS "{template}_making"')
            cursor.execute(f'CREATE DATABASE "{template}_making"')
            login = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}"
            port = settings["PORT"] or 5432
            migrate_into(f"postgres://{login}:{port}/{template}_making")
            cursor.execute(f'ALTER DATABASE "{template}_making" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
    server.close()


def prepare(settings: dict[str, Any]) -> None:
    """Put a migrated, empty database where Django looks for its test database."""
    if settings["ENGINE"].endswith("sqlite3"):
        sqlite_copy(Path(settings["TEST"]["NAME"]))
    else:
        postgres_copy(settings, settings["TEST"].get("NAME") or f"test_{settings['NAME']}")
