"""Run the tests: `python -m tests.run fast|all`. What cannot run here is skipped with its reason.

With CI set, nothing may be skipped.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

POSTGRES = "postgres://postgres@127.0.0.1:5432/reenter"
REDIS = "redis://127.0.0.1:6379/5"
FAST = "not slow and not e2e and not faults and not postgres"


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment(database: str) -> dict[str, str]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "reenter.settings.test"}
    if database == "postgres":
        env["DATABASE_URL"] = os.environ.get("TEST_POSTGRES_URL", POSTGRES)
    else:
        env.pop("DATABASE_URL", None)
    if listening(6379):
        env["TEST_REDIS_URL"] = REDIS
    return env


class Suites:
    """Runs one suite after the other, and remembers how each ended and how long it took."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, int, float]] = []

    def run(self, name: str, arguments: list[str], env: dict[str, str]) -> None:
        sys.stdout.write(f"== {name}: {' '.join(arguments)}\n")
        sys.stdout.flush()
        started = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *arguments], env=env, check=False).returncode
        self.ended.append((name, code, time.monotonic() - started))

    def pytest(self, name: str, database: str, *arguments: str) -> None:
        self.run(f"{name} on {database}", ["pytest", "-q", *arguments], environment(database))

    def summary(self) -> int:
        """Print the time of each suite; 1 when any of them failed."""
        for name, code, seconds in self.ended:
            sys.stdout.write(f"{'FAIL' if code else 'ok  '} {seconds:6.0f} s  {name}\n")
        return int(any(code for _name, code, _seconds in self.ended))


def everything(suites: Suites, postgres: bool) -> None:
    first = "postgres" if postgres else "sqlite"
    suites.run("lint", ["tests.lint"], dict(os.environ))
    suites.pytest("tests", first, "-n", "2", "-m", "not faults and not e2e")
    # By file: servers are shared within one, and most of the time is waiting for them.
    suites.pytest("faults", first, "-n", "2", "--dist", "loadfile", "-m", "faults")
    suites.pytest("browser", first, "-n", "2", "-m", "e2e")
    if postgres:
        suites.pytest("journeys", "sqlite", "-n", "2", "-m", "e2e", "tests/e2e")


def main(mode: str) -> int:
    suites = Suites()
    if mode == "fast":
        suites.pytest("fast tests", "sqlite", "-n", "2", "-m", FAST)
        return suites.summary()
    postgres = listening(5432)
    if not postgres:
        sys.stdout.write("skipped: PostgreSQL does not listen on port 5432; using SQLite alone\n")
    if not shutil.which("chromium"):
        sys.stdout.write("skipped: no chromium on the PATH, so no browser tests\n")
    everything(suites, postgres)
    return suites.summary()


if __name__ == "__main__":
    modes = {"fast", "all"}
    if len(sys.argv) != 2 or sys.argv[1] not in modes:
        sys.exit(__doc__)
    Path("var").mkdir(exist_ok=True)
    sys.exit(main(sys.argv[1]))
