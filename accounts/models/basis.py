"""Texts with versions, and on which legal basis we use whose data for what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reenter.common import clock
from reenter.common.models import Entity

from .taxonomy import in_language


class LegalText(Entity):
    """One version of a text that people agree to or read; never changed, only followed up."""

    code = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    titles = models.JSONField(default=dict)
    bodies = models.JSONField(default=dict)

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="legal_text_version_once")
        ]

    def __str__(self) -> str:
        return f"{in_language(self.titles)} ({self.version})"

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def body(self) -> str:
        return in_language(self.bodies)


class LegalBasis(Entity):
    """One purpose for one person: on which basis, under which text, from when until when."""

    class Purpose(models.TextChoices):
        GUIDANCE = "guidance", _("Finding a match and looking after the pair")
        CONTACT_SHARING = "contact_sharing", _("Sharing my phone number with my match")
        STORY = "story", _("Telling my story")
        DIRECTORY = "directory", _("Being in the list of mentors")
        ALUMNI = "alumni", _("Staying in touch afterwards")

    class Basis(models.TextChoices):
        CONTRACT = "contract", _("Needed for what you asked us to do")
        CONSENT = "consent", _("Your consent")

    class How(models.TextChoices):
        SELF = "self", _("by the person")
        SPOKEN = "spoken", _("told to staff")
        IMPORT = "import", _("stated by the organisation at import")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="legal_bases"
    )
    purpose = models.CharField(max_length=20, choices=Purpose)
    basis = models.CharField(max_length=20, choices=Basis)
    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How, default=How.SELF)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    statement = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["purpose", "-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="legal_basis_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.basis})"
