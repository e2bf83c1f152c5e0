"""Migrate once, copy often: each test database starts as a copy of a migrated template.

The template's name holds a digest of all migrations and of the installed versions, so that a
changed one makes a new template.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "var" / "test-templates"
MIGRATED: dict[str, str] = {}


@cache
def digest() -> str:
    """Changes when a migration, what it loads, the settings or a locked version changes."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("reenter/*/migrations/*.py")]
    files += [ROOT / "requirements.txt", ROOT / "reenter/settings/base.py"]
    files.append(ROOT / "accounts/data/legal.json")
    state = hashlib.sha256()
    for file in sorted(files):
        state.update(file.name.encode() + file.read_bytes())
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


def sqlite_template() -> Path:
    return TEMPLATES / f"{digest()}.sqlite3"


def sqlite_copy(target: Path) -> None:
    template = sqlite_template()
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


def sqlite_restore(target: Path) -> None:
    """Through SQLite itself, for a server in another thread may have the file open."""
    with (
        closing(sqlite3.connect(sqlite_template())) as template,
        closing(sqlite3.connect(target, timeout=20)) as database,
    ):
        template.backup(database)


def postgres_copy(settings: dict[str, Any], target: str) -> None:
    template = f"reenter_template_{digest()}"
    server = postgres_server(settings, "postgres")
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


def postgres_name(settings: dict[str, Any]) -> str:
    return settings["TEST"].get("NAME") or f"test_{settings['NAME']}"


def prepare(settings: dict[str, Any]) -> None:
    """Put a migrated, empty database where Django looks for its test database."""
    if settings["ENGINE"].endswith("sqlite3"):
        sqlite_copy(Path(settings["TEST"]["NAME"]))
    else:
        postgres_copy(settings, postgres_name(settings))
        postgres_remember(settings, postgres_name(settings))


def postgres_server(settings: dict[str, Any], name: str) -> Any:
    import psycopg2

    return psycopg2.connect(
        dbname=name,
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or 5432,
    )


def postgres_remember(settings: dict[str, Any], target: str) -> None:
    """Keep what migrations filled, to put it back without hanging up on anybody."""
    with closing(postgres_server(settings, target)) as server, server.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            rows = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            MIGRATED[table] = rows.getvalue()


def postgres_restore(settings: dict[str, Any]) -> None:
    """Empty every table and put the migrated rows back; open connections stay open."""
    with closing(postgres_server(settings, settings["NAME"])) as server, server.cursor() as cursor:
        cursor.execute("SET lock_timeout = '20s'; SET session_replication_role = replica")
        tables = ", ".join(f'"{table}"' for table in MIGRATED)
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        for table, rows in MIGRATED.items():
            if rows:
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
        server.commit()


def restore(connection: BaseDatabaseWrapper) -> None:
    """Put the database back as `prepare` left it, after a test that committed its rows."""
    connection.close()
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        sqlite_restore(Path(settings["NAME"]))
    else:
        postgres_restore(settings)
