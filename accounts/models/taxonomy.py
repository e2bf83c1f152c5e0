"""Topics, themes, bonds and sectors: what people choose from. Admins edit all of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity


def language_in(texts: dict[str, str]) -> str:
    """The language to show of these: that of the page, else the site's own, else any there is."""
    short = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    order = (short, settings.LANGUAGE_CODE, *texts)
    return next((code for code in order if texts.get(code)), short)


def in_language(texts: dict[str, str]) -> str:
    """The text in that language."""
    return texts.get(language_in(texts), "")


class TermGroup(Entity):
    class Kind(models.TextChoices):
        TOPIC = "topic", _("Topic")
        THEME = "theme", _("Theme")
        BOND = "bond", _("Bond")
        SECTOR = "sector", _("Sector")

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.SlugField(max_length=60, unique=True)
    labels = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position", "code"]
        verbose_name = _("group of answers")
        verbose_name_plural = _("groups of answers")

    def __str__(self) -> str:
        return in_language(self.labels)


class TermQuerySet(models.QuerySet["Term"]):
    def of_kind(self, kind: str) -> TermQuerySet:
        return self.filter(group__kind=kind)

    def offered(self) -> TermQuerySet:
        """Those that people may choose today; older answers keep a retired term."""
        return self.filter(is_active=True)


class Term(Entity):
    """One entry to choose. `labels` and `sentences` hold a text per language code."""

    group = models.ForeignKey(TermGroup, on_delete=models.PROTECT, related_name="terms")
    code = models.CharField(max_length=60, unique=True)
    labels = models.JSONField(default=dict)
    sentences = models.JSONField(default=dict)
    source = models.CharField(max_length=60, blank=True)
    shown_first = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["group__kind", "group__position", "position", "code"]
        verbose_name = _("answer to choose from")
        verbose_name_plural = _("answers to choose from")

    def __str__(self) -> str:
        return in_language(self.labels)

    @property
    def sentence(self) -> str:
        """The everyday sentence; the label where there is none."""
        return in_language(self.sentences) or str(self)


class TopicRelation(Entity):
    """Two topics are close: who knows one can help in part with the other. Symmetric."""

    a = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")
    strength = models.FloatField(validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])

    class Meta:
        verbose_name = _("pair of related topics")
        verbose_name_plural = _("pairs of related topics")
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="topic_relation_once"),
            models.CheckConstraint(
                condition=models.Q(strength__gt=0, strength__lte=1),
                name="topic_relation_strength_0_to_1",
            ),
            models.CheckConstraint(
                condition=~models.Q(a=models.F("b")), name="topic_relation_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a} ~ {self.b}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if str(self.a_id) > str(self.b_id):
            self.a, self.b = self.b, self.a
        super().save(*args, **kwargs)
