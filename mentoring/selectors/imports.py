"""What the import pages read."""

from __future__ import annotations

from dataclasses import replace

from accounts.models import LegalText

from ..imports.mapping import Mapping, from_dict, propose
from ..imports.tables import Table
from ..models import ImportBatch, Programme, SavedMapping


def text_in_force(code: str) -> LegalText:
    """The newest version of a text. Raises LegalText.DoesNotExist when none was loaded."""
    return LegalText.objects.filter(code=code).latest("version", "created_at")


def mapping_for(programme: Programme, role: str, columns: list[str]) -> Mapping:
    """What this organisation used last, when it fits these columns; else a guess by name.

    The words that it explained before are known in both cases.
    """
    saved = SavedMapping.objects.filter(organisation=programme.organisation_id, role=role).first()
    if saved is None:
        return propose(columns)
    mapping = from_dict(saved.mapping)
    used = set(mapping.columns.values())
    if used <= set(columns) <= used | set(mapping.drop):
        return mapping
    return replace(propose(columns), values=mapping.values)


def table_of(batch: ImportBatch) -> Table:
    return Table(batch.columns, batch.rows, batch.numbers)
