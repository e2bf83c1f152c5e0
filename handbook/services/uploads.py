"""Files that editors brought: kept aside, then carried out in the background, then gone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from handbook.front_matter import ContentError
from handbook.models import Upload
from handbook.package import unpacked
from reenter.common import audit, jobs
from reenter.common.models import Job

from .importing import handbook_import

KIND = "handbook_import"


@transaction.atomic
def upload_keep(*, actor: Any, file: Any, language: str = "") -> Upload:
    """Keep a file for a second look; `language` is that of a document."""
    upload = Upload(name=file.name[:200], language=language)
    file.seek(0)
    upload.file.save(str(upload.pk), file)
    audit.record(actor=actor, action="handbook.upload", target=upload)
    return upload


def import_start(*, actor: Any, upload: Upload, next_url: str) -> Job:
    """Hand the zip file to a worker; the job's page leads to `next_url` when it is done."""
    params = {"upload": str(upload.pk), "next": next_url}
    return jobs.job_start(actor=actor, kind=KIND, params=params)


@jobs.register(KIND)
def import_job(job: Job, progress: jobs.Progress) -> None:
    """The work of the job; the file goes with it, so running it again changes nothing."""
    upload = Upload.objects.filter(pk=job.params["upload"]).first()
    if upload is None:
        return
    actor = job.started_by
    with translation.override(actor.language if actor else None):
        progress(_("Reading the pages"), 0.2)
        try:
            with upload.file.open("rb") as file, unpacked(file) as folder, transaction.atomic():
                handbook_import(actor=actor, folder=folder)
                upload.delete()
        except ContentError as error:
            raise jobs.JobRefused(str(error)) from error
