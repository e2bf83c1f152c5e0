"""Registering somebody at the desk, and looking somebody up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, User
from mentoring.models import Programme
from mentoring.models.programmes import ProgrammeQuerySet
from reenter.common.forms import Form, RadioCards

ROLES = [
    (Profile.Role.MENTEE, _("Mentee: wants to start and looks for a mentor")),
    (Profile.Role.MENTOR, _("Mentor: an entrepreneur who helps somebody start")),
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class PersonForm(Form):
    """Everything that sign-up asks, filled in by staff with the person beside them."""

    unmarked = ("phone",)

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Fill in a name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Leave empty for somebody without e-mail. Mails then become letters or calls."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("Needed for somebody without e-mail."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "tel"}),
    )
    forty_five_or_over = forms.ChoiceField(
        label=_("Is this person 45 or over?"), choices=YES_NO, widget=RadioCards
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write to this person?"),
        choices=settings.LANGUAGES,
        widget=RadioCards,
        error_messages={"required": _("Choose the language for mails, letters and pages.")},
    )
    role = forms.ChoiceField(label=_("Takes part as"), choices=ROLES, widget=RadioCards)
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=None
    )
    told = forms.BooleanField(
        label=_("I read out or handed over the privacy text, and the person agrees to take part."),
        error_messages={"required": _("Tell the person first what happens with their data.")},
    )

    def __init__(self, *args: Any, programmes: ProgrammeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email and User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                _("This address has an account. Send this person the link of the programme.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "email" in data and not data["email"] and not data.get("phone"):
            self.add_error("phone", _("Fill in a phone number, so that you can reach this person."))
        return data


class SearchForm(Form):
    q = forms.CharField(
        label=_("Name, e-mail address or phone number"),
        min_length=2,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
