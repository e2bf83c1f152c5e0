"""What somebody copies in a word processor and pastes into a chapter is stored clean.

The files in `pasted/` hold what the program puts on the clipboard, with words of our own.
"""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.browser import in_a_browser
from tests.factories import handbook as make

pytestmark = in_a_browser

PASTED = Path(__file__).parent / "pasted"
LIST = "<ul><li>een schrift<ul><li>met lege bladen</li></ul></li><li>een pen</li></ul>"
STEPS = "<ol><li>kennismaken</li><li>afspreken</li></ol>"
HEADINGS = ("<h2>Het eerste gesprek</h2>", "<h3>Neem mee</h3>")
KEPT = {
    "word": (
        f"<p>Samen beginnen</p>{HEADINGS[0]}"
        "<p>Neem de <b>tijd</b> en vraag <i>rustig</i> door. Dit is rood. Lees "
        '<a href="https://example.org/gids">de gids</a> of schrijf naar '
        '<a href="mailto:hulp@example.org">ons</a>.</p>'
        f"{HEADINGS[1]}{LIST}<p>Daarna in deze volgorde:</p>{STEPS}<h3>Later</h3>"
        "<p>Bel gerust. Zie het bestand en dit.</p><p>Week</p><p>Doel</p>"
    ),
    "libreoffice": (
        f"{HEADINGS[0]}<p>Neem de <b>tijd</b> en vraag <i>rustig</i> door. Dit is rood. Lees "
        f'<a href="https://example.org/gids">de gids</a>.</p>{HEADINGS[1]}{LIST}'
        f"<p>Daarna in deze volgorde:</p>{STEPS}<p>Tot later.<br/>Groet van ons.</p>"
    ),
    "google": (
        f"{HEADINGS[0]}<p>Neem de <b>tijd</b> en vraag <i>rustig</i> door. Lees "
        f'<a href="https://example.org/gids">de gids</a>.</p>{HEADINGS[1]}{LIST}'
        f"<p>Daarna in deze volgorde:</p>{STEPS}"
    ),
}
COPY = """html => document.addEventListener("copy", event => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", "zonder opmaak");
    event.preventDefault();
})"""


@pytest.fixture
def chapter(transactional_db, book):
    page = make.chapter(make.part(book), body=[make.text("<p></p>")])
    page.save_revision().publish()
    return page


def copied(page, html):
    """On the clipboard as a word processor leaves it."""
    page.goto("about:blank")
    page.evaluate(COPY, html)
    page.keyboard.press("Control+c")


def stored(chapter):
    """The text of the first block of the newest draft, without the editor's own marks."""
    html = chapter.revisions.latest("pk").as_object().raw_body[0]["value"]
    return re.sub(r' data-block-key="\w+"', "", html)


@pytest.mark.parametrize("program", KEPT)
def test_what_is_pasted_is_stored_clean(open_page, live_server, chapter, editor, program):
    page = open_page(editor)
    copied(page, (PASTED / f"{program}.html").read_text(encoding="utf-8"))
    page.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[chapter.pk]))
    page.wait_for_load_state("networkidle")
    text = page.get_by_role("textbox", name="Tekst", exact=True)
    text.click()
    page.keyboard.press("Control+v")
    # The editor hands its text to the form a quarter of a second later.
    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile("afspreken"))
    with page.expect_navigation():
        page.get_by_role("button", name="Bewaar concept").click()
    assert stored(chapter) == KEPT[program]
    assert page.wrong == []
