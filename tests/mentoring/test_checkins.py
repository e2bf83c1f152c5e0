"""When whom is asked, reminded and counted as silent; and what an answer does."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from mentoring.errors import Refused
from mentoring.models import CheckIn
from mentoring.services import checkins as services
from mentoring.services import meetings
from mentoring.services.checkin_plan import at_ten, spaced_days
from mentoring.services.mentorships import mentorship_end, mentorship_start
from reenter.common import clock
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make
from tests.factories import mentoring as factory

from .pairs import START, day, reload, run_minute, sent_to, start, text_of, waiting_for

pytestmark = pytest.mark.django_db

State = CheckIn.State


@pytest.fixture
def pair(mentee, mentor, programme):
    with clock.standing_at(START):
        row = start(mentee, mentor, programme=programme)
    with day(0):
        run_minute()
    mail.outbox.clear()
    return row


def met(pair, number, actor):
    """They met on that day and say so in the evening."""
    with day(number, hour=18):
        return meetings.meeting_plan(
            actor=actor, mentorship=pair, starts_at=clock.now() - timedelta(hours=2)
        )


def asked_days(pair, half):
    rows = pair.check_ins.filter(participant=half, asked_at__isnull=False)
    return [(row.asked_at - START).days for row in rows.order_by("asked_at")]


def live(first, last):
    """Each day of a stretch, at noon."""
    for number in range(first, last):
        with day(number):
            run_minute()


class TestAsking:
    def test_nothing_before_the_day_and_one_mail_on_it(self, pair, mentee, mentor):
        live(1, 14)
        assert not mail.outbox
        with day(14):
            run_minute()
            run_minute()
        for person, other in ((mentee, mentor), (mentor, mentee)):
            (message,) = sent_to(person)
            assert "/check-ins/answer/" in text_of(message)
            assert other.first_name in text_of(message)

    def test_one_reminder_after_three_days_then_silence(self, pair, mentee):
        live(14, 30)
        asking = [one for one in sent_to(mentee) if "/check-ins/answer/" in text_of(one)]
        assert len(asking) == 2
        row = pair.check_ins.get(participant=pair.mentee, day=14)
        assert row.state == State.MISSED
        assert (row.reminded_at - row.asked_at).days == 3

    def test_no_reminder_once_answered(self, pair, mentee, mentor):
        live(14, 15)
        row = pair.check_ins.get(participant=pair.mentee, day=14)
        with day(15):
            services.check_in_answer(actor=mentee, check_in=row, satisfaction=4)
        live(15, 28)
        assert len(sent_to(mentee)) == 1
        assert len(sent_to(mentor)) == 2

    def test_answer_withdraws_the_reminder_that_waits_for_the_morning(self, pair, mentee):
        live(14, 15)
        row = pair.check_ins.get(participant=pair.mentee, day=14)
        with day(17, hour=23):
            run_minute()
            assert waiting_for(mentee) == [f"check_in:{row.pk}:reminder"]
            services.check_in_answer(actor=mentee, check_in=row, satisfaction=4)
        live(18, 20)
        assert len(sent_to(mentee)) == 1

    def test_down_for_three_days_brings_one_mail(self, mentee, programme):
        """A mentor of three pairs, all with something due while everything stood still."""
        mentor = make.user(email="bram2@example.org")
        pairs = []
        for number in range(3):
            at = START + timedelta(days=number)
            pairs.append(_pair_of(mentor, programme, at))
        with day(3):
            run_minute()
        mail.outbox.clear()
        live(19, 20)
        (message,) = sent_to(mentor)
        for pair in pairs:
            assert pair.mentee.user.first_name in text_of(message)
        assert text_of(message).count("/check-ins/answer/") == 3
        live(20, 21)
        assert len(sent_to(mentor)) == 1

    def test_long_standstill_asks_once_for_all_that_was_missed(self, pair, mentee):
        live(65, 66)
        assert len(sent_to(mentee)) == 1
        states = dict(pair.check_ins.filter(participant=pair.mentee).values_list("day", "state"))
        assert (states[14], states[30], states[60]) == ("dropped", "dropped", "asked")

    def test_not_reminded_of_what_never_reached_them(self, pair, mentee, monkeypatch):
        def away(message, fail_silently=False):
            raise ConnectionRefusedError

        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMultiAlternatives.send", away)
            live(14, 26)
        assert not sent_to(mentee)
        live(26, 27)
        (message,) = sent_to(mentee)
        assert text_of(message).count("/check-ins/answer/") == 1
        live(27, 29)
        assert len(sent_to(mentee)) == 1
        live(29, 30)
        assert len(sent_to(mentee)) == 2  # three days after it was really sent
        assert not CheckIn.objects.filter(state=State.MISSED).exists()

    def test_ended_pair_is_asked_nothing(self, pair, mentee):
        with day(13):
            mentorship_end(actor=mentee, mentorship=pair, reason="other")
        mail.outbox.clear()
        live(14, 20)
        assert not any("check-ins" in text_of(message) for message in sent_to(mentee))

    def test_mail_that_waits_when_the_pair_ends_is_not_sent(self, pair, mentee, mentor):
        with day(14, hour=10):
            services.check_ins_run()
            assert waiting_for(mentor)
            mentorship_end(actor=mentee, mentorship=pair, reason="other")
            assert not any("check_in" in key for key in waiting_for(mentor))

    def test_waits_for_their_own_daytime(self, mentee, programme):
        mentor = make.user(email="kiwi@example.org", time_zone="Pacific/Auckland")
        _pair_of(mentor, programme, START)
        with day(0):
            run_minute()
        mail.outbox.clear()
        sent = None
        for quarter in range(13 * 24 * 4, 16 * 24 * 4):
            moment = START.replace(hour=0) + timedelta(minutes=15 * quarter)
            with clock.standing_at(moment):
                services.check_ins_run()
                if sent_to(mentor):
                    break
                run_minute() if quarter % 4 == 0 else None
                sent = moment
        assert sent.astimezone(ZoneInfo("Pacific/Auckland")).hour in (10, 11)

    def test_person_without_mail_gets_a_letter_that_makes_sense_without_a_link(self, programme):
        person = make.user(email=None, name="Truus Bakker")
        _pair_of(person, programme, START)
        live(14, 30)
        letter = OutboxMessage.objects.get(recipient=person, key__endswith=":ask")
        assert letter.state == OutboxMessage.State.LETTER
        assert any(programme.contact.phone in line for line in letter.closing)
        # Staff have it in hand: no second task, and nobody counts as silent.
        assert not OutboxMessage.objects.filter(recipient=person, key__contains="reminder").exists()
        assert CheckIn.objects.get(participant__user=person, day=14).state == State.ASKED


def _pair_of(mentor, programme, at):
    profile = mentor.profiles.first()
    if profile is None:
        profile = make.profile(role="mentor", user=mentor, places=3)
    half = mentor.participations.first() or factory.participant(
        programme=programme, role="mentor", user=mentor
    )
    mentee = factory.participant(
        programme=programme, role="mentee", user=make.user(name=f"Wim{at:%d} Pol")
    )
    with clock.standing_at(at), transaction.atomic():
        return mentorship_start(actor=mentor, programme=programme, mentee=mentee, mentor=half)


class TestFirstMeeting:
    def test_asks_both_the_next_day_at_ten_and_replaces_day_14(self, pair, mentee):
        met(pair, 5, mentee)
        for half in (pair.mentee, pair.mentor):
            row = pair.check_ins.get(participant=half, kind=CheckIn.Kind.FIRST_MEETING)
            assert row.due_at == at_ten((START + timedelta(days=6)).date(), "Europe/Amsterdam")
            assert pair.check_ins.get(participant=half, day=14).state == State.DROPPED
        live(6, 29)
        assert asked_days(pair, pair.mentee) == [6]
        live(29, 31)
        assert asked_days(pair, pair.mentee) == [6, 30]

    def test_a_second_meeting_asks_nothing_more(self, pair, mentee, mentor):
        met(pair, 5, mentee)
        met(pair, 8, mentor)
        assert pair.check_ins.filter(kind=CheckIn.Kind.FIRST_MEETING).count() == 2

    def test_short_coaching_is_not_asked(self, mentee, mentor):
        pair = start(mentee, mentor, kind="short")
        met(pair, 5, mentee)
        assert not pair.check_ins.exists()

    @pytest.mark.parametrize("met_on", [1, 3, 10, 13, 14, 15, 20, 21, 25, 29, 30, 34, 45, 59])
    def test_never_two_within_ten_days(self, pair, mentee, met_on):
        live(1, met_on)
        met(pair, met_on, mentee)
        live(met_on + 1, 125)
        for half in (pair.mentee, pair.mentor):
            days = asked_days(pair, half)
            assert len(days) >= 4
            gaps = [later - earlier for earlier, later in itertools.pairwise(days)]
            assert min(gaps) >= 10, days
            first = pair.check_ins.get(participant=half, kind=CheckIn.Kind.FIRST_MEETING)
            assert first.asked_at is not None
            assert first.asked_at - START <= timedelta(days=met_on + 12)

    def test_taken_back_before_it_was_asked(self, pair, mentee):
        meeting = met(pair, 5, mentee)
        with day(5, hour=19):
            meetings.meeting_record(actor=mentee, meeting=meeting, took_place=False)
        live(6, 12)
        assert asked_days(pair, pair.mentee) == []
        met(pair, 12, mentee)
        live(13, 14)
        assert asked_days(pair, pair.mentee) == [13]


@given(st.lists(st.integers(-5, 400), max_size=15), st.integers(0, 300))
def test_plan_is_spaced_and_inside_the_mentorship(days, last):
    kept = spaced_days(days, last)
    assert all(0 < one <= last and one in days for one in kept)
    assert all(b - a >= 10 for a, b in itertools.pairwise(kept))
    for one in days:  # nothing is left out without a neighbour that is kept
        if 0 < one <= last:
            assert any(0 <= one - other < 10 for other in kept)


@pytest.mark.parametrize(
    ("on", "utc"),
    [
        (datetime(2026, 3, 28), 9),
        (datetime(2026, 3, 29), 8),  # the night the clock goes forward
        (datetime(2026, 10, 24), 8),
        (datetime(2026, 10, 25), 9),  # the night it goes back
    ],
)
def test_ten_o_clock_on_the_wall(on, utc):
    assert at_ten(on.date(), "Europe/Amsterdam") == datetime(
        on.year, on.month, on.day, utc, tzinfo=UTC
    )


class TestAnswering:
    @pytest.fixture
    def asked(self, pair):
        live(14, 15)
        return pair.check_ins.get(participant=pair.mentee, day=14)

    @pytest.fixture
    def asked_first(self, pair, mentee):
        met(pair, 5, mentee)
        live(6, 7)
        return pair.check_ins.get(participant=pair.mentee, kind=CheckIn.Kind.FIRST_MEETING)

    def test_is_kept_with_when(self, asked, mentee):
        with day(15) as moment:
            services.check_in_answer(
                actor=mentee, check_in=asked, satisfaction=4, comment="  All well.  "
            )
        asked.refresh_from_db()
        assert (asked.state, asked.satisfaction, asked.comment) == ("answered", 4, "All well.")
        assert (asked.answered_at, asked.recorded_by) == (moment, None)

    def test_a_tap_alone_is_an_answer_and_a_sign_of_life(self, pair, asked, mentee):
        with day(15) as moment:
            services.check_in_answer(actor=mentee, check_in=asked, in_touch=True)
        assert reload(pair).in_touch_at == moment

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"fit": "good"},
            {"satisfaction": 0},
            {"satisfaction": 6},
            {"comment": "Hello"},
            {"satisfaction": 3, "fit": "good"},
        ],
    )
    def test_periodic_refuses_what_is_no_answer_to_it(self, asked, mentee, answer):
        with pytest.raises(Refused):
            services.check_in_answer(actor=mentee, check_in=asked, **answer)
        asked.refresh_from_db()
        assert asked.state == State.ASKED

    @pytest.mark.parametrize(
        "answer", [{}, {"fit": "great"}, {"satisfaction": 3}, {"in_touch": True}]
    )
    def test_first_meeting_refuses_what_is_no_answer_to_it(self, asked_first, mentee, answer):
        with pytest.raises(Refused):
            services.check_in_answer(actor=mentee, check_in=asked_first, **answer)

    def test_staff_write_down_an_answer(self, asked, facilitator, mentee):
        with day(15):
            services.check_in_answer(actor=facilitator, check_in=asked, satisfaction=2)
        asked.refresh_from_db()
        entry = AuditEntry.objects.get(action="check_in_answer")
        assert asked.recorded_by == entry.actor == facilitator
        assert entry.on_behalf_of == mentee
        assert entry.data == {}

    def test_second_answer_is_refused_unless_it_is_a_change(self, asked, mentee):
        services.check_in_answer(actor=mentee, check_in=asked, satisfaction=4)
        with pytest.raises(Refused):
            services.check_in_answer(actor=mentee, check_in=asked, satisfaction=1)
        services.check_in_answer(actor=mentee, check_in=asked, satisfaction=1, may_change=True)
        asked.refresh_from_db()
        assert asked.satisfaction == 1

    def test_late_answer_is_welcome(self, pair, mentee):
        live(14, 26)
        row = pair.check_ins.get(participant=pair.mentee, day=14)
        assert row.state == State.MISSED
        services.check_in_answer(actor=mentee, check_in=row, satisfaction=3)
        row.refresh_from_db()
        assert row.state == State.ANSWERED

    @pytest.mark.parametrize("state", [State.PLANNED, State.DROPPED])
    def test_what_was_not_asked_takes_no_answer(self, pair, mentee, state):
        row = pair.check_ins.get(participant=pair.mentee, day=30)
        row.state = state
        row.save()
        with pytest.raises(Refused):
            services.check_in_answer(actor=mentee, check_in=row, satisfaction=3)
