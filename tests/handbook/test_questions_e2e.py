"""The page of questions in a browser: narrow, unfolded, in both languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from handbook.services.entries import questions_load
from tests.e2e.browser import RULES, WIDTHS, chromium, in_a_browser

pytestmark = in_a_browser


@pytest.mark.parametrize(("locale", "words"), [("nl-NL", "Wat kost het"), ("en-GB", "What does")])
def test_all_answers_can_be_read(live_server, locale, words):
    questions_load(actor=None)
    with chromium() as browser:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 1000}, locale=locale)
            page.goto(live_server.url + reverse("handbook:questions"))
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert words in page.inner_text("main")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            result = Axe().run(page, options=RULES)
            assert result.violations_count == 0, result.generate_report()
