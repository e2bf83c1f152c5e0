"""Plant a recognisable text in every personal field, and look for it everywhere.

Each app adds a planter: a function that makes rows about a person and fills their free fields
with `fill`. A field of a covered app that is neither planted nor listed as not personal fails the
test, so that nobody adds a personal field without saying how it is erased.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from accounts.models import (
    FacilitatorProfile,
    Invitation,
    LegalBasis,
    Membership,
    TakeoverCode,
    User,
)
from handbook.inbox import AskedQuestion, BookProposal
from handbook.models import ChapterRead
from matching.models import ForbiddenPair, Override
from matching.services.offers import offer_open
from matching.services.rounds import round_draft
from matching.services.solving import round_solve
from mentoring.models import ImportBatch, Message, StaffContact
from mentoring.services.mentorships import mentorship_start
from reenter.common import clock
from reenter.common.models import OutboxMessage
from tests.mentoring import stories

from . import accounts as make
from . import matching, mentoring
from .harmless import NOT_PERSONAL

COVERED = {"accounts", "common", "handbook", "mentoring", "matching"}

FREE = (models.CharField, models.TextField, models.JSONField, models.FileField)
_number = itertools.count(1)


class Canaries:
    """The canaries set out for one person: each text, and the field where it sits."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.planted: dict[str, str] = {}

    def new(self, field: str) -> str:
        text = f"kanarie{next(_number)}x"
        self.planted[text] = field
        return text

    def fill(self, row: models.Model, keep: Collection[str] = ()) -> None:
        """Put a canary into every free field of a row, except those to `keep`."""
        for field in free_fields(type(row)):
            if label(field) not in NOT_PERSONAL and field.name not in keep:
                setattr(row, field.name, self._value(field))
        row.save()

    def _value(self, field: models.Field) -> Any:
        text = self.new(label(field))
        if isinstance(field, models.EmailField):
            return f"{text}@example.org"
        if isinstance(field, models.JSONField):
            return [text] if field.default is list else {"text": text}
        if isinstance(field, models.FileField):
            return ContentFile(text.encode(), name=f"{text}.txt")
        return text


Planter = Callable[[Canaries], None]
PLANTERS: list[Planter] = []


def planter(function: Planter) -> Planter:
    """Register a function that plants the canaries of one app."""
    PLANTERS.append(function)
    return function


def plant() -> Canaries:
    """A person with a canary in every field that any app keeps about them."""
    canaries = Canaries(make.user(name=""))
    for function in PLANTERS:
        function(canaries)
    return canaries


def label(field: models.Field) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def free_fields(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, FREE) and not field.choices and not field.primary_key
    ]


def undecided_fields(planted: set[str]) -> set[str]:
    """Free fields of the covered apps that nobody planted or declared harmless."""
    models_of = [apps.get_app_config(app).get_models() for app in COVERED]
    covered = itertools.chain(*models_of)
    fields = {label(field) for model in covered for field in free_fields(model)}
    return fields - planted - NOT_PERSONAL


# Planters


@planter
def plant_person(canaries: Canaries) -> None:
    user = canaries.user
    user.name = f"{canaries.new('accounts.user.name')} {canaries.new('accounts.user.name')}"
    user.email = f"{canaries.new('accounts.user.email')}@example.org"
    user.phone = canaries.new("accounts.user.phone")
    user.is_staff = True
    user.save()
    user.emailaddress_set.update(email=user.email)
    second = f"{canaries.new('account.emailaddress.email')}@example.org"
    user.emailaddress_set.create(email=second)
    for role in ("mentee", "mentor"):
        canaries.fill(make.profile(role=role, user=user, terms={make.term(): 1}))
    canaries.fill(make.legal_basis(user=user))
    canaries.fill(LegalBasis.objects.create(user=user, purpose="story", text=make.legal_text()))


