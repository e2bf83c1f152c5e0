"""Reading in a browser: every page at 320 px, words explained without scripts, and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from handbook.models import ChapterPage, ChapterRead, Verdict
from handbook.services import handbook_load
from handbook.services.entries import books_load, glossary_load, questions_load
from tests.e2e.browser import RULES, chromium, in_a_browser, watch
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make

from .test_valid_pages import addresses

pytestmark = in_a_browser
NARROW = {"width": 320, "height": 900}
FAULTS = """() => {
    const faults = [];
    if (document.documentElement.scrollWidth > window.innerWidth) faults.push("scrolls sideways");
    if (document.querySelectorAll("h1").length != 1) faults.push("not one h1");
    return faults;
}"""


@pytest.fixture
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def chapters(transactional_db):
    """Two chapters with words to explain and a link."""
    part = make.part(make.book(credits="<p>Met dank aan velen.</p>"))
    glossary_load(actor=None)
    last = make.chapter(part, title="Daarna")
    link = make.link(last, "wat daarna komt")
    html = f"<h2>Over mentoring</h2><p>Een mentee en een mentor. Lees {link}.</p>"
    tips = make.listed("tips", "", ["<p>Vraag het je <b>begeleider</b>.</p>"])
    first = make.chapter(part, title="Eerst", body=[make.text(html), tips])
    first.move(last, "left")
    return ChapterPage.objects.order_by("path")


def open_page(browser, site, user=None, **extra):
    context = browser.new_context(**{"viewport": NARROW, "locale": "nl-NL"} | extra)
    if user is not None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return context.new_page()


def test_every_page_passes_axe_and_fits_a_narrow_screen(browser, live_server, transactional_db):
    """With every word explained; also what only facilitators read."""
    handbook_load(actor=None)
    glossary_load(actor=None)
    questions_load(actor=None)
    books_load(actor=None)
    admin = make_accounts.user(name="Ada Beheer", is_staff=True, is_superuser=True)
    wrong = {}
    for language, locale in (("nl", "nl-NL"), ("en", "en-GB")):
        type(admin).objects.update(language=language)
        page = open_page(browser, live_server.url, admin, locale=locale)
        elsewhere = wrong[language] = []
        watch(page, live_server.url, elsewhere)
        for address in addresses(language):
            page.goto(live_server.url + address, wait_until="domcontentloaded")
            faults = page.evaluate(FAULTS)
            # Its rules for CSS files are not among ours: no need to fetch those again.
            results = Axe().run(page, options=RULES | {"preload": False})
            if results.violations_count:
                faults.append(results.generate_report())
            if faults:
                wrong[address] = faults
        page.context.close()
    assert {where: faults for where, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_a_word_is_explained_in_place_without_scripts(browser, live_server, chapters, width):
    page = open_page(
        browser,
        live_server.url,
        java_script_enabled=False,
        viewport={"width": width, "height": 900},
    )
    page.goto(live_server.url + chapters[0].url)
    word = page.locator("button.handbook-term").first
    card = page.locator(f"#{word.get_attribute('popovertarget')}")
    assert not card.is_visible()
    box = word.bounding_box()
    assert box["height"] >= 44
    assert box["width"] >= 44
    word.focus()
    page.keyboard.press("Enter")
    assert card.is_visible()
    place = card.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    page.keyboard.press("Escape")
    assert not card.is_visible()
    word.click()
    close = card.get_by_role("button", name="Sluiten")
    assert close.bounding_box()["height"] >= 44
    close.click()
    assert not card.is_visible()


def test_an_open_explanation_passes_axe(browser, live_server, chapters):
    page = open_page(browser, live_server.url)
    page.goto(live_server.url + chapters[0].url)
    page.locator("button.handbook-term").first.click()
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def test_reading_marking_and_answering_without_scripts(browser, live_server, chapters):
    mentee = make_accounts.user(name="Anna de Vries")
    first, second = chapters
    page = open_page(browser, live_server.url, mentee, java_script_enabled=False)
    page.goto(live_server.url + first.url)
    page.get_by_role("button", name="Ik heb dit hoofdstuk gelezen").click()
    assert page.get_by_text("als gelezen gemarkeerd").is_visible()
    assert ChapterRead.objects.get().user == mentee
    page.goto(live_server.url + reverse("handbook:index"))
    page.get_by_role("link", name="Verder lezen").click()
    assert page.url == live_server.url + second.url
    page.get_by_label("Wil je er iets bij zeggen?").fill("Helder.")
    page.get_by_role("button", name="Ja, ik heb hier iets aan").click()
    assert page.get_by_text("Dank je.").is_visible()
    assert Verdict.objects.get().note == "Helder."


def test_a_chapter_on_paper(browser, live_server, chapters):
    page = open_page(browser, live_server.url, viewport={"width": 800, "height": 1100})
    page.goto(live_server.url + chapters[0].url)
    page.emulate_media(media="print")
    for gone in ("header", "form", "nav", ".handbook-useful", ".handbook-hint", "button.btn"):
        assert page.locator(gone).evaluate_all("all => all.filter(e => e.checkVisibility())") == []
    for kept in ("h1", ".handbook-credits", ".handbook-address", "#handbook-words-title"):
        assert page.locator(kept).is_visible(), kept
    cards = page.locator(".handbook-word")
    assert cards.count() == 3
    assert all(cards.nth(place).is_visible() for place in range(cards.count()))
    word = page.locator(".handbook-term").first
    assert word.is_visible()
    assert word.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
    link = page.get_by_role("link", name="wat daarna komt")
    assert chapters[1].url in link.evaluate("e => getComputedStyle(e, '::after').content")
    assert live_server.url.removeprefix("http://") in page.locator(".handbook-address").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
