"""Waiting is not silence: mails after a round, and call tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentoring.models import Participant, StaffContact
from mentoring.selectors.waiting import letter_signals, people_signals
from mentoring.services.contacts import contact_record, letter_done
from mentoring.services.waiting import waiting_mails_after_round
from mentoring.signals import TEXTS, URGENCY
from reenter.common import clock
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

State = Participant.State
pytestmark = pytest.mark.django_db


def kinds(programmes, days=0):
    moment = clock.now() + timedelta(days=days)
    return {(s.kind, s.participant) for s in people_signals(programmes, moment)}


class TestAfterRound:
    def tell(self, programme, actor, key="1"):
        people = Participant.objects.filter(programme=programme).select_related(
            "user", "programme__contact", "programme__organisation"
        )
        return waiting_mails_after_round(
            actor=actor, round_programme=programme, participants=people, round_key=key
        )

    def test_once_per_round_and_person(self, programme, facilitator):
        people = [make.participant(programme=programme, role="mentee") for _ in range(2)]
        for _ in range(2):
            assert self.tell(programme, facilitator) == 2
        mails = OutboxMessage.objects.filter(category=OutboxMessage.Category.CAPPED)
        assert {mail.recipient for mail in mails} == {person.user for person in people}
        assert len(mails) == 2
        self.tell(programme, facilitator, key="2")
        assert mails.all().count() == 4

    def test_not_who_is_in_a_pair_by_now(self, programme, facilitator):
        make.participant(programme=programme, role="mentee", waiting_since=None)
        assert self.tell(programme, facilitator) == 0
        assert not OutboxMessage.objects.exists()

    def test_counts_go_to_the_audit_trail_without_names(self, programme, facilitator):
        make.participant(programme=programme, role="mentee")
        self.tell(programme, facilitator)
        assert AuditEntry.objects.get(action="waiting_mails").data == {"count": 1}


class TestPeople:
    def test_intake(self, programme):
        applied = make.participant(programme=programme, role="mentee", ready=False)
        spoken = make.participant(
            programme=programme, role="mentor", ready=False, state=State.SPOKEN_TO
        )
        for state in (State.ADMITTED, State.NOT_NOW, State.WITHDRAWN):
            make.participant(programme=programme, role="mentee", state=state)
        make.participant(programme=make.programme(), role="mentee", ready=False)
        assert kinds([programme]) == {("apply", applied), ("decide", spoken)}

    def test_in_a_closed_programme_nobody_waits(self):
        closed = make.programme(state="closed")
        make.participant(programme=closed, role="mentee", ready=False)
        assert kinds([closed], 31) == set()

    def test_thirty_days_to_the_day(self, programme):
        person = make.participant(programme=programme, role="mentee")
        make.participant(programme=programme, role="mentee", waiting_since=None)
        assert kinds([programme], 29) == set()
        assert kinds([programme], 30) == {("waiting", person)}

    def test_since_is_when_it_became_a_task(self, programme):
        person = make.participant(programme=programme, role="mentee")
        (one,) = people_signals([programme], clock.now() + timedelta(days=40))
        assert one.since == person.waiting_since + timedelta(days=30)
        assert one.text == TEXTS["waiting"]

    def test_a_programme_that_cannot_open_yet(self, programme):
        programme.state = "draft"
        assert people_signals([programme], clock.now()) == []
        programme.safeguarding_deputy_id = None
        (one,) = people_signals([programme], clock.now())
        assert (one.kind, one.participant, one.programme) == (
            "safeguarding_missing",
            None,
            programme,
        )


class TestLetters:
    def letter(self, programme, user, state="letter"):
        return OutboxMessage.objects.create(
            key=f"letter-{OutboxMessage.objects.count()}",
            recipient=user,
            programme=programme,
            category="direct",
            language="nl",
            subject="Canary",
            state=state,
            message_id="<x@y>",
        )

    def test_of_own_programmes_alone(self, programme):
        person = make.participant(programme=programme, role="mentee")
        other = make.participant(programme=make.programme(), role="mentee")
        mine = self.letter(programme, person.user)
        self.letter(other.programme, other.user)
        for state in ("sent", "done", "cancelled", "pending"):
            self.letter(programme, person.user, state)
        (one,) = letter_signals([programme])
        assert (one.object_id, one.participant) == (mine.pk, person)

    def test_a_stranger_to_the_programme_is_no_task(self, programme, stranger):
        self.letter(programme, stranger)
        assert letter_signals([programme]) == []

    def test_done_once(self, programme, facilitator, mentee):
        letter = self.letter(programme, mentee)
        done = [letter_done(actor=facilitator, letter=letter, how="called") for _ in range(2)]
        letter.refresh_from_db()
        assert done == [True, False]
        assert (letter.state, letter.handled_by) == ("done", facilitator)
        assert AuditEntry.objects.filter(action="letter_done").count() == 1

    def test_what_was_sent_stays_sent(self, programme, facilitator, mentee):
        letter = self.letter(programme, mentee, "sent")
        assert not letter_done(actor=facilitator, letter=letter, how="called")
        letter.refresh_from_db()
        assert letter.state == "sent"


class TestContacts:
    def test_rests_for_some_days(self, programme, facilitator):
        person = make.participant(programme=programme, role="mentee")
        contact = contact_record(
            actor=facilitator, participant=person, about="waiting", note="Canary", quiet_days=7
        )
        assert timedelta(days=6) < contact.quiet_until - clock.now() < timedelta(days=8)
        assert "Canary" not in str(AuditEntry.objects.get(action="contact_record").data)

    def test_without_rest_it_stays(self, programme, facilitator):
        person = make.participant(programme=programme, role="mentee")
        contact_record(actor=facilitator, participant=person, about="waiting")
        assert StaffContact.objects.get().quiet_until is None


def test_every_kind_has_a_place_of_its_own():
    assert sorted(URGENCY.values()) == list(range(len(TEXTS)))


def test_two_queries_for_people_and_letters(programme, django_assert_num_queries):
    for number in (1, 3):
        while Participant.objects.count() < number:
            person = make.participant(
                programme=programme,
                role="mentee",
                ready=False,
                user=make_accounts.user(email=None),
            )
            TestLetters().letter(programme, person.user)
        with django_assert_num_queries(1):
            assert len(people_signals([programme], clock.now())) == number
        with django_assert_num_queries(2):
            assert len(letter_signals([programme])) == number
