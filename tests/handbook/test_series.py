"""Several handbooks side by side: loading, the list of them, and what must not mix."""

import shutil
from types import SimpleNamespace

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from handbook import content_files
from handbook.keys import key_of
from handbook.models import ChapterPage, HandbookIndexPage, HomePage, LoadedPage
from handbook.selectors import chapter_url, visible_chapters
from handbook.services import handbook_load
from handbook.translations import State, lacking
from tests.factories import handbook as make

READERS = ["anonymous", "stranger", "mentee", "mentor", "facilitator", "admin"]
SERIES = ["workshops", "learners", "handbook", "collaboration", "policy"]
each_reader = pytest.mark.parametrize("name", READERS)


@pytest.fixture
def other(tree):
    """A second handbook for everybody with two chapters, one of them for mentors."""
    book = make.another_book(title="Tweede boek", slug="tweede", readers="Voor trainers")
    part = make.part(book, title="Tweede deel", slug="deel")
    first = make.chapter(part, title="Tweede begin", body=[make.text("<p>Kanarie twee.</p>")])
    last = make.chapter(
        part, title="Tweede slot", audience="mentor", body=[make.text("<p>Kanarie drie.</p>")]
    )
    return SimpleNamespace(book=book, part=part, first=first, last=last)


@pytest.fixture
def closed(tree):
    """A handbook for facilitators, with a chapter that says it is for everybody."""
    book = make.another_book(title="Stafboek", slug="staf", audience="facilitator")
    part = make.part(book, title="Stafdeel", slug="deel")
    chapter = make.chapter(
        part, title="Stafhoofdstuk", slug="een", body=[make.text("<p>Kanarie staf.</p>")]
    )
    return SimpleNamespace(book=book, part=part, chapter=chapter)


@pytest.fixture
def folder(tmp_path):
    """A small handbook with one other of the series in each language, to change at will."""
    for language in ("nl", "en"):
        (tmp_path / language / "series").mkdir(parents=True)
        for name in ("_credits", "_handbook", "welcome", "series/policy"):
            source = content_files.FOLDER / language / f"{name}.md"
            shutil.copy(source, tmp_path / language / f"{name}.md")
    return tmp_path


def load(folder):
    return {(o.language, o.name): o for o in handbook_load(actor=None, folder=folder)}


def policy(language="nl"):
    return HandbookIndexPage.objects.get(
        translation_key=key_of("series/policy"), locale__language_code=language
    )


# Loading


def test_the_five_handbooks_stand_beside_each_other_in_their_order(loaded, client):
    for home in HomePage.objects.all():
        keys = home.get_children().values_list("translation_key", flat=True)
        named = [key_of(name if name == "handbook" else f"series/{name}") for name in SERIES]
        assert list(keys) == named
    assert client.get("/nl/interactieve-workshops/").status_code == 200
    assert client.get("/en/interactive-workshops/").status_code == 200


def test_the_address_of_the_handbook_for_mentoring_stays(loaded, client):
    assert client.get(reverse("handbook:index"), headers={"accept-language": "nl"}).url == (
        "/nl/handboek/"
    )
    assert chapter_url("welcome", "en") == "/en/handbook/to-begin-with/what-is-re-enter/"


def test_an_introduction_shows_its_blocks_readers_and_credits(loaded, client):
    content = client.get("/en/for-policy/").content.decode()
    assert "For those who make policy in a town" in content
    assert "Is taking part really free" in content
    assert "2017-1-HR01-KA204-035423" in content
    assert "To begin with" not in content


def test_loading_again_changes_nothing_and_keeps_an_edit(folder, db):
    load(folder)
    assert {outcome.state for outcome in load(folder).values()} == {"same"}
    page = policy()
    page.readers = "Voor iedereen"
    page.save_revision().publish()
    outcome = load(folder)["nl", "series/policy"]
    assert (outcome.state, outcome.differs) == ("kept", ("readers",))
    assert policy().readers == "Voor iedereen"


def test_a_changed_introduction_changes_the_page_nobody_edited(folder, db):
    load(folder)
    path = folder / "en" / "series" / "policy.md"
    path.write_text(path.read_text().replace('"introduction"', '"complete"'))
    outcomes = load(folder)
    assert outcomes["en", "series/policy"].state == "updated"
    assert policy("en").status == "complete"


