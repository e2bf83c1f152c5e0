"""Handing an account that staff made over to the person, with a short code on paper."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from reenter.common import audit, clock, outbox
from reenter.common.errors import Refused

from ..models import TakeoverCode, User
from ..rules import may_be_taken_over

CODE_DAYS = 14
# Without the letters and digits that look alike on paper.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUP = 4


@transaction.atomic
def takeover_code_create(*, actor: Any, user: User) -> str:
    """A code with which this person takes the account over; it voids the one before.

    Eight characters in two groups, shown once, valid for 14 days and one use; only a digest is
    stored. The caller has checked that `actor` looks after this person. Raises Refused for
    somebody who signs in already, and for staff: their rights are never handed on.
    """
    if not may_be_taken_over(user):
        raise Refused(_("This person has an account of their own already."))
    TakeoverCode.objects.filter(user=user, used_at__isnull=True).delete()
    code = "".join(secrets.choice(ALPHABET) for _place in range(2 * GROUP))
    TakeoverCode.objects.create(
        user=user,
        code_digest=_digest(code),
        created_by=actor,
        expires_at=clock.now() + timedelta(days=CODE_DAYS),
    )
    audit.record(actor=actor, action="takeover_code_create", target=user, on_behalf_of=user)
    return f"{code[:GROUP]}-{code[GROUP:]}"


def takeover_code_find(code: str) -> TakeoverCode | None:
    """The code that a person typed, in any case and with any dashes, if it works today."""
    found = (
        TakeoverCode.objects.filter(
            code_digest=_digest(code), used_at__isnull=True, expires_at__gt=clock.now()
        )
        .select_related("user")
        .first()
    )
    return found if found and may_be_taken_over(found.user) else None


def address_is_free(email: str, user: User) -> bool:
    """Whether no other account uses this address."""
    others = User.objects.filter(email=email).exclude(pk=user.pk)
    addresses = EmailAddress.objects.filter(email=email).exclude(user=user)
    return not (others.exists() or addresses.exists())


@transaction.atomic
def takeover_finish(*, code: TakeoverCode, email: str) -> User:
    """Make `email`, which the person has proved to read, the way into the account.

    Raises Refused when the code was used meanwhile or another account has the address.
    """
    used = TakeoverCode.objects.filter(
        pk=code.pk, used_at__isnull=True, expires_at__gt=clock.now()
    ).update(used_at=clock.now())
    user = User.objects.select_for_update(no_key=True).get(pk=code.user_id)
    if not used or not may_be_taken_over(user):
        raise Refused(_("This code does not work any more. Ask for a new one."))
    if not address_is_free(email, user):
        raise Refused(_("You cannot use this e-mail address here. Call us, we help you."))
    EmailAddress.objects.filter(user=user).delete()
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    outbox.letters_mail(recipient=user, address=email)
    audit.record(actor=user, action="takeover_finish", target=user, code_by=str(code.created_by_id))
    return user


def _digest(code: str) -> str:
    plain = "".join(character for character in code.upper() if character.isalnum())
    return salted_hmac("accounts.takeover", plain, algorithm="sha256").hexdigest()
