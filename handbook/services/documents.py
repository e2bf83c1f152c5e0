"""A document that an editor brought becomes a draft part with draft chapters."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from handbook.documents import Document
from handbook.models import ChapterPage, HandbookIndexPage, PartPage, Upload
from reenter.common import audit


@transaction.atomic
def document_keep(
    *, actor: Any, book: HandbookIndexPage, document: Document, upload: Upload | None = None
) -> PartPage:
    """The new part, at the end of the handbook; nothing of it is on the site, and the file goes.

    Introductions stay empty: the editor asks for them before a page is published.
    """
    part = PartPage(title=document.title, slug="", intro="", locale=book.locale, live=False)
    HandbookIndexPage.objects.get(pk=book.pk).add_child(instance=part)
    part.save_revision(user=actor, clean=False, log_action=True)
    for read in document.chapters:
        chapter = ChapterPage(
            title=read.title, slug="", intro="", locale=book.locale, live=False, body=read.blocks
        )
        PartPage.objects.get(pk=part.pk).add_child(instance=chapter)
        chapter.save_revision(user=actor, clean=False, log_action=True)
    audit.record(
        actor=actor, action="handbook.document", target=part, chapters=len(document.chapters)
    )
    if upload is not None:
        upload.delete()
    return part
