"""Files that only some may have: PDFs of the handbook, and what editors bring in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from reenter.common.models import Entity, Job


def private_storage() -> Storage:
    """Beside the uploaded images but never under an address: each file has a view that asks who."""
    return FileSystemStorage(location=settings.PRIVATE_ROOT, base_url=None)


class Paper(Entity):
    """The PDF of a page and all below it, for readers of some audiences, with just this content.

    Without a file it is being made. The digest is that of `handbook.pdf.edition`.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="papers")
    audiences = models.CharField(max_length=60, help_text="In order, apart by spaces.")
    digest = models.CharField(max_length=64)
    file = models.FileField(storage=private_storage, upload_to="papers", blank=True)
    pages = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "audiences", "digest"], name="paper_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.audiences}"

    @property
    def is_ready(self) -> bool:
        return bool(self.file) and self.file.storage.exists(self.file.name)


class Upload(Entity):
    """A file that an editor brought and has still to confirm; it goes within a day."""

    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    file = models.FileField(storage=private_storage, upload_to="uploads")

    def __str__(self) -> str:
        return str(self.pk)


@receiver(post_delete, sender=Paper)
@receiver(post_delete, sender=Upload)
def file_goes_with_its_row(instance: Any, **kwargs: Any) -> None:
    if instance.file:
        name, storage = instance.file.name, instance.file.storage
        transaction.on_commit(lambda: storage.delete(name))
