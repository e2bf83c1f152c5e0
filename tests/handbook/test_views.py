"""The addresses around the handbook: language, translation, neighbours."""

import uuid

import pytest
from django.urls import reverse

from tests.factories import handbook as make


@pytest.fixture
def pair(book):
    """A chapter in Dutch and its English translation, and one without."""
    english = make.part(make.book("en"), slug="part-en")
    dutch = make.part(book)
    here = make.chapter(dutch, slug="hier")
    there = make.chapter(english, slug="there", translation_key=here.translation_key)
    return here, there, make.chapter(dutch)


def switch(client, page, language):
    """Press the language switch on a page."""
    content = client.get(page.url).content.decode()
    target = content.split('name="next" value="')[1].split('"')[0]
    return client.post(
        reverse("set_language"), {"language": language, "next": target}, follow=True
    ).request["PATH_INFO"]


@pytest.mark.parametrize("browser", ["nl", "en"])
def test_the_language_switch_leads_to_the_translation(pair, client, browser):
    here, there, _alone = pair
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = browser
    assert switch(client, here, "en") == there.url
    assert switch(client, there, "nl") == here.url


def test_the_language_switch_wins_over_the_language_of_my_account(pair, client, mentee):
    here, there, _alone = pair
    client.force_login(mentee)
    assert switch(client, here, "en") == there.url
    assert switch(client, there, "nl") == here.url


def test_the_language_switch_leads_to_the_handbook_without_a_translation(pair, client):
    _here, _there, alone = pair
    assert switch(client, alone, "en") == "/en/handbook/"


def test_the_translation_of_a_hidden_page_stays_hidden(tree, client):
    response = client.get(reverse("handbook:translation", args=[tree.mentor.translation_key]))
    assert client.get(response.url).status_code == 302
    assert client.get(reverse("handbook:translation", args=[uuid.uuid4()])).status_code == 404


def test_without_a_handbook_in_my_language_i_get_the_other(book, client):
    response = client.get(reverse("handbook:index"), headers={"accept-language": "en"})
    assert response.url == "/nl/handboek/"


def test_without_a_handbook_there_is_none(db, client):
    assert client.get(reverse("handbook:index")).status_code == 404


def test_the_page_is_in_its_own_language_whatever_the_browser_says(pair, client):
    _here, there, _alone = pair
    content = client.get(there.url, headers={"accept-language": "nl"}).content.decode()
    assert '<html lang="en"' in content
    assert "Search the handbook" in content


def test_previous_and_next_go_through_the_whole_book(tree, as_reader):
    client, _may_read = as_reader("facilitator")
    urls, url = [], tree.public.url
    while url:
        urls.append(url)
        following = client.get(url).context["following"]
        url = following.url if following else None
    assert urls == [tree.public.url, tree.mentor.url, tree.mentee.url, tree.facilitator.url]
    client, _may_read = as_reader("mentee")
    context = client.get(tree.mentee.url).context
    assert (context["previous"].url, context["following"]) == (tree.public.url, None)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_reading_changes_nothing(tree, client, method):
    assert getattr(client, method)(tree.mentor.url).status_code in (302, 404, 405)
    assert client.get(tree.public.url).status_code == 200
