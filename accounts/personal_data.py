"""What this app holds about a person, for their export and for erasure."""

from __future__ import annotations

from typing import Any

from .models import FacilitatorProfile, LegalBasis, Membership, Profile, User

EMPTY_PROFILE = {
    "languages": [],
    "meeting": "",
    "place_name": "",
    "latitude": None,
    "longitude": None,
    "travel_km": None,
    "pitch": "",
    "phase": "",
    "availability": [],
    "exchange": "",
    "visible": [],
    "answered": [],
    "completed_at": None,
}


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
        "profiles": [_profile(profile) for profile in _profiles(user)],
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
    """Empty the profiles and forget the rest; the rows of profiles stay for those who refer."""
    for profile in _profiles(user):
        profile.chosen.all().delete()
        for field, empty in EMPTY_PROFILE.items():
            setattr(profile, field, empty)
        profile.save()
    LegalBasis.objects.filter(user=user).delete()
    Membership.objects.filter(user=user).delete()
    FacilitatorProfile.objects.filter(user=user).delete()


def _profiles(user: User) -> list[Profile]:
    return list(user.profiles.prefetch_related("chosen__term__group"))


def _profile(profile: Profile) -> dict[str, Any]:
    answers: dict[str, Any] = {field: getattr(profile, field) for field in EMPTY_PROFILE}
    chosen = [
        {
            "kind": choice.term.group.kind,
            "term": str(choice.term),
            "rank": choice.rank,
            "level": choice.level,
        }
        for choice in profile.chosen.all()
    ]
    return {"role": profile.role, **answers, "places": profile.places, "chosen": chosen}
