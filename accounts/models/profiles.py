"""What a person tells about themselves, once per role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity

from .taxonomy import Term, TermGroup

MOST_PLACES = 3
"""Mentees that a mentor can have at once."""


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, user: Any) -> ProfileQuerySet:
        """One's own, and those enrolled in a programme that the person looks after as staff."""
        if not user.is_authenticated:
            return self.none()
        enrolled = self.model.objects.annotate(
            enrolment=models.FilteredRelation(
                "participations", condition=~models.Q(participations__state="withdrawn")
            )
        ).filter(enrolment__programme__organisation__memberships__user=user)
        return self.filter(models.Q(user=user) | models.Q(pk__in=enrolled.values("pk")))

    def with_answers(self) -> ProfileQuerySet:
        """All that `selectors.profiles.profile_answers` needs; two queries for any number."""
        return self.select_related("user").prefetch_related(chosen_with_terms())


class Profile(Entity):
    """Answers to at most nine questions; a missing answer counts as the neutral value.

    `places` is how many pairs the person can be in at once, over all programmes; `places_taken`
    counts mentorships and open offers. The database refuses to oversell them.
    """

    class Role(models.TextChoices):
        MENTEE = "mentee", _("mentee")
        MENTOR = "mentor", _("mentor")

    class Meeting(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")
        EITHER = "either", _("Both are fine")

    class Phase(models.TextChoices):
        IDEA = "idea", _("I have an idea")
        PLAN = "plan", _("I am making a plan")
        STARTED = "started", _("I have just started")
        RUNNING = "running", _("My business is running")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profiles"
    )
    role = models.CharField(max_length=10, choices=Role)
    languages = models.JSONField(default=list, help_text="ISO 639-1 codes, best first.")
    meeting = models.CharField(max_length=10, choices=Meeting, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    travel_km = models.PositiveSmallIntegerField(null=True, blank=True)
    pitch = models.CharField(
        max_length=300, blank=True, help_text="Mentee: my idea. Mentor: my business. One sentence."
    )
    phase = models.CharField(max_length=10, choices=Phase, blank=True)
    availability = models.JSONField(default=list, help_text="Codes of accounts.availability.")
    exchange = models.CharField(
        max_length=500,
        blank=True,
        help_text="Mentee: what my mentor can learn from me. Mentor: what I hope to learn.",
    )
    terms = models.ManyToManyField(Term, through="ProfileTerm", related_name="profiles")
    visible = models.JSONField(
        default=list, help_text="Codes of the questions whose answers 'my match may see'."
    )
    answered = models.JSONField(default=list, help_text="Codes of questions answered or skipped.")
    completed_at = models.DateTimeField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(default=1)
    places_taken = models.PositiveSmallIntegerField(default=0)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="profile_once_per_role"),
            models.CheckConstraint(
                condition=models.Q(places_taken__lte=models.F("places")),
                name="profile_places_never_oversold",
            ),
            models.CheckConstraint(
                condition=models.Q(role="mentor", places__lte=MOST_PLACES) | models.Q(places=1),
                name="profile_places_1_to_3",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    def answers_of(self, kind: str) -> list[ProfileTerm]:
        """Chosen terms of a kind, in the person's own order; see `with_answers`."""
        chosen = [c for c in self.chosen.all() if c.term.group.kind == kind]
        return sorted(chosen, key=lambda c: (c.rank or 99, c.term.position, c.term.code))


def chosen_with_terms() -> models.Prefetch:
    """What `Profile.answers_of` reads, in one query."""
    rows = ProfileTerm.objects.select_related("term__group")
    return models.Prefetch("chosen", queryset=rows)


class ProfileTerm(Entity):
    """One chosen term. A mentee's topic has a rank (1 = first); a mentor's has a level (1 to 3)."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="chosen")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="chosen")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)

    Kind = TermGroup.Kind

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "term"], name="profile_term_once"),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__range=(1, 3)),
                name="profile_term_level_1_to_3",
            ),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True) | models.Q(rank__range=(1, 5)),
                name="profile_term_rank_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id}: {self.term}"
