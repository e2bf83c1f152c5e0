"""Forms about oneself, one's organisation and taking an account over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import Form

from ..languages import language_choices
from ..models import Organisation, User
from .entrance import PhoneField, TimeZoneField


class DetailsForm(Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField()
    language = forms.ChoiceField(
        label=_("Language of pages and mails"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    time_zone = TimeZoneField()
    languages = forms.MultipleChoiceField(
        label=_("Languages that you speak with people"),
        help_text=_("Participants see this beside your name and phone number."),
        choices=language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, for_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_staff:
            self.fields["phone"].label = _("Phone number")
            self.fields["phone"].help_text = _("Your participants call you here.")
        else:
            del self.fields["languages"]

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        profile = getattr(user, "facilitator_profile", None)
        fields = ("name", "phone", "language", "time_zone")
        return {field: getattr(user, field) for field in fields} | {
            "languages": profile.languages if profile else []
        }


class OrganisationForm(Form):
    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("As people know it, for example: Gemeente Leeuwarden."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    required_messages = {"name": _("Fill in the name of the organisation.")}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Organisation.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("This organisation is in the list already."))
        return name


class InvitationForm(Form):
    email = forms.EmailField(
        label=_("E-mail address of the new facilitator"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ClaimForm(Form):
    code = forms.CharField(
        label=_("The code on your paper"),
        help_text=_("Eight letters and digits. Capitals and the dash do not matter."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a second code to this address. You sign in with it from now on."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class MailedCodeForm(Form):
    code = forms.CharField(
        label=_("The code in our mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class DeleteAccountForm(Form):
    sure = forms.BooleanField(label=_("Yes, delete my account and my data."))
