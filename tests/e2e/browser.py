"""A person at a browser, in their own language, and what every page they see must hold.

`Visitor` clicks and fills in what stands on the page: the texts are the English ones of the code,
looked up in the language of the visitor. Each page is kept as it was sent, so that `audit` can
show the same page again, with scripts on (axe needs them), at both widths.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Locator, Page, Response, Route, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
WIDTHS = (320, 1280)
SLOWEST = 10_000

in_a_browser = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Seen:
    """A page as the server sent it."""

    kind: str
    url: str
    status: int
    headers: dict[str, str]
    body: str
    title: str
    language: str


class Visitor:
    """Somebody at a browser; `language` is what it asks for. Without scripts unless told."""

    def __init__(
        self, browser: Browser, site: str, *, language: str, scripts: bool = False
    ) -> None:
        self.site, self.language = site, language
        self.seen: dict[str, Seen] = {}
        self.wrong: list[str] = []
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 1000},
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            java_script_enabled=scripts,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(SLOWEST)
        watch(self.page, site, self.wrong)

    # What a person does

    def open(self, address: str) -> None:
        """Follow a link from elsewhere: a path, or an address out of a mail."""
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._keep(self.page.goto(self.site + path))

    def press(self, text: str, nth: int = 0, **values: Any) -> None:
        """Press the button or follow the link with this text."""
        here = self._pressable(self.say(text, **values))
        if not here.count():
            raise AssertionError(f"“{self.say(text, **values)}” is not on:\n{self.text()}")
        with self.page.expect_navigation() as navigation:
            here.nth(nth).click()
        self._keep(navigation.value)

    def switch_language(self, name: str) -> None:
        """With the button at the top; the pages from before are forgotten."""
        self.seen.clear()
        with self.page.expect_navigation() as navigation:
            self.page.locator("header").get_by_role("button", name=name).click()
        self._keep(navigation.value)

    def fill(self, label: str, value: str) -> None:
        self._labelled(self.say(label)).fill(value)

    def tick(self, *labels: str) -> None:
        for label in labels:
            self._labelled(self.say(label)).check()

    def untick(self, label: str) -> None:
        self._labelled(self.say(label)).uncheck()

    def tick_first(self, number: int) -> None:
        """Tick the first boxes of the page: which ones does not matter here."""
        boxes = self.page.locator("main input[type=checkbox]:visible")
        for place in range(number):
            boxes.nth(place).check()

    def listed(self) -> list[str]:
        """The lines of a list of tasks or of goals."""
        return self.page.locator("main .task-title").all_inner_texts()

    def choose(self, label: str, option: str) -> None:
        self._labelled(self.say(label)).select_option(label=self.say(option))

    # What a person reads

    def say(self, text: str, **values: Any) -> str:
        """This text of the code in the language of the visitor."""
        with translation.override(self.language):
            found = gettext(text)
        return found % values if values else found

    def reads(self, text: str, **values: Any) -> None:
        """The page holds this text; a text that is no message of the code is taken as it is."""
        wanted = self.say(text, **values)
        assert wanted in self.text(), f"“{wanted}” is not on:\n{self.text()}"

    def reads_not(self, text: str) -> None:
        assert self.say(text) not in self.text()

    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    # How it is found and kept

    def _pressable(self, text: str) -> Locator:
        main = self.page.locator("main")
        words = re.compile(rf"^\s*{re.escape(text)}\s*$")
        exact = main.locator("a, button").filter(has_text=words)
        if exact.count():
            return exact
        return main.locator("a, button").filter(has_text=re.compile(rf"^\s*{re.escape(text)}"))

    def _labelled(self, label: str) -> Locator:
        starts = re.compile(rf"^\s*{re.escape(label)}")
        for found in (self.page.get_by_label(label, exact=True), self.page.get_by_label(starts)):
            if found.count():
                return found.first
        raise AssertionError(f"No field “{label}” on:\n{self.text()}")

    def _keep(self, response: Response | None) -> None:
        assert response is not None, "no page came"
        url = self.page.url
        kind = kind_of(url)
        assert response.status < 500, f"{response.status} on {url}"
        if kind not in self.seen and "/cms/" not in url:  # the editor's screens are a library's
            self.seen[kind] = Seen(
                kind, url, response.status, response.all_headers(), response.text(),
                self.page.title(), self.language,
            )  # fmt: skip


def watch(page: Page, site: str, wrong: list[str]) -> None:
    """Write down errors of the console and requests that leave the site."""

    def asked(url: str) -> None:
        if not url.startswith((site, "data:", "blob:", "about:")):
            wrong.append(f"leaves the site: {url}")

    page.on("console", lambda m: wrong.append(f"{page.url}: {m.text}") if _is_bad(m) else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", lambda request: asked(request.url))


def _is_bad(message: Any) -> bool:
    """A page with a kind text and its honest status (404, 410) is no error."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


