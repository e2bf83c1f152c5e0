"""A person's enrolment in one programme, and what staff noted about talking to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import LegalText, Profile
from reenter.common import clock
from reenter.common.models import Entity

from .programmes import Programme


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: Any) -> ParticipantQuerySet:
        """One's own enrolments, and those in programmes where one is a facilitator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(user=user) | models.Q(programme__in=Programme.objects.visible_to(user))
        )

    def managed_by(self, user: Any) -> ParticipantQuerySet:
        """Only those that the person looks after as staff."""
        return self.filter(programme__in=Programme.objects.visible_to(user))

    def enrolled(self) -> ParticipantQuerySet:
        return self.exclude(state=Participant.State.WITHDRAWN)


class Participant(Entity):
    class State(models.TextChoices):
        APPLIED = "applied", _("Applied")
        SPOKEN_TO = "spoken_to", _("Spoken to")
        ADMITTED = "admitted", _("Admitted")
        NOT_NOW = "not_now", _("Not now")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Briefing(models.TextChoices):
        READ = "read", _("Read by the person")
        TALKED = "talked", _("Talked through with staff")
        IMPORT = "import", _("Stated by the organisation at import")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations"
    )
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(max_length=10, choices=Profile.Role)
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    state_changed_at = models.DateTimeField(default=clock.now)
    waiting_since = models.DateTimeField(null=True, default=clock.now)
    briefed_at = models.DateTimeField(null=True)
    briefed_how = models.CharField(max_length=10, choices=Briefing, blank=True)
    briefed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    conduct_text = models.ForeignKey(
        LegalText, null=True, on_delete=models.PROTECT, related_name="+"
    )
    certificate_seen_on = models.DateField(null=True, blank=True)
    external_id = models.CharField(max_length=80, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user", "role"], name="participant_once_per_role"
            ),
            models.UniqueConstraint(
                fields=["programme", "role", "external_id"],
                condition=~models.Q(external_id=""),
                name="participant_external_id_once",
            ),
        ]
        indexes = [models.Index(fields=["programme", "role", "state"])]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.programme})"

    @property
    def is_mentee(self) -> bool:
        return self.role == Profile.Role.MENTEE

    @property
    def is_mentor(self) -> bool:
        return self.role == Profile.Role.MENTOR


class StaffContact(Entity):
    """Staff spoke to somebody about something; the matching task rests until `quiet_until`."""

    class How(models.TextChoices):
        PHONE = "phone", _("By phone")
        DESK = "desk", _("At the desk")
        MAIL = "mail", _("By mail")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="contacts")
    mentorship = models.ForeignKey(
        "mentoring.Mentorship", null=True, on_delete=models.CASCADE, related_name="contacts"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    how = models.CharField(max_length=10, choices=How, default=How.PHONE)
    about = models.CharField(max_length=40, help_text="Code of the task that led to it.")
    note = models.CharField(max_length=500, blank=True)
    quiet_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.about} {self.participant_id}"
