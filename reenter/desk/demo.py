"""The demo programme: one of everything, made through the same services as real people's."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import LegalBasis, Membership, Organisation, Profile, User
from accounts.selectors.people import legal_text_current
from accounts.services.basis import legal_basis_record, legal_texts_load
from accounts.services.people import user_create
from accounts.services.profiles import answer_save, profile_complete, profile_get_or_create
from accounts.services.taxonomy import taxonomy_load
from handbook.selectors import self_check
from mentoring.models import Participant, Programme
from mentoring.services import participants as people
from mentoring.services.programmes import programme_change, programme_create, programme_open
from reenter.common import clock

from .demo_pairs import seed_pairs
from .demo_people import PEOPLE, DemoPerson

PASSWORD = "demo-reenter-2026"  # noqa: S105  # for development only; the command refuses elsewhere
ACCOUNTS = ("admin", "facilitator", "mentor", "mentee")
ORGANISATION = "Startpunt Noord"
SLUG = "demo"
DOMAIN = "demo.example"
PHONE = "+31 58 123 45 67"


@transaction.atomic
def seed() -> Programme:
    """Make what is not there yet; what somebody changed since stays as it is."""
    legal_texts_load()
    taxonomy_load()
    organisation, _made = Organisation.objects.get_or_create(name=ORGANISATION)
    _account("admin", "Ada Beheer", is_staff=True, is_superuser=True)
    facilitator = _account("facilitator", "Fenna Bakker", phone=PHONE)
    guard = _account("safeguarding", "Douwe Veenstra", phone="+31 58 123 45 68")
    deputy = _account("deputy", "Hanna Terpstra", phone="+31 58 123 45 69")
    for staff in (facilitator, guard, deputy):
        Membership.objects.get_or_create(organisation=organisation, user=staff)
    programme = _programme(organisation, facilitator, guard, deputy)
    for person in PEOPLE:
        _enrol(programme, facilitator, person)
    seed_pairs(programme, facilitator, _by_key(programme))
    return programme


def _email(key: str) -> str:
    return f"{key}@{DOMAIN}"


def _account(key: str, name: str, **details: Any) -> User:
    """Somebody who can sign in with the password of the demo."""
    email = _email(key)
    user = User.objects.filter(email=email).first()
    if user:
        return user
    user = user_create(actor=None, name=name, email=email)
    for field, value in details.items():
        setattr(user, field, value)
    user.password = _hashed()
    user.save()
    EmailAddress.objects.filter(user=user).update(verified=True, primary=True)
    return user


@cache
def _hashed() -> str:
    """One hash for all accounts: each costs a third of a second."""
    return make_password(PASSWORD)


def _programme(
    organisation: Organisation, facilitator: User, guard: User, deputy: User
) -> Programme:
    programme = Programme.objects.filter(slug=SLUG).first()
    if programme:
        return programme
    programme = programme_create(
        actor=facilitator, organisation=organisation, name="Zelf beginnen in Friesland", slug=SLUG
    )
    programme_change(
        actor=facilitator,
        programme=programme,
        intro="Een half jaar samen met een ondernemer aan jouw plan. Gratis, dichtbij of online.",
        contact=facilitator,
        safeguarding_person=guard,
        safeguarding_deputy=deputy,
        starts_on=clock.today() - timedelta(days=60),
        ends_on=clock.today() + timedelta(days=300),
    )
    return programme_open(actor=facilitator, programme=programme)


def _enrol(programme: Programme, facilitator: User, person: DemoPerson) -> None:
    who = {"user__email": _email(person.key)} if person.with_email else {"user__name": person.name}
    if Participant.objects.filter(programme=programme, **who).exists():
        return
    with clock.standing_at(clock.now() - timedelta(days=person.days_ago)):
        user = _person(person)
        legal_basis_record(
            actor=user,
            user=user,
            purpose=LegalBasis.Purpose.GUIDANCE,
            text=legal_text_current("privacy"),
        )
        _answer(user, person)
        participant = people.participant_enrol(
            actor=user if person.with_email else facilitator,
            programme=programme,
            user=user,
            role=person.role,
            tell=not person.with_email,
        )
        _through_intake(facilitator, participant, person)


def _person(person: DemoPerson) -> User:
    phone = f"+31 6 1234 {1000 + PEOPLE.index(person)}"
    if person.with_email:
        user = _account(person.key, person.name, phone=phone)
    else:
        user = user_create(actor=None, name=person.name, phone=phone)
    user.forty_five_or_over = person.role == Profile.Role.MENTEE
    user.save(update_fields=["forty_five_or_over"])
    return user


def _answer(user: User, person: DemoPerson) -> None:
    profile = profile_get_or_create(actor=user, user=user, role=person.role)
    name, latitude, longitude = person.place
    where = {"place_name": name, "latitude": latitude, "longitude": longitude, "travel_km": 30}
    mentee = person.role == Profile.Role.MENTEE
    answers: dict[str, dict[str, Any]] = {
        "languages": {"languages": list(person.languages)},
        "place": {"meeting": Profile.Meeting.EITHER, **where},
        "themes": {"terms": list(person.themes)},
        "sector": {"terms": [person.sector] if person.sector else []},
        "bonds": {"terms": list(person.bonds)},
        "exchange": {"exchange": person.exchange},
    }
    if mentee:
        answers["idea"] = {"pitch": person.pitch, "phase": person.phase}
        answers["goals"] = {"terms": person.terms}
        answers["time"] = {"availability": list(person.time)}
    else:
        answers["business"] = {"pitch": person.pitch}
        answers["topics"] = {"terms": person.terms}
        answers["time"] = {"availability": list(person.time), "places": person.places}
    for question, data in answers.items():
        answer_save(actor=user, profile=profile, question=question, data=data)
    profile_complete(actor=user, profile=profile)


def _through_intake(facilitator: User, participant: Participant, person: DemoPerson) -> None:
    """As far as this person has come: applied, spoken to, admitted, ready (briefed), not now."""
    staff: dict[str, Any] = {"actor": facilitator, "participant": participant}
    if person.stage == "applied":
        return
    people.participant_speak(**staff)
    if person.stage == "not_now":
        people.participant_not_now(**staff, reason="no_time")
    if person.stage in ("admitted", "ready"):
        people.participant_admit(**staff)
    if person.stage == "ready":
        people.participant_brief(
            actor=participant.user,
            participant=participant,
            how=Participant.Briefing.READ,
            seen=[question.key for question in self_check([participant.role])],
        )


def _by_key(programme: Programme) -> dict[str, Participant]:
    rows = Participant.objects.select_related(
        "user", "profile", "programme__contact", "programme__organisation"
    )
    found = rows.filter(programme=programme, user__email__endswith=f"@{DOMAIN}")
    return {participant.user.email.split("@")[0]: participant for participant in found}