@planter
def plant_staff(canaries: Canaries) -> None:
    user, organisation = canaries.user, make.organisation()
    make.facilitator(organisation=organisation)
    Membership.objects.create(user=user, organisation=organisation)
    canaries.fill(FacilitatorProfile.objects.create(user=user))
    later = clock.now() + timedelta(days=9)
    invitation = Invitation(
        organisation=organisation, expires_at=later, accepted_at=clock.now(), accepted_by=user
    )
    canaries.fill(invitation)
    Invitation.objects.create(organisation=organisation, email=user.email, expires_at=later)
    TakeoverCode.objects.create(user=user, code_digest=user.pk.hex, expires_at=later)


@planter
def plant_ways_in(canaries: Canaries) -> None:
    user = canaries.user
    secret = canaries.new("mfa.authenticator.data")
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    for content in (
        {"_auth_user_id": str(user.pk), "note": canaries.new("sessions.session")},
        {"account_login": {"email": user.email}, "note": canaries.new("sessions.session")},
    ):
        session = SessionStore()
        session.update(content)
        session.save()


@planter
def plant_logs_of_editors(canaries: Canaries) -> None:
    user = canaries.user
    person = ContentType.objects.get_for_model(User)
    about = {"content_type": person, "object_id": str(user.pk)}
    LogEntry.objects.create(
        user=make.user(), object_repr=user.name, action_flag=CHANGE, change_message="", **about
    )
    ModelLogEntry.objects.create(
        label=user.name, action="wagtail.edit", timestamp=clock.now(), **about
    )
    text = canaries.new("wagtailusers.userprofile.avatar")
    UserProfile.objects.create(user=user, avatar=ContentFile(text.encode(), name=f"{text}.png"))


@planter
def plant_reading(canaries: Canaries) -> None:
    """Which chapter somebody marked: the beginning of its key looks the same in every database."""
    key = uuid.uuid4()
    canaries.planted[key.hex[:8]] = "handbook.chapterread.translation_key"
    ChapterRead.objects.create(user=canaries.user, translation_key=key)


@planter
def plant_messages(canaries: Canaries) -> None:
    user, other = canaries.user, make.user(name="Other Person")
    sections = [{"paragraphs": [f"About {user.name}"], "action_label": "", "action_url": ""}]
    rows = [
        {"recipient": user, "state": "sent"},
        {"recipient": user, "state": "letter"},
        {"recipient": None, "to_address": user.email, "state": "pending"},
    ]
    for number, row in enumerate(rows):
        text = canaries.new("common.outboxmessage.sections")
        row["sections"] = [{"paragraphs": [text], "action_label": "", "action_url": ""}]
        message = OutboxMessage(
            key=f"own:{user.pk}:{number}", category="direct", language="nl", **row
        )
        canaries.fill(message, keep=row)
    for state in ("sent", "pending", "cancelled", "letter"):
        OutboxMessage.objects.create(
            key=f"other:{user.pk}:{state}",
            recipient=other,
            to_address=other.email,
            category="direct",
            language="nl",
            subject=f"News of {user.name}",
            sections=sections,
            closing=[f"{user.name}, {user.phone}"],
            state=state,
        )
    OutboxMessage.objects.create(
        key=f"closing:{user.pk}",
        recipient=other,
        to_address=other.email,
        category="direct",
        language="nl",
        subject="Something else",
        sections=[{"paragraphs": ["Nobody here"], "action_label": "", "action_url": ""}],
        closing=[f"{user.name}, {user.phone}", "Call us."],
    )


@planter
def plant_round(canaries: Canaries) -> None:
    """A round that matched the person, solved for real, with what staff decided about them."""
    user = canaries.user
    programme = mentoring.programme()
    profile = user.profiles.get(role="mentee")
    planted = profile.languages, profile.availability
    profile.languages, profile.availability = ["nl"], []
    profile.save()
    mentee = mentoring.participant(programme=programme, role="mentee", user=user)
    [chosen] = profile.chosen.all()
    others = {"programme": programme, "terms": {chosen.term: 1}, "meeting": "online"}
    mentor = mentoring.participant(role="mentor", places=2, **others)
    mentoring.participant(role="mentee", **others)
    actor = programme.contact
    solved = round_solve(actor=actor, round=round_draft(actor=actor, programme=programme))
    profile.languages, profile.availability = planted
    profile.save()
    places = [solved.people.get(participant=half) for half in (mentee, mentor)]
    canaries.fill(places[0])
    canaries.fill(Override(round=solved, kind="lock", mentee=places[0], mentor=places[1]))


