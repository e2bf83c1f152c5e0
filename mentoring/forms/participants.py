"""The list of people, and what staff record about one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from handbook.selectors import CheckQuestion
from reenter.common import clock
from reenter.common.forms import FilterForm, Form, RadioCards

from ..models import Participant, StaffContact
from ..reasons import NOT_NOW_REASONS
from ..signals import TEXTS
from .dates import DayInput

READINESS = [("", _("All")), ("yes", _("Ready for a round")), ("no", _("Not ready"))]
QUIET_CHOICES = [
    (0, _("Keep it on the list")),
    (3, _("3 days")),
    (7, _("7 days")),
    (14, _("14 days")),
    (30, _("30 days")),
]


class PeopleFilterForm(FilterForm):
    """The filters above the list of people."""

    state = forms.ChoiceField(label=_("State"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    ready = forms.ChoiceField(label=_("Ready"), required=False, choices=READINESS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *Participant.State.choices]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("All")), *Profile.Role.choices]  # type: ignore[attr-defined]


class NoteForm(Form):
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only staff of this programme see it. Write nothing about health or faith."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NotNowForm(NoteForm):
    reason = forms.ChoiceField(label=_("Why not now?"), choices=list(NOT_NOW_REASONS.items()))
    field_order = ["reason", "note"]


class CertificateForm(Form):
    seen_on = forms.DateField(
        label=_("I saw the certificate on"),
        help_text=_("Keep no copy. Leave empty to take it back."),
        required=False,
        widget=DayInput(),
    )

    def clean_seen_on(self) -> Any:
        day = self.cleaned_data["seen_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class ContactForm(NoteForm):
    """Staff spoke to somebody; the task may rest for a while."""

    about = forms.ChoiceField(widget=forms.HiddenInput, choices=[("contact", ""), *TEXTS.items()])
    how = forms.ChoiceField(label=_("How?"), choices=StaffContact.How)
    quiet_days = forms.TypedChoiceField(
        label=_("Take it off my list for"), coerce=int, choices=QUIET_CHOICES, initial=7
    )
    field_order = ["about", "how", "note", "quiet_days"]


class SelfCheckForm(Form):
    """One question of the self-check; an answer is the number of its place."""

    required_messages = {"answer": _("Choose an answer. You then see why it fits or not.")}
    labels_hidden = True
    answer = forms.ChoiceField(label=_("Your answer"), widget=RadioCards())

    def __init__(self, *args: Any, question: CheckQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (str(number), str(answer)) for number, answer in enumerate(question.answers, start=1)
        ]


class BriefingForm(Form):
    read = forms.BooleanField(
        label=_("I have read the texts. I keep to the code of conduct."),
        error_messages={"required": _("Tick the box when you have read the texts.")},
    )
