"""Every check of form and structure, one after the other; all are shown, one failure fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "reenter.settings.production",
    "DJANGO_SECRET_KEY": "x7" * 30 + "-only-to-check-the-settings",
    "DJANGO_ALLOWED_HOSTS": "reenter.example",
    "SITE_URL": "https://reenter.example",
    "DATABASE_URL": "sqlite:////tmp/unused.sqlite3",
}
TYPED = ["matching/engine", "reenter/common"] + [
    f"{app}/services" for app in ("accounts", "mentoring", "matching")
]


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    templates = [str(path) for path in sorted(Path("templates").rglob("*.html"))]
    typed = [path for path in TYPED if Path(path).exists()]
    return [
        ("ruff", [f"{BIN}/ruff", "check", "."], {}),
        ("ruff format", [f"{BIN}/ruff", "format", "--check", "."], {}),
        ("import contracts", [f"{BIN}/lint-imports"], {}),
        ("types", [f"{BIN}/mypy", *typed], {}),
        ("templates", [f"{BIN}/djade", "--target-version", "5.2", "--check", *templates], {}),
        (
            "migrations",
            [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
            {"DJANGO_SETTINGS_MODULE": "reenter.settings.test"},
        ),
        (
            "deployment",
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            PRODUCTION,
        ),
        ("translations", [sys.executable, "-m", "tests.translations"], {}),
        (
            "compose file",
            [
                f"{BIN}/check-jsonschema",
                "--builtin-schema",
                "vendor.compose-spec",
                "docker-compose.yml",
            ],
            {},
        ),
    ]


def main() -> int:
    failed = []
    for name, command, extra in checks():
        env = {**os.environ, **extra}
        result = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        sys.stdout.write(f"{'ok  ' if result.returncode == 0 else 'FAIL'} {name}\n")
        if result.returncode:
            failed.append(name)
            sys.stdout.write(result.stdout + result.stderr)
    if not shutil.which("xgettext"):
        sys.stdout.write("skipped: no GNU gettext, so new texts were not looked for\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
