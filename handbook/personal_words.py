"""What the keys of one's own export mean, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reenter.common.readable import Words

READING = Words(
    title=_("Chapters that I marked as read"),
    labels={"chapter": _("Chapter"), "read_at": _("Day")},
)
