"""The task list: what is on it, in which order, once per pair or person, and what rests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matching.models import Offer
from mentoring.models import Participant, Programme
from mentoring.services.contacts import contact_record
from mentoring.signals import signal
from reenter.common import clock
from reenter.desk import selectors
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

from .make import letter, offer

State = Participant.State
pytestmark = pytest.mark.django_db


def tasks(*programmes, days=0):
    reader = programmes[0].contact
    return selectors.tasks(reader, list(programmes), clock.now() + timedelta(days=days))


def kinds(*programmes, days=0):
    return [[one.kind for one in task.signals] for task in tasks(*programmes, days=days)]


class TestOffers:
    def test_a_call_on_day_seven_for_who_did_not_answer(self, programme):
        made = offer(programme=programme, mentor_answer="yes")
        assert kinds(programme, days=6) == []
        (task,) = tasks(programme, days=7)
        assert (task.first.kind, task.participant) == ("offer_call", made.mentee)
        assert task.first.object_id == made.pk

    def test_both_when_nobody_answered(self, programme):
        offer(programme=programme)
        assert kinds(programme, days=8) == [["offer_call"], ["offer_call"]]

    @pytest.mark.parametrize("state", ["expired", "declined", "withdrawn"])
    def test_one_that_came_to_nothing_is_about_the_mentee(self, programme, state):
        made = offer(programme=programme, days_ago=11, state=state, closed_at=clock.now())
        (task,) = tasks(programme)
        assert (task.first.kind, task.participant) == ("offer_over", made.mentee)

    def test_not_when_a_newer_offer_came(self, programme):
        old = offer(programme=programme, days_ago=11, state="expired", closed_at=clock.now())
        offer(programme=programme, mentee=old.mentee)
        assert kinds(programme) == []

    def test_not_when_the_mentee_has_a_pair_or_left(self, programme):
        for changes in ({"waiting_since": None}, {"state": State.WITHDRAWN}):
            mentee = make.participant(programme=programme, role="mentee", **changes)
            offer(
                programme=programme,
                mentee=mentee,
                days_ago=11,
                state="expired",
                closed_at=clock.now(),
            )
        assert kinds(programme) == []

    def test_who_has_an_offer_does_not_wait_in_vain(self, programme):
        made = offer(programme=programme)
        waits = make.participant(programme=programme, role="mentee")
        found = {task.participant: task for task in tasks(programme, days=31)}
        assert [one.kind for one in found[made.mentee].signals] == ["offer_call"]
        assert found[waits].first.kind == "waiting"


class TestOrder:
    def test_most_urgent_first_then_longest_open(self, programme):
        now = clock.now()
        for days in (1, 5):
            make.participant(
                programme=programme,
                role="mentee",
                ready=False,
                state_changed_at=now - timedelta(days=days),
            )
        offer(programme=programme, days_ago=8, mentor_answer="yes")
        found = tasks(programme)
        assert [task.first.kind for task in found] == ["offer_call", "apply", "apply"]
        assert found[1].first.since < found[2].first.since

    def test_one_task_per_person_with_the_rest_beside_it(self, programme):
        user = make_accounts.user(email=None)
        make.participant(programme=programme, role="mentee", ready=False, user=user)
        letter(programme=programme, recipient=user)
        assert kinds(programme, days=31) == [["letter", "apply", "waiting"]]

    def test_own_programmes_alone(self, programme):
        other = make.participant(programme=make.programme(), role="mentee", ready=False)
        offer(programme=other.programme, days_ago=8)
        assert tasks(programme) == []
        assert len(tasks(other.programme)) == 3


class TestResting:
    @pytest.fixture
    def person(self, programme):
        return make.participant(programme=programme, role="mentee", ready=False)

    def note(self, person, facilitator, about, days):
        contact_record(
            actor=facilitator, participant=person, about=about, quiet_days=days, note="x"
        )

    def test_off_the_list_until_the_day(self, programme, person, facilitator):
        self.note(person, facilitator, "apply", 7)
        assert kinds(programme, days=6) == []
        assert kinds(programme, days=8) == [["apply"]]

    def test_without_days_it_stays(self, programme, person, facilitator):
        self.note(person, facilitator, "apply", 0)
        assert kinds(programme) == [["apply"]]

    def test_something_more_urgent_comes_through(self, programme, person, facilitator):
        self.note(person, facilitator, "apply", 7)
        letter(programme=programme, recipient=person.user, created_at=clock.now())
        assert kinds(programme) == [["letter"]]

    def test_what_came_up_after_the_talk_comes_through(self, programme, facilitator):
        mentorship = make.mentorship(programme=programme)
        self.note(mentorship.mentee, facilitator, "contact", 7)
        late = signal(
            "silent",
            programme=programme,
            since=clock.now() + timedelta(days=1),
            participant=mentorship.mentee,
        )
        early = signal(
            "silent",
            programme=programme,
            since=clock.now() - timedelta(days=1),
            participant=mentorship.mentee,
        )
        resting = selectors._resting([programme], clock.now())
        assert not selectors._rests(late, resting)
        assert selectors._rests(early, resting)

    def test_a_talk_with_another_person_rests_nothing(self, programme, person, facilitator):
        other = make.participant(programme=programme, role="mentor", ready=False)
        self.note(other, facilitator, "apply", 7)
        assert [task.participant for task in tasks(programme)] == [person]


def test_queries_do_not_grow(programme, django_assert_max_num_queries):
    counted = []
    for number in (1, 3):
        while Offer.objects.count() < number:
            offer(programme=programme, days_ago=8)
            user = make_accounts.user(email=None)
            make.participant(programme=programme, role="mentee", ready=False, user=user)
            letter(programme=programme, recipient=user)
        with django_assert_max_num_queries(12) as queries:
            assert len(tasks(programme)) == 3 * number
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert Programme.objects.count() == 1
