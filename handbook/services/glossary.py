"""From the file of words to rows: once, and again without undoing anybody's work."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction

from handbook.content_files import FOLDER
from handbook.glossary import CONTENT, GlossaryTerm
from handbook.keys import chapter_key
from reenter.common import audit


@transaction.atomic
def glossary_load(*, actor: Any, path: Path = FOLDER / "_glossary.json") -> Counter[str]:
    """Make or renew the words of the file; returns how many were created, updated, same, kept.

    A row that differs from what was loaded last was edited here and is kept. Whether a word is
    published is never touched. Raises OSError or ValueError for a file that cannot be read.
    """
    rows = {row.key: row for row in GlossaryTerm.objects.select_for_update().exclude(key=None)}
    states: Counter[str] = Counter()
    for entry in json.loads(path.read_text(encoding="utf-8")):
        row = rows.get(entry["key"]) or GlossaryTerm(key=entry["key"])
        chapter = chapter_key(entry["chapter"]) if entry["chapter"] else None
        state = _load(row, entry | {"chapter": chapter})
        states[state] += 1
        if state in ("created", "updated"):
            audit.record(actor=actor, action=f"glossary.{state}", target=row, key=row.key)
    return states


def _load(row: GlossaryTerm, entry: dict[str, Any]) -> str:
    if row.loaded_digest and row.content_digest != row.loaded_digest:
        return "kept"
    for name in CONTENT:
        setattr(row, name, entry[name])
    if row.content_digest == row.loaded_digest:
        return "same"
    state = "updated" if row.loaded_digest else "created"
    row.loaded_digest = row.content_digest
    row.save()
    return state
