"""A pair in which both said yes, when they met, and what they write to each other."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reenter.common import clock
from reenter.common.models import Entity

from .participants import Participant
from .programmes import Programme


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def visible_to(self, user: Any) -> MentorshipQuerySet:
        """One's own pairs, and those in programmes where one is a facilitator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(mentee__user=user)
            | models.Q(mentor__user=user)
            | models.Q(programme__in=Programme.objects.visible_to(user))
        )

    def looked_after_by(self, user: Any) -> MentorshipQuerySet:
        """Those in one's programmes, as staff; never a pair that one is half of.

        Otherwise somebody could read what their own mentor or mentee told staff about them.
        """
        staff = self.filter(programme__in=Programme.objects.visible_to(user))
        return staff.exclude(mentee__user=user).exclude(mentor__user=user)

    def of_person(self, user: Any) -> MentorshipQuerySet:
        """Only those that the person is half of."""
        return self.filter(models.Q(mentee__user=user) | models.Q(mentor__user=user))

    def running(self) -> MentorshipQuerySet:
        return self.filter(state=Mentorship.State.ACTIVE)


class Mentorship(Entity):
    class Kind(models.TextChoices):
        FULL = "full", _("Mentorship")
        SHORT = "short", _("Short coaching")

    class State(models.TextChoices):
        ACTIVE = "active", _("Under way")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    class EndReason(models.TextChoices):
        """Why a pair stopped; staff alone see it."""

        GOAL_REACHED = "goal_reached", _("We did what we wanted to do")
        TIME_IS_UP = "time_is_up", _("The agreed time is over")
        NO_MATCH = "no_match", _("We do not fit well together")
        NO_TIME = "no_time", _("I do not have enough time")
        NO_CONTACT = "no_contact", _("We do not get in touch")
        PLANS_CHANGED = "plans_changed", _("My plans have changed")
        OTHER = "other", _("Another reason")
        LEFT = "left", _("Left the programme")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="mentorships")
    mentee = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="mentorships_as_mentee"
    )
    mentor = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="mentorships_as_mentor"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FULL)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    on_hold = models.BooleanField(
        default=False,
        help_text="Paused by the programme: contact stops, and staff alone let it go on.",
    )
    started_at = models.DateTimeField(default=clock.now)
    ends_on = models.DateField()
    rhythm_days = models.PositiveSmallIntegerField(default=14)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    in_touch_at = models.DateTimeField(
        null=True, help_text='Last "we are in touch", tapped by one of the two or noted by staff.'
    )
    silence_asked_at = models.DateTimeField(
        null=True, help_text="When the two were asked how it goes, after hearing nothing."
    )

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=~models.Q(state="ended"),
                name="mentorship_pair_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(mentee=models.F("mentor")), name="mentorship_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee.user} + {self.mentor.user}"

    @property
    def end_reason_label(self) -> str:
        return str(dict(self.EndReason.choices).get(self.end_reason, self.end_reason))

    def participant_of(self, user: Any) -> Participant | None:
        """The half that this person is, if any."""
        return next((p for p in (self.mentee, self.mentor) if p.user_id == user.pk), None)

    def other_of(self, user: Any) -> Participant:
        return self.mentor if self.mentee.user_id == user.pk else self.mentee


class Meeting(Entity):
    """A meeting: planned, then it took place or not. What was said stays between the two."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField()
    took_place = models.BooleanField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.starts_at:%Y-%m-%d}"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> MessageQuerySet:
        """Messages belong to the two; no staff reads them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(mentorship__mentee__user=user) | models.Q(mentorship__mentor__user=user)
        )


class Message(Entity):
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = models.TextField(max_length=5000)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.pk)
