"""What people can choose from."""

from __future__ import annotations

from django.db.models import Q

from ..models import Profile, ProfileTerm, Term, TermGroup


def terms_offered(*, kind: str, profile: Profile) -> list[Term]:
    """Terms of a kind that may be chosen today, and retired ones that this profile holds; 1 query.

    In the order of groups and positions, each with its group.
    """
    held = ProfileTerm.objects.filter(profile_id=profile.pk).values("term_id")
    terms = Term.objects.of_kind(kind).filter(Q(is_active=True) | Q(pk__in=held))
    return list(terms.select_related("group"))


def in_use(entry: Term | TermGroup) -> bool:
    """Whether people chose this term, or entries stand in this group."""
    if isinstance(entry, TermGroup):
        return entry.terms.exists()
    return entry.chosen.exists()
