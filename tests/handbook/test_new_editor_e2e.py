"""Somebody who edits for the first time: one chapter, from the first word to going back to it."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.images.models import Image

from handbook.models import ChapterPage
from reenter.common import clock
from tests.e2e.browser import RULES, in_a_browser
from tests.factories import handbook as make

pytestmark = in_a_browser

KEY = "00000000-0000-4000-8000-000000000002"
FIRST, SECOND = "Schenk eerst koffie in.", "Vraag dan hoe het gaat."
SEEN = "Twee kopjes op een tafel."
PATIENCE = 20_000


@pytest.fixture
def page(transactional_db, book, open_page, live_server, admin_user):
    """The first page of the editor; a handbook with one part in both languages."""
    make.chapter(make.part(book, title="Begin", translation_key=KEY))
    make.part(make.book("en"), title="Start", translation_key=KEY)
    page = open_page(admin_user)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(live_server.url + reverse("wagtailadmin_home"))
    yield page
    expect.set_options(timeout=5_000)
    # Saving by itself is refused, with an honest status, while an image has no words yet.
    assert [fault for fault in page.wrong if "400 (Bad Request)" not in fault] == []


def press(page, name, role="button"):
    page.get_by_role(role, name=name, exact=True).first.click()


def more(page, name):
    """Press what stands behind the arrow beside the button to save."""
    press(page, "Meer acties")
    with page.expect_navigation():
        press(page, name)


def settled(page):
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2500)  # the editor notes what the form holds; nobody types before that


def writes(page, words):
    text = page.get_by_role("textbox", name="Tekst", exact=True)
    text.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile(re.escape(words)))


def creates_a_chapter(page):
    press(page, "Handboek (Nederlands)", "link")
    press(page, "Bekijk de onderliggende pagina's van 'Begin'", "link")
    press(page, "Voeg onderliggende pagina toe", "link")
    settled(page)
    page.get_by_role("textbox", name="Titel*").fill("Koffie drinken")
    page.get_by_role("textbox", name="Inleiding*").fill("Zo begin je samen.")
    press(page, "Blok invoegen")
    press(page, "Tekst", "option")
    writes(page, FIRST)
    page.get_by_role("button", name="Blok invoegen").last.click()
    press(page, "Afbeelding", "option")
    press(page, "Kies een afbeelding")
    page.wait_for_load_state("networkidle")
    press(page, "Uploaden", "tab")
    photo = {
        "name": "koffie.jpg",
        "mimeType": "image/jpeg",
        "buffer": make.picture(2000, 1000, "JPEG", comment=b"somebody"),
    }
    page.locator("input[name=image-chooser-upload-file]").set_input_files(photo)
    expect(page.locator("input[name=image-chooser-upload-title]")).to_have_value("koffie")
    page.locator(".modal").get_by_role("button", name="Uploaden").click()
    expect(page.locator(".modal")).to_have_count(0)
    page.get_by_role("textbox", name="Wat je ziet").fill(SEEN)
    with page.expect_navigation(url="**/edit/"):
        press(page, "Bewaar concept")
    settled(page)


def previews(page, mode, words):
    """What the reader that `mode` names sees of the draft."""
    press(page, "Toon/verberg voorvertoning")
    frame = page.frame_locator("iframe[data-w-preview-target='iframe']").last
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_label("Voorvertoning modus").select_option(label=mode)
    expect(frame.get_by_text(words)).to_be_visible()
    press(page, "Toon/verberg voorvertoning")


def plans(page, moment):
    press(page, "Toon/verberg status")
    press(page, "Stel schema in")
    field = page.get_by_role("textbox", name="Publiceer op")
    field.fill(moment.astimezone(clock.ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%d %H:%M"))
    page.locator(".xdsoft_current.xdsoft_time:visible").click()  # the calendar goes away
    with page.expect_navigation():
        press(page, "Schema opslaan")
    settled(page)
    more(page, "Publicatie inplannen")


def translates(page, chapter):
    page.goto(address(page, "wagtailadmin_pages:edit", chapter))
    page.get_by_role("navigation", name="Actions").get_by_role("button").first.click()
    page.get_by_role("link", name="Vertaal").first.click()
    page.get_by_label("Engels").check()
    with page.expect_navigation():
        press(page, "Verzenden")
    english = chapter.get_translations().get().specific
    page.goto(address(page, "wagtailadmin_pages:edit", english))
    settled(page)
    page.get_by_role("textbox", name="Titel*").fill("Have a coffee")
    writes(page, "Pour a coffee first.")
    with page.expect_navigation():
        press(page, "Bewaar concept")
    return english


def address(page, name, chapter, *version):
    site = page.url.split("/cms/")[0]
    return site + reverse(name, args=[chapter.pk, *version])


def shown(page):
    """What a visitor gets, as text; empty when there is nothing."""
    response = Client().get(ChapterPage.objects.get(pk=page.pk).url)
    return response.content.decode() if response.status_code == 200 else ""


def faults(page):
    results = Axe().run(page, options=RULES)
    return results.generate_report() if results.violations_count else ""


def test_one_chapter_from_the_first_word_to_going_back(page, live_server):
    creates_a_chapter(page)
    chapter = ChapterPage.objects.get(title="Koffie drinken")
    first = chapter.latest_revision_id
    assert Image.objects.get().width == 1600
    assert faults(page) == ""
    previews(page, "Als mentee", FIRST)

    due = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    plans(page, due)
    call_command("send_due", now=(due - timedelta(minutes=1)).isoformat(), stdout=StringIO())
    assert FIRST not in shown(chapter)
    call_command("send_due", now=(due + timedelta(minutes=1)).isoformat(), stdout=StringIO())
    assert FIRST in shown(chapter)
    assert f'alt="{SEEN}"' in shown(chapter)

    page.goto(address(page, "wagtailadmin_pages:edit", chapter))
    settled(page)
    writes(page, SECOND)
    more(page, "Publiceren")
    assert SECOND in shown(chapter)
    assert FIRST not in shown(chapter)
    page.goto(address(page, "wagtailadmin_pages:history", chapter))
    page.get_by_role("table").get_by_role("button", name="Acties").first.click()
    with page.expect_navigation():
        press(page, "Vergelijk met vorige versie", "link")
    main = page.get_by_role("main")
    expect(main).to_contain_text("koffie")
    expect(main).to_contain_text("Vraag")

    english = translates(page, chapter)
    assert "Pour a coffee first." not in shown(english)
    page.goto(address(page, "wagtailadmin_pages:edit", chapter))
    settled(page)
    previews(page, "De vertaling: Engels", "Pour a coffee first.")
    page.goto(address(page, "wagtailadmin_pages:edit", english))
    settled(page)
    more(page, "Publiceren")
    assert "Pour a coffee first." in shown(english)

    page.goto(address(page, "wagtailadmin_pages:revisions_revert", chapter, first))
    settled(page)
    more(page, "Publiceer deze versie")
    page.goto(live_server.url + chapter.url)
    expect(page.get_by_text(FIRST)).to_be_visible()
    assert SECOND not in shown(chapter)
    assert faults(page) == ""
    for report in ("handbook_translations", "handbook_links"):
        page.goto(live_server.url + reverse(report))
        assert faults(page) == ""
