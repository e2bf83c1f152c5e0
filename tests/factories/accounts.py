"""People, organisations, terms and profiles."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.models import (
    LegalBasis,
    LegalText,
    Membership,
    Organisation,
    Profile,
    ProfileTerm,
    Term,
    TermGroup,
    User,
)
from reenter.common import clock

_count = itertools.count(1)


def user(*, name: str = "", email: str | None = "", **extra: Any) -> User:
    number = next(_count)
    if email == "":
        email = f"person{number}@example.org"
    person = User.objects.create_user(email, name=name or f"Person {number}", **extra)
    if email:
        person.emailaddress_set.create(email=email, verified=True, primary=True)
    return person


def organisation(name: str = "") -> Organisation:
    return Organisation.objects.create(name=name or f"Organisation {next(_count)}")


def facilitator(*, organisation: Organisation, **extra: Any) -> User:
    person = user(phone="+31 6 12345678", **extra)
    Membership.objects.create(organisation=organisation, user=person)
    return person


def term(kind: str = "topic", code: str = "", **extra: Any) -> Term:
    code = code or f"{kind}-{next(_count)}"
    group, _ = TermGroup.objects.get_or_create(
        code=f"{kind}-group", defaults={"kind": kind, "labels": {"nl": kind, "en": kind}}
    )
    return Term.objects.create(
        group=group, code=code, labels={"nl": f"{code} nl", "en": f"{code} en"}, **extra
    )


def profile(
    *,
    role: str,
    user: User | None = None,
    terms: dict[Term, int | None] | None = None,
    **extra: Any,
) -> Profile:
    """A complete profile; `terms` maps a term to its rank (mentee) or level (mentor)."""
    extra.setdefault("languages", ["nl"])
    extra.setdefault("completed_at", clock.now())
    person = user or globals()["user"]()
    row = Profile.objects.create(user=person, role=role, **extra)
    number = "rank" if role == Profile.Role.MENTEE else "level"
    for chosen, value in (terms or {}).items():
        ProfileTerm.objects.create(profile=row, term=chosen, **{number: value})
    return row


def legal_text(code: str = "privacy", version: str = "2026-11") -> LegalText:
    return LegalText.objects.get_or_create(
        code=code,
        version=version,
        defaults={"titles": {"nl": code, "en": code}, "bodies": {"nl": "Tekst.", "en": "Text."}},
    )[0]


def legal_basis(*, user: User, purpose: str = LegalBasis.Purpose.GUIDANCE) -> LegalBasis:
    return LegalBasis.objects.create(
        user=user, purpose=purpose, basis=LegalBasis.Basis.CONTRACT, text=legal_text()
    )
