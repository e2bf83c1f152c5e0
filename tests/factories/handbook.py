"""Pages of the handbook, made directly: loading all content files takes seconds."""

from __future__ import annotations

import io
import itertools
import uuid
from typing import Any

from PIL import Image

from handbook.books import Book
from handbook.keys import key_of
from handbook.models import ChapterPage, HandbookIndexPage, HomePage, MomentReading, PartPage
from handbook.questions import Question
from handbook.services.moments import moment_set
from handbook.services.pictures import picture_keep
from handbook.services.site import home_prepare, site_prepare

_count = itertools.count(1)
LANGUAGES = ("nl", "en")


def homes() -> dict[str, HomePage]:
    made = {language: home_prepare(language) for language in LANGUAGES}
    site_prepare(made)
    return made


def book(language: str = "nl", **extra: Any) -> HandbookIndexPage:
    title, slug = ("Handboek", "handboek") if language == "nl" else ("Handbook", "handbook")
    home = homes()[language]
    fields = {
        "title": title, "slug": slug, "intro": "Intro.", "locale": home.locale,
        "translation_key": key_of("handbook"),
    }  # fmt: skip
    return home.add_child(instance=HandbookIndexPage(**fields | extra))


def another_book(language: str = "nl", **extra: Any) -> HandbookIndexPage:
    """A handbook beside the one for mentoring."""
    number = next(_count)
    fields = {
        "title": f"Book {number}", "slug": f"book-{number}", "translation_key": uuid.uuid4()
    }  # fmt: skip
    return book(language, **fields | extra)


def part(parent: HandbookIndexPage, **extra: Any) -> PartPage:
    number = next(_count)
    fields = {
        "title": f"Part {number}", "slug": f"part-{number}", "intro": "A part.",
        "locale": parent.locale,
    }  # fmt: skip
    return parent.add_child(instance=PartPage(**fields | extra))


def chapter(parent: PartPage, **extra: Any) -> ChapterPage:
    number = next(_count)
    fields = {
        "title": f"Chapter {number}", "slug": f"chapter-{number}", "intro": "A chapter.",
        "locale": parent.locale, "body": [text("<p>Words.</p>")],
    }  # fmt: skip
    return parent.add_child(instance=ChapterPage(**fields | extra))


def offered(moment: str, *chapters: ChapterPage) -> MomentReading:
    """What an editor put at a moment."""
    keys = [chapter.translation_key for chapter in chapters]
    return moment_set(actor=None, moment=moment, chapters=keys)


def text(html: str) -> dict[str, Any]:
    return {"type": "text", "value": html}


def listed(kind: str, title: str, values: list[Any]) -> dict[str, Any]:
    items = [{"type": "item", "value": value, "id": str(uuid.uuid4())} for value in values]
    return {"type": kind, "value": {"title": title, "items": items}}


def link(page: Any, label: str) -> str:
    return f'<a id="{page.pk}" linktype="page">{label}</a>'


def picture(width: int = 8, height: int = 6, kind: str = "PNG", **extra: Any) -> bytes:
    """A picture file; `extra` as Pillow's `save` takes it. The colour differs each time."""
    out = io.BytesIO()
    colour = (next(_count) % 256, 90, 160)
    Image.new("RGB", (width, height), colour).save(out, kind, **extra)
    return out.getvalue()


def image(**size: int) -> Any:
    return picture_keep(name="picture.png", content=picture(**size))


def question(words: str, answer: str = "Ja.", **extra: Any) -> Question:
    """Answered, in Dutch alone."""
    fields = {"topic": "joining", "questions": {"nl": words}, "answers": {"nl": answer}} | extra
    return Question.objects.create(**fields)


def book_read(title: str, **extra: Any) -> Book:
    """A book of the book club, in Dutch alone."""
    fields = {
        "authors": "Iemand", "titles": {"nl": title}, "why": {"nl": "Het helpt."},
        "for_whom": {"nl": "Voor wie begint."},
    }  # fmt: skip
    return Book.objects.create(**fields | extra)
