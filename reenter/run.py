"""`make run`: prepare the database, then web, worker and scheduler in one terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from honcho.manager import Manager

BIN = Path(sys.executable).parent
# A newcomer sees the site's own error pages; DJANGO_DEBUG=True brings back Django's.
SHOWN_AS_REAL = {"DJANGO_DEBUG": "False"}
WELCOME = """
  RE-ENTER runs at      {site}
  Mail can be read at   {site}/dev/mail/
  Handbook editor       {site}/cms/

  Demo accounts (password {password}):
{accounts}

  Ctrl-C stops everything.
"""


def prepare() -> None:
    """Bring the database up to date and load the demo programme; quick when nothing changed."""
    django.setup()
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as quiet:
        call_command("load_content", verbosity=0, stdout=quiet)
        call_command("seed_demo", verbosity=0, stdout=quiet)


def processes(port: str) -> dict[str, str]:
    """The commands that run side by side, by name."""
    return {
        "web": f"{BIN}/gunicorn reenter.wsgi --bind 127.0.0.1:{port} --worker-class gthread"
        " --threads 8 --log-level warning --graceful-timeout 2",
        # The embedded broker may hand over a message that is only half written, and the worker ends
        # at it. What the message asked for is found again, so the worker begins anew.
        "worker": f"until {BIN}/celery -A reenter worker --beat --pool threads --concurrency 4"
        " --loglevel warning; do sleep 1; done",
    }


def main() -> int:
    port = os.environ.get("PORT", "8000")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reenter.settings.local")
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    prepare()
    from reenter.desk import demo

    accounts = "\n".join(f"    {key}@demo.example" for key in demo.ACCOUNTS)
    sys.stdout.write(
        WELCOME.format(site=os.environ["SITE_URL"], password=demo.PASSWORD, accounts=accounts)
    )
    sys.stdout.flush()
    manager = Manager()
    for name, command in processes(port).items():
        manager.add_process(name, command, env=SHOWN_AS_REAL | dict(os.environ))
    manager.loop()
    return int(manager.returncode or 0)


if __name__ == "__main__":
    sys.exit(main())
