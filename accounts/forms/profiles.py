"""One form per question of a profile. `answer()` gives what `services.profiles.answer_save` takes.

`accounts.questions` says in which order, to whom and why they are asked.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import CheckboxCards, Form, RadioCards

from ..availability import SLOTS
from ..languages import language_choices
from ..models import Profile, TermGroup
from ..selectors.taxonomy import terms_offered
from .terms import NOTHING_TICKED, TermsField

Kind = TermGroup.Kind

COMMON_LANGUAGES = ["nl", "en", "de", "fr", "ar", "tr", "uk", "pl", "es", "ti", "fa", "fy"]
MAX_GOALS = 5
MAX_TOPICS = 7
LEVELS = [
    (1, _("I know the basics")),
    (2, _("I know it well")),
    (3, _("I can teach it")),
]
USUAL_LEVEL = 2


class RoleForm(Form):
    """Which side somebody wants to be on; both is possible."""

    roles = forms.MultipleChoiceField(
        label=_("What do you want?"),
        widget=CheckboxCards,
        help_text=_("You can tick both."),
        error_messages={"required": NOTHING_TICKED},
        choices=[
            (Profile.Role.MENTEE, _("I want to start a business and would like a mentor")),
            (Profile.Role.MENTOR, _("I am an entrepreneur and want to be a mentor")),
        ],
    )

    def __init__(self, *args: Any, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        field.choices = [choice for choice in field.choices if choice[0] not in taken]


class QuestionForm(Form):
    """One question; the box about the match always comes last.

    `finishes` is False when a second step on the same page has to complete the answer.
    """

    finishes = True
    visible = forms.BooleanField(
        label=_("My match may see this answer"),
        required=False,
        help_text=_("Staff of your programme can always see it."),
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        super().__init__(*args, **kwargs)
        self.prepare()
        self.order_fields([name for name in self.fields if name != "visible"])

    def prepare(self) -> None:
        """Fill in the choices that depend on the profile or on the page's language."""

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        """The saved answer as initial values."""
        raise NotImplementedError

    def answer(self) -> dict[str, Any]:
        return self.cleaned_data


class LanguagesForm(QuestionForm):
    required_messages = {"languages": _("Tick at least one language.")}
    languages = forms.MultipleChoiceField(label=_("Languages"), widget=CheckboxCards)
    other = forms.ChoiceField(label=_("Another language"), required=False)
    one_more = forms.ChoiceField(label=_("And one more"), required=False)

    def prepare(self) -> None:
        names = dict(language_choices())
        self.fields["languages"].choices = [(code, names[code]) for code in COMMON_LANGUAGES]
        others = [self.data.get(name) for name in ("other", "one_more")] if self.is_bound else []
        self.fields["languages"].required = not any(others)
        rest = [(c, name) for c, name in language_choices() if c not in COMMON_LANGUAGES]
        for name in ("other", "one_more"):
            self.fields[name].choices = [("", gettext("No other language")), *rest]

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        rest = [code for code in profile.languages if code not in COMMON_LANGUAGES]
        rest += ["", ""]
        return {"languages": profile.languages, "other": rest[0], "one_more": rest[1]}

    def answer(self) -> dict[str, Any]:
        """The language of the page comes first: it is the one that was just used."""
        here = (get_language() or "").split("-")[0]
        chosen = sorted(self._chosen(), key=lambda code: code != here)
        return {"languages": chosen, "visible": self.cleaned_data["visible"]}

    def _chosen(self) -> list[str]:
        data = self.cleaned_data
        chosen = [*data.get("languages", []), data.get("other"), data.get("one_more")]
        return list(dict.fromkeys(code for code in chosen if code))


