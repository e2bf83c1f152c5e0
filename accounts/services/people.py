"""People: their accounts, their own details. Staff and codes stand in modules of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reenter.common import audit
from reenter.common.errors import Refused

from ..models import FacilitatorProfile, LegalBasis, LegalText, User
from .basis import legal_basis_record
from .staff import (
    invitation_accept,
    invitation_create,
    invitation_withdraw,
    membership_add,
    membership_remove,
)
from .takeover import takeover_code_create, takeover_finish

__all__ = [
    "EmailInUse",
    "details_save",
    "invitation_accept",
    "invitation_create",
    "invitation_withdraw",
    "language_save",
    "membership_add",
    "membership_remove",
    "takeover_code_create",
    "takeover_finish",
    "user_create",
    "user_sign_up",
]


class EmailInUse(Refused):
    """Another account has this e-mail address; never shown to a visitor."""


@transaction.atomic
def user_create(
    *,
    actor: Any,
    name: str,
    email: str | None = None,
    phone: str = "",
    language: str = "",
    time_zone: str = "",
    forty_five_or_over: bool | None = None,
) -> User:
    """Make an account for a person, without a password; `actor` None means the person alone.

    Without e-mail nobody can sign in, and every mail becomes a letter. The address still has to
    be confirmed. Raises EmailInUse (a Refused).
    """
    address = _clean_address(email)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                address,
                name=_one_line(name),
                phone=_one_line(phone),
                language=language or settings.LANGUAGE_CODE,
                time_zone=time_zone or settings.TIME_ZONE,
                forty_five_or_over=forty_five_or_over,
            )
    except IntegrityError as error:
        raise EmailInUse(_("There is an account with this e-mail address already.")) from error
    if address:
        EmailAddress.objects.create(user=user, email=address, primary=True)
    audit.record(
        actor=actor or user,
        action="user_create",
        target=user,
        on_behalf_of=user if actor else None,
        with_email=bool(address),
    )
    return user


@transaction.atomic
def user_sign_up(*, text: LegalText, **details: Any) -> User:
    """Make an account for a visitor who asks us for guidance, under this text.

    `details` as for `user_create`. Raises EmailInUse.
    """
    user = user_create(actor=None, **details)
    legal_basis_record(actor=user, user=user, purpose=LegalBasis.Purpose.GUIDANCE, text=text)
    return user


@transaction.atomic
def details_save(
    *,
    actor: Any,
    user: User,
    name: str,
    phone: str,
    time_zone: str,
    language: str,
    languages: Sequence[str] | None = None,
) -> None:
    """Save what a person says about themselves; `languages` are those a facilitator speaks."""
    new = {
        "name": _one_line(name),
        "phone": _one_line(phone),
        "time_zone": time_zone,
        "language": language,
    }
    changed = [field for field, value in new.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, new[field])
    user.save(update_fields=changed)
    if languages is not None:
        FacilitatorProfile.objects.update_or_create(
            user=user, defaults={"languages": list(languages)}
        )
    by_other = actor is not None and actor.pk != user.pk
    audit.record(
        actor=actor,
        action="details_save",
        target=user,
        on_behalf_of=user if by_other else None,
        fields=changed,
    )


def language_save(*, user: User, language: str) -> None:
    """Remember in which language a person wants pages and mails; a code not on offer is ignored.

    No audit row: people flip this to and fro, and nobody else decides it for them.
    """
    if language in dict(settings.LANGUAGES) and language != user.language:
        user.language = language
        user.save(update_fields=["language"])


def _clean_address(email: str | None) -> str | None:
    address = email.strip().lower() if email else None
    taken = address and (
        User.objects.filter(email=address).exists()
        or EmailAddress.objects.filter(email=address).exists()
    )
    if taken:
        raise EmailInUse(_("There is an account with this e-mail address already."))
    return address


def _one_line(text: str) -> str:
    """Names and numbers go into mail headers and files, where a line break does harm."""
    return " ".join(text.split())
