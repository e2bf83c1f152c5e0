"""Profiles as people read them: on the check page, in an offer, on the page of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..availability import SLOTS
from ..forms.profiles import LEVELS
from ..languages import language_choices
from ..models import Profile
from ..models.profiles import chosen_with_terms
from ..questions import BY_ROLE, Question, state_of


@dataclass(frozen=True)
class Answer:
    """One answer in words: a line per value. `state` is done, skipped or todo."""

    code: str
    title: Any
    short: Any
    values: list[str]
    visible: bool
    state: str
    can_skip: bool


@dataclass(frozen=True)
class ProfileAnswers:
    """A person's name and answers; loops over the answers."""

    name: str
    role: str
    answers: list[Answer] = field(default_factory=list)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)


def profile_answers(profile: Profile, for_match: bool = False) -> ProfileAnswers:
    """All answers in the order of the questions, in words.

    With `for_match` only what its owner marked and answered, under the first name. At most two
    queries; none for a profile from `Profile.objects.with_answers()`.
    """
    prefetch_related_objects([profile], chosen_with_terms())
    answers = [_answer(question, profile) for question in BY_ROLE[profile.role]]
    if not for_match:
        return ProfileAnswers(profile.user.name, profile.role, answers)
    shown = [answer for answer in answers if answer.visible and answer.state == "done"]
    return ProfileAnswers(profile.user.first_name, profile.role, shown)


def _answer(question: Question, profile: Profile) -> Answer:
    return Answer(
        code=question.code,
        title=question.title,
        short=question.short,
        values=[value for value in _lines(question, profile) if value],
        visible=question.code in profile.visible,
        state=state_of(question, profile),
        can_skip=question.can_skip,
    )


def _lines(question: Question, profile: Profile) -> list[str]:
    if question.code in WORDS:
        return WORDS[question.code](profile)
    return [str(chosen.term) for chosen in profile.answers_of(question.kind)]


def _languages(profile: Profile) -> list[str]:
    names = dict(language_choices())
    return [names.get(code, code) for code in profile.languages]


def _place(profile: Profile) -> list[str]:
    lines = [profile.get_meeting_display() if profile.meeting else "", profile.place_name]
    if profile.place_name and profile.travel_km and profile.meeting != Profile.Meeting.ONLINE:
        lines.append(_("I can travel up to %(km)d km") % {"km": profile.travel_km})
    return lines


def _idea(profile: Profile) -> list[str]:
    return [profile.pitch, profile.get_phase_display() if profile.phase else ""]


def _goals(profile: Profile) -> list[str]:
    return [chosen.term.sentence for chosen in profile.answers_of("topic")]


def _topics(profile: Profile) -> list[str]:
    words = dict(LEVELS)
    return [
        f"{chosen.term}: {words[chosen.level]}" if chosen.level in words else str(chosen.term)
        for chosen in profile.answers_of("topic")
    ]


def _themes(profile: Profile) -> list[str]:
    in_sentences = profile.role == Profile.Role.MENTEE
    chosen = profile.answers_of("theme")
    return [c.term.sentence if in_sentences else str(c.term) for c in chosen]


def _time(profile: Profile) -> list[str]:
    lines = [str(label) for code, label in SLOTS if code in profile.availability]
    if lines and profile.role == Profile.Role.MENTOR:
        lines.append(
            ngettext(
                "I can help one person at a time",
                "I can help %(number)d people at a time",
                profile.places,
            )
            % {"number": profile.places}
        )
    return lines


WORDS: dict[str, Callable[[Profile], list[str]]] = {
    "languages": _languages,
    "place": _place,
    "idea": _idea,
    "business": lambda profile: [profile.pitch],
    "goals": _goals,
    "topics": _topics,
    "themes": _themes,
    "time": _time,
    "exchange": lambda profile: [profile.exchange],
}
