"""Who tells a story, and who said yes to which words of it. The words stand in the handbook."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import LegalBasis
from reenter.common import clock
from reenter.common.models import Entity

from .mentorships import Mentorship
from .participants import Participant

STAFF_SEE = ("asked", "agreed", "published")


class TellingQuerySet(models.QuerySet["Telling"]):
    def visible_to(self, user: Any) -> TellingQuerySet:
        """One's own, those that one was asked to read, and for staff those that wait or stand."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(mentorship__mentee__user=user) | models.Q(mentorship__mentor__user=user)
        asked = models.Q(told_by__user=user) | models.Q(asked_at__isnull=False)
        looked_after = Mentorship.objects.looked_after_by(user)
        staff = models.Q(mentorship__in=looked_after, story__state__in=STAFF_SEE)
        return self.filter((own & asked) | staff)


class Telling(Entity):
    """The story of a pair, told by one of the two."""

    story = models.OneToOneField("handbook.Story", on_delete=models.CASCADE, related_name="telling")
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="tellings")
    told_by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(
        null=True, help_text="When the other was first asked to read it; empty: nobody was."
    )

    objects = TellingQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "told_by"], name="telling_once_per_half")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def listener(self) -> Participant:
        """The half who did not write it."""
        pair = self.mentorship
        return pair.mentor if self.told_by_id == pair.mentee_id else pair.mentee


class StoryConsent(Entity):
    """A yes of one person to these words, under this name and this text about what it means."""

    telling = models.ForeignKey(Telling, on_delete=models.CASCADE, related_name="consents")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="story_consents"
    )
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=40)
    text = models.ForeignKey("accounts.LegalText", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=LegalBasis.How, default=LegalBasis.How.SELF)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["telling", "participant"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="story_consent_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
