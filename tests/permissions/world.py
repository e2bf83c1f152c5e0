"""One programme with something of everything in it, and a recognisable text in each field.

The tests of this folder make it twice: the programme that people belong to, and a foreign one.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from accounts.models import Invitation
from accounts.services.staff import invitation_token
from accounts.services.takeover import takeover_code_create
from handbook.services.inbox import book_propose, question_ask, question_reply
from matching.models import Offer, Proposal
from matching.services.offers import offer_answer
from matching.services.overrides import override_lock
from matching.services.rounds import round_draft, round_leave_out
from matching.services.solving import round_solve
from mentoring.imports.mapping import Mapping
from mentoring.models import CheckIn, ImportBatch, Meeting, StaffContact
from mentoring.services.mentorships import mentorship_start
from mentoring.services.messages import message_send
from mentoring.tokens import check_in_token
from reenter.common import clock
from reenter.common.models import Job, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import matching as make_matching
from tests.factories import mentoring as make
from tests.mentoring import stories


def build(prefix: str) -> SimpleNamespace:
    """Everything of one programme; `prefix` stands in front of each text in it."""
    world = SimpleNamespace(prefix=prefix)
    world.programme = make.programme(name=f"Programme {prefix}")
    world.facilitator = make_accounts.facilitator(
        organisation=world.programme.organisation,
        name=f"Fleur {prefix}staff",
        language="en",
    )
    world.topics = [make_accounts.term() for _number in range(2)]
    for part in (_pair, _ended_pair, _stories, _offers, _round, _papers, _sent):
        part(world)
    return world


def text(world: SimpleNamespace, what: str) -> str:
    """The text that stands in a field of this world and nowhere else."""
    return f"{world.prefix}{what}x"


def person(world: SimpleNamespace, name: str, role: str, **extra: Any) -> Any:
    """A participant; of their answers the pitch and the place may be seen, the rest may not."""
    user = make_accounts.user(
        name=f"{name} {text(world, name.lower() + 'surname')}",
        email=f"{text(world, name.lower() + 'mail')}@example.org",
        phone=text(world, name.lower() + "phone"),
        language="en",
    )
    pitch = "idea" if role == "mentee" else "business"
    participant = make.participant(
        programme=world.programme,
        role=role,
        user=user,
        terms={topic: 1 + number for number, topic in enumerate(world.topics)},
        pitch=text(world, name.lower() + "shown"),
        exchange=text(world, name.lower() + "hidden"),
        meeting="online",
        availability=["weekday_morning"],
        **extra,
    )
    participant.profile.visible = [pitch]
    participant.profile.answered = [pitch, "exchange", "languages", "place"]
    participant.profile.save()
    StaffContact.objects.create(
        participant=participant,
        by=world.facilitator,
        about="intake",
        note=text(world, name.lower() + "note"),
    )
    return participant


def _started(world: SimpleNamespace, mentee: Any, mentor: Any) -> Any:
    for half in (mentee, mentor):
        half.profile.places_taken += 1
        half.profile.save(update_fields=["places_taken"])
    with transaction.atomic():
        return mentorship_start(
            actor=mentor.user, programme=world.programme, mentee=mentee, mentor=mentor
        )


def _pair(world: SimpleNamespace) -> None:
    world.mentee = person(world, "Mona", "mentee")
    world.mentor = person(world, "Rik", "mentor", places=3)
    world.mentorship = _started(world, world.mentee, world.mentor)
    for half, name in ((world.mentee, "mona"), (world.mentor, "rik")):
        message_send(
            actor=half.user, mentorship=world.mentorship, body=text(world, name + "message")
        )
        asked, answered = world.mentorship.check_ins.filter(participant=half).order_by("day")[:2]
        now = clock.now()
        CheckIn.objects.filter(pk=asked.pk).update(state="asked", asked_at=now)
        CheckIn.objects.filter(pk=answered.pk).update(
            state="answered",
            asked_at=now,
            answered_at=now,
            satisfaction=2,
            comment=text(world, name + "comment"),
        )
        setattr(world, f"{half.role}_check_in", answered)
        setattr(world, f"{half.role}_asked", asked)
    world.token = check_in_token(world.mentee_asked)
    world.meeting = Meeting.objects.create(mentorship=world.mentorship, starts_at=clock.now())
    StaffContact.objects.create(
        participant=world.mentee,
        mentorship=world.mentorship,
        by=world.facilitator,
        about="silent",
        note=text(world, "pairnote"),
    )


def _ended_pair(world: SimpleNamespace) -> None:
    world.left = person(world, "Lena", "mentee")
    world.ended = _started(world, world.left, world.mentor)
    world.ended.state, world.ended.end_reason = "ended", "no_match"
    world.ended.ended_at = clock.now()
    world.ended.save()


def _stories(world: SimpleNamespace) -> None:
    """One that waits for the yes of the mentor, and one of another pair that is on the site."""
    words = {name: text(world, f"story{name}") for name in ("wanted", "did", "result", "tip")}
    world.telling = stories.written(world.mentorship, words)
    stories.ask(world.telling, name=text(world, "monastoryname"))
    world.published = stories.published(world.ended)


def _offers(world: SimpleNamespace) -> None:
    world.invited = person(world, "Iris", "mentee")
    world.asked = person(world, "Olaf", "mentor")
    parts = {"goals": 6400}
    world.offer = make_matching.offer(
        programme=world.programme,
        mentee=world.invited,
        mentor=world.asked,
        points=6400,
        parts=parts,
        note=text(world, "offernote"),
    )
    world.declining = person(world, "Dirk", "mentor")
    world.declined = make_matching.offer(
        programme=world.programme, mentee=world.left, mentor=world.declining, state="withdrawn"
    )
    world.declined.state = Offer.State.OPEN
    world.declined.note = ""
    for half in (world.left, world.declining):
        half.profile.refresh_from_db()
        half.profile.places_taken = 1
        half.profile.save()
    world.declined.save()
    world.declined = offer_answer(
        actor=world.declining.user,
        offer=world.declined,
        side="mentor",
        answer="no",
        reason="competitor",
    )


def _round(world: SimpleNamespace) -> None:
    """Solved, with somebody left out and a decision in force, ready to publish."""
    world.waiting = [person(world, name, "mentee") for name in ("Wim", "Wilma", "Walt")]
    world.free = [person(world, name, "mentor") for name in ("Vera", "Vik")]
    actor = world.facilitator
    world.round = round_draft(actor=actor, programme=world.programme)
    world.left_out = world.round.people.get(participant=world.waiting[2])
    reason = text(world, "leftout")
    round_leave_out(actor=actor, round=world.round, people=[world.left_out], reason=reason)
    round_solve(actor=actor, round=world.round)
    world.proposal = Proposal.objects.filter(round=world.round).first()
    world.override = override_lock(
        actor=actor,
        round=world.round,
        mentee=world.proposal.mentee,
        mentor=world.proposal.mentor,
        reason=text(world, "locked"),
    )
    world.round.refresh_from_db()
    round_solve(actor=actor, round=world.round)
    world.round.refresh_from_db()
    world.proposal = Proposal.objects.filter(round=world.round).select_related().first()


def _papers(world: SimpleNamespace) -> None:
    later = clock.now() + timedelta(days=9)
    organisation = world.programme.organisation
    world.organisation = organisation
    world.membership = organisation.memberships.exclude(user=world.facilitator).first()
    world.invitation = Invitation.objects.create(
        organisation=organisation,
        email=f"{text(world, 'invited')}@example.org",
        invited_by=world.facilitator,
        expires_at=later,
    )
    world.invitation_token = invitation_token(world.invitation)
    world.offline = make.participant(
        programme=world.programme,
        role="mentee",
        user=make_accounts.user(name=f"Otto {text(world, 'ottosurname')}", email=None),
        ready=False,
    )
    world.code = takeover_code_create(actor=world.facilitator, user=world.offline.user)
    world.batch = ImportBatch.objects.create(
        programme=world.programme,
        role="mentee",
        filename="people.csv",
        columns=["Naam", "Mail"],
        rows=[[text(world, "importname"), f"{text(world, 'importmail')}@example.org"]],
        numbers=[2],
        mapping=Mapping(columns={"name": "Naam", "email": "Mail"}).to_dict(),
        uploaded_by=world.facilitator,
    )
    world.job = Job.objects.create(
        kind="matching.solve", state="running", started_by=world.facilitator
    )
    world.letter = OutboxMessage.objects.create(
        key=f"letter:{world.programme.pk}",
        recipient=world.offline.user,
        programme=world.programme,
        category="direct",
        language="en",
        subject=text(world, "letter"),
        sections=[{"paragraphs": ["Text"], "action_label": "", "action_url": ""}],
        closing=["Call us."],
        state="letter",
        message_id="<letter@example.org>",
    )


def _sent(world: SimpleNamespace) -> None:
    """What the mentee sent to the editors of the handbook; one question has its answer."""
    actor = world.mentee.user
    world.question = question_ask(actor=actor, text=text(world, "monaquestion"))
    world.answered = question_ask(actor=actor, text=text(world, "monaasked"))
    question_reply(actor=world.facilitator, asked=world.answered, answer=text(world, "monareply"))
    world.book = book_propose(
        actor=actor,
        title=text(world, "monabook"),
        author="Somebody",
        book_language="en",
        why=text(world, "monawhy"),
    )
