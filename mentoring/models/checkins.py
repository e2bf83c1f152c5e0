"""A short set of questions to one person about one mentorship at one time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity

from .mentorships import Mentorship
from .participants import Participant


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: Any) -> CheckInQuerySet:
        """One's own, and those of the pairs that one looks after; never the other half's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(participant__user=user)
            | models.Q(mentorship__in=Mentorship.objects.looked_after_by(user))
        )


class CheckIn(Entity):
    class Kind(models.TextChoices):
        FIRST_MEETING = "first_meeting", _("After the first meeting")
        PERIODIC = "periodic", _("In between")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        MISSED = "missed", _("Not answered")
        DROPPED = "dropped", _("Not needed")

    class Fit(models.TextChoices):
        GOOD = "good", _("A good fit")
        UNSURE = "unsure", _("Not sure yet")
        NOT_GOOD = "not_good", _("Not a good fit")

    LOW = 2  # this satisfaction, or less, is a call for help

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="check_ins")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="check_ins")
    kind = models.CharField(max_length=20, choices=Kind)
    day = models.PositiveSmallIntegerField(
        help_text="Day of the plan; 0 for the one after meeting."
    )
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    fit = models.CharField(max_length=10, choices=Fit, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField(max_length=1000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Staff who wrote the answer down for the person; empty: the person.",
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "participant", "kind", "day"], name="check_in_once"
            ),
            models.CheckConstraint(
                condition=models.Q(satisfaction__isnull=True)
                | models.Q(satisfaction__range=(1, 5)),
                name="check_in_satisfaction_1_to_5",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"

    @property
    def is_low(self) -> bool:
        """The person answered that it does not go well, or does not fit."""
        rated_low = self.satisfaction is not None and self.satisfaction <= self.LOW
        return rated_low or self.fit == self.Fit.NOT_GOOD
