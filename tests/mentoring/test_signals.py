"""Which pairs need a facilitator, and which do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from mentoring.models import CheckIn, Meeting, Message, StaffContact
from mentoring.selectors.signals import signals
from mentoring.services.contacts import contact_record
from mentoring.services.mentorships import mentorship_in_touch
from reenter.common import clock
from tests.factories import mentoring as make

from .pairs import START, day, run_minute, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(mentee, mentor, programme):
    row = start(mentee, mentor, programme=programme)
    row.check_ins.all().delete()
    return row


def kinds(pair, number):
    with day(number) as now:
        return [one.kind for one in signals(pair.programme.contact, [pair.programme], now)]


def meeting(pair, number, took_place=True):
    return Meeting.objects.create(
        mentorship=pair, starts_at=START + timedelta(days=number), took_place=took_place
    )


def check_in(pair, half, number, **answer):
    """Asked on that day; answered the same day, or missed ten days later."""
    moment = START + timedelta(days=number)
    answered = {"state": "answered", "answered_at": moment} if answer else {"state": "missed"}
    return CheckIn.objects.create(
        mentorship=pair,
        participant=half,
        kind="first_meeting" if "fit" in answer else "periodic",
        day=number,
        due_at=moment,
        asked_at=moment,
        **answered,
        **answer,
    )


def talk(pair, number, about, quiet_days=0):
    with day(number):
        return contact_record(
            actor=pair.programme.contact,
            participant=pair.mentee,
            mentorship=pair,
            about=about,
            quiet_days=quiet_days,
        )


class TestNoFirstMeeting:
    def test_from_day_14(self, pair):
        assert kinds(pair, 13) == []
        assert kinds(pair, 14) == ["no_first_meeting"]

    @pytest.mark.parametrize(
        ("took_place", "expected"),
        [
            (True, []),
            (False, ["no_first_meeting"]),
            (None, ["no_first_meeting"]),
        ],
    )
    def test_only_one_that_took_place_counts(self, pair, took_place, expected):
        meeting(pair, 5, took_place)
        assert kinds(pair, 15) == expected

    def test_messages_and_logins_do_not_count(self, pair, mentee):
        with day(13) as now:
            Message.objects.create(mentorship=pair, sender=mentee, body="Hello")
            mentee.last_login = now
            mentee.save()
        assert kinds(pair, 14) == ["no_first_meeting"]


class TestSilent:
    def live(self, first, last):
        for number in range(first, last):
            with day(number):
                run_minute()

    def test_staff_hear_three_days_after_the_pair_was_asked(self, pair):
        meeting(pair, 1)
        self.live(1, 25)
        assert kinds(pair, 24) == []
        self.live(25, 26)
        assert kinds(pair, 25) == ["silent"]

    def test_a_tap_ends_it(self, pair, mentee):
        meeting(pair, 1)
        self.live(1, 25)
        with day(24.5):
            mentorship_in_touch(actor=mentee, mentorship=pair)
        assert kinds(pair, 25) == []

    def test_a_meeting_noted_later_ends_it(self, pair):
        meeting(pair, 1)
        self.live(1, 25)
        meeting(pair, 15)
        assert kinds(pair, 25) == []

    def test_an_answer_ends_it(self, pair):
        meeting(pair, 1)
        self.live(1, 25)
        check_in(pair, pair.mentor, 24, satisfaction=4)
        assert kinds(pair, 25) == []

    def test_messages_do_not_end_it(self, pair, mentee):
        meeting(pair, 1)
        self.live(1, 25)
        with day(24):
            Message.objects.create(mentorship=pair, sender=mentee, body="Hello")
        assert kinds(pair, 25) == ["silent"]


class TestAnswers:
    def test_not_a_good_fit(self, pair):
        check_in(pair, pair.mentor, 5, fit="not_good")
        with day(6) as now:
            (one,) = signals(pair.programme.contact, [pair.programme], now)
        assert (one.kind, one.participant, one.mentorship) == ("not_good_fit", pair.mentor, pair)

    @pytest.mark.parametrize("fit", ["good", "unsure"])
    def test_other_fits_need_nobody(self, pair, fit):
        check_in(pair, pair.mentee, 5, fit=fit)
        assert kinds(pair, 6) == []

    @pytest.mark.parametrize(
        ("satisfaction", "expected"),
        [
            (1, ["low_satisfaction"]),
            (2, ["low_satisfaction"]),
            (3, []),
            (5, []),
        ],
    )
    def test_low_satisfaction(self, pair, satisfaction, expected):
        meeting(pair, 1)
        check_in(pair, pair.mentee, 14, satisfaction=satisfaction)
        assert kinds(pair, 15) == expected

    def test_a_better_answer_since_settles_it(self, pair):
        meeting(pair, 1)
        check_in(pair, pair.mentee, 14, satisfaction=1)
        check_in(pair, pair.mentee, 30, satisfaction=4)
        assert kinds(pair, 31) == []

    def test_the_other_half_s_better_answer_does_not(self, pair):
        meeting(pair, 1)
        check_in(pair, pair.mentee, 14, satisfaction=1)
        check_in(pair, pair.mentor, 14, satisfaction=5)
        assert kinds(pair, 15) == ["low_satisfaction"]


class TestUnanswered:
    def test_one_is_enough_without_a_recent_meeting(self, pair):
        meeting(pair, 1)
        check_in(pair, pair.mentee, 30)
        assert kinds(pair, 41) == ["check_in_unanswered"]

    def test_two_are_needed_with_a_recent_meeting(self, pair):
        meeting(pair, 28)
        check_in(pair, pair.mentee, 14)
        assert kinds(pair, 29) == []
        check_in(pair, pair.mentee, 30)
        assert kinds(pair, 41) == ["check_in_unanswered"]

    def test_one_of_each_half_is_not_two(self, pair):
        meeting(pair, 28)
        check_in(pair, pair.mentee, 14)
        check_in(pair, pair.mentor, 14)
        assert kinds(pair, 29) == []

    def test_an_answer_starts_the_count_again(self, pair):
        meeting(pair, 58)
        check_in(pair, pair.mentee, 14)
        check_in(pair, pair.mentee, 30, satisfaction=4)
        check_in(pair, pair.mentee, 48)
        assert kinds(pair, 59) == []


class TestEndNear:
    def test_28_days_before_without_a_closing_talk(self, pair):
        meeting(pair, 150)
        last = 26 * 7
        assert kinds(pair, last - 29) == []
        assert kinds(pair, last - 27) == ["end_near"]

    def test_a_closing_talk_settles_it_for_good(self, pair):
        meeting(pair, 150)
        talk(pair, 150, "end_near")
        assert kinds(pair, 26 * 7 + 3) == []

    def test_a_talk_about_something_else_does_not(self, pair):
        meeting(pair, 150)
        talk(pair, 140, "silent", quiet_days=7)
        assert kinds(pair, 26 * 7 - 20) == ["end_near"]


class TestOnePerPair:
    def test_the_most_urgent(self, pair):
        check_in(pair, pair.mentee, 5, fit="not_good")
        check_in(pair, pair.mentor, 14, satisfaction=1)
        check_in(pair, pair.mentee, 14)
        assert kinds(pair, 30) == ["not_good_fit"]

    @pytest.mark.parametrize("state", ["paused", "ended"])
    def test_none_for_a_pair_that_does_not_run(self, pair, state):
        check_in(pair, pair.mentee, 5, fit="not_good")
        pair.state = state
        pair.save()
        assert kinds(pair, 30) == []

    def test_none_of_other_programmes(self, pair):
        check_in(pair, pair.mentee, 5, fit="not_good")
        with day(30) as now:
            assert signals(pair.programme.contact, [make.programme()], now) == []

    def test_a_fixed_number_of_queries(self, pair, programme, django_assert_num_queries):
        for _ in range(3):
            other = make.mentorship(programme=programme, started_at=START)
            check_in(other, other.mentee, 14)
            check_in(other, other.mentor, 14, satisfaction=1)
            meeting(other, 3)
        with day(30) as now, django_assert_num_queries(3):
            found = signals(programme.contact, [programme], now)
            assert len(found) == 4
            assert all(one.participant.user.name and one.participant.programme for one in found)


class TestResting:
    def test_until_the_day_that_staff_chose(self, pair):
        talk(pair, 15, "no_first_meeting", quiet_days=7)
        assert kinds(pair, 20) == []
        assert kinds(pair, 23) == ["no_first_meeting"]

    def test_what_comes_up_afterwards_is_shown(self, pair):
        talk(pair, 15, "no_first_meeting", quiet_days=14)
        check_in(pair, pair.mentee, 16, fit="not_good")
        assert kinds(pair, 17) == ["not_good_fit"]

    def test_less_urgent_things_rest_too(self, pair):
        check_in(pair, pair.mentee, 5, fit="not_good")
        talk(pair, 15, "not_good_fit", quiet_days=7)
        assert kinds(pair, 16) == []

    def test_more_urgent_things_do_not(self, pair):
        check_in(pair, pair.mentee, 5, fit="not_good")
        talk(pair, 15, "no_first_meeting", quiet_days=7)
        assert kinds(pair, 16) == ["not_good_fit"]

    def test_an_answer_talked_about_is_settled_without_a_date(self, pair):
        meeting(pair, 1)
        check_in(pair, pair.mentee, 14, satisfaction=1)
        talk(pair, 15, "low_satisfaction")
        assert kinds(pair, 60) == []

    def test_a_fact_that_lasts_is_not_settled_without_a_date(self, pair):
        talk(pair, 15, "no_first_meeting")
        assert kinds(pair, 16) == ["no_first_meeting"]

    def test_a_talk_about_another_pair_changes_nothing(self, pair, programme):
        other = make.mentorship(programme=programme, started_at=START)
        with day(15) as now, transaction.atomic():
            StaffContact.objects.create(
                participant=other.mentee,
                mentorship=other,
                about="no_first_meeting",
                quiet_until=now + timedelta(days=9),
            )
        with day(16) as now:
            found = signals(programme.contact, [programme], now)
        assert [one.mentorship for one in found] == [pair]


def test_clock_of_the_selector_is_the_callers(pair):
    with clock.standing_at(START):
        later = START + timedelta(days=15)
        found = signals(pair.programme.contact, [pair.programme], later)
    assert [one.kind for one in found] == ["no_first_meeting"]
