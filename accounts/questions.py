"""The questions of a profile: which, in which order, to whom, and why they are asked.

The codes are those of `Profile.answered` and `Profile.visible`.

`match_sees` is how "My match may see this answer" stands before the person touches it. It is on
where the other needs the answer to say yes or to plan a talk, or where having it in common is the
point of asking. It is off for what one has lived through: that may be tender, and it counts in
the match without being shown.

`can_skip` is True where the score has a neutral value for a missing answer. The other questions
decide whether a match is possible at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from .forms import profiles as forms
from .forms.place import PlaceForm
from .models import Profile, TermGroup

Kind = TermGroup.Kind
Text = Any  # a lazily translated string


@dataclass(frozen=True)
class SecondStep:
    """A step on the same address that completes an answer: an order, a level."""

    code: str
    title: Text
    why: Text
    form_class: type[Any]


@dataclass(frozen=True)
class Question:
    code: str
    title: Text
    short: Text
    why: Text
    form_class: type[forms.QuestionForm]
    is_filled: Callable[[Profile], bool]
    match_sees: bool = True
    can_skip: bool = False
    shared: bool = False  # the same question in the other role: that answer is a good start
    kind: str = ""
    second: SecondStep | None = None


def _has(field: str) -> Callable[[Profile], bool]:
    return lambda profile: bool(getattr(profile, field))


def _chose(kind: str) -> Callable[[Profile], bool]:
    return lambda profile: bool(profile.answers_of(kind))


LANGUAGES = Question(
    code="languages",
    title=_("Which languages do you speak?"),
    short=_("Languages"),
    why=_("You only meet people who share a language with you."),
    form_class=forms.LanguagesForm,
    is_filled=_has("languages"),
    shared=True,
)
PLACE = Question(
    code="place",
    title=_("Where and how do you want to meet?"),
    short=_("Place"),
    why=_("We look for somebody whom you can reach. We never ask for your address."),
    form_class=PlaceForm,
    is_filled=_has("meeting"),
    shared=True,
)

# In a mentee's words; a mentor is asked some of these in other words.
THEMES = Question(
    code="themes",
    title=_("What really moves you?"),
    short=_("What moves me"),
    why=_("A mentor who has lived through the same often helps best. You may skip this."),
    form_class=forms.WishesForm,
    is_filled=_chose(Kind.THEME),
    match_sees=False,
    can_skip=True,
    kind=Kind.THEME,
)
SECTOR = Question(
    code="sector",
    title=_("What work did you do before?"),
    short=_("Work before"),
    why=_("Somebody from the same kind of work understands you faster."),
    form_class=forms.SectorForm,
    is_filled=_chose(Kind.SECTOR),
    can_skip=True,
    shared=True,
    kind=Kind.SECTOR,
)
BONDS = Question(
    code="bonds",
    title=_("What do you like, and where do you belong?"),
    short=_("What I like"),
    why=_("Something in common makes the first talk easier. You may skip this."),
    form_class=forms.BondsForm,
    is_filled=_chose(Kind.BOND),
    can_skip=True,
    shared=True,
    kind=Kind.BOND,
)
TIME = Question(
    code="time",
    title=_("When do you have time?"),
    short=_("Time"),
    why=_("We look for somebody who has time when you have time."),
    form_class=forms.TimeForm,
    is_filled=_has("availability"),
    can_skip=True,
    shared=True,
)
EXCHANGE = Question(
    code="exchange",
    title=_("What can your mentor learn from you?"),
    short=_("What I can share"),
    why=_("Mentoring works both ways. You know things that others do not."),
    form_class=forms.ExchangeForm,
    is_filled=_has("exchange"),
    can_skip=True,
)

MENTEE = [
    LANGUAGES,
    PLACE,
    Question(
        code="idea",
        title=_("What is your idea?"),
        short=_("Idea"),
        why=_("One sentence is enough. It tells a mentor what you are about."),
        form_class=forms.IdeaForm,
        is_filled=_has("pitch"),
    ),
    Question(
        code="goals",
        title=_("What do you want to reach?"),
        short=_("Goals"),
        why=_("We look for a mentor who knows about these things. This counts most."),
        form_class=forms.GoalsForm,
        is_filled=_chose(Kind.TOPIC),
        kind=Kind.TOPIC,
        second=SecondStep(
            code="order",
            title=_("Which one comes first?"),
            why=_("Put what matters most at the top. The top counts most."),
            form_class=forms.GoalsOrderForm,
        ),
    ),
    THEMES,
    SECTOR,
    BONDS,
    TIME,
    EXCHANGE,
]

MENTOR = [
    LANGUAGES,
    PLACE,
    Question(
        code="business",
        title=_("What does your business do?"),
        short=_("Business"),
        why=_("One sentence is enough. It tells the other what you know from practice."),
        form_class=forms.BusinessForm,
        is_filled=_has("pitch"),
    ),
    Question(
        code="topics",
        title=_("What can you help with?"),
        short=_("What I know about"),
        why=_("We look for somebody who wants to learn just this. This counts most."),
        form_class=forms.TopicsForm,
        is_filled=_chose(Kind.TOPIC),
        kind=Kind.TOPIC,
        second=SecondStep(
            code="level",
            title=_("How well do you know it?"),
            why=_("An honest answer helps. Knowing the basics can be just enough."),
            form_class=forms.TopicLevelsForm,
        ),
    ),
    replace(
        THEMES,
        title=_("What have you lived through yourself?"),
        short=_("What I lived through"),
        why=_("Who has been through the same can help best. You may skip this."),
        form_class=forms.LivedForm,
    ),
    replace(
        SECTOR,
        title=_("What kind of work is your business in?"),
        short=_("Kind of work"),
    ),
    BONDS,
    replace(
        TIME,
        title=_("When do you have time, and for how many people?"),
        why=_("You never get more people than you choose here. One is fine."),
        form_class=forms.MentorTimeForm,
    ),
    replace(
        EXCHANGE,
        title=_("What do you hope to learn?"),
        short=_("What I hope to learn"),
        why=_("Mentoring works both ways. We tell the other what you are curious about."),
        form_class=forms.MentorExchangeForm,
    ),
]

BY_ROLE: dict[str, list[Question]] = {Profile.Role.MENTEE: MENTEE, Profile.Role.MENTOR: MENTOR}


def question_of(role: str, code: str) -> Question:
    """The question with this code; raises LookupError when the role has no such question."""
    for question in BY_ROLE.get(role, []):
        if question.code == code:
            return question
    raise LookupError(code)


def state_of(question: Question, profile: Profile) -> str:
    """`done`, `skipped` or `todo`."""
    if question.code not in profile.answered:
        return "todo"
    return "done" if question.is_filled(profile) else "skipped"


def missing(profile: Profile) -> list[Question]:
    """Questions that must be answered before the profile is complete."""
    return [
        question
        for question in BY_ROLE[profile.role]
        if not question.can_skip
        and (question.code not in profile.answered or not question.is_filled(profile))
    ]
