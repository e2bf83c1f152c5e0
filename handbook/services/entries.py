"""From files of words, questions and books to rows, without undoing anybody's work."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from handbook.books import Book
from handbook.content_files import FOLDER
from handbook.entries import Entry
from handbook.glossary import GlossaryTerm
from handbook.keys import chapter_key
from handbook.models import LoadedPage
from handbook.questions import Question
from reenter.common import audit

Fields = dict[str, Any]
NO_LANGUAGE = ""


def questions_load(*, actor: Any, path: Path = FOLDER / "_faq.json") -> Counter[str]:
    """Make or renew the questions of the file; see `_load`."""
    return _load(Question, _question_fields, actor, path)


def books_load(*, actor: Any, path: Path = FOLDER / "_books.json") -> Counter[str]:
    """Make or renew the books of the file; see `_load`."""
    return _load(Book, _book_fields, actor, path)


def glossary_load(*, actor: Any, path: Path = FOLDER / "_glossary.json") -> Counter[str]:
    """Make or renew the words of the file; see `_load`."""
    return _load(GlossaryTerm, _word_fields, actor, path)


@receiver(pre_delete, sender=GlossaryTerm)
@receiver(pre_delete, sender=Question)
@receiver(pre_delete, sender=Book)
def remember_deleted(sender: type[Entry], instance: Entry, **_kwargs: Any) -> None:
    """The next load does not bring it back."""
    if instance.key:
        LoadedPage.objects.get_or_create(language=NO_LANGUAGE, key=_name(instance))


def _word_fields(entry: Fields) -> Fields:
    chapter = chapter_key(entry["chapter"]) if entry["chapter"] else None
    return {name: entry[name] for name in GlossaryTerm.CONTENT} | {"chapter": chapter}


def _question_fields(entry: Fields) -> Fields:
    return {name: entry[name] or "" for name in Question.CONTENT}


def _book_fields(entry: Fields) -> Fields:
    same = ("year", "audience", "topics", "why", "for_whom")
    editions = entry["editions"]
    return {name: entry[name] for name in same} | {
        "authors": ", ".join(entry["authors"]),
        "titles": {edition["language"]: edition["title"] for edition in editions},
        "isbns": {row["language"]: row["isbn"] for row in editions if row.get("isbn")},
    }


@transaction.atomic
def _load(
    model: type[Entry], fields: Callable[[Fields], Fields], actor: Any, path: Path
) -> Counter[str]:
    """How many were created, updated, same, kept (edited here) or removed (here).

    Whether readers see it is never touched. Raises OSError or ValueError for a file that cannot
    be read.
    """
    rows = {row.key: row for row in model._default_manager.select_for_update().exclude(key=None)}
    removed = set(LoadedPage.objects.filter(language=NO_LANGUAGE).values_list("key", flat=True))
    states: Counter[str] = Counter()
    for position, entry in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        row = rows.get(entry["key"]) or model(key=entry["key"], position=position)
        state = "removed" if _name(row) in removed else _renew(row, fields(entry))
        states[state] += 1
        if state in ("created", "updated"):
            action = f"{row._meta.model_name}.{state}"
            audit.record(actor=actor, action=action, target=row, key=row.key)
    return states


def _renew(row: Entry, fields: Fields) -> str:
    if row.loaded_digest and row.content_digest != row.loaded_digest:
        return "kept"
    for name, value in fields.items():
        setattr(row, name, value)
    if row.content_digest == row.loaded_digest:
        return "same"
    state = "updated" if row.loaded_digest else "created"
    row.loaded_digest = row.content_digest
    row.save()
    return state


def _name(row: Entry) -> str:
    return f"{row._meta.model_name}/{row.key}"
