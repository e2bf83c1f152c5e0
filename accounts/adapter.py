"""Where allauth meets our house: its mails go through the outbox, sign-up asks our questions."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reenter.common import outbox
from reenter.common.contact import contact_line

from .models import User
from .selectors.people import legal_text_current
from .services import people

START = "/start/"
MOST_CHARACTERS = 254
validate_length = MaxLengthValidator(
    MOST_CHARACTERS, gettext_lazy("This e-mail address is too long. Look at it once more.")
)
ROLE_IN_SESSION = "start_role"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is not right. Try again, or ask for a code."
        ),
        "incorrect_code": gettext_lazy("This code is not right. Look at our last mail again."),
        "incorrect_password": gettext_lazy("This password is not right. Try again."),
        "enter_current_password": gettext_lazy("Type the password that you use now."),
        "too_many_login_attempts": gettext_lazy(
            "You have tried this too often. Wait five minutes and try again."
        ),
        "rate_limited": gettext_lazy("That went too fast. Wait a minute and try again."),
        "email_taken": gettext_lazy("You cannot use this e-mail address here."),
    }

    def clean_email(self, email: str) -> str:
        """Refuse what no address can be; a longer one would not fit where mails are kept."""
        validate_length(email)
        return email

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Make the account in one transaction with the legal basis. Raises EmailInUse."""
        details = {field: form.cleaned_data[field] for field in form.ACCOUNT_FIELDS}
        return people.user_sign_up(
            text=legal_text_current("privacy"),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            **details,
        )

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """In our own words: a passkey is called a passkey everywhere."""
        words = {
            "mfa_reauthenticate": _("Use the code of an app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [one | {"description": words.get(one["id"], one["description"])} for one in methods]

    def login(self, request: HttpRequest, user: User) -> None:
        """From here on in the person's own language, also the words of welcome."""
        super().login(request, user)
        translation.activate(user.language)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail in the outbox; it leaves at commit and its text is purged once sent.

        `context` is what the template needs: a code, or an address that was changed.
        """
        recipient = User.objects.filter(email=email.lower(), is_active=True).first()
        language = recipient.language if recipient else translation.get_language()
        with translation.override(language), transaction.atomic():
            context = {"email": email, "site_url": settings.SITE_URL} | context
            body = render_to_string(f"{template_prefix}_message.txt", context)
            outbox.message_queue(
                key=f"account:{uuid4()}",
                category=outbox.Category.CODE,
                recipient=recipient,
                to_address=email,
                language=language or settings.LANGUAGE_CODE,
                subject=render_to_string(f"{template_prefix}_subject.txt", context),
                sections=[outbox.Section(_paragraphs(body))],
                closing=[contact_line(recipient)],
            )

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """On to the questions of the role that the visitor came for."""
        role = request.session.pop(ROLE_IN_SESSION, "")
        return f"{START}?{urlencode({'role': role})}" if role else START


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right. Wait for the next one and try it."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}


def current_request() -> HttpRequest:
    """The request that allauth is working on; its forms are not given one."""
    return allauth_context.request


def _paragraphs(text: str) -> list[str]:
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [part for part in parts if part]
