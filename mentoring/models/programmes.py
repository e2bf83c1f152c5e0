"""A run of mentoring with its own rules."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_PLACES, Organisation
from reenter.common import clock
from reenter.common.models import Entity

DEFAULT_WEIGHTS = {
    "goals": 0.40,
    "lived": 0.20,
    "bonds": 0.10,
    "sector": 0.10,
    "availability": 0.10,
    "place": 0.10,
}


def default_weights() -> dict[str, float]:
    return dict(DEFAULT_WEIGHTS)


def default_check_in_days() -> list[int]:
    """Day 14, day 30, then every 30 days until the closing talk in week 24."""
    return [14, 30, 60, 90, 120, 150]


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Any) -> ProgrammeQuerySet:
        """Programmes of the organisations that the person is a facilitator of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__memberships__user=user).distinct()

    def open(self) -> ProgrammeQuerySet:
        return self.filter(state=Programme.State.OPEN)


class Programme(Entity):
    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="programmes"
    )
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(max_length=60, unique=True)
    intro = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    safeguarding_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    safeguarding_deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    weights = models.JSONField(default=default_weights)
    minimum_points = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(10_000)]
    )
    certificate_required = models.BooleanField(default=False)
    exclude_competitors = models.BooleanField(default=False)
    floor_first = models.BooleanField(
        default=True, help_text="The weakest pair is made as good as possible before the total."
    )
    lower_quota = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(MOST_PLACES)],
        help_text="Mentees that each mentor gets at least, where it can be.",
    )
    mentorship_weeks = models.PositiveSmallIntegerField(default=26)
    rhythm_days = models.PositiveSmallIntegerField(default=14)
    check_in_days = models.JSONField(default=default_check_in_days)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="open")
                | models.Q(safeguarding_person__isnull=False, safeguarding_deputy__isnull=False),
                name="programme_opens_with_safeguarding",
            ),
            models.CheckConstraint(
                condition=models.Q(safeguarding_person__isnull=True)
                | ~models.Q(safeguarding_person=models.F("safeguarding_deputy")),
                name="programme_two_safeguarding_people",
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_points__lte=10_000), name="programme_minimum_at_most_10k"
            ),
            models.CheckConstraint(
                condition=models.Q(lower_quota__lte=MOST_PLACES),
                name="programme_lower_quota_at_most_places",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_started(self) -> bool:
        """The first day is today or earlier."""
        return self.starts_on is not None and self.starts_on <= clock.today()
