"""Telling a story, one question per page; and the yes to it, under a name of one's own choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import Form, RadioCards


@dataclass(frozen=True)
class Question:
    code: str
    title: Any
    why: Any
    required: bool = True


QUESTIONS = (
    Question(
        "wanted",
        _("What did you want when you began?"),
        _("For example: find a first customer, or know what to charge."),
    ),
    Question(
        "did",
        _("What did you do together?"),
        _("One or two things that you remember well are enough."),
    ),
    Question(
        "result",
        _("What came of it?"),
        _("Every end is a good story. Deciding not to start is one too."),
    ),
    Question(
        "tip",
        _("What is your tip for others?"),
        _("One line is enough. You may leave this empty."),
        required=False,
    ),
)
BY_CODE = {question.code: question for question in QUESTIONS}
TOO_LONG = _("Your text has %(show_value)d characters. Use at most %(limit_value)d.")


class StoryAnswerForm(Form):
    labels_hidden = True
    required_messages = {"answer": _("Write one or two sentences.")}
    answer = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Everybody can read this later. "
            "Write no names, and nothing about health, faith or money of somebody else."
        ),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question.title
        self.fields["answer"].required = question.required
        self.fields["answer"].widget.attrs.pop("maxlength", None)


class StoryConsentForm(Form):
    """`digest` names the words that stand above the form."""

    required_messages = {"agree": _("Tick the box if you want this. Else leave this page.")}
    unmarked = ("made_up",)
    name = forms.ChoiceField(label=_("Which name may we show?"), widget=RadioCards())
    made_up = forms.CharField(
        label=_("The made-up name"),
        help_text=_("Only if you chose a made-up name."),
        max_length=40,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    agree = forms.BooleanField(label=_("Yes, this story may be on the site, in these words."))
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    side = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, first_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_name = first_name
        self.fields["name"].choices = [  # type: ignore[attr-defined]
            ("own", first_name),
            ("made_up", _("A made-up name")),
        ]
        self.fields["made_up"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("name") == "made_up" and not data.get("made_up") and "made_up" in data:
            self.add_error("made_up", _("Write the name that we may show."))
        return data

    def chosen(self) -> dict[str, str]:
        """What `story_ask` and `story_agree` take."""
        data = self.cleaned_data
        own = data["name"] == "own"
        return {"name": self.first_name if own else data["made_up"], "digest": data["digest"]}