def test_a_handbook_loaded_before_there_was_a_series_is_brought_up_to_date(folder, db):
    load(folder)
    book = HandbookIndexPage.objects.get(slug="handboek")
    book.readers = ""
    book.save_revision().publish()
    record = LoadedPage.objects.get(key="handbook", language="nl")
    record.digest = _digest_of_old(title=book.title, intro=book.intro, credits=book.credits)
    record.save()
    assert load(folder)["nl", "handbook"].state == "updated"
    assert HandbookIndexPage.objects.get(pk=book.pk).readers.startswith("Voor starters")


def _digest_of_old(**content):
    """As a handbook was recorded when it had three fields."""
    import hashlib
    import json

    from handbook import richtext

    content["credits"] = richtext.canonical(content["credits"])
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new"),
    [('language = "en"', 'language = "nl"'), ('"introduction"', '"half"'), (":::tips", ":::no")],
)
def test_a_broken_introduction_is_named_and_nothing_is_written(folder, db, old, new):
    path = folder / "en" / "series" / "policy.md"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(content_files.ContentError, match=r"policy\.md"):
        load(folder)
    assert not HomePage.objects.exists()


# The list of the handbooks


def listed(client, **query):
    return client.get(reverse("handbook:series"), query)


def test_the_list_names_readers_language_and_status(loaded, client):
    content = listed(client, language="en").content.decode()
    for words in ("Handbook for mentoring", "For those who make policy", "Complete"):
        assert words in content
    assert content.count("Introduction only") == 4
    assert content.count("Language: English") == 5
    assert content.index("Interactive workshops") < content.index("Handbook for mentoring")
    dutch = listed(client, language="nl").content.decode()
    assert dutch.count("Alleen een inleiding") == 4


@each_reader
def test_the_list_shows_only_what_one_may_read(other, closed, as_reader, name):
    client, may_read = as_reader(name)
    content = listed(client, language="nl").content.decode()
    assert "Tweede boek" in content
    assert ("Stafboek" in content) == ("facilitator" in may_read)


def test_a_handbook_without_translation_is_listed_in_its_own_language(other, client):
    make.book("en", translation_key=key_of("handbook"))
    response = listed(client, language="en")
    assert [(row.page.title, row.language) for row in response.context["books"]] == [
        ("Handbook", "en"), ("Tweede boek", "nl"),
    ]  # fmt: skip
    content = response.content.decode()
    assert '<li lang="nl">' in content
    assert "Language: Dutch" in content


def test_a_draft_is_not_listed(other, client):
    other.book.unpublish()
    assert "Tweede boek" not in listed(client).content.decode()


def test_without_any_handbook_the_list_says_so(db, client):
    assert "There is nothing here yet" in listed(client, language="en").content.decode()


def test_an_unknown_language_gives_the_reader_s_own(tree, client):
    assert listed(client, language="xx").status_code == 200


def test_the_list_asks_as_often_for_more_handbooks(other, client, django_assert_max_num_queries):
    listed(client)
    with django_assert_max_num_queries(6) as few:
        listed(client)
    most = len(few)
    for _ in range(3):
        make.another_book()
    listed(client)  # addresses of the trees are looked up anew after a change
    with django_assert_max_num_queries(most):
        listed(client)


@pytest.mark.parametrize("page", ["book", "opening", "public"])
def test_each_page_leads_to_the_list(tree, client, page):
    content = client.get(getattr(tree, page).url).content.decode()
    assert f"{reverse('handbook:series')}?language=nl" in content


# What must not mix


def test_previous_and_next_stay_in_one_handbook(tree, other, as_reader):
    client, _may_read = as_reader("facilitator")
    last = client.get(tree.facilitator.url).context
    assert last["following"] is None
    first = client.get(other.first.url).context
    assert first["previous"] is None
    assert first["following"].url == other.last.url


def test_contents_and_trail_are_those_of_the_page_s_own_handbook(tree, other, client):
    content = client.get(other.first.url).content.decode()
    assert "Tweede deel" in content
    assert 'href="/nl/tweede/"' in content
    assert "Opening" not in content
    book = client.get(tree.book.url).content.decode()
    assert "Tweede begin" not in book


def test_a_link_leads_into_another_handbook_for_who_may_read_it(tree, other, as_reader):
    html = f"<p>{make.link(other.first, 'vooraan')} {make.link(other.last, 'achteraan')}</p>"
    page = make.chapter(tree.opening, body=[make.text(html)])
    for name, sees_last in (("anonymous", False), ("mentor", True)):
        client, _may_read = as_reader(name)
        content = client.get(page.url).content.decode()
        assert f'href="{other.first.url}"' in content
        assert (other.last.url in content) == sees_last
        assert "achteraan" in content


