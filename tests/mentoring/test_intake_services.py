"""Joining, the intake, the briefing and leaving: which steps are allowed, and what they leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import LegalBasis, LegalText
from handbook.selectors import self_check
from mentoring import events
from mentoring.errors import Refused
from mentoring.models import Participant, Programme, StaffContact
from mentoring.selectors.participants import (
    matchable,
    not_ready,
    ready,
    why_not_matchable,
    with_readiness,
)
from mentoring.services import participants as services
from reenter.common import clock
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

State = Participant.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(programme):
    return make.participant(programme=programme, role="mentee", ready=False)


@pytest.fixture
def left():
    """Who was told to have left, and by whom."""
    told = []

    def listener(participant, actor):
        told.append((participant.pk, actor))

    events.participant_left.append(listener)
    yield told
    events.participant_left.remove(listener)


def enrol(programme, user, actor=None, role="mentee"):
    return services.participant_enrol(
        actor=actor or user, programme=programme, user=user, role=role
    )


class TestJoining:
    def test_tells_what_happens_next(self, programme, mentee):
        make_accounts.profile(role="mentee", user=mentee)
        participant = enrol(programme, mentee)
        assert (participant.state, participant.profile.user) == (State.APPLIED, mentee)
        mail = OutboxMessage.objects.get(recipient=mentee)
        assert mail.category == OutboxMessage.Category.DIRECT
        assert programme.slug in mail.sections[0]["action_url"]
        assert programme.contact.name in mail.closing[0]
        assert programme.contact.phone in mail.closing[1]

    def test_twice_is_once(self, programme, mentee):
        make_accounts.profile(role="mentee", user=mentee)
        assert enrol(programme, mentee) == enrol(programme, mentee)
        assert OutboxMessage.objects.count() == 1
        assert AuditEntry.objects.filter(action="participant_enrol").count() == 1

    def test_one_person_in_both_roles(self, programme, mentee):
        for role in ("mentee", "mentor"):
            make_accounts.profile(role=role, user=mentee)
            enrol(programme, mentee, role=role)
        assert set(mentee.participations.values_list("role", flat=True)) == {"mentee", "mentor"}

    def test_not_without_a_profile(self, programme, mentee):
        with pytest.raises(Refused):
            enrol(programme, mentee)
        assert not Participant.objects.exists()

    @pytest.mark.parametrize("state", [Programme.State.DRAFT, Programme.State.CLOSED])
    def test_only_open_programmes(self, mentee, state):
        make_accounts.profile(role="mentee", user=mentee)
        with pytest.raises(Refused):
            enrol(make.programme(state=state), mentee)

    def test_staff_may_fill_a_programme_in_preparation(self, mentee, admin_user):
        make_accounts.profile(role="mentee", user=mentee)
        enrol(make.programme(state=Programme.State.DRAFT), mentee, actor=admin_user)
        with pytest.raises(Refused):
            enrol(make.programme(state=Programme.State.CLOSED), mentee, actor=admin_user)

    def test_staff_acts_on_behalf_and_a_letter_waits(self, programme, facilitator):
        nobody = make_accounts.user(email=None)
        make_accounts.profile(role="mentee", user=nobody)
        enrol(programme, nobody, actor=facilitator)
        entry = AuditEntry.objects.get(action="participant_enrol")
        assert (entry.actor, entry.on_behalf_of) == (facilitator, nobody)
        assert OutboxMessage.objects.get().state == OutboxMessage.State.LETTER

    def test_an_import_tells_nobody(self, programme, mentee, facilitator):
        make_accounts.profile(role="mentee", user=mentee)
        services.participant_enrol(
            actor=facilitator, programme=programme, user=mentee, role="mentee", tell=False
        )
        assert not OutboxMessage.objects.exists()

    def test_mail_in_the_persons_language(self, programme):
        texts = set()
        for language in ("nl", "en"):
            user = make_accounts.user(language=language)
            make_accounts.profile(role="mentee", user=user)
            enrol(programme, user)
            texts.add(OutboxMessage.objects.get(recipient=user).subject)
        assert len(texts) == 2


MOVES = {
    "speak": services.participant_speak,
    "admit": services.participant_admit,
    "return": services.participant_return,
    "withdraw": services.participant_withdraw,
    "not_now": lambda **kw: services.participant_not_now(reason="no_time", **kw),
}
ALLOWED = {
    State.APPLIED: {"speak": "spoken_to", "admit": "admitted", "not_now": "not_now"},
    State.SPOKEN_TO: {"admit": "admitted", "not_now": "not_now"},
    State.ADMITTED: {"not_now": "not_now"},
    State.NOT_NOW: {"speak": "spoken_to", "return": "spoken_to"},
    State.WITHDRAWN: {},
}


@pytest.mark.parametrize("start", State.values)
@pytest.mark.parametrize("move", MOVES)
def test_every_step_from_every_state(programme, facilitator, start, move):
    person = make.participant(programme=programme, role="mentee", ready=False, state=start)
    goal = "withdrawn" if move == "withdraw" else ALLOWED[start].get(move)
    if goal is None:
        with pytest.raises(Refused):
            MOVES[move](actor=facilitator, participant=person)
        goal = start
    else:
        MOVES[move](actor=facilitator, participant=person)
    person.refresh_from_db()
    assert person.state == goal


class TestNotNow:
    def test_takes_off_the_list_and_ends_offers(self, person, facilitator, left):
        services.participant_not_now(
            actor=facilitator, participant=person, reason="not_ready", note="Canary plan"
        )
        person.refresh_from_db()
        assert person.waiting_since is None
        assert left == [(person.pk, facilitator)]
        assert AuditEntry.objects.get(action="participant_not_now").data == {"reason": "not_ready"}
        assert StaffContact.objects.get().note == "Canary plan"

    def test_unknown_reasons_are_refused(self, person, facilitator, left):
        with pytest.raises(Refused):
            services.participant_not_now(actor=facilitator, participant=person, reason="age")
        assert left == []

    def test_not_while_in_a_pair(self, programme, facilitator, left):
        mentorship = make.mentorship(programme=programme)
        with pytest.raises(Refused):
            services.participant_not_now(
                actor=facilitator, participant=mentorship.mentee, reason="other"
            )
        assert left == []

    @pytest.mark.parametrize("back", ["return", "speak"])
    def test_back_again_waits_from_today(self, person, facilitator, back):
        services.participant_not_now(actor=facilitator, participant=person, reason="other")
        later = clock.now() + timedelta(days=90)
        with clock.standing_at(later):
            MOVES[back](actor=facilitator, participant=person)
        person.refresh_from_db()
        assert (person.state, person.waiting_since) == (State.SPOKEN_TO, later)


class TestWithdrawing:
    def test_stops_matching_at_once(self, programme, left):
        person = make.participant(programme=programme, role="mentee")
        assert person in matchable(programme)
        services.participant_withdraw(actor=person.user, participant=person)
        assert person not in matchable(programme)
        assert left == [(person.pk, person.user)]
        assert AuditEntry.objects.get(action="participant_withdraw").on_behalf_of is None

    def test_twice_is_once(self, person, left):
        for _ in range(2):
            services.participant_withdraw(actor=person.user, participant=person)
        assert len(left) == 1

    def test_takes_back_what_was_not_sent(self, programme):
        nobody = make_accounts.user(email=None)
        make_accounts.profile(role="mentee", user=nobody)
        participant = enrol(programme, nobody)
        services.participant_withdraw(actor=nobody, participant=participant)
        letter = OutboxMessage.objects.get()
        assert (letter.state, letter.sections) == (OutboxMessage.State.CANCELLED, [])

    def test_joining_again_starts_at_applied(self, programme, mentee):
        make_accounts.profile(role="mentee", user=mentee)
        participant = enrol(programme, mentee)
        with clock.standing_at(clock.now() + timedelta(days=1)):
            services.participant_withdraw(actor=mentee, participant=participant)
            again = enrol(programme, mentee)
        assert (again.pk, again.state) == (participant.pk, State.APPLIED)
        assert again.waiting_since > participant.waiting_since
        states = OutboxMessage.objects.order_by("created_at").values_list("state", flat=True)
        assert list(states) == ["cancelled", "pending"]


def keys(role):
    return [question.key for question in self_check([role])]


def read(person, seen=None):
    """The person did the briefing alone."""
    seen = keys(person.role) if seen is None else seen
    return services.participant_brief(actor=person.user, participant=person, how="read", seen=seen)


class TestBriefing:
    def test_records_the_newest_version(self, person):
        make_accounts.legal_text("code_of_conduct", "2025-01")
        newest = make_accounts.legal_text("code_of_conduct", "2026-11")
        read(person)
        person.refresh_from_db()
        assert (person.conduct_text, person.briefed_how) == (newest, "read")
        assert person.briefed_by == person.user

    def test_staff_talk_it_through_on_behalf(self, person, facilitator):
        make_accounts.legal_text("code_of_conduct")
        services.participant_brief(actor=facilitator, participant=person, how="talked")
        entry = AuditEntry.objects.get(action="participant_brief")
        assert (entry.actor, entry.on_behalf_of) == (facilitator, person.user)

    def test_nobody_claims_what_they_cannot(self, person, facilitator):
        make_accounts.legal_text("code_of_conduct")
        for actor, how in ((facilitator, "read"), (person.user, "talked"), (facilitator, "import")):
            with pytest.raises(Refused):
                services.participant_brief(actor=actor, participant=person, how=how)
        person.refresh_from_db()
        assert person.briefed_at is None

    def test_refused_without_a_text(self, person):
        LegalText.objects.filter(code="code_of_conduct").delete()
        with pytest.raises(Refused):
            read(person)

    @pytest.mark.parametrize("missing", range(4))
    def test_reading_includes_every_question_of_the_own_role(self, person, missing):
        make_accounts.legal_text("code_of_conduct")
        mine, others = keys("mentee"), keys("mentor")
        assert len(mine) == len(others) == 4
        for seen in ([], others, [key for key in mine if key != mine[missing]]):
            with pytest.raises(Refused):
                read(person, seen=seen)
        person.refresh_from_db()
        assert person.briefed_at is None
        assert read(person).briefed_at


class TestCertificate:
    def test_keeps_the_day_alone(self, programme, facilitator):
        mentor = make.participant(programme=programme, role="mentor")
        today = clock.today()
        services.participant_certificate(actor=facilitator, participant=mentor, seen_on=today)
        mentor.refresh_from_db()
        assert mentor.certificate_seen_on == today

    def test_refuses_the_future_and_mentees(self, programme, facilitator, person):
        mentor = make.participant(programme=programme, role="mentor")
        tomorrow = clock.today() + timedelta(days=1)
        for participant, day in ((mentor, tomorrow), (person, clock.today())):
            with pytest.raises(Refused):
                services.participant_certificate(
                    actor=facilitator, participant=participant, seen_on=day
                )


class TestReadiness:
    """Each obstacle alone keeps somebody out, and has its own code."""

    def spoil(self, programme, what):
        role = "mentor" if what == "no_certificate" else "mentee"
        person = make.participant(programme=programme, role=role)
        changes = {
            "withdrawn": {"state": State.WITHDRAWN},
            "not_now": {"state": State.NOT_NOW},
            "not_admitted": {"state": State.SPOKEN_TO},
            "not_briefed": {"briefed_at": None},
        }
        Participant.objects.filter(pk=person.pk).update(**changes.get(what, {"external_id": "1"}))
        if what == "no_legal_basis":
            LegalBasis.objects.filter(user=person.user).update(withdrawn_at=clock.now())
            make_accounts.legal_basis(user=person.user, purpose="story")
        return Participant.objects.select_related("programme").get(pk=person.pk)

    @pytest.mark.parametrize(
        "what",
        [
            "withdrawn",
            "not_now",
            "not_admitted",
            "not_briefed",
            "no_legal_basis",
            "no_certificate",
            "programme_closed",
        ],
    )
    def test_each_obstacle(self, what):
        state = Programme.State.CLOSED if what == "programme_closed" else Programme.State.OPEN
        programme = make.programme(certificate_required=True, state=state)
        person = self.spoil(programme, what)
        assert why_not_matchable(person) == [what]
        assert person not in matchable(programme)
        assert person in not_ready(Participant.objects.all())

    def test_everything_in_order(self):
        programme = make.programme(certificate_required=True)
        mentee = make.participant(programme=programme, role="mentee")
        mentor = make.participant(
            programme=programme, role="mentor", certificate_seen_on=clock.today()
        )
        elsewhere = make.participant(programme=make.programme(), role="mentee")
        assert set(matchable(programme)) == {mentee, mentor}
        assert elsewhere in ready(Participant.objects.all())
        assert why_not_matchable(mentee) == why_not_matchable(mentor) == []

    def test_reasons_for_many_ask_nothing_more(self, programme, django_assert_num_queries):
        for _ in range(3):
            make.participant(programme=programme, role="mentor", ready=False)
        with django_assert_num_queries(1):
            found = [why_not_matchable(p) for p in with_readiness(Participant.objects.all())]
        assert len(found) == 3
        assert all(codes == ["not_admitted", "not_briefed", "no_legal_basis"] for codes in found)
