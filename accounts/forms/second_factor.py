"""The forms of the second factor in plain words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import PlainForm


class CodeForm(PlainForm):
    """Six digits of an app, or one of the spare codes."""

    code_label = _("The code in your app, or a spare code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = self.code_label
        code.widget.attrs.pop("placeholder", None)


class AppForm(CodeForm, totp_forms.ActivateTOTPForm):
    code_label = _("The code in your app")


class AuthenticateForm(CodeForm, base_forms.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, base_forms.ReauthenticateForm):
    pass


class PasskeyForm(PlainForm, webauthn_forms.AddWebAuthnForm):
    """A new passkey; made so that it can stand in for the password and the mailed code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this passkey")
        alone: forms.Field = self.fields["passwordless"]
        alone.label = _("Sign in with this passkey alone")
        alone.help_text = _("Then you need no password and no code. Your device asks who you are.")
        alone.initial = True
