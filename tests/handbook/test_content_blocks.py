"""Blocks of the content files: example, question, image and video."""

import pytest

from handbook import file_blocks
from handbook.file_blocks import FileBlock, Finder
from handbook.front_matter import ContentError

FIND = Finder(chapter={"welcome": 7}.get, image={"bank.jpg": 3}.get)


def value(kind, text, find=FIND):
    return file_blocks._VALUES[kind](FileBlock(kind, tuple(text.splitlines())), find)


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        (
            "example",
            "title: Sanne\nZij belt.\n\n- Een [link](chapter:welcome)",
            {
                "title": "Sanne",
                "text": '<p>Zij belt.</p><ul><li>Een <a id="7" linktype="page">link</a></li></ul>',
            },
        ),
        ("example", "Zij **belt**.", {"title": "", "text": "<p>Zij <b>belt</b>.</p>"}),
        (
            "question",
            "question: Wat wil je: nu?\n\nNeem de tijd.",
            {"question": "Wat wil je: nu?", "text": "<p>Neem de tijd.</p>"},
        ),
        ("question", "question: En jij?", {"question": "En jij?", "text": ""}),
        (
            "image",
            "file: bank.jpg\nalt: Twee mensen op een bank\ncaption: Tekening: Ada",
            {
                "image": 3, "alt": "Twee mensen op een bank", "decoration": False,
                "caption": "Tekening: Ada",
            },
        ),
        (
            "image",
            "file: weg.png\ndecoration: yes",
            {"image": None, "alt": "", "decoration": True, "caption": ""},
        ),
        (
            "video",
            "title: Film\nminutes: 4\nlink: https://video.example.org/a?b=1\ntext: Een gesprek.",
            {
                "title": "Film", "minutes": 4, "link": "https://video.example.org/a?b=1",
                "text": "Een gesprek.",
            },
        ),
    ],
)  # fmt: skip
def test_a_block_is_read(kind, text, stored):
    assert value(kind, text) == stored


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("example", "title: Alleen een titel", "holds a text"),
        ("example", "## Kop\ntekst", "no headings"),
        ("question", "Wat wil je?", "begins with a line question"),
        ("image", "file: bank.jpg", "has a line alt"),
        ("image", "file: bank.jpg\nalt: a\ndecoration: yes", "has a line alt"),
        ("image", "file: bank.jpg\ndecoration: maybe", "has a line alt"),
        ("image", "file: ../../x.jpg\nalt: a", "no name of an image"),
        ("image", "file: x.svg\nalt: a", "no name of an image"),
        ("image", "alt: a", "has the lines file"),
        ("video", "title: F\nminutes: 0\nlink: https://a.example/", "whole number"),
        ("video", "title: F\nminutes: vier\nlink: https://a.example/", "whole number"),
        ("video", "title: F\nminutes: 4\nlink: http://a.example/", "begins with https"),
        ("video", "title: F\nlink: https://a.example/", "lines title, minutes, link"),
        ("video", "title: F\nminutes: 4\nlink: https://a.example/\nx: y", "has the lines"),
    ],
)
def test_a_broken_block_is_refused(kind, text, reason, english):
    with pytest.raises(ContentError, match=reason):
        value(kind, text)
