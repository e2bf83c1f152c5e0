"""The introductions of the other handbooks of the series: files beside the chapters."""

import re

import pytest

from handbook.readability import reading_ease, sentences

from .contents import KEYS
from .files import LANGUAGES, load_series, parse_blocks, plain_text
from .test_handbook import CHECKS, KINDS

LOADED = load_series()
FRONT = {
    "title", "slug", "key", "order", "audience", "readers", "language", "status", "intro",
}  # fmt: skip
SERIES = {"workshops", "learners", "collaboration", "policy"}
each_one = pytest.mark.parametrize(
    "page", LOADED, ids=lambda page: f"{page.language}-{page.path.stem}"
)


def test_the_four_others_stand_in_both_languages():
    for language in LANGUAGES:
        found = [page.front["key"] for page in LOADED if page.language == language]
        assert sorted(found) == sorted(SERIES)
    assert SERIES.isdisjoint(KEYS)


@each_one
def test_front_matter_is_complete(page):
    front = page.front
    assert set(front) == FRONT
    assert front["key"] == page.path.stem
    assert front["language"] == page.language
    assert front["audience"] == "everyone"
    assert front["status"] in {"introduction", "complete"}
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", front["slug"])
    assert len(sentences(front["intro"])) == 1


def test_addresses_and_places_are_unique_and_places_agree():
    for language in LANGUAGES:
        pages = [page.front for page in LOADED if page.language == language]
        assert len({front["slug"] for front in pages}) == len(pages)
        # The third of the five is the handbook for mentoring itself.
        order = {front["key"]: front["order"] for front in pages}
        assert order == {"workshops": 1, "learners": 2, "collaboration": 4, "policy": 5}


@each_one
def test_blocks_are_well_formed(page):
    blocks = parse_blocks(page.body)
    assert blocks
    assert {block.kind for block in blocks} <= KINDS
    assert [block for block in blocks if not CHECKS[block.kind](block)] == []


def test_both_languages_have_the_same_shape():
    shapes = {}
    for page in LOADED:
        shape = [(block.kind, len(block.lines)) for block in parse_blocks(page.body)]
        shapes.setdefault(page.front["key"], []).append(shape)
    assert [key for key, (first, *rest) in shapes.items() if rest != [first]] == []


@each_one
def test_an_introduction_is_plain(page):
    text = "\n".join(
        (page.front["intro"], page.front["readers"], plain_text(parse_blocks(page.body)))
    )
    assert reading_ease(text, page.language) >= 60
    lengths = [len(sentence) for sentence in sentences(text)]
    assert sum(length < 15 for length in lengths) / len(lengths) >= 0.9
    assert max(lengths) <= 25
