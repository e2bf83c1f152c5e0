"""One run of matching in a programme, and the pairs it proposes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from mentoring.models import Participant, Programme
from reenter.common.models import Entity, Job


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: Any) -> RoundQuerySet:
        """Rounds are for the facilitators of the programme alone."""
        return self.filter(programme__in=Programme.objects.visible_to(user))


class Round(Entity):
    """`problem` and `solution` are the engine's own plain data: pseudonymous, replayable."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEWED = "reviewed", _("Solved, to be reviewed")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    weights = models.JSONField()
    minimum_points = models.PositiveSmallIntegerField(default=0)
    exclude_competitors = models.BooleanField(default=False)
    floor_first = models.BooleanField(
        default=True, help_text="The weakest pair is made as good as possible before the total."
    )
    lower_quota = models.PositiveSmallIntegerField(
        default=0, help_text="Mentees that each mentor gets at least, where it can be."
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.JSONField(null=True)
    solution = models.JSONField(null=True)
    vocabulary = models.JSONField(
        default=dict, help_text="Which term is which number in the problem: codes, no people."
    )
    previous_pairs = models.JSONField(default=list, help_text="What the solve before this gave.")
    engine_version = models.CharField(max_length=20, blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="Goes up with each change.")
    solved_revision = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    solved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="round_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class RoundParticipant(Entity):
    """Ties a place in the engine's arrays to a person; after an erasure the tie is empty."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="people")
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.SET_NULL, related_name="round_places"
    )
    role = models.CharField(max_length=10, choices=Profile.Role)
    position = models.PositiveIntegerField(null=True, help_text="Row or column in the arrays.")
    tie_key = models.BigIntegerField(help_text="Random; decides between equal totals, never more.")
    included = models.BooleanField(default=True)
    left_out_note = models.CharField(
        max_length=300, blank=True, help_text="Why staff left this person out of the round."
    )
    unmatched_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "participant"], name="round_person_once"),
            models.UniqueConstraint(
                fields=["round", "role", "position"], name="round_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.position}"


class Override(Entity):
    """What a person decided against or ahead of the engine; withdrawn, never deleted."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("Keep these two together")
        FORBID = "forbid", _("Never these two")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="overrides")
    kind = models.CharField(max_length=10, choices=Kind)
    mentee = models.ForeignKey(RoundParticipant, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(RoundParticipant, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    for_good = models.BooleanField(
        default=False, help_text="Forbidden in later rounds too, by this decision."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "mentee", "mentor"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="override_one_in_force_per_pair",
            ),
            models.UniqueConstraint(
                fields=["round", "mentee"],
                condition=models.Q(withdrawn_at__isnull=True, kind="lock"),
                name="override_one_lock_per_mentee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mentee_id} {self.mentor_id}"


class Proposal(Entity):
    """A pair of a round with its score, its parts and the facts they came from."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="proposals")
    mentee = models.ForeignKey(
        RoundParticipant, on_delete=models.CASCADE, related_name="proposals_as_mentee"
    )
    mentor = models.ForeignKey(
        RoundParticipant, on_delete=models.CASCADE, related_name="proposals_as_mentor"
    )
    points = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    facts = models.JSONField(default=list)
    locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["-points"]
        constraints = [
            models.UniqueConstraint(fields=["round", "mentee"], name="proposal_once_per_mentee"),
            models.CheckConstraint(
                condition=models.Q(points__lte=10_000), name="proposal_points_at_most_10k"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee_id} {self.mentor_id} {self.points}"
