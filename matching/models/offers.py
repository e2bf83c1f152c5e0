"""A published proposal that waits for both answers, and pairs that never meet again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.models import Mentorship, Participant, Programme
from reenter.common import clock
from reenter.common.models import Entity

from .rounds import Proposal


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: Any) -> OfferQuerySet:
        """One's own offers, and those in programmes where one is a facilitator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(mentee__user=user)
            | models.Q(mentor__user=user)
            | models.Q(programme__in=Programme.objects.visible_to(user))
        )

    def looked_after_by(self, user: Any) -> OfferQuerySet:
        """Those in one's programmes, as staff; never an offer to oneself."""
        staff = self.filter(programme__in=Programme.objects.visible_to(user))
        return staff.exclude(mentee__user=user).exclude(mentor__user=user)

    def open(self) -> OfferQuerySet:
        return self.filter(state=Offer.State.OPEN)


class Offer(Entity):
    """While it is open it holds one place of each side (`Profile.places_taken`)."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for answers")
        ACCEPTED = "accepted", _("Both said yes")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Source(models.TextChoices):
        ROUND = "round", _("A matching round")
        ONE_PERSON = "one_person", _("Matching one person")
        NEXT_BEST = "next_best", _("The next best after an offer ended")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    class DeclineReason(models.TextChoices):
        NO_TIME = "no_time", _("I have no time now")
        NOT_FITTING = "not_fitting", _("My questions and this person do not fit")
        KNOW_EACH_OTHER = "know_each_other", _("We know each other")
        COMPETITOR = "competitor", _("We could be competitors")
        PLANS_CHANGED = "plans_changed", _("My plans have changed")
        OTHER = "other", _("Another reason")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="offers")
    proposal = models.OneToOneField(
        Proposal, null=True, on_delete=models.SET_NULL, related_name="offer"
    )
    source = models.CharField(max_length=12, choices=Source)
    mentee = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="offers_as_mentee"
    )
    mentor = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="offers_as_mentor"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    points = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=dict)
    facts = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    mentee_answer = models.CharField(max_length=3, choices=Answer, blank=True)
    mentor_answer = models.CharField(max_length=3, choices=Answer, blank=True)
    mentee_answered_at = models.DateTimeField(null=True)
    mentor_answered_at = models.DateTimeField(null=True)
    mentee_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    mentor_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Why staff made this offer.")
    withdrawn_note = models.CharField(
        max_length=300, blank=True, help_text="Why staff took it back; only staff see it."
    )
    mentorship = models.OneToOneField(
        Mentorship, null=True, on_delete=models.SET_NULL, related_name="offer"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=models.Q(state="open"),
                name="offer_open_once_per_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted")
                | models.Q(mentee_answer="yes", mentor_answer="yes"),
                name="offer_accepted_by_both",
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.mentee_id} {self.mentor_id} {self.state}"


class ForbiddenPair(Entity):
    """Two people who are never proposed to each other again, in any programme."""

    class Reason(models.TextChoices):
        FORBIDDEN = "forbidden", _("Forbidden by staff")
        DECLINED = "declined", _("An offer was declined")
        REMATCH = "rematch", _("A new match was asked for")
        REPORT = "report", _("Open report")

    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentee", "mentor"], name="forbidden_pair_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
