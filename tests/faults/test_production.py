"""The production set-up without a container engine: the same commands, the same settings.

The commands are read from docker-compose.yml, so that what is tested is what is deployed. They run
against the PostgreSQL and Redis that the tests were given, and behind the real proxy.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
BIN = Path(sys.executable).parent
DATABASE = "reenter_production_test"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="needs PostgreSQL"
    ),
    pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="needs Redis on port 6379"),
    pytest.mark.skipif(not shutil.which("caddy"), reason="needs the proxy (caddy)"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url: str, host: str = "reenter.example") -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={"Host": host, "X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def wait_for(url: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if get(url)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"{url} did not answer in {seconds} s")


def command_of(service: str, **replace: str) -> list[str]:
    """The command of a service, with the programs of this environment and other ports."""
    words = [str(word) for word in COMPOSE[service]["command"]]
    for old, new in replace.items():
        words = [word.replace(old.replace("_", ":"), new) for word in words]
    if (BIN / words[0]).exists():
        words[0] = str(BIN / words[0])
    return words


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    server = psycopg2.connect(f"{base}/postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    yield f"{base}/{DATABASE}"
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    server.close()


@pytest.fixture(scope="module")
def env(database, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("production")
    return {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": str(folder),
        "DJANGO_SETTINGS_MODULE": "reenter.settings.production",
        "DJANGO_SECRET_KEY": "k" * 25 + "9" * 25 + "-test-only",
        "DJANGO_ALLOWED_HOSTS": "reenter.example,127.0.0.1",
        "SITE_URL": "https://reenter.example",
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": os.environ["TEST_REDIS_URL"],
        "CACHE_URL": os.environ["TEST_REDIS_URL"],
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "REENTER_VAR": str(folder / "var"),
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
    }


@pytest.fixture(scope="module")
def prepared(env) -> dict[str, str]:
    done = subprocess.run(
        command_of("prepare"), cwd=ROOT, env=env, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return env


@pytest.fixture(scope="module")
def running(prepared, tmp_path_factory) -> Iterator[dict[str, object]]:
    """Web, both workers, scheduler and proxy, each stopped by its own process group at the end."""
    logs = tmp_path_factory.mktemp("logs")
    web, proxy = free_port(), free_port()
    commands = {
        "web": command_of("web", **{"0.0.0.0_8000": f"127.0.0.1:{web}"}),
        "worker": [*command_of("worker"), "--pool", "prefork"],
        "jobs": [*command_of("jobs"), "--pool", "prefork"],
        "scheduler": [*command_of("scheduler"), "--schedule", str(logs / "beat")],
        "proxy": ["caddy", "run", "--adapter", "caddyfile", "--config", "deploy/Caddyfile"],
    }
    site = {"SITE_HOST": f"http://:{proxy}", "UPSTREAM": f"127.0.0.1:{web}", "MEDIA_ROOT": "/srv"}
    running = {}
    for name, command in commands.items():
        log = (logs / name).open("w")
        running[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**prepared, **site},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{web}/healthz")
        wait_for(f"http://127.0.0.1:{proxy}/healthz")
        yield {"web": web, "proxy": proxy, "logs": logs, "processes": running}
    finally:
        for process in running.values():
            os.killpg(process.pid, signal.SIGTERM)
        for process in running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def test_refuses_to_start_with_the_default_secret(env):
    bare = {key: value for key, value in env.items() if key != "DJANGO_SECRET_KEY"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=bare, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Set DJANGO_SECRET_KEY" in done.stderr


def test_the_proxy_configuration_is_valid():
    done = subprocess.run(
        ["caddy", "adapt", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"],
        cwd=ROOT,
        env={**os.environ, "SITE_HOST": "reenter.example", "UPSTREAM": "web:8000"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["admin"] == {"disabled": True}


def test_ready_and_safe_behind_the_proxy(running):
    status, _headers, body = get(f"http://127.0.0.1:{running['web']}/readyz")
    assert (status, json.loads(body)) == (
        200,
        {"database": True, "broker": True, "migrations": True},
    )
    # The proxy sets X-Forwarded-Proto itself: here it speaks HTTP, so the site asks for HTTPS.
    status, headers, _body = get(f"http://127.0.0.1:{running['web']}/")
    assert status == 200
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_static_files_carry_a_digest_and_stay_cached(running):
    _status, _headers, body = get(f"http://127.0.0.1:{running['web']}/")
    page = body.decode()
    address = page.split('rel="stylesheet"')[0].rpartition('href="')[2].split('"')[0]
    if not address.endswith(".css"):
        address = page.split('.css"')[0].rpartition('"')[2] + ".css"
    status, headers, _body = get(f"http://127.0.0.1:{running['web']}{address}")
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize("service", ["worker", "jobs"])
def test_a_worker_answers_its_health_check(service, running, prepared):
    words = COMPOSE[service]["healthcheck"]["test"][1:]
    words[0] = str(BIN / words[0])
    end = time.monotonic() + 40
    while True:
        done = subprocess.run(words, cwd=ROOT, env=prepared, capture_output=True, text=True)
        if done.returncode == 0 or time.monotonic() > end:
            break
        time.sleep(1)
    assert done.returncode == 0, done.stdout + done.stderr


def test_backup_and_restore_as_documented(running, prepared, database, tmp_path):
    """pg_dump and pg_restore, the commands of docs/operations.md, bring every row back."""
    backup = tmp_path / "reenter.dump"
    subprocess.run(["pg_dump", "-Fc", "-f", str(backup), database], check=True)
    copy = f"{DATABASE}_copy"
    server = psycopg2.connect(f"{database.rpartition('/')[0]}/postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {copy}")
    try:
        target = f"{database.rpartition('/')[0]}/{copy}"
        subprocess.run(["pg_restore", "--no-owner", "-d", target, str(backup)], check=True)
        counts = [rows_of(address) for address in (database, target)]
        assert counts[0] == counts[1]
        assert counts[0] > 100
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        server.close()


def rows_of(address: str) -> int:
    """How many terms and permissions there are: content that `prepare` has loaded."""
    with psycopg2.connect(address) as database, database.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM accounts_term) + (SELECT count(*) FROM auth_permission)"
        )
        return cursor.fetchone()[0]
