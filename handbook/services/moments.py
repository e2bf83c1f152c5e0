"""Which chapters are offered at which moment: an editor's choice, or what came with the product."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from handbook.content_files import FOLDER
from handbook.keys import chapter_key
from handbook.models import ChapterPage, Moment, MomentReading
from handbook.moments import PLACES
from reenter.common import audit
from reenter.common.errors import Refused


@transaction.atomic
def moment_set(*, actor: Any, moment: str, chapters: Sequence[uuid.UUID]) -> MomentReading:
    """Offer these chapters at a moment, in this order; none means that nothing is offered.

    `chapters` are keys that a page shares with its translations. Raises Refused.
    """
    if len(set(chapters)) < len(chapters):
        raise Refused(_("A chapter stands here twice. Choose it once."))
    if len(chapters) > PLACES[moment].most:
        raise Refused(_("There is room for %d chapters. Choose fewer.") % PLACES[moment].most)
    known = ChapterPage.objects.filter(translation_key__in=chapters).values("translation_key")
    if known.distinct().count() < len(chapters):
        raise Refused(_("One of these chapters is gone. Choose another one."))
    row, _made = MomentReading.objects.select_for_update().get_or_create(moment=moment)
    row.chapters = [str(key) for key in chapters]
    row.save(update_fields=["chapters"])
    _record(actor, row, "set")
    return row


@transaction.atomic
def moments_load(*, actor: Any, path: Path = FOLDER / "_moments.json") -> Counter[str]:
    """Make or renew what the file says; returns how many were created, updated, same, kept.

    What an editor chose is kept. Raises OSError, ValueError or KeyError for a file that cannot
    be used, with nothing written.
    """
    wanted = json.loads(path.read_text(encoding="utf-8"))
    rows = {row.moment: row for row in MomentReading.objects.select_for_update()}
    states: Counter[str] = Counter()
    for moment in Moment:
        keys = [str(chapter_key(name)) for name in wanted[moment]]
        row = rows.get(moment) or MomentReading(moment=moment)
        state = _load(row, keys)
        states[state] += 1
        if state in ("created", "updated"):
            _record(actor, row, state)
    return states


def _load(row: MomentReading, keys: list[str]) -> str:
    state = "created" if row._state.adding else "updated"
    if state == "updated" and row.is_edited:
        return "kept"
    if row.loaded == keys:
        return "same"
    row.chapters = row.loaded = keys
    row.save()
    return state


def _record(actor: Any, row: MomentReading, what: str) -> None:
    audit.record(
        actor=actor, action=f"moment.{what}", target=row, moment=row.moment, chapters=row.chapters
    )
