"""What the import pages read."""

from __future__ import annotations

from accounts.models import LegalText

from ..imports.mapping import Mapping, from_dict, propose
from ..imports.tables import Table
from ..models import ImportBatch, Programme, SavedMapping


def text_in_force(code: str) -> LegalText:
    """The newest version of a text. Raises LegalText.DoesNotExist when none was loaded."""
    return LegalText.objects.filter(code=code).latest("version", "created_at")


def mapping_for(programme: Programme, role: str, columns: list[str]) -> Mapping:
    """What this organisation used last, when it fits these columns; else a guess by name."""
    saved = SavedMapping.objects.filter(organisation=programme.organisation_id, role=role).first()
    if saved:
        mapping = from_dict(saved.mapping)
        if (
            set(mapping.columns.values()) | set(mapping.drop)
            >= set(columns)
            >= set(mapping.columns.values())
        ):
            return mapping
    return propose(columns)


def table_of(batch: ImportBatch) -> Table:
    return Table(batch.columns, batch.rows, batch.numbers)
