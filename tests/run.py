"""Run the tests: `python -m tests.run fast|all`. What cannot run here is skipped with its reason.

With CI set, nothing may be skipped.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

POSTGRES = "postgres://postgres@127.0.0.1:5432/reenter"
REDIS = "redis://127.0.0.1:6379/5"


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


def pytest(arguments: list[str], database: str) -> int:
    sys.stdout.write(f"== pytest {' '.join(arguments)} on {database}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env=environment(database), check=False).returncode


def main(mode: str) -> int:
    postgres = listening(5432)
    if not postgres:
        sys.stdout.write("skipped: PostgreSQL does not listen on port 5432; using SQLite alone\n")
    if not shutil.which("chromium"):
        sys.stdout.write("skipped: no chromium on the PATH, so no browser tests\n")
    if mode == "fast":
        return pytest(["-n", "2", "-m", "not slow and not e2e and not faults"], "sqlite")
    first = "postgres" if postgres else "sqlite"
    codes = [subprocess.run([sys.executable, "-m", "tests.lint"], check=False).returncode]
    codes.append(pytest(["-n", "2", "-m", "not faults and not e2e"], first))
    codes.append(pytest(["-m", "faults"], first))
    codes.append(pytest(["-n", "2", "-m", "e2e"], first))
    if postgres:
        codes.append(pytest(["-n", "2", "-m", "e2e"], "sqlite"))
    return max(codes)


if __name__ == "__main__":
    Path("var").mkdir(exist_ok=True)
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
