"""The one question of a check-in: a tap and a confirmation, the rest is optional."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import Form, RadioCards

from ..models import CheckIn

SATISFACTION = [
    (5, _("Very well")),
    (4, _("Well")),
    (3, _("It is all right")),
    (2, _("Not so well")),
    (1, _("Badly")),
]


class CommentForm(Form):
    comment = forms.CharField(
        label=_("Do you want to tell us more, or can we help with something?"),
        help_text=_("Only staff of your programme read this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _("Your text has %(show_value)d characters. Use at most %(limit_value)d.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].widget.attrs.pop("maxlength", None)

    def answer(self) -> dict[str, Any]:
        """What `check_in_answer` takes."""
        return self.cleaned_data


class FirstMeetingForm(CommentForm):
    required_messages = {"fit": _("Choose one of the three answers.")}
    fit = forms.ChoiceField(
        label=_("Do you two fit well together?"), choices=CheckIn.Fit, widget=RadioCards()
    )
    field_order = ["fit", "comment"]


class PeriodicForm(CommentForm):
    required_messages = {"satisfaction": _("Choose one of the answers.")}
    satisfaction = forms.TypedChoiceField(
        label=_("How is it going?"),
        choices=SATISFACTION,
        coerce=int,
        widget=RadioCards(),
    )
    in_touch = forms.BooleanField(label=_("We are in touch with each other"), required=False)
    field_order = ["satisfaction", "in_touch", "comment"]


def form_for(check_in: CheckIn) -> type[CommentForm]:
    return FirstMeetingForm if check_in.kind == CheckIn.Kind.FIRST_MEETING else PeriodicForm


def given_answer(check_in: CheckIn) -> dict[str, Any]:
    """What was answered before, to show it when somebody changes it."""
    return {
        "fit": check_in.fit,
        "satisfaction": check_in.satisfaction,
        "comment": check_in.comment,
    }
