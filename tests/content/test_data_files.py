"""The glossary, the questions, the self-check and the books: data for every language at once."""

import re
from collections import Counter
from datetime import date

import pytest

from handbook.readability import reading_ease, sentences

from .files import LANGUAGES, load_chapters, load_content
from .test_handbook import AUDIENCES
from .test_taxonomy import TOPICS, forbidden_words

GLOSSARY = load_content("_glossary.json")
FAQ = load_content("_faq.json")
SELF_CHECK = load_content("_self_check.json")
BOOKS = load_content("_books.json")
FILES = {"glossary": GLOSSARY, "faq": FAQ, "self_check": SELF_CHECK, "books": BOOKS}
CHAPTER_AUDIENCE = {c.front["translation_key"]: c.front["audience"] for c in load_chapters()}
FAQ_TOPICS = {"joining", "matching", "together", "stopping", "safety", "privacy", "staff"}

each_file = pytest.mark.parametrize("name", FILES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def by_language(value):
    """Every part of a file that holds one thing per language."""
    if isinstance(value, dict):
        if set(LANGUAGES) & set(value):
            yield value
        else:
            for part in value.values():
                yield from by_language(part)
    elif isinstance(value, list):
        for part in value:
            yield from by_language(part)


def prose(value, language: str) -> list[str]:
    found = [part[language] for part in by_language(value)]
    return [text for text in found if isinstance(text, str)]


def isbn_is_valid(isbn: str) -> bool:
    """Thirteen digits whose weighted sum ends in 0 (ISO 2108)."""
    if not re.fullmatch(r"97[89]\d{10}", isbn):
        return False
    return sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(isbn)) % 10 == 0


@each_file
def test_keys_are_unique_and_usable_in_an_address(name):
    keys = [row["key"] for row in FILES[name]]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert [key for key in keys if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


@each_file
def test_everything_is_there_in_both_languages(name):
    for row in FILES[name]:
        parts = list(by_language(row))
        assert parts
        for part in parts:
            assert set(part) == set(LANGUAGES), row["key"]
            assert all(part.values()), row["key"]
        for language in LANGUAGES:
            assert all(text == text.strip() for text in prose(row, language)), row["key"]


@each_file
@each_language
def test_the_texts_are_plain(name, language):
    text = "\n".join(prose(FILES[name], language))
    assert reading_ease(text, language) >= 60
    lengths = [len(sentence) for sentence in sentences(text)]
    assert sum(length < 15 for length in lengths) / len(lengths) >= 0.9
    assert max(lengths) <= 25


@each_file
@each_language
def test_nobody_is_spoken_to_about_age(name, language):
    """The questions may say that age never counts; the others have no reason to name it."""
    if name != "faq":
        text = " ".join(prose(FILES[name], language))
        assert [word for category, word in forbidden_words(text) if category == "age"] == []


@each_file
def test_a_chapter_to_read_on_exists_and_may_be_read(name):
    for row in FILES[name]:
        key = row.get("chapter")
        if key is not None:
            assert CHAPTER_AUDIENCE[key] in {"everyone", row.get("audience")}, row["key"]


def test_the_glossary_explains_about_thirty_terms_in_two_sentences():
    assert 25 <= len(GLOSSARY) <= 40
    for row in GLOSSARY:
        assert set(row) == {"key", "in_text", "chapter", "terms", "explanations"}
        assert isinstance(row["in_text"], bool)
        for language in LANGUAGES:
            assert len(sentences(row["explanations"][language])) <= 2, row["key"]


@each_language
def test_a_word_leads_to_one_term_of_the_glossary(language):
    words = Counter(word.lower() for row in GLOSSARY for word in row["terms"][language])
    assert [word for word, count in words.items() if count > 1] == []


def test_questions_have_a_topic_an_audience_and_a_question_mark():
    assert len(FAQ) >= 20
    for row in FAQ:
        assert set(row) == {"key", "topic", "audience", "chapter", "questions", "answers"}
        assert row["audience"] in AUDIENCES
        assert all(text.endswith("?") for text in row["questions"].values())
    assert {row["topic"] for row in FAQ} == FAQ_TOPICS
    assert {row["audience"] for row in FAQ} == AUDIENCES


def test_the_self_check_has_four_questions_per_role_and_one_right_answer_each():
    assert Counter(row["role"] for row in SELF_CHECK) == {"mentee": 4, "mentor": 4}
    for row in SELF_CHECK:
        assert set(row) == {"key", "role", "chapter", "questions", "answers"}
        assert [set(a) for a in row["answers"]] == [{"right", "texts", "reasons"}] * 3
        assert [a["right"] for a in row["answers"]].count(True) == 1, row["key"]


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_the_right_answer_is_not_always_in_the_same_place(role):
    rows = [row for row in SELF_CHECK if row["role"] == role]
    assert {[a["right"] for a in row["answers"]].index(True) for row in rows} == {0, 1, 2}


def test_books_name_author_year_editions_and_topics():
    assert 10 <= len(BOOKS) <= 12
    for book in BOOKS:
        assert book["authors"]
        assert 1900 < book["year"] <= date.today().year
        assert book["audience"] in AUDIENCES
        assert set(book["topics"]) <= TOPICS, book["key"]
        editions = [edition["language"] for edition in book["editions"]]
        assert editions
        assert len(set(editions)) == len(editions)
        assert set(editions) <= set(LANGUAGES)
        assert all(edition["title"] for edition in book["editions"])
        isbns = [edition["isbn"] for edition in book["editions"] if "isbn" in edition]
        assert all(isbn_is_valid(isbn) for isbn in isbns), book["key"]


@pytest.mark.parametrize(
    ("isbn", "valid"),
    [("9780306406157", True), ("9780306406158", False), ("0306406152", False), ("", False)],
)
def test_an_isbn_is_checked_by_its_last_digit(isbn, valid):
    assert isbn_is_valid(isbn) is valid
