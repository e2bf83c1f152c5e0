"""Take the pictures of the README anew: `python -m tests.e2e.screenshots`.

Everything happens on a database of its own, with the demo programme, and a server of its own.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "img"
SIZE = {"width": 1280, "height": 860}
TALL = 1480  # so much of the board that pairs are seen
COLOURS = 128
PATIENCE = 60  # seconds until the server answers


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="reenter-screenshots-") as folder:
        os.environ |= {
            "REENTER_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "reenter.settings.local",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
        os.environ.pop("DATABASE_URL", None)
        editor_page, board = prepare()
        with server() as site:
            take_all(site, {"editor": editor_page, "board": board})


def prepare() -> tuple[str, str]:
    """The demo; the addresses that hold an id."""
    import django
    from django.core.management import call_command
    from django.urls import reverse

    django.setup()
    for command in ("migrate", "load_content", "seed_demo"):
        call_command(command, verbosity=0, stdout=io.StringIO())

    from handbook.keys import chapter_key
    from handbook.models import ChapterPage
    from matching.models import Round

    chapter = ChapterPage.objects.get(
        translation_key=chapter_key("having-a-mentor"), locale__language_code="en"
    )
    edit = reverse("wagtailadmin_pages:edit", args=[chapter.pk])
    return edit, reverse("matching:board", args=[Round.objects.get().pk])


@contextmanager
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    site = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{site}/healthz")
        yield site
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def take_all(site: str, addresses: dict[str, str]) -> None:
    from .browser import chromium

    with chromium() as browser:
        take(open_as(browser, site, None), f"{site}/", "landing")
        mentee = open_as(browser, site, "mentee")
        take(mentee, f"{site}/me/profile/mentee/goals/", "mentee-question")
        facilitator = open_as(browser, site, "facilitator")
        take(facilitator, f"{site}/", "facilitator-tasks")
        take(facilitator, f"{site}{addresses['board']}", "round-board", height=TALL)
        mentor = open_as(browser, site, "mentor")
        mentor.goto(f"{site}/")
        mentor.locator("main .card-accent a").click()
        take(mentor, mentor.url, "mentorship")
        admin = open_as(browser, site, "admin")
        take(admin, f"{site}{addresses['editor']}", "handbook-editor")


def open_as(browser: Browser, site: str, key: str | None) -> Page:
    """A window of this demo account (or of nobody), in English."""
    from reenter.desk.demo import PASSWORD

    page = browser.new_context(viewport=SIZE, locale="en-GB").new_page()
    if key:
        page.goto(f"{site}/account/login/")
        page.get_by_label("E-mail address").fill(f"{key}@demo.example")
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").first.click()
        page.locator("header").get_by_role("button", name="English").click()
    return page


def take(page: Page, url: str, name: str, height: int = SIZE["height"]) -> None:
    page.set_viewport_size({"width": SIZE["width"], "height": height})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