class SentenceField(forms.CharField):
    """One sentence: a box that shows all of it, in which a new line counts as a space."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


class IdeaForm(QuestionForm):
    required_messages = {
        "pitch": _("Write your idea in one sentence."),
        "phase": _("Choose how far you are."),
    }
    pitch = SentenceField(
        label=_("My idea in one sentence"),
        help_text=_("Not sure yet? Write what you do know, such as “I like to work with wood.”"),
        max_length=300,
    )
    phase = forms.ChoiceField(
        label=_("How far are you?"), choices=Profile.Phase.choices, widget=RadioCards
    )

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return {"pitch": profile.pitch, "phase": profile.phase}


class BusinessForm(QuestionForm):
    required_messages = {"pitch": _("Write in one sentence what your business does.")}
    pitch = SentenceField(
        label=_("My business in one sentence"),
        help_text=_("For example: “I repair bicycles in the centre of Leeuwarden.”"),
        max_length=300,
    )

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return {"pitch": profile.pitch}


class TermsForm(QuestionForm):
    """Base of the questions that are answered with terms of one kind."""

    kind: str
    in_sentences = False
    labels_hidden = True
    required_messages = {"terms": NOTHING_TICKED}
    terms = TermsField(label=_("Answers"))

    def prepare(self) -> None:
        self.offered = terms_offered(kind=self.kind, profile=self.profile)
        self.fields["terms"].offer(self.offered, in_sentences=self.in_sentences)

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return {"terms": [chosen.term.code for chosen in profile.answers_of(cls.kind)]}


class GoalsForm(TermsForm):
    """Which goals; what is new goes below what was put in order before."""

    kind = Kind.TOPIC
    in_sentences = True
    required_messages = {"terms": _("Tick at least one thing that you want to reach.")}
    terms = TermsField(
        label=_("What do you want to reach?"),
        help_text=_("Tick 1 to 5 sentences. After that you put them in order."),
        most=MAX_GOALS,
    )

    @property
    def finishes(self) -> bool:  # type: ignore[override]
        return len(self.cleaned_data["terms"]) == 1

    def answer(self) -> dict[str, Any]:
        ticked = self.cleaned_data["terms"]
        before = [chosen.term.code for chosen in self.profile.answers_of(self.kind)]
        in_order = [code for code in before if code in ticked]
        in_order += [code for code in ticked if code not in before]
        return {"terms": in_order, "visible": self.cleaned_data["visible"]}


class GoalsOrderForm(Form):
    """The goals as they stand; `up` is the one to move up by one."""

    up = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = "goals" in profile.visible
        self.terms = [chosen.term for chosen in profile.answers_of(Kind.TOPIC)]
        self.fields["up"].choices = [(term.code, term.code) for term in self.terms]

    @property
    def finishes(self) -> bool:
        return not self.cleaned_data["up"]

    def answer(self) -> dict[str, Any]:
        codes = [term.code for term in self.terms]
        at = codes.index(self.cleaned_data["up"]) if self.cleaned_data["up"] else 0
        if at:
            codes[at - 1], codes[at] = codes[at], codes[at - 1]
        return {"terms": codes, "visible": self.visible}


class TopicsForm(TermsForm):
    """What a mentor knows; how well comes in the second step."""

    kind = Kind.TOPIC
    finishes = False
    required_messages = {"terms": _("Tick at least one thing that you can help with.")}
    terms = TermsField(
        label=_("What can you help with?"),
        help_text=_("Tick 1 to 7 subjects. After that you say how well you know them."),
        most=MAX_TOPICS,
    )

    def answer(self) -> dict[str, Any]:
        before = {c.term.code: c.level for c in self.profile.answers_of(self.kind)}
        levels = {code: before.get(code) or USUAL_LEVEL for code in self.cleaned_data["terms"]}
        return {"terms": levels, "visible": self.cleaned_data["visible"]}


class TopicLevelsForm(Form):
    """How well a mentor knows each chosen subject."""

    finishes = True

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = "topics" in profile.visible
        self.chosen = profile.answers_of(Kind.TOPIC)
        for number, chosen in enumerate(self.chosen):
            self.fields[f"level_{number}"] = forms.TypedChoiceField(
                label=str(chosen.term),
                choices=LEVELS,
                coerce=int,
                widget=RadioCards,
                initial=chosen.level or USUAL_LEVEL,
                error_messages={"required": _("Choose how well you know this.")},
            )

    def answer(self) -> dict[str, Any]:
        levels = {
            chosen.term.code: self.cleaned_data[f"level_{number}"]
            for number, chosen in enumerate(self.chosen)
        }
        return {"terms": levels, "visible": self.visible}


class WishesForm(TermsForm):
    kind = Kind.THEME
    in_sentences = True
    terms = TermsField(label=_("What moves you?"), help_text=_("Tick what fits you."))


class LivedForm(TermsForm):
    kind = Kind.THEME
    terms = TermsField(label=_("What have you lived through?"), help_text=_("Tick what fits you."))


class SectorForm(TermsForm):
    kind = Kind.SECTOR
    terms = TermsField(label=_("Kinds of work"), help_text=_("Tick what fits you."))


class BondsForm(TermsForm):
    kind = Kind.BOND
    terms = TermsField(
        label=_("What do you like, and where do you belong?"), help_text=_("Tick what fits you.")
    )


class TimeForm(QuestionForm):
    labels_hidden = True
    required_messages = {"availability": _("Tick at least one part of the week.")}
    availability = forms.MultipleChoiceField(
        label=_("When do you have time?"), choices=SLOTS, widget=CheckboxCards
    )

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return {"availability": profile.availability}


class MentorTimeForm(TimeForm):
    labels_hidden = False
    required_messages = {
        **TimeForm.required_messages,
        "places": _("Choose how many people you can help."),
    }
    places = forms.TypedChoiceField(
        label=_("How many people can you help at the same time?"),
        choices=[(1, _("One person")), (2, _("Two people")), (3, _("Three people"))],
        widget=RadioCards,
        coerce=int,
    )

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return super().stored(profile) | {"places": profile.places}


class ExchangeForm(QuestionForm):
    labels_hidden = True
    required_messages = {"exchange": _("Write something, or press Skip.")}
    exchange = SentenceField(
        label=_("What can your mentor learn from you?"),
        help_text=_("Think of a trade, a hobby, a language, people you know."),
        max_length=500,
    )

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return {"exchange": profile.exchange}


class MentorExchangeForm(ExchangeForm):
    exchange = SentenceField(
        label=_("What do you hope to learn?"),
        help_text=_("For example: how another trade works, or how to explain things better."),
        max_length=500,
    )
