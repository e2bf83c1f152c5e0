"""A list of people on its way in, kept until it is imported or a week has passed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Organisation, Profile
from reenter.common.models import Entity

from .programmes import Programme


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: Any) -> ImportBatchQuerySet:
        return self.filter(programme__in=Programme.objects.visible_to(user))


class ImportBatch(Entity):
    """The table as it was uploaded; its rows are deleted as soon as they are imported."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="imports")
    role = models.CharField(max_length=10, choices=Profile.Role)
    filename = models.CharField(max_length=200)
    columns = models.JSONField()
    rows = models.JSONField(default=list)
    numbers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    imported_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.programme} {self.role} {self.created_at:%Y-%m-%d}"


class SavedMapping(Entity):
    """The mapping that an organisation used last for a role, proposed again next time."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="saved_mappings"
    )
    role = models.CharField(max_length=10, choices=Profile.Role)
    mapping = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role"], name="saved_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.role}"
