"""Stories on the site and in the editor."""

import pytest
from django.test import Client
from django.urls import reverse

from handbook.stories import Story
from reenter.common import clock

pytestmark = pytest.mark.django_db

COUNT = iter(range(1000))


def story(state="published", **extra):
    """A story that both said yes to, without any people behind it."""
    number = next(COUNT)
    row = Story(
        **{
            "language": "nl", "wanted": "Een plan.", "did": "Samen gerekend.",
            "result": f"Uitkomst {number}", "tip": "Begin.",
            "mentee_name": f"Mo{number}", "mentor_name": "Rik",
        }
        | extra
    )  # fmt: skip
    row.save()
    row.mentee_agreed = row.mentor_agreed = row.digest
    row.state = state
    row.published_at = clock.now() if row.state == "published" else None
    row.save()
    return row


@pytest.fixture
def listener(monkeypatch):
    """The stories here belong to nobody: whoever listens for the two hears nothing."""
    for name in ("story_edited", "story_published", "story_unpublished"):
        monkeypatch.setattr(f"handbook.events.{name}", [])


def detail(row):
    return reverse("handbook:story_detail", args=[row.pk])


def cms(row):
    return reverse("handbook_story", args=[row.pk])


# On the site


def test_a_visitor_reads_a_story_in_its_own_language(client):
    row = story(language="nl", did="Regel een.\n\n<b>Regel</b> twee.")
    content = client.get(detail(row), headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in content
    assert '<article class="prose" lang="nl">' in content
    assert "Wat ze samen deden" in content
    assert "&lt;b&gt;Regel&lt;/b&gt; twee." in content
    assert f"<title>{row.mentee_name} en Rik" in content


@pytest.mark.parametrize("state", ["draft", "asked", "agreed", "withdrawn"])
def test_what_is_not_on_the_site_is_nowhere(client, admin_user, state):
    row = story(state=state)
    client.force_login(admin_user)
    assert client.get(detail(row)).status_code == 404
    client.logout()
    for page in (reverse("handbook:story_list"), reverse("desk:home")):
        assert row.mentee_name not in client.get(page).content.decode()


def test_the_list_begins_with_the_reader_s_language_and_marks_the_other(client):
    dutch, english = story(), story(language="en")
    content = client.get(reverse("handbook:story_list"), {"language": "nl"}).content.decode()
    assert content.index(dutch.mentee_name) < content.index(english.mentee_name)
    assert '<li lang="en">' in content
    content = client.get(reverse("handbook:story_list"), {"language": "en"}).content.decode()
    assert content.index(english.mentee_name) < content.index(dutch.mentee_name)


def test_the_first_page_takes_the_newest_three(client):
    rows = [story() for _ in range(4)]
    few = f"{reverse('handbook:story_list')}?few=1"
    assert few in client.get(reverse("desk:home")).content.decode()
    content = client.get(few).content.decode()
    assert [row.mentee_name in content for row in rows] == [False, True, True, True]


def test_without_stories_the_list_says_so(client):
    assert "There are no stories yet" in (
        client.get(reverse("handbook:story_list"), {"language": "en"}).content.decode()
    )


def test_the_list_is_paged_and_asks_as_often(client, django_assert_max_num_queries):
    for _ in range(12):
        story()
    page = reverse("handbook:story_list")
    with django_assert_max_num_queries(4):
        first = client.get(page)
    assert len(first.context["page_obj"].object_list) == 10
    assert len(client.get(page, {"page": 2}).context["page_obj"].object_list) == 2


@pytest.mark.parametrize("method", ["post", "put"])
def test_reading_changes_nothing(client, method):
    row = story()
    getattr(client, method)(detail(row))
    assert Story.objects.get(pk=row.pk).state == "published"


# In the editor


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def words(row, **extra):
    return {name: getattr(row, name) for name in (*Story.WORDS, "digest")} | extra


def test_an_editor_puts_it_on_the_site_and_takes_it_off(desk, listener):
    row = story(state="agreed")
    assert row.mentee_name in desk.get(reverse("handbook_stories")).content.decode()
    desk.post(cms(row), {"do": "publish", "digest": row.digest})
    assert Client().get(detail(row)).status_code == 200
    desk.post(cms(row), {"do": "unpublish"})
    assert Client().get(detail(row)).status_code == 404


def test_an_editor_s_words_take_it_off_until_both_said_yes(desk, listener):
    row = story()
    desk.post(cms(row), words(row, did="Beter."))
    row.refresh_from_db()
    assert (row.state, row.did, row.mentee_agreed) == ("asked", "Beter.", "")
    assert Client().get(detail(row)).status_code == 404
    assert desk.get(cms(row)).status_code == 404


def test_an_editor_with_an_old_page_open_hears_it(desk, listener):
    row = story(state="agreed")
    for data in ({"do": "publish", "digest": "0" * 64}, words(row, digest="0" * 64, did="X")):
        content = desk.post(cms(row), data).content.decode()
        assert "Bekijk het opnieuw" in content
        row.refresh_from_db()
        assert (row.state, row.did) == ("agreed", "Samen gerekend.")


def test_an_editor_leaves_no_answer_empty(desk, listener):
    row = story(state="agreed")
    assert "een paar woorden" in desk.post(cms(row), words(row, did="")).content.decode()
    row.refresh_from_db()
    assert row.did == "Samen gerekend."


@pytest.mark.parametrize("state", ["draft", "asked", "withdrawn"])
def test_an_editor_does_not_see_what_waits_for_a_yes(desk, state):
    row = story(state=state)
    assert desk.get(cms(row)).status_code == 404
    assert row.mentee_name not in desk.get(reverse("handbook_stories")).content.decode()


@pytest.mark.parametrize("who", ["mentee", "mentor", "stranger", "facilitator"])
def test_others_do_not_edit(client, request, who):
    row = story(state="agreed")
    client.force_login(request.getfixturevalue(who))
    for address in (reverse("handbook_stories"), cms(row)):
        assert client.get(address).status_code == 404
        assert client.post(address, {"do": "publish", "digest": row.digest}).status_code == 404
    row.refresh_from_db()
    assert row.state == "agreed"
