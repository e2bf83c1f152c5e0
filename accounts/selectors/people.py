"""What the pages about people, organisations and privacy read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from reenter.common import clock

from ..models import Invitation, LegalBasis, LegalText, Membership, Organisation, User
from ..services.basis import basis_of

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

# The text that explains each purpose; the others are explained in the privacy text.
TEXT_OF_PURPOSE = {
    LegalBasis.Purpose.CONTACT_SHARING: "contact_sharing",
    LegalBasis.Purpose.STORY: "story",
}
DEFAULT_TEXT = "privacy"


def is_staff_member(user: Any) -> bool:
    """Admins, and facilitators of any organisation."""
    return user.is_authenticated and (
        user.is_staff or user.is_superuser or Membership.objects.filter(user=user).exists()
    )


def second_factor_missing(user: User) -> bool:
    """Whether this is staff without an authenticator app or passkey; one query.

    Editors of the handbook count as staff: what they write is shown to everybody.
    """
    members = Membership.objects.filter(user=OuterRef("pk"))
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return (
        User.objects.filter(pk=user.pk)
        .filter(
            Q(is_staff=True)
            | Q(is_superuser=True)
            | Exists(members)
            | Q(groups__permissions__codename="access_admin")
        )
        .exclude(Exists(factors))
        .exists()
    )


def organisations_of(user: Any) -> QuerySet[Organisation]:
    return Organisation.objects.visible_to(user).order_by("name")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    return organisation.memberships.select_related("user").order_by("user__name")


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    return (
        organisation.invitations.filter(accepted_at__isnull=True, expires_at__gt=clock.now())
        .select_related("invited_by")
        .order_by("created_at")
    )


def legal_text_current(code: str) -> LegalText:
    """The newest version of a text. Raises LegalText.DoesNotExist for an unknown code."""
    return LegalText.objects.filter(code=code).latest("version")


def text_for_purpose(purpose: str) -> LegalText:
    return legal_text_current(TEXT_OF_PURPOSE.get(LegalBasis.Purpose(purpose), DEFAULT_TEXT))


@dataclass(frozen=True)
class PurposeRow:
    """One purpose on the privacy page: what, on which basis, since when, under which text."""

    purpose: str
    label: str
    basis_label: str
    in_force: LegalBasis | None
    is_consent: bool
    text: LegalText


def purposes_of(user: User) -> list[PurposeRow]:
    """All purposes in their own order, with what is in force and the text of today."""
    texts = {code: legal_text_current(code) for code in {DEFAULT_TEXT, *TEXT_OF_PURPOSE.values()}}
    in_force = {
        basis.purpose: basis
        for basis in user.legal_bases.filter(withdrawn_at__isnull=True).select_related("text")
    }
    return [
        PurposeRow(
            purpose=purpose.value,
            label=purpose.label,
            basis_label=LegalBasis.Basis(basis_of(purpose)).label,
            in_force=in_force.get(purpose.value),
            is_consent=basis_of(purpose) == LegalBasis.Basis.CONSENT,
            text=texts[TEXT_OF_PURPOSE.get(purpose, DEFAULT_TEXT)],
        )
        for purpose in LegalBasis.Purpose
    ]
