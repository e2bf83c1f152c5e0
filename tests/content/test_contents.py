"""Every item of the source's table of contents has a chapter, in its part and in its order."""

import re

import pytest

from handbook.content_files import read_book

from .contents import CHAPTERS, CONTENTS, KEYS, PRACTICAL
from .files import LANGUAGES, load_chapters

TIPS = re.compile(r"(?m)^## Tip ([123]): \S.+\n\n\S")


def test_every_item_has_a_chapter():
    items = [number for part in CONTENTS.values() for number in part]
    assert list(CHAPTERS) == items
    assert all(CHAPTERS.values())
    assert PRACTICAL.isdisjoint(key for keys in CHAPTERS.values() for key in keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapters_are_those_of_the_list(language):
    """By the reader of the product itself, so a chapter that it does not see is missing here."""
    assert {chapter.key for chapter in read_book(language).chapters} == KEYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_and_chapters_follow_the_source(language):
    book = read_book(language)
    assert [part.key for part in book.parts] == list(CONTENTS)
    for part, numbers in CONTENTS.items():
        wanted = dict.fromkeys(key for number in numbers for key in CHAPTERS[number])
        found = [c.key for c in book.chapters if c.part == part and c.key not in PRACTICAL]
        assert found == list(wanted)


@pytest.mark.parametrize("key", [CHAPTERS["4.1.5a"][0], CHAPTERS["4.1.8a"][0]])
def test_the_three_tips_are_complete(key):
    for chapter in load_chapters():
        if chapter.front["translation_key"] == key:
            assert TIPS.findall(chapter.body) == ["1", "2", "3"]
