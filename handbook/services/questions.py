"""From the file of questions to rows: once, and again without undoing anybody's work."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction

from handbook.content_files import FOLDER
from handbook.questions import CONTENT, Question
from reenter.common import audit


@transaction.atomic
def questions_load(*, actor: Any, path: Path = FOLDER / "_faq.json") -> Counter[str]:
    """Make or renew the questions of the file; returns how many were created, updated, same, kept.

    A row that differs from what was loaded last was edited here and is kept. Whether a question
    is published is never touched. Raises OSError or ValueError for a file that cannot be read.
    """
    rows = {row.key: row for row in Question.objects.select_for_update().exclude(key=None)}
    states: Counter[str] = Counter()
    for position, entry in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        row = rows.get(entry["key"]) or Question(key=entry["key"], position=position)
        state = _load(row, entry)
        states[state] += 1
        if state in ("created", "updated"):
            audit.record(actor=actor, action=f"question.{state}", target=row, key=row.key)
    return states


def _load(row: Question, entry: dict[str, Any]) -> str:
    if row.loaded_digest and row.content_digest != row.loaded_digest:
        return "kept"
    for name in CONTENT:
        setattr(row, name, entry[name] or "")
    if row.content_digest == row.loaded_digest:
        return "same"
    state = "updated" if row.loaded_digest else "created"
    row.loaded_digest = row.content_digest
    row.save()
    return state
