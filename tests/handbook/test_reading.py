"""Marks of chapters that one has read, for nobody else; and whether a chapter was useful."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services.privacy import account_erase, account_export, account_in_words
from handbook.models import ChapterRead, Verdict
from reenter.common.models import AuditEntry
from tests.factories import handbook as make

LIMITS = {"useful": "2/h/key,3/h/ip"}


def address(name, page, language="nl"):
    return reverse(f"handbook:{name}", args=[language, page.translation_key])


def content(client, page):
    return client.get(page.url).content.decode()


# Marks


@pytest.fixture
def chapters(book):
    """Five chapters in two parts."""
    first, second = make.part(book), make.part(book)
    parts = (first, first, second, second, second)
    return [make.chapter(part, title=f"Nummer {n}") for n, part in enumerate(parts, start=1)]


@pytest.fixture
def reader(client, mentee):
    client.force_login(mentee)
    return client


def test_a_chapter_is_marked_and_the_mark_is_taken_back(reader, mentee, chapters):
    page = chapters[0]
    assert "Ik heb dit hoofdstuk gelezen" in content(reader, page)
    for _twice in range(2):
        response = reader.post(address("chapter_read", page))
        assert (response.status_code, response.url) == (302, f"{page.url}#read")
    assert ChapterRead.objects.get().user == mentee
    assert "Je hebt dit hoofdstuk als gelezen gemarkeerd." in content(reader, page)
    for _twice in range(2):
        reader.post(address("chapter_read", page), {"undo": "1"})
    assert not ChapterRead.objects.exists()
    assert "Ik heb dit hoofdstuk gelezen" in content(reader, page)


def test_looking_marks_nothing(reader, chapters):
    content(reader, chapters[0])
    assert not ChapterRead.objects.exists()


def go_on(client, book):
    """The chapter that the first page of the handbook sends one to."""
    following = client.get(book.url).context["contents"].following()
    return following and following.title


@pytest.mark.parametrize(
    ("read", "following"),
    [
        ([], "Nummer 1"),
        ([1], "Nummer 2"),
        ([2, 1], "Nummer 3"),
        ([1, 2], "Nummer 3"),
        ([3], "Nummer 4"),
        ([1, 2, 3, 5], "Nummer 4"),
        ([1, 2, 3, 4, 5], None),
    ],
)
def test_the_first_page_knows_where_to_go_on(reader, book, chapters, read, following):
    for number in read:
        reader.post(address("chapter_read", chapters[number - 1]))
    assert go_on(reader, book) == following
    shown = content(reader, book)
    assert (f"Je hebt {len(read)} van de 5 hoofdstukken" in shown) == bool(read)
    assert shown.count("handbook-read") == len(read)


def test_a_mark_counts_in_both_languages(reader, chapters):
    english = make.chapter(make.part(make.book("en")), translation_key=chapters[0].translation_key)
    reader.post(address("chapter_read", english, "en"))
    assert "Je hebt dit hoofdstuk als gelezen gemarkeerd." in content(reader, chapters[0])
    assert "You marked this chapter as read." in content(reader, english)


def test_marks_are_mine_alone(reader, book, chapters, facilitator, admin_user, mentor):
    reader.post(address("chapter_read", chapters[0]))
    for other in (facilitator, admin_user, mentor):
        client = Client()
        client.force_login(other)
        assert "handbook-read" not in content(client, book)
        assert "als gelezen gemarkeerd" not in content(client, chapters[0])
    assert not AuditEntry.objects.filter(actor__email="anna@example.org").exists()


def test_a_visitor_has_no_marks(client, book, chapters):
    assert address("chapter_read", chapters[0]) not in content(client, chapters[0])
    assert "Waar je bent" not in content(client, book)
    response = client.post(address("chapter_read", chapters[0]))
    assert reverse("account_login") in response.url
    assert not ChapterRead.objects.exists()


@pytest.mark.parametrize("name", ["stranger", "mentee", "mentor"])
def test_only_what_one_may_read_is_marked(tree, as_reader, name):
    client, may_read = as_reader(name)
    status = client.post(address("chapter_read", tree.mentor)).status_code
    assert status == (302 if "mentor" in may_read else 404)
    assert ChapterRead.objects.exists() == ("mentor" in may_read)


@pytest.mark.parametrize("language", ["en", "de", "x" * 40])
def test_a_chapter_that_is_not_there_is_not_marked(reader, chapters, language):
    kwargs = {"language": language, "key": chapters[0].translation_key}
    for name in ("chapter_read", "chapter_useful"):
        assert reader.post(reverse(f"handbook:{name}", kwargs=kwargs)).status_code == 404
        unknown = reverse(f"handbook:{name}", args=["nl", uuid.uuid4()])
        assert reader.post(unknown).status_code == 404


@pytest.mark.parametrize("name", ["chapter_read", "chapter_useful"])
def test_looking_at_a_button_changes_nothing(reader, chapters, name):
    assert reader.get(address(name, chapters[0])).status_code == 405


def test_marks_are_in_the_export_and_go_with_the_account(reader, mentee, mentor, chapters):
    page, other = chapters[:2]
    reader.post(address("chapter_read", page))
    ChapterRead.objects.create(user=mentee, translation_key=uuid.uuid4())
    ChapterRead.objects.create(user=mentor, translation_key=other.translation_key)
    exported = account_export(mentee)["reading"]
    assert [mark["chapter"] for mark in exported] == ["Nummer 1", ""]
    json.dumps(exported)
    words = [block for block in account_in_words(mentee) if "gelezen" in block.title]
    assert words[0].blocks[0].facts[0] == ("Hoofdstuk", ["Nummer 1"])
    account_erase(actor=mentee, user=mentee)
    assert [mark.user for mark in ChapterRead.objects.all()] == [mentor]


def test_marks_cost_no_query(reader, mentee, book, chapters, django_assert_max_num_queries):
    for page in (book, chapters[0].get_parent(), chapters[0]):
        reader.get(page.url)
        with django_assert_max_num_queries(12) as none:
            reader.get(page.url)
        for chapter in chapters:
            ChapterRead.objects.create(user=mentee, translation_key=chapter.translation_key)
        with django_assert_max_num_queries(len(none)):
            reader.get(page.url)
        ChapterRead.objects.all().delete()


# Was it useful?


@pytest.mark.parametrize("name", ["anonymous", "mentee", "facilitator"])
@pytest.mark.parametrize(("answer", "useful"), [("yes", True), ("no", False)])
def test_everybody_can_say_whether_it_was_useful(tree, as_reader, name, answer, useful):
    client, _may_read = as_reader(name)
    data = {"useful": answer, "note": "  Mooi  "}
    response = client.post(address("chapter_useful", tree.public), data)
    assert (response.status_code, response.url) == (302, f"{tree.public.url}?thanks=1#useful")
    verdict = Verdict.objects.get()
    assert (verdict.page_id, verdict.useful, verdict.note) == (tree.public.pk, useful, "Mooi")
    assert "Dank je." in client.get(response.url).content.decode()
    assert not AuditEntry.objects.filter(target_type="handbook.verdict").exists()


def test_nothing_of_an_answer_leads_to_a_person():
    fields = {field.name for field in Verdict._meta.get_fields()}
    assert fields == {"id", "page", "useful", "note", "day"}


def test_a_note_is_not_needed(tree, client):
    client.post(address("chapter_useful", tree.public), {"useful": "yes"})
    assert Verdict.objects.get().note == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Druk op “Ja” of “Nee”."),
        ({"useful": "misschien", "note": "Mooi"}, "Druk op “Ja” of “Nee”."),
        ({"useful": "yes", "note": "x" * 501}, "500"),
        ({"useful": "yes", "note": "a\x00b"}, "note"),
    ],
)
def test_an_answer_that_cannot_be_counted_says_what_to_do(tree, client, data, words):
    response = client.post(address("chapter_useful", tree.public), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert data.get("note", "").replace("\x00", "")[:9] in page
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("name", ["anonymous", "stranger", "mentor"])
def test_only_who_may_read_it_may_say_so(tree, as_reader, name):
    client, may_read = as_reader(name)
    status = client.post(address("chapter_useful", tree.mentor), {"useful": "yes"}).status_code
    assert status == (302 if "mentor" in may_read else 404)
    assert Verdict.objects.exists() == ("mentor" in may_read)


def test_too_many_answers_are_not_counted(tree, settings, client):
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    url, answer = address("chapter_useful", tree.public), {"useful": "yes"}
    statuses = [client.post(url, answer).status_code for _turn in range(3)]
    assert statuses == [302, 302, 429]
    # Another session has answers of its own, until the address has too many.
    assert [Client().post(url, answer).status_code for _turn in range(2)] == [302, 429]
    assert Verdict.objects.count() == 3


# The report of the editor


def report(client):
    return client.get(reverse("handbook_useful")).content.decode()


def test_an_editor_reads_counts_and_notes_per_chapter(client, editor, chapters):
    page, other = chapters[:2]
    for useful, note in ((True, ""), (True, "Helder"), (False, "<b>Lang</b>")):
        Verdict.objects.create(page=page, useful=useful, note=note)
    client.force_login(editor)
    shown = report(client)
    rows = shown.partition("<tbody>")[2]
    assert [f"<td>{count}</td>" in rows for count in (2, 1)] == [True, True]
    assert "Helder" in rows
    assert "&lt;b&gt;Lang&lt;/b&gt;" in rows
    assert other.title not in rows


def test_without_answers_the_report_says_so(client, editor, chapters):
    client.force_login(editor)
    assert "Nog niemand heeft geantwoord." in report(client)


def test_a_note_is_taken_away_and_still_counts(client, editor, chapters):
    verdict = Verdict.objects.create(page=chapters[0], useful=False, note="Bel Jan")
    client.force_login(editor)
    url = reverse("handbook_note_remove", args=[verdict.pk])
    assert client.get(url).status_code == 405
    client.post(url)
    shown = report(client)
    assert "Bel Jan" not in shown
    assert "<td>1</td>" in shown
    assert AuditEntry.objects.get(action="verdict.note_removed").actor == editor
    assert client.post(reverse("handbook_note_remove", args=[0])).status_code == 404


@pytest.mark.parametrize("name", ["mentee", "facilitator", "stranger"])
def test_nobody_else_takes_a_note_away(request, client, chapters, name):
    verdict = Verdict.objects.create(page=chapters[0], useful=False, note="Bel Jan")
    client.force_login(request.getfixturevalue(name))
    url = reverse("handbook_note_remove", args=[verdict.pk])
    assert client.post(url).status_code == 404
    verdict.refresh_from_db()
    assert verdict.note == "Bel Jan"


def test_the_report_asks_as_often_for_one_chapter_as_for_many(
    client, editor, chapters, django_assert_max_num_queries
):
    client.force_login(editor)
    Verdict.objects.create(page=chapters[0], useful=True, note="a")
    report(client)
    with django_assert_max_num_queries(40) as few:
        report(client)
    for page in chapters:
        Verdict.objects.create(page=page, useful=True, note="b")
    with django_assert_max_num_queries(len(few)):
        report(client)
