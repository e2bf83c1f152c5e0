"""Two people change the same chapter: each is told of the other, and no words are lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from handbook.rendering import plain_text
from tests.e2e.browser import in_a_browser
from tests.factories import handbook as make

pytestmark = in_a_browser


@pytest.fixture
def chapter(transactional_db, book):
    page = make.chapter(make.part(book), title="Samen", body=[make.text("<p>Begin.</p>")])
    page.save_revision().publish()
    return page


@pytest.fixture
def opened(open_page, live_server, chapter, settings):
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 1000  # ten seconds in daily life

    def by(person):
        page = open_page(person)
        page.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[chapter.pk]))
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3000)  # the editor notes what the form holds; nobody types before
        return page

    return by


def write(page, words):
    text = page.get_by_role("textbox", name="Tekst", exact=True)
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {words}")
    expect(text).to_contain_text(words)


def versions(chapter):
    """Of each version that is kept: who wrote it, and its words, oldest first."""
    kept = chapter.revisions.order_by("pk").select_related("user")
    return [
        (version.user and version.user.name, plain_text(version.as_object().raw_body))
        for version in kept
    ]


ADA = ("Ada Beheer", "Begin. Woorden van Ada.")
ERIK = ("Erik Schrijver", "Begin. Woorden van Erik.")


def test_both_are_warned_and_the_words_of_both_stay(
    opened, live_server, chapter, admin_user, editor
):
    ada, erik = opened(admin_user), opened(editor)
    write(ada, "Woorden van Ada.")
    expect(ada.get_by_text("Opgeslagen", exact=True)).to_be_visible(timeout=20_000)
    told = erik.get_by_role("button", name="Ada Beheer heeft een nieuwere versie opgeslagen")
    expect(told).to_be_visible(timeout=20_000)

    write(erik, "Woorden van Erik.")  # not saved by itself over hers
    expect(erik.get_by_text("Automatisch opslaan is gepauzeerd")).to_be_visible(timeout=20_000)
    assert versions(chapter)[1:] == [ADA]
    erik.get_by_role("button", name="Bewaar concept").click()
    warning = erik.get_by_role("dialog")
    expect(warning).to_contain_text("Ada Beheer heeft een nieuwere versie opgeslagen")
    with erik.expect_navigation():
        warning.get_by_role("button", name="Bewaar concept").click()
    assert versions(chapter)[1:] == [ADA, ERIK]

    told = ada.get_by_role("button", name="Erik Schrijver heeft een nieuwere versie opgeslagen")
    expect(told).to_be_visible(timeout=20_000)
    hers = chapter.revisions.get(user=admin_user)
    again = reverse("wagtailadmin_pages:revisions_revert", args=[chapter.pk, hers.pk])
    ada.goto(live_server.url + again)
    text = ada.get_by_role("textbox", name="Tekst", exact=True)
    expect(text).to_have_text("Begin. Woorden van Ada.")
    faults = [fault for fault in ada.wrong + erik.wrong if "400 (Bad Request)" not in fault]
    assert faults == []  # the pause came with an honest status
