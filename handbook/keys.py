"""The keys by which a page of the content files is known in every language and every database."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("6d0f1c9e-3c1b-5b0e-9a54-7f4a1d9e2b60")


def key_of(name: str) -> uuid.UUID:
    """The translation key of a page by its name: `home`, `handbook`, `part/…` or `chapter/…`."""
    return uuid.uuid5(_NAMESPACE, name)


def chapter_key(key: str) -> uuid.UUID:
    """The translation key of the chapter with this key in the content files."""
    return key_of(f"chapter/{key}")
