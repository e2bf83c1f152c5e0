"""What readers do with a chapter: mark it as read for themselves, say whether it was useful.

Neither leaves an audit row: that would tell others what somebody read.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import translation

from handbook.models import ChapterPage, ChapterRead, Verdict
from handbook.reading_models import NOTE_LETTERS
from reenter.common import audit


@transaction.atomic
def chapter_mark(*, actor: Any, key: uuid.UUID, read: bool) -> None:
    """Mark a chapter as read, or take the mark back; doing it twice changes nothing."""
    if read:
        ChapterRead.objects.get_or_create(user=actor, translation_key=key)
    else:
        ChapterRead.objects.filter(user=actor, translation_key=key).delete()


def verdict_add(*, page: ChapterPage, useful: bool, note: str = "") -> Verdict:
    """Count an answer. There is no actor: who answered is nobody's affair."""
    return Verdict.objects.create(page=page, useful=useful, note=note.strip()[:NOTE_LETTERS])


@transaction.atomic
def note_remove(*, actor: Any, verdict: Verdict) -> None:
    """Take a note away; its yes or no still counts."""
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    verdict.note = ""
    verdict.save(update_fields=["note"])
    audit.record(actor=actor, action="verdict.note_removed", target=verdict)


def marks_export(user: Any) -> list[dict[str, Any]]:
    """What the person marked as read: the title in their language, else in any."""
    marks = list(ChapterRead.objects.filter(user=user).order_by("created_at"))
    pages = ChapterPage.objects.filter(translation_key__in=[m.translation_key for m in marks])
    language = translation.get_language()
    rows = pages.values_list("translation_key", "locale__language_code", "title")
    titles = {key: title for key, code, title in sorted(rows, key=lambda row: row[1] == language)}
    return [
        {"chapter": titles.get(mark.translation_key, ""), "read_at": mark.created_at.isoformat()}
        for mark in marks
    ]


def marks_erase(user: Any) -> None:
    ChapterRead.objects.filter(user=user).delete()
