"""Chapters and answers name buttons and headings: those words are the ones on the screen."""

import pytest
from babel.messages.pofile import read_po

from .files import CHAPTERS, ROOT

PO_FILE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
SCREEN_WORDS = [
    "Add a meeting", "Another reason", "Before a round", "Do you need help?",
    "Find the best pairs", "Go on again", "I would like another match", "Link to hand out",
    "Look at", "Match this person now", "Matching rounds", "My account",
    "My match may see this answer", "My privacy", "Needs you", "Note a talk", "Pause",
    "Pause by the programme", "People", "Stop without blame", "They are in touch",
    "Why not these two?",
]  # fmt: skip


def written(language: str) -> str:
    """Everything that a reader of this language may come across."""
    files = [*(CHAPTERS / language).glob("*.md"), *CHAPTERS.glob("*.json")]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def is_named(words: str, text: str) -> bool:
    """In bold or between quotation marks, as pages name what is on screen."""
    marks = (f"**{words}**", f"**{words}.**", f'"{words}"', f'\\"{words}\\"')
    return any(mark in text for mark in marks)


@pytest.fixture(scope="module")
def catalog():
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="nl")


@pytest.mark.parametrize("words", SCREEN_WORDS)
def test_what_a_page_calls_by_name_is_called_so_on_screen(words, catalog):
    message = catalog.get(words)
    assert message is not None
    assert is_named(words, written("en"))
    assert is_named(message.string, written("nl"))
