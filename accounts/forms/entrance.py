"""The way in: signing up, signing in, asking for a code."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import PlainForm

from ..adapter import ROLE_IN_SESSION, current_request, validate_length
from ..models import Profile
from ..services.people import EmailInUse
from ..timezones import time_zone_choices

validate_phone = RegexValidator(
    r"^[0-9+][0-9 ()./-]{5,28}$", _("Write only the number, for example 06 12345678.")
)
EMAIL_HELP = _("We send a code to this address.")


class PhoneField(forms.CharField):
    """A number as people write it; we call it by hand."""

    default_validators = [validate_phone]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("required", False)
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(max_length=30, widget=widget, **kwargs)


class TimeZoneField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("help_text", _("So that we never mail or call you at night."))
        super().__init__(choices=time_zone_choices, **kwargs)


class SignUpForm(PlainForm, allauth_forms.SignupForm):
    """An account for a visitor; no password, that is optional later."""

    ACCOUNT_FIELDS = ("name", "email", "phone", "time_zone", "forty_five_or_over")
    field_order = ("name", "email", "phone", "time_zone", "forty_five_or_over", "role")

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField()
    time_zone = TimeZoneField(initial="Europe/Amsterdam")
    forty_five_or_over = forms.TypedChoiceField(
        label=_("Are you 45 or over?"),
        help_text=_(
            "We help people who start a business at 45 or over. Mentors of any age are welcome. "
            "The answer plays no part in a match."
        ),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    role = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password1"]
        _plain_email(self.fields["email"])
        self.fields["email"].help_text = EMAIL_HELP
        self.fields["role"].initial = _role(current_request().GET.get("role", ""))
        self.fields["time_zone"].widget.attrs["data-own-time-zone"] = ""

    def clean_role(self) -> str:
        """A hidden field: nobody could correct a wrong value, so it is left out."""
        return _role(self.cleaned_data["role"])

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Also for two people who take one address at the same moment: the same page for both."""
        if self.cleaned_data["role"]:
            request.session[ROLE_IN_SESSION] = self.cleaned_data["role"]
        try:
            return super().try_save(request)
        except EmailInUse:
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        return get_adapter().save_user(request, None, self)


class SignInForm(PlainForm, allauth_forms.LoginForm):
    """With a password, or with a code by mail when the password is left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_email(self.fields["login"])
        password = self.fields["password"]
        password.label = _("Password")
        password.required = password.widget.is_required = False
        password.help_text = _("No password? Leave this empty. We mail you a code.")
        password.widget.attrs.pop("placeholder", None)


class CodeRequestForm(PlainForm, allauth_forms.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_email(self.fields["email"])


def _role(text: str) -> str:
    return text if text in Profile.Role.values else ""


def _plain_email(field: forms.Field) -> None:
    """A label says it all; a placeholder that vanishes on typing helps nobody."""
    field.label = _("E-mail address")
    field.validators = [*field.validators, validate_length]
    field.widget.attrs.pop("placeholder", None)
