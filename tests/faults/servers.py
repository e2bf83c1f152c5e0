"""Servers of a test's own: PostgreSQL, Redis and SMTP on free ports, ended by their own ids.

Nothing here touches servers that run on the machine already.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true: Callable[[], Any], *, seconds: float, what: str) -> None:
    """Poll until `true()`; AssertionError naming `what` when it takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


def postgres_bin() -> Path | None:
    """Where initdb and pg_ctl are; None without PostgreSQL."""
    if shutil.which("pg_config"):
        found = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        if (Path(found.stdout.strip()) / "initdb").exists():
            return Path(found.stdout.strip())
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None


class Postgres:
    """A cluster of its own in a folder of its own; PostgreSQL refuses to run as root."""

    def __init__(self, folder: Path) -> None:
        found = postgres_bin()
        assert found is not None
        self.bin, self.folder, self.port = found, folder / "postgres", free_port()
        self.folder.mkdir()
        self.as_user: list[str] = []
        if os.geteuid() == 0:
            self.as_user = ["runuser", "-u", "postgres", "--"]
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o711)

    def start(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N")
        # It is never killed itself, so it need not wait for the disk.
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def query(self, sql: str, database: str = "postgres") -> list[tuple]:
        """Rows of a SELECT, or nothing for a change."""
        connection = psycopg2.connect(self.url(database))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _run(self, name: str, *arguments: Any) -> None:
        command = [*self.as_user, str(self.bin / name), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


class Redis:
    """With every write on disk before it is answered, as production runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "redis", free_port()
        self.folder.mkdir()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": self.folder,
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
        }
        command = ["redis-server"]
        for name, value in settings.items():
            command += [f"--{name}", str(value)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(lambda: listens(self.port), seconds=10, what="Redis")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class _SlowQuit(SMTP):
    """Takes its time to say goodbye: the window between its "250" and our commit is real."""

    async def smtp_QUIT(self, arg: str) -> None:
        await asyncio.sleep(self.event_handler.pause)
        await super().smtp_QUIT(arg)


class _Inbox(Controller):
    def factory(self) -> SMTP:
        return _SlowQuit(self.handler, **self.SMTP_kwargs)


class MailServer:
    """A real socket that keeps what it took, in order: (Message-ID, address, content)."""

    def __init__(self, pause: float = 0.03) -> None:
        self.port, self.pause = free_port(), pause
        self.taken: list[tuple[str, str, bytes]] = []
        self.controller: _Inbox | None = None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        # A kill may also fall before the mail was handed over: marking it too early would lose it.
        await asyncio.sleep(self.pause)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        # It waits first, and answers at once after it took the mail: what stands in `taken` was
        # answered with "250", except for the instant in between.
        await asyncio.sleep(self.pause)
        content = bytes(envelope.content or b"")
        message_id = next(
            line.partition(b":")[2].strip().decode()
            for line in content.splitlines()
            if line.lower().startswith(b"message-id:")
        )
        self.taken.append((message_id, envelope.rcpt_tos[0], content))
        return "250 OK"

    def start(self) -> None:
        self.controller = _Inbox(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    @property
    def times_taken(self) -> Counter[str]:
        return Counter(message_id for message_id, _to, _content in self.taken)


class Product:
    """The product on these servers: commands, a worker with its scheduler, the web."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "REENTER_VAR": str(folder / "var"),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            **environment,
        }
        (folder / "var").mkdir(exist_ok=True)

    def manage(self, *arguments: str) -> str:
        return self._python("manage.py", *arguments)

    def scenario(self, *arguments: str) -> str:
        """A step of `tests.faults.scenario` in the product's own world; its output."""
        return self._python("-m", "tests.faults.scenario", *arguments)

    def worker(self) -> Process:
        schedule = str(self.folder / "beat")
        return self.process(
            "celery", "-A", "reenter", "worker", "--beat", "--schedule", schedule,
            "--concurrency", "2", "--loglevel", "warning", "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def web(self, port: int) -> Process:
        process = self.process(
            "gunicorn", "reenter.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"
        )
        wait_until(lambda: listens(port), seconds=30, what="the web server")
        return process

    def process(self, module: str, *arguments: str) -> Process:
        log = (self.folder / f"{module}.log").open("ab")
        return Process([sys.executable, "-m", module, *arguments], self.environment, log)

    def _python(self, *arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout


class Process:
    """A process with its children, in a group of its own, so that all of it dies at once."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Any) -> None:
        self.running = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()


class World:
    """Everything that the product needs, with a database of its own."""

    def __init__(
        self, postgres: Postgres, redis: Redis, mail: MailServer, product: Product, database: str
    ) -> None:
        self.postgres, self.redis, self.mail, self.product = postgres, redis, mail, product
        self.database = database

    def query(self, sql: str) -> list[tuple]:
        """Rows of a SELECT, or nothing for a change."""
        return self.postgres.query(sql, self.database)

    def settle(self) -> None:
        """After a kill: wait until its last statements and mails are through, or dropped."""
        others = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{self.database}'"
        wait_until(
            lambda: not self.postgres.query(others), seconds=20, what="dead connections to end"
        )
        time.sleep(3 * self.mail.pause)


@contextlib.contextmanager
def cluster() -> Iterator[Postgres]:
    """PostgreSQL with a migrated database `template`, from which each test copies its own."""
    # Not pytest's own folder: that one is closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="reenter-faults-") as name:
        postgres = Postgres(Path(name))
        postgres.start()
        try:
            postgres.query("CREATE DATABASE template")
            product = Product(Path(name), DATABASE_URL=postgres.url("template"))
            product.manage("migrate", "--verbosity", "0")
            yield postgres
        finally:
            postgres.stop()


@contextlib.contextmanager
def world(postgres: Postgres, folder: Path, *, lease_seconds: int = 8) -> Iterator[World]:
    """Redis, a mail server and the product on a fresh database; all that was started is ended."""
    database = f"world_{uuid4().hex[:8]}"
    postgres.query(f"CREATE DATABASE {database} TEMPLATE template")
    redis, mail = Redis(folder), MailServer()
    with contextlib.ExitStack() as running:
        for server in (redis, mail):
            server.start()
            running.callback(server.stop)
        product = Product(
            folder,
            DATABASE_URL=postgres.url(database),
            CELERY_BROKER_URL=redis.url,
            EMAIL_URL=f"smtp://127.0.0.1:{mail.port}",
            OUTBOX_LEASE_SECONDS=str(lease_seconds),
        )
        yield World(postgres, redis, mail, product, database)
