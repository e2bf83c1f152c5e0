"""Profiles: started, answered question by question, complete; changed and taken along later."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from reenter.common import audit, clock, privacy
from reenter.common.errors import Refused

from .. import personal_words
from ..models import Profile
from ..questions import Question, missing, question_of
from .answers import EMPTY, WRITERS
from .places import places_set

EXPORTED = [
    "role", "languages", "meeting", "place_name", "latitude", "longitude",
    "travel_km", "pitch", "phase", "availability", "exchange", "visible",
    "answered", "completed_at", "places", "created_at",
]  # fmt: skip


class AnswersMissing(Exception):
    """The profile is not complete; `questions` are those that still need an answer."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__(", ".join(question.code for question in questions))
        self.questions = questions


@transaction.atomic
def profile_get_or_create(*, actor: Any, user: Any, role: str, on_behalf_of: Any = None) -> Profile:
    """The person's profile in this role; a new one is audited."""
    if role not in Profile.Role.values:
        raise ValueError(role)
    profile, is_new = Profile.objects.get_or_create(user=user, role=role)
    if is_new:
        _record(actor, "profile_create", profile, on_behalf_of, role=role)
    return profile


@transaction.atomic
def answer_save(
    *,
    actor: Any,
    profile: Profile,
    question: str,
    data: dict[str, Any],
    on_behalf_of: Any = None,
    finished: bool = True,
) -> Profile:
    """Write one answer, and whether the match may see it; returns the fresh profile.

    `data` is what the question's form gives (`accounts.services.answers` lists the keys), with
    `visible` where the person said so; without it a first answer takes the question's default.
    `finished=False` keeps the question on the list of what is still to do. Raises LookupError
    for a question that the role does not have, and ValidationError by field for a bad answer.
    """
    asked = question_of(profile.role, question)
    fresh = _locked(profile)
    is_first = question not in fresh.answered
    WRITERS[question](fresh, data)
    _set_places(actor, fresh, data)
    visible = data.get("visible", asked.match_sees if is_first else question in fresh.visible)
    fresh.visible = _with(fresh.visible, question, visible)
    fresh.answered = _with(fresh.answered, question, finished or not is_first)
    fresh.save(update_fields=["visible", "answered"])
    _record(actor, "profile_answer", fresh, on_behalf_of, question=question, first=is_first)
    return fresh


@transaction.atomic
def answer_skip(
    *, actor: Any, profile: Profile, question: str, on_behalf_of: Any = None
) -> Profile:
    """Leave a question open, or take its answer back; it then counts as the neutral value.

    Raises LookupError for an unknown question and ValueError for one that cannot be skipped.
    """
    if not question_of(profile.role, question).can_skip:
        raise ValueError(question)
    fresh = _locked(profile)
    WRITERS[question](fresh, EMPTY[question])
    fresh.visible = _with(fresh.visible, question, False)
    fresh.answered = _with(fresh.answered, question, True)
    fresh.save(update_fields=["visible", "answered"])
    _record(actor, "profile_skip", fresh, on_behalf_of, question=question)
    return fresh


@transaction.atomic
def profile_complete(*, actor: Any, profile: Profile, on_behalf_of: Any = None) -> Profile:
    """Say that the profile is ready. Raises AnswersMissing; a second call changes nothing."""
    fresh = _locked(profile)
    still = missing(fresh)
    if still:
        raise AnswersMissing(still)
    if fresh.completed_at is None:
        fresh.completed_at = clock.now()
        fresh.save(update_fields=["completed_at"])
        _record(actor, "profile_complete", fresh, on_behalf_of)
    return fresh


def _set_places(actor: Any, profile: Profile, data: dict[str, Any]) -> None:
    """The mentor's question about time also asks for how many people."""
    if data.get("places", profile.places) == profile.places:
        return
    try:
        places_set(actor=actor, profile=profile, places=data["places"])
    except Refused as refusal:
        raise ValidationError({"places": str(refusal)}) from refusal


def _locked(profile: Profile) -> Profile:
    return Profile.objects.select_for_update(no_key=True).select_related(None).get(pk=profile.pk)


def _with(codes: list[str], code: str, wanted: bool) -> list[str]:
    others = [known for known in codes if known != code]
    return [*others, code] if wanted else others


def _record(actor: Any, action: str, profile: Profile, on_behalf_of: Any, **data: Any) -> None:
    """Whoever acts on somebody else's profile does so on their behalf, said or not."""
    if on_behalf_of is None and actor is not None and actor.pk != profile.user_id:
        on_behalf_of = profile.user
    audit.record(actor=actor, action=action, target=profile, on_behalf_of=on_behalf_of, **data)


def register_personal_data() -> None:
    """Called when the app is ready."""
    privacy.register(
        "profiles", export=profiles_export, erase=profiles_erase, words=personal_words.PROFILES
    )


def profiles_export(user: Any) -> list[dict[str, Any]]:
    """Everything that the person told about themselves, per role."""
    return [_exported(profile) for profile in _with_terms(user)]


def _exported(profile: Profile) -> dict[str, Any]:
    facts = {name: getattr(profile, name) for name in EXPORTED}
    for name in ("completed_at", "created_at"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    facts["chosen"] = [
        {"code": c.term.code, "answer": str(c.term), "rank": c.rank, "level": c.level}
        for c in profile.chosen.all()
    ]
    return facts


def profiles_erase(user: Any) -> None:
    """Delete the profiles; one that still hangs on a participation is emptied instead."""
    for profile in _with_terms(user):
        if not profile.participations.exists():
            profile.delete()
            continue
        profile.chosen.all().delete()
        blank = Profile(user_id=profile.user_id, role=profile.role)
        kept = {"id", "created_at", "user", "role", "places", "places_taken"}
        for field in profile._meta.concrete_fields:
            if field.name not in kept:
                setattr(profile, field.name, getattr(blank, field.name))
        profile.save()


def _with_terms(user: Any) -> list[Profile]:
    return list(Profile.objects.filter(user=user).with_answers())
