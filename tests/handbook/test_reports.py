"""The lists in the editor: what has to be translated, and which links need care."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from handbook.services import handbook_load
from handbook.translations import State, lacking
from reenter.common import clock
from tests.factories import handbook as make

REPORTS = ["handbook_translations", "handbook_links", "handbook_useful"]


@pytest.fixture
def original(book):
    page = make.chapter(make.part(book, translation_key=KEY), title="Begin")
    page.save_revision().publish()
    return page


KEY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def english_part(book):
    return make.part(make.book("en"), translation_key=KEY)


def translated(original, part, **extra):
    extra = {"title": "Start", "translation_key": original.translation_key} | extra
    return make.chapter(part, **extra)


def states():
    return [(row.original.title, row.language, row.state) for row in lacking()]


def test_a_page_without_translation_is_listed(original, english_part):
    assert states() == [("Begin", "en", State.MISSING)]


def test_a_draft_and_then_a_published_translation(original, english_part):
    page = translated(original, english_part, live=False)
    assert states() == [("Begin", "en", State.DRAFT)]
    page.save_revision().publish()
    assert states() == []


def test_a_change_of_the_original_puts_the_translation_behind_until_it_is_published(
    original, english_part
):
    page = translated(original, english_part)
    page.save_revision().publish()
    page.refresh_from_db()
    page.title = "Better words"
    page.save_revision().publish()
    assert states() == []  # a better translation asks nothing of the original
    original.refresh_from_db()
    original.title = "Nieuw begin"
    original.save_revision()
    assert states() == []  # a draft is nobody's affair yet
    original.save_revision().publish()
    assert states() == [("Nieuw begin", "en", State.BEHIND)]
    page.save_revision().publish()
    assert states() == []


def test_what_was_first_in_english_is_translated_into_dutch(original, english_part):
    page = make.chapter(english_part, title="Only here")
    page.save_revision().publish()
    assert ("Only here", "nl", State.MISSING) in states()


def test_an_original_that_is_off_the_site_asks_nothing(original, english_part):
    original.unpublish()
    assert states() == []


def test_the_product_s_own_chapters_are_all_translated(db):
    handbook_load(actor=None)
    assert states() == []


def test_it_takes_one_query_whatever_the_number(original, english_part, django_assert_num_queries):
    with django_assert_num_queries(1):
        lacking()
    for _number in range(4):
        make.chapter(english_part)
    with django_assert_num_queries(1):
        assert len(lacking()) == 5


def test_the_list_of_translations_leads_to_the_work(client, editor, original, english_part):
    client.force_login(editor)
    content = client.get(reverse("handbook_translations")).content.decode()
    assert "Niet vertaald" in content
    assert reverse("simple_translation:submit_page_translation", args=[original.pk]) in content
    page = translated(original, english_part)
    page.save_revision().publish()
    later = clock.now() + timedelta(days=1)
    Page.objects.filter(pk=original.pk).update(last_published_at=later)
    content = client.get(reverse("handbook_translations")).content.decode()
    assert "Het origineel is daarna veranderd" in content
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in content
    assert reverse("wagtailadmin_pages:history", args=[original.pk]) in content


def test_the_list_of_links_names_the_place(client, editor, original):
    client.force_login(editor)
    assert "Alle links leiden ergens heen." in show(client, "handbook_links")
    original.body = [make.text('<p><a id="999999" linktype="page">weg</a></p>')]
    original.save_revision().publish()
    content = show(client, "handbook_links")
    assert "Blok 1 (Tekst): “weg” leidt naar een pagina die weg is." in content
    assert reverse("wagtailadmin_pages:edit", args=[original.pk]) in content


def show(client, name):
    return client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", ["mentee", "mentor", "stranger", "facilitator"])
def test_the_lists_are_not_there_for_others(request, client, book, report, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get(reverse(report)).status_code == 404


@pytest.mark.parametrize("report", REPORTS)
def test_a_visitor_signs_in_first(book, report):
    response = Client().get(reverse(report))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("report", REPORTS)
def test_the_menu_leads_to_the_lists(client, editor, book, report):
    client.force_login(editor)
    assert reverse(report) in show(client, "wagtailadmin_home")
