"""What this app holds about a person beside their profiles, for their export and for erasure."""

from __future__ import annotations

from typing import Any

from .models import FacilitatorProfile, LegalBasis, Membership, User


def export(user: User) -> dict[str, Any]:
    facilitator = FacilitatorProfile.objects.filter(user=user).first()
    return {
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "time_zone": user.time_zone,
        "language": user.language,
        "forty_five_or_over": user.forty_five_or_over,
        "created_at": user.created_at,
        "last_login": user.last_login,
        "organisations": [
            str(membership.organisation)
            for membership in user.memberships.select_related("organisation")
        ],
        "languages_as_facilitator": facilitator.languages if facilitator else [],
        "purposes": [
            {
                "purpose": basis.purpose,
                "basis": basis.basis,
                "text": basis.text.code,
                "version": basis.text.version,
                "how": basis.how,
                "given_at": basis.given_at,
                "withdrawn_at": basis.withdrawn_at,
            }
            for basis in user.legal_bases.select_related("text")
        ],
    }


def erase(user: User) -> None:
    LegalBasis.objects.filter(user=user).delete()
    Membership.objects.filter(user=user).delete()
    FacilitatorProfile.objects.filter(user=user).delete()
