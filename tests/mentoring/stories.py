"""Helpers for tests about stories: one told, asked and agreed to through the services."""

from __future__ import annotations

from typing import Any

from handbook.services.stories import story_publish
from handbook.stories import Story
from mentoring.models import Mentorship, Telling
from mentoring.services import stories as services
from tests.factories import mentoring as make

WORDS = {
    "wanted": "Een eerste klant vinden.",
    "did": "Samen bellen oefenen.",
    "result": "De eerste klant kwam in mei.",
    "tip": "Begin klein.",
}


def pair(programme: Any = None, **users: Any) -> Mentorship:
    programme = programme or make.programme()
    halves = {
        role: make.participant(programme=programme, role=role, user=users.get(role))
        for role in ("mentee", "mentor")
    }
    return make.mentorship(programme=programme, **halves)


def written(mentorship: Mentorship, words: dict[str, str] | None = None) -> Telling:
    """Told by the mentee, and shown to nobody yet."""
    actor = mentorship.mentee.user
    telling = services.story_begin(actor=actor, mentorship=mentorship, language="nl")
    for question, text in (words or WORDS).items():
        services.story_answer(actor=actor, telling=telling, question=question, text=text)
    return fresh(telling)


def ask(telling: Telling, name: str = "Mo") -> None:
    services.story_ask(
        actor=telling.told_by.user, telling=telling, name=name, digest=fresh(telling).story.digest
    )


def agree(telling: Telling, name: str = "Rik", actor: Any = None, **extra: Any) -> None:
    half = extra.pop("participant", telling.listener)
    digest = extra.pop("digest", fresh(telling).story.digest)
    services.story_agree(
        actor=actor or half.user, telling=telling, participant=half, name=name, digest=digest
    )


def asked(mentorship: Mentorship) -> Telling:
    telling = written(mentorship)
    ask(telling)
    return fresh(telling)


def agreed(mentorship: Mentorship) -> Telling:
    telling = asked(mentorship)
    agree(telling)
    return fresh(telling)


def published(mentorship: Mentorship) -> Telling:
    telling = agreed(mentorship)
    publish(telling)
    return fresh(telling)


def publish(telling: Telling) -> None:
    story_publish(actor=None, story=telling.story, digest=telling.story.digest)


def fresh(telling: Telling) -> Telling:
    return Telling.objects.select_related("story").get(pk=telling.pk)


def state(telling: Telling) -> str:
    return Story.objects.get(pk=telling.story_id).state