def kind_of(url: str) -> str:
    """The view of an address, with the step of a question and what else makes it another page."""
    parts = urlsplit(url)
    match = resolve(parts.path)
    named = {key: match.kwargs[key] for key in ("question", "role", "side") if key in match.kwargs}
    step = parse_qs(parts.query).get("step", [])
    return " ".join([match.view_name, *map(str, named.values()), *step])


def audit(visitors: list[Visitor], browser: Browser) -> dict[str, list[str]]:
    """What is wrong on the pages that these visitors saw, by page; each kind of page once."""
    pages = {kind: seen for visitor in visitors for kind, seen in visitor.seen.items()}
    found = {kind: faults for kind, seen in pages.items() if (faults := _titled(seen))}
    for title, kinds in _by_title(pages).items():
        if len(kinds) > 1:
            found.setdefault(" = ".join(kinds), []).append(f"all have the title “{title}”")
    context = browser.new_context()
    for kind, seen in pages.items():
        faults = _look_again(context.new_page(), seen, visitors[0].site)
        if faults:
            found.setdefault(kind, []).extend(faults)
    context.close()
    for visitor in visitors:
        if visitor.wrong:
            found.setdefault("while walking", []).extend(visitor.wrong)
    return found


def _titled(seen: Seen) -> list[str]:
    return [] if seen.title.strip() else ["has no title"]


def _by_title(pages: dict[str, Seen]) -> dict[str, list[str]]:
    titles: dict[str, list[str]] = {}
    for kind, seen in pages.items():
        titles.setdefault(seen.title, []).append(kind)
    return titles


def _look_again(fresh: Page, seen: Seen, site: str) -> list[str]:
    """The same page with scripts on, everything unfolded, at both widths."""
    wrong: list[str] = []
    watch(fresh, site, wrong)

    def as_sent(route: Route) -> None:
        route.fulfill(status=seen.status, headers=_kept_headers(seen), body=seen.body)

    fresh.route(urldefrag(seen.url).url, as_sent)  # a browser asks without the fragment
    fresh.goto(seen.url)
    fresh.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    if fresh.locator("html").get_attribute("lang") != seen.language:
        wrong.append("the language of the page is not that of the reader")
    if fresh.locator("h1").count() != 1:
        wrong.append(f"{fresh.locator('h1').count()} h1")
    for width in WIDTHS:
        fresh.set_viewport_size({"width": width, "height": 1000})
        if fresh.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"scrolls sideways at {width} px: {_too_wide(fresh, width)}")
        results = Axe().run(fresh, options=RULES)
        if results.violations_count:
            wrong.append(f"axe at {width} px: {results.generate_report()}")
    fresh.close()
    return wrong


def _kept_headers(seen: Seen) -> dict[str, str]:
    return {
        name: value
        for name, value in seen.headers.items()
        if name in ("content-type", "content-security-policy", "content-language")
    }


def _too_wide(page: Page, width: int) -> str:
    script = """width => [...document.querySelectorAll('main *')]
        .filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 3)
        .map(e => e.outerHTML.slice(0, 120)).join(' | ')"""
    return str(page.evaluate(script, width))


def mails_to(address: str) -> list[str]:
    """The plain text of each mail to this address, out of what went over the line, newest last."""
    texts = []
    for sent in mail.outbox:
        if address in sent.to[0]:
            message = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
            part = message.get_body(preferencelist=("plain",))
            assert part is not None
            texts.append(part.get_content())
    return texts


def code_mailed_to(address: str) -> str:
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mails_to(address)[-1])
    assert found, mails_to(address)[-1]
    return found.group()


def link_mailed_to(address: str, path: str) -> str:
    """The newest link in a mail to this address whose path holds `path`."""
    for text in reversed(mails_to(address)):
        for link in re.findall(r"https?://\S+", text):
            if path in link:
                return str(link)
    raise AssertionError(f"No mail to {address} holds a link with {path}")
