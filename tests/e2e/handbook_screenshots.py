"""Take the pictures of docs/handbook.md anew: `python -m tests.e2e.handbook_screenshots`.

As the pictures of the README: a database of its own, the demo accounts, no words of anybody real.
"""

from __future__ import annotations

import io
import os
import re
import tempfile

from PIL import Image
from playwright.sync_api import Locator, Page

from .screenshots import COLOURS, FOLDER, open_as, prepare, server

SIZE = {"width": 1120, "height": 720}
QUIET = 3000  # milliseconds in which the editor sets itself up


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="reenter-screenshots-") as folder:
        os.environ |= {
            "REENTER_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "reenter.settings.local",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
        os.environ.pop("DATABASE_URL", None)
        edit, _board = prepare()
        with server() as site:
            take_all(site, f"{site}{edit}")


def take_all(site: str, edit: str) -> None:
    from .browser import chromium

    with chromium() as browser:
        page = open_as(browser, site, "admin")
        page.set_viewport_size(SIZE)
        show(page, f"{site}/cms/")
        keep(page, "start")
        show(page, edit)
        page.locator(".public-DraftEditor-content").first.scroll_into_view_if_needed()
        page.get_by_role("button", name="Insert a block").nth(1).click()
        keep(page, "blocks")
        show(page, edit)
        keep(page, "plain", page.locator("#handbook-check"))
        press(page, "Toggle preview")
        page.get_by_label("Preview mode").select_option(label="As a mentee")
        keep(page, "preview")
        two_editors(page.context.new_page(), page.context.new_page(), edit)
        plan(page, edit)
        history(page, edit)


def show(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def add_words(page: Page, words: str) -> None:
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {words}")
    page.wait_for_timeout(QUIET)


def two_editors(first: Page, second: Page, edit: str) -> None:
    for page in (first, second):
        page.set_viewport_size(SIZE)
        show(page, edit)
    add_words(first, "You choose the pace.")
    second.reload()
    second.wait_for_timeout(QUIET)
    add_words(first, "Together.")
    add_words(second, "Take your time.")
    press(second, "Save draft")
    keep(second, "two-editors")


def plan(page: Page, edit: str) -> None:
    show(page, edit)
    press(page, "Toggle status")
    press(page, "Set schedule")
    keep(page, "schedule")


def history(page: Page, edit: str) -> None:
    show(page, edit.replace("/edit/", "/history/"))
    page.get_by_role("table").get_by_role("button", name=re.compile("Actions")).first.click()
    page.get_by_role("link", name="Compare with previous version").click()
    page.wait_for_load_state("networkidle")
    keep(page, "compare")


def keep(page: Page, name: str, part: Locator | None = None) -> None:
    page.wait_for_timeout(QUIET)
    picture = Image.open(io.BytesIO((part or page).screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"handbook-{name}.png", optimize=True)


if __name__ == "__main__":
    main()