@planter
def plant_pair(canaries: Canaries) -> None:
    """A running pair with everything that is written in it and about it."""
    programme = mentoring.programme()
    mentee = mentoring.participant(programme=programme, role="mentee", user=canaries.user)
    mentor = mentoring.participant(programme=programme, role="mentor", places=2)
    canaries.fill(mentee)
    for half in (mentee, mentor):
        half.profile.refresh_from_db()
        half.profile.places_taken += 1
        half.profile.save()
    with transaction.atomic():
        pair = mentorship_start(
            actor=mentor.user, programme=programme, mentee=mentee, mentor=mentor
        )
    canaries.fill(pair.check_ins.filter(participant=mentee).first())
    canaries.fill(Message(mentorship=pair, sender=canaries.user))
    for about in (
        {"participant": mentee},
        {"participant": mentee, "mentorship": pair},
        {"participant": mentor, "mentorship": pair},
    ):
        canaries.fill(StaffContact(about="silent", **about))
    canaries.fill(ForbiddenPair(mentee=canaries.user, mentor=mentor.user, reason="forbidden"))
    telling = stories.asked(pair)
    canaries.fill(telling.story)
    canaries.fill(telling.consents.get(participant=mentee))
    ended = {"mentee": mentee, "mentor": mentor, "state": "withdrawn"}
    canaries.fill(matching.offer(programme=programme, **ended))


@planter
def plant_open_offer(canaries: Canaries) -> None:
    """Somebody else was asked whether this person may be their mentor, and has a mail about it."""
    programme = mentoring.programme()
    mentor = mentoring.participant(programme=programme, role="mentor", user=canaries.user)
    mentee = mentoring.participant(programme=programme, role="mentee")
    offer = offer_open(
        actor=programme.contact,
        programme=programme,
        mentee=mentee,
        mentor=mentor,
        points=6400,
        parts={"goals": 6400},
        facts=[],
        source="one_person",
    )
    canaries.fill(offer)


@planter
def plant_import(canaries: Canaries) -> None:
    """A list that waits to be imported again, with a row about the person."""
    user = canaries.user
    programme = user.participations.first().programme
    mine = [user.name, user.email, canaries.new("mentoring.importbatch.rows")]
    ImportBatch.objects.create(
        programme=programme,
        role="mentee",
        filename="people.csv",
        columns=["Name", "Mail", "Idea"],
        rows=[["Somebody Else", "else@example.org", "Bread"], mine],
        numbers=[2, 3],
    )


@planter
def plant_sent_to_editors(canaries: Canaries) -> None:
    """A question and a book, one that waits and one with its answer, and the mail about that."""
    for model in (AskedQuestion, BookProposal):
        own = {"sender": canaries.user, "language": "nl"}
        canaries.fill(model(**own))
        canaries.fill(model(**own, state="closed", decided_at=clock.now()))


# Looking for them


def everything() -> Iterator[tuple[str, str]]:
    """Every row of every table, every session opened, every file: where it is, and its text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, " ".join(map(_text, row))
    for session in Session.objects.all():
        yield "an open session", str(session.get_decoded())
    for file in Path(settings.MEDIA_ROOT).rglob("*"):
        if file.is_file():
            yield str(file), file.name + file.read_text("utf-8", "ignore")


def found(texts: Iterator[tuple[str, str]], canaries: Canaries) -> dict[str, set[str]]:
    """Which canaries sit where."""
    places: dict[str, set[str]] = {}
    for place, text in texts:
        for canary in canaries.planted:
            if canary in text.lower():
                places.setdefault(canary, set()).add(place)
    return places


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "ignore")
    return str(value)
