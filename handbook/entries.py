"""What comes from a file of the product and is the editors' own from then on."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity

AFTER_THE_FILE = 1000


class Entry(Entity):
    """A row of a list. `TRANSLATED` names the fields that hold a text per language code."""

    CONTENT: ClassVar[tuple[str, ...]] = ()
    TRANSLATED: ClassVar[tuple[str, ...]] = ()

    key = models.CharField(max_length=100, unique=True, null=True, blank=True)
    is_published = models.BooleanField(_("Readers see it"), default=True)
    position = models.PositiveSmallIntegerField(default=AFTER_THE_FILE)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "created_at"]

    @property
    def content_digest(self) -> str:
        """Changes with any word of the content; another than `loaded_digest` after an edit."""
        content = [getattr(self, name) for name in self.CONTENT]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def missing_languages(self) -> list[str]:
        """The languages of the site in which a part of it still has to be written."""
        texts: list[dict[str, Any]] = [getattr(self, name) for name in self.TRANSLATED]
        return [code for code, _name in settings.LANGUAGES if not all(t.get(code) for t in texts)]
