import re

import pytest

from handbook.readability import reading_ease

from .files import LANGUAGES, load_json

TEXTS = {text["code"]: text for text in load_json("legal.json")}
CODES = {
    "privacy", "terms", "code_of_conduct", "contact_sharing", "story",
    "briefing_mentee", "briefing_mentor", "import_statement",
}  # fmt: skip
PAIRS = [(code, language) for code in sorted(CODES) for language in LANGUAGES]
MUST_NAME = {
    ("privacy", "nl"): [
        "12 maanden", "24 maanden", "overeenkomst", "gerechtvaardigd belang", "toestemming",
        "logboek", "Een mens beslist", "uitkering", "Autoriteit Persoonsgegevens", "wissen",
    ],
    ("privacy", "en"): [
        "12 months", "24 months", "contract", "legitimate interest", "consent",
        "logbook", "A person decides", "benefit", "data protection authority", "deleted",
    ],
    ("code_of_conduct", "nl"): ["verkoopt niets", "vertrouwenspersoon", "vervanger", "112"],
    ("code_of_conduct", "en"): ["sells nothing", "safeguarding person", "deputy", "at once", "112"],
    ("import_statement", "nl"): ["welke dag", "welke tekst", "wie dat"],
    ("import_statement", "en"): ["which day", "which text", "who talked"],
}  # fmt: skip


def paragraphs(code: str, language: str) -> list[list[str]]:
    return [part.split("\n") for part in TEXTS[code]["bodies"][language].split("\n\n")]


def test_every_text_is_there_once_with_a_version():
    assert set(TEXTS) == CODES
    assert len(load_json("legal.json")) == len(CODES)
    assert all(re.fullmatch(r"\d{4}-\d{2}", text["version"]) for text in TEXTS.values())


@pytest.mark.parametrize(("code", "language"), PAIRS)
def test_a_paragraph_is_either_a_list_or_plain_lines(code, language):
    assert TEXTS[code]["titles"][language]
    for lines in paragraphs(code, language):
        items = [line.startswith("- ") for line in lines]
        assert all(lines), lines
        assert len(set(items)) == 1, lines
        assert not any(re.search(r"[*_#<>`]|\]\(", line) for line in lines), lines


@pytest.mark.parametrize("code", sorted(CODES))
def test_both_languages_have_the_same_shape(code):
    shapes = [
        [(lines[0].startswith("- "), len(lines)) for lines in paragraphs(code, language)]
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("code", "language"), MUST_NAME)
def test_a_text_names_what_it_has_to(code, language):
    body = TEXTS[code]["bodies"][language]
    assert [phrase for phrase in MUST_NAME[code, language] if phrase not in body] == []


@pytest.mark.parametrize(("code", "language"), PAIRS)
def test_a_text_is_plain(code, language):
    assert reading_ease(TEXTS[code]["bodies"][language], language) >= 60