def test_links_into_other_handbooks_cost_one_query_more(
    tree, other, client, django_assert_max_num_queries
):
    html = f"<p>{make.link(other.first, 'a')} {make.link(other.part, 'b')}</p>"
    page = make.chapter(tree.opening, body=[make.text(html)])
    client.get(page.url)
    with django_assert_max_num_queries(12):
        client.get(page.url)


@each_reader
def test_search_looks_in_all_handbooks_and_names_them(tree, other, as_reader, name):
    client, may_read = as_reader(name)
    query = {"q": "kanarie", "language": "nl"}
    content = client.get(reverse("handbook:search"), query).content.decode()
    assert "Tweede boek \u203a Tweede deel" in content
    assert ("Tweede slot" in content) == ("mentor" in may_read)
    assert ("Handboek \u203a Deel-mentor" in content) == ("mentor" in may_read)


@each_reader
@pytest.mark.parametrize("page", ["book", "part", "chapter"])
def test_a_handbook_for_some_closes_everything_in_it(closed, as_reader, name, page):
    client, may_read = as_reader(name)
    response = client.get(getattr(closed, page).url)
    if "facilitator" in may_read:
        assert response.status_code == 200
        return
    assert response.status_code == (302 if name == "anonymous" else 404)
    assert "Staf" not in response.content.decode()
    found = client.get(reverse("handbook:search"), {"q": "kanarie", "language": "nl"})
    assert "Stafhoofdstuk" not in found.content.decode()


def test_a_handbook_off_the_site_takes_its_chapters_with_it(other, client, admin_user):
    other.book.unpublish()
    client.force_login(admin_user)
    assert client.get(other.book.url).status_code == 404
    assert client.get(other.first.url).status_code == 404
    assert not visible_chapters(admin_user, "nl").filter(pk=other.first.pk).exists()


def test_a_reader_of_a_closed_handbook_reads_it_in_the_preview_only_as_staff(
    closed, client, editor
):
    client.force_login(editor)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[closed.chapter.pk])
    data = {
        "title": "Stafhoofdstuk", "slug": "een", "intro": "X.", "audience": "everyone",
        "body": streamfield([("text", rich_text("<p>Concept.</p>"))]),
    }  # fmt: skip
    assert client.post(url, nested_form_data(data)).json()["is_valid"]
    for mode, sees in (("", True), ("facilitator", True), ("mentor", False), ("everyone", False)):
        assert ("Concept." in client.get(url, {"mode": mode}).content.decode()) == sees, mode


# Editing


def test_an_editor_adds_a_handbook_with_a_part_and_a_chapter(tree, client, editor):
    client.force_login(editor)
    home = tree.book.get_parent()
    add = reverse("wagtailadmin_pages:add", args=["handbook", "handbookindexpage", home.pk])
    assert client.get(add).status_code == 200
    data = {
        "title": "Eigen boek", "slug": "eigen-boek", "intro": "Zelf gemaakt.",
        "readers": "Voor ons", "audience": "everyone", "status": "introduction",
        "body": streamfield([("text", rich_text("<p>Het begin.</p>"))]),
        "credits": rich_text("<p>Dank.</p>"), "action-publish": "1",
    }  # fmt: skip
    client.post(add, nested_form_data(data))
    book = HandbookIndexPage.objects.get(slug="eigen-boek")
    part = make.part(book)
    chapter = make.chapter(part, title="Eigen hoofdstuk")
    client.logout()
    content = client.get("/nl/eigen-boek/").content.decode()
    for words in ("Het begin.", "Voor ons", "Eigen hoofdstuk", "Dank."):
        assert words in content
    assert client.get(chapter.url).status_code == 200
    assert "Eigen boek" in listed(client, language="nl").content.decode()


def test_a_handbook_without_translation_is_on_the_list_of_things_to_do(tree, other):
    found = {(row.original.title, row.language, row.state) for row in lacking()}
    assert ("Tweede boek", "en", State.MISSING) in found


def test_a_broken_link_in_an_introduction_is_reported(tree, client, editor):
    make.another_book(title="Kapot", body=[make.text('<p><a href="/nl/weg/">x</a></p>')])
    client.force_login(editor)
    assert "Kapot" in client.get(reverse("handbook_links")).content.decode()


def test_the_words_of_an_introduction_are_stored_as_the_files_say(loaded):
    page = HandbookIndexPage.objects.get(slug="for-policy")
    assert [block["type"] for block in page.raw_body] == ["text", "benefits", "tips", "text"]
    assert not ChapterPage.objects.descendant_of(page).exists()
