"""Answered questions: loaded once, changed here, shown to whom they are for."""

import json

import pytest
from django.urls import reverse

from handbook.questions import Question
from handbook.services.entries import questions_load
from reenter.common.models import AuditEntry

PAGE = reverse("handbook:questions")


def entry(key, **extra):
    fields = {
        "key": key,
        "topic": "joining",
        "audience": "everyone",
        "chapter": None,
        "questions": {"nl": f"Vraag {key}?", "en": f"Question {key}?"},
        "answers": {"nl": f"Antwoord {key}.", "en": f"Answer {key}."},
    }
    return fields | extra


@pytest.fixture
def load(db, tmp_path):
    def with_entries(*entries):
        path = tmp_path / "faq.json"
        path.write_text(json.dumps(entries), encoding="utf-8")
        return dict(questions_load(actor=None, path=path))

    return with_entries


def test_loading_again_changes_nothing(load):
    assert load(entry("een")) == {"created": 1}
    assert load(entry("een")) == {"same": 1}
    assert AuditEntry.objects.filter(action__startswith="question.").count() == 1


def test_a_new_text_arrives_but_never_over_an_edit(load):
    load(entry("een"), entry("twee"))
    edited = Question.objects.get(key="een")
    edited.answers = {"nl": "Van ons.", "en": "Ours."}
    edited.save()
    Question.objects.filter(key="twee").update(is_published=False)
    new = {"nl": "Nieuw.", "en": "New."}
    assert load(entry("een", answers=new), entry("twee", answers=new)) == {"kept": 1, "updated": 1}
    assert Question.objects.get(key="een").answer == "Van ons."
    changed = Question.objects.get(key="twee")
    assert (changed.answer, changed.is_published) == ("Nieuw.", False)


@pytest.mark.parametrize("name", ["anonymous", "stranger", "mentee", "mentor", "facilitator"])
def test_each_reader_sees_what_is_for_them(load, as_reader, name):
    roles = ("everyone", "mentee", "mentor", "facilitator")
    load(*(entry(f"kanarie{role}", audience=role) for role in roles))
    client, may_read = as_reader(name)
    content = client.get(PAGE).content.decode()
    seen = {role for role in roles if f"Antwoord kanarie{role}." in content}
    assert seen == may_read | {"everyone"}


def test_what_is_not_published_is_not_there(load, client):
    load(entry("een"))
    Question.objects.update(is_published=False)
    assert "Vraag een?" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("query", "keys"),
    [("één", {"een"}), ("vraag TW", {"twee"}), ("", {"een", "twee"}), ("\x00zzz", set())],
)
def test_search_finds_words_by_their_beginning(load, client, query, keys):
    load(entry("een"), entry("twee"))
    content = client.get(PAGE, {"q": query}).content.decode()
    assert {key for key in ("een", "twee") if f"Vraag {key}?" in content} == keys


def test_the_page_speaks_the_readers_language(load, client):
    load(entry("one"))
    content = client.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert "Question one?" in content
    assert "Vraag one?" not in content


def test_a_link_leads_only_to_a_chapter_that_i_may_read(loaded, load, as_reader):
    load(entry("een", chapter="welcome"), entry("twee", chapter="running-a-round"))
    client, _may_read = as_reader("anonymous")
    content = client.get(PAGE).content.decode()
    assert content.count("Lees meer in het handboek") == 1


def test_the_page_asks_as_often_for_one_question_as_for_many(
    load, client, django_assert_max_num_queries
):
    load(*(entry(f"vraag-{number}", chapter="welcome") for number in range(40)))
    with django_assert_max_num_queries(3):
        assert client.get(PAGE).status_code == 200


def test_the_questions_of_the_product_load(db):
    assert questions_load(actor=None) == {"created": 25}
    assert questions_load(actor=None) == {"same": 25}
