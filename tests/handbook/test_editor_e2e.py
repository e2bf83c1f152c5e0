"""An admin changes a chapter in a real browser; and the pages pass axe for every reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from handbook.keys import chapter_key
from handbook.models import ChapterPage, HandbookIndexPage
from handbook.services import handbook_load
from handbook.services.entries import glossary_load
from tests.e2e.browser import RULES, in_a_browser
from tests.factories import accounts as make_accounts

pytestmark = in_a_browser
WORDS = "Dit staat er sinds vandaag."


@pytest.fixture
def site(live_server, transactional_db):
    handbook_load(actor=None)
    glossary_load(actor=None)
    return live_server.url


def publish(page, label):
    page.get_by_role("button", name="Meer acties").click()
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_url("**/cms/pages/*/")


def test_an_admin_edits_previews_publishes_and_goes_back(open_page, site):
    admin = make_accounts.user(name="Ada Beheer", is_staff=True, is_superuser=True)
    chapter = ChapterPage.objects.get(
        translation_key=chapter_key("code-of-conduct"), locale__language_code="nl"
    )
    page = open_page(admin)
    page.goto(site + reverse("wagtailadmin_pages:edit", args=[chapter.pk]))
    page.wait_for_load_state("networkidle")
    # The editor notes what the form holds two seconds after it opened; nobody types before that.
    page.wait_for_timeout(3000)
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {WORDS}")
    expect(text).to_contain_text(WORDS)
    page.get_by_role("button", name="Toon/verberg voorvertoning").click()
    preview = page.frame_locator("iframe[data-w-preview-target='iframe']").last
    preview.get_by_text(WORDS).wait_for(timeout=20_000)
    assert WORDS not in Client().get(chapter.url).content.decode()
    page.get_by_role("button", name="Toon/verberg voorvertoning").click()
    publish(page, "Publiceren")

    page.goto(site + chapter.url)
    assert page.get_by_text(WORDS).is_visible()
    assert page.get_by_text("Je doet mee omdat je wilt.").is_visible()  # a block left alone

    first = chapter.revisions.order_by("pk").first()
    page.goto(site + reverse("wagtailadmin_pages:history", args=[chapter.pk]))
    page.goto(site + reverse("wagtailadmin_pages:revisions_revert", args=[chapter.pk, first.pk]))
    page.locator(".public-DraftEditor-content").first.wait_for()
    publish(page, "Publiceer deze versie")
    page.goto(site + chapter.url)
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_text(WORDS).count() == 0
    assert page.wrong == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_of_the_handbook_pass_axe_on_a_wide_screen(open_page, site, language):
    """For a narrow one see test_reading_e2e.py."""
    width = 1280
    admin = make_accounts.user(name="Ada Beheer", is_staff=True, is_superuser=True)
    chapters = ChapterPage.objects.filter(locale__language_code=language)
    part = chapters.first().get_parent()
    search = f"{reverse('handbook:search')}?language={language}&q="
    addresses = {
        "index": part.get_parent().url,
        "all handbooks": f"{reverse('handbook:series')}?language={language}",
        **{
            book.slug: book.url
            for book in HandbookIndexPage.objects.filter(locale__language_code=language)
        },
        "part": part.url,
        "print": f"{part.url}?print=1",
        "search": f"{search}mentor",
        "nothing found": f"{search}zzzz",
        **{chapter.slug: chapter.url for chapter in chapters},
    }
    page = open_page(admin, width=width, locale=language)
    found = {}
    for name, address in addresses.items():
        page.goto(site + address)
        results = Axe().run(page, options=RULES)
        if results.violations_count:
            found[name] = results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("h1").count() == 1, name
    own = ChapterPage.objects.get(
        translation_key=chapter_key("becoming-a-mentor"), locale__language_code=language
    )
    visitor = open_page(width=width, locale=language)
    visitor.goto(site + own.url)
    assert visitor.url.endswith(own.url)
    ChapterPage.objects.filter(pk=own.pk).update(audience="mentor")
    visitor.goto(site + own.url)
    assert "/account/login/" in visitor.url
    assert found == {}
    assert page.wrong == []
    assert visitor.wrong == []
