"""PDFs of the handbook: made once per content and audience, in the background, and kept a while."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from handbook.models import Paper, Upload
from handbook.pdf.edition import (
    STYLE,
    Edition,
    digest_of,
    edition_of,
    files_of,
    html_of,
)
from handbook.rules import audiences
from reenter.common import clock, jobs
from reenter.common.models import Job
from reenter.common.schedule import each_minute

KIND = "handbook_pdf"
KEPT_FOR = timedelta(days=30)
UNFINISHED_FOR = timedelta(days=1)
WORDS_A_PAGE = 180
TELLS_EVERY = 1.0  # seconds


def paper_find(*, page: Any, user: Any) -> tuple[Edition, Paper | None]:
    """What this reader's PDF of the page holds now, and the PDF when it was asked for before."""
    edition = edition_of(page, audiences(user))
    papers = Paper.objects.select_related("job").filter(page_id=page.pk)
    found = papers.filter(audiences=_key(user), digest=digest_of(edition)).first()
    return edition, found


@transaction.atomic
def paper_request(*, page: Any, user: Any) -> Paper:
    """The PDF for this reader: the one that is there, or one that a worker begins with now.

    Many may ask at once: one is made. Neither the job nor the audit trail says who asked, because
    what somebody reads is theirs alone.
    """
    edition = edition_of(page, audiences(user))
    paper, _made = Paper.objects.get_or_create(
        page_id=page.pk, audiences=_key(user), digest=digest_of(edition)
    )
    locked = Paper.objects.select_for_update(no_key=True, of=("self",)).select_related("job")
    paper = locked.get(pk=paper.pk)
    if paper.is_ready or (paper.job is not None and paper.job.is_open):
        return paper
    paper.file = ""
    paper.job = jobs.job_start(actor=None, kind=KIND, params={"paper": str(paper.pk)})
    paper.save(update_fields=["file", "job"])
    return paper


def _key(user: Any) -> str:
    return " ".join(sorted(audiences(user)))


@jobs.register(KIND)
def paper_make(job: Job, progress: jobs.Progress) -> None:
    """The work of the job; once the file is there, running it again changes nothing."""
    paper = Paper.objects.select_related("page__locale").filter(pk=job.params["paper"]).first()
    if paper is None or paper.is_ready:
        return
    edition = edition_of(paper.page.specific, frozenset(paper.audiences.split()))
    with translation.override(edition.language):
        if digest_of(edition) != paper.digest:
            raise jobs.JobRefused(_("The text has just changed. Ask for the PDF once more."))
        content, pages = _typeset(edition, progress)
    with transaction.atomic():
        locked = Paper.objects.select_for_update(no_key=True).filter(pk=paper.pk).first()
        if locked is None or locked.is_ready:
            return
        locked.pages = pages
        locked.file.save(f"{paper.pk}.pdf", ContentFile(content))


def _typeset(edition: Edition, progress: jobs.Progress) -> tuple[bytes, int]:
    try:
        from handbook.pdf.typesetting import typeset
    except (ImportError, OSError) as error:
        raise jobs.JobRefused(
            _("This site cannot make PDFs: its machine lacks a part. Print the page instead.")
        ) from error
    expected = edition.words / WORDS_A_PAGE + len(edition.chapters)
    told = time.monotonic()

    def on_page(number: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELLS_EVERY:
            told = time.monotonic()
            progress("", 0.1 + 0.7 * min(1, number / expected))

    progress("", 0.1)
    return typeset(
        html_of(edition),
        css=STYLE.read_text(encoding="utf-8"),
        base_url=f"{settings.SITE_URL}/",
        files=files_of(edition),
        on_page=on_page,
    )


@each_minute("handbook_papers", order=80)
def papers_forget() -> int:
    """Delete PDFs of older content or a month old, what was never finished, and left uploads."""
    same = Paper.objects.filter(page=OuterRef("page"), audiences=OuterRef("audiences"))
    newer = same.exclude(file="").filter(created_at__gt=OuterRef("created_at"))
    old, unfinished = clock.now() - KEPT_FOR, clock.now() - UNFINISHED_FOR
    outdated = Q(Exists(newer)) | Q(created_at__lt=old) | Q(file="", created_at__lt=unfinished)
    rows = [*Paper.objects.filter(outdated), *Upload.objects.filter(created_at__lt=unfinished)]
    for row in rows:
        row.delete()
    return len(rows)
