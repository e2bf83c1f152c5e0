"""A site with the demo programme, and a browser per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from reenter.desk.demo import seed

from .browser import Visitor, chromium


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def programme(transactional_db: Any) -> Any:
    return seed()


@pytest.fixture
def visitor(browser: Browser, live_server: Any, programme: Any) -> Callable[..., Visitor]:
    """Each call is another browser window, with nobody signed in."""

    def make(language: str = "nl", *, scripts: bool = False) -> Visitor:
        return Visitor(browser, live_server.url, language=language, scripts=scripts)

    return make
