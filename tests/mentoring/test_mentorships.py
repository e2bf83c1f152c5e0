"""A pair starts, rests, goes on and ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction

from mentoring.errors import Refused
from mentoring.events import tell_left
from mentoring.models import CheckIn, Mentorship
from mentoring.selectors.participants import why_not_matchable
from mentoring.services import mentorships as services
from mentoring.services.meetings import meeting_plan
from reenter.common import clock
from reenter.common.models import AuditEntry, OutboxMessage
from reenter.common.outbox import outbox_sweep
from tests.factories import mentoring as make

from .pairs import START, day, reload, run_minute, sent_to, start, text_of, waiting_for

pytestmark = pytest.mark.django_db

State = Mentorship.State


@pytest.fixture
def pair(mentee, mentor, programme):
    return start(mentee, mentor, programme=programme)


class TestStart:
    def test_runs_26_weeks_in_the_rhythm_of_the_programme(self, pair):
        assert pair.ends_on == date(2026, 6, 1) + timedelta(weeks=26)
        assert (pair.state, pair.rhythm_days) == (State.ACTIVE, 14)

    def test_plans_check_ins_of_both_at_ten_o_clock_of_each(self, mentee, mentor):
        mentor.time_zone = "America/New_York"
        mentor.save()
        pair = start(mentee, mentor)
        for half, utc_hour in ((pair.mentee, 8), (pair.mentor, 14)):
            rows = pair.check_ins.filter(participant=half)
            assert [row.day for row in rows] == [14, 30, 60, 90, 120, 150]
            assert {row.kind for row in rows} == {CheckIn.Kind.PERIODIC}
            assert rows[0].due_at.isoformat() == f"2026-06-15T{utc_hour:02}:00:00+00:00"

    @pytest.mark.parametrize("month", [2, 9])
    def test_ten_o_clock_on_both_sides_of_a_clock_change(self, mentee, mentor, programme, month):
        programme.check_in_days = list(range(10, 180, 10))
        programme.save()
        pair = start(mentee, mentor, programme=programme, at=START.replace(month=month))
        assert {row.due_at.hour for row in pair.check_ins.all()} == {8, 9}

    def test_short_coaching_has_no_check_ins_and_ends_sooner(self, mentee, mentor):
        pair = start(mentee, mentor, kind="short")
        assert not pair.check_ins.exists()
        assert pair.ends_on == date(2026, 6, 1) + timedelta(weeks=8)

    def test_plan_keeps_to_the_length_and_ten_days_apart(self, mentee, mentor, programme):
        programme.check_in_days = [14, 14, 20, 24, 33, 200]
        programme.save()
        pair = start(mentee, mentor, programme=programme)
        assert [row.day for row in pair.check_ins.filter(participant=pair.mentee)] == [14, 24]

    def test_ends_the_waiting_of_both(self, pair):
        pair.mentee.refresh_from_db()
        pair.mentor.refresh_from_db()
        assert pair.mentee.waiting_since is pair.mentor.waiting_since is None

    def test_both_get_one_mail_with_the_next_step(self, pair, mentee, mentor, programme):
        with day(0):
            outbox_sweep()
        for person, other in ((mentee, mentor), (mentor, mentee)):
            (message,) = sent_to(person)
            text = text_of(message)
            assert other.name in text
            assert f"/mentorships/{pair.pk}/" in text
            assert programme.contact.name in text
            assert programme.contact.phone in text
            assert other.name not in message["Subject"]

    def test_rolls_back_with_the_callers_transaction(self, mentee, mentor, programme):
        with transaction.atomic():
            start(mentee, mentor, programme=programme)
            transaction.set_rollback(True)
        assert not Mentorship.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_audit_row_without_personal_data(self, pair, mentor):
        entry = AuditEntry.objects.get(action="mentorship_start")
        assert entry.actor == mentor
        assert entry.data == {"kind": "full"}


class TestPause:
    def test_asks_nothing_while_paused_and_goes_on_after(self, pair, mentee):
        with day(13):
            services.mentorship_pause(actor=mentee, mentorship=pair)
        for number in range(14, 40):
            with day(number):
                run_minute()
        assert not CheckIn.objects.filter(asked_at__isnull=False).exists()
        with day(40):
            services.mentorship_resume(actor=mentee, mentorship=reload(pair))
            run_minute()
        states = dict(pair.check_ins.filter(participant=pair.mentee).values_list("day", "state"))
        assert (states[14], states[30], states[60]) == ("dropped", "dropped", "planned")
        with day(60):
            run_minute()
        assert CheckIn.objects.filter(day=60, state="asked").count() == 2

    def test_question_that_was_not_sent_yet_is_withdrawn(self, pair, mentee, mentor):
        with day(14, hour=10):
            from mentoring.services.checkins import check_ins_run

            check_ins_run()
            assert any(":ask" in key for key in waiting_for(mentor))
            services.mentorship_pause(actor=mentee, mentorship=pair)
            assert not any(":ask" in key for key in waiting_for(mentor))

    def test_resuming_counts_as_a_sign_of_life(self, pair, mentee):
        with day(13):
            services.mentorship_pause(actor=mentee, mentorship=pair)
        with day(100):
            services.mentorship_resume(actor=mentee, mentorship=pair)
        with day(101):
            run_minute()
        assert reload(pair).silence_asked_at is None

    def test_the_programme_holds_a_pair_until_staff_let_it_go_on(
        self, pair, mentee, mentor, facilitator
    ):
        with day(13):
            services.mentorship_pause(actor=mentee, mentorship=pair)
            services.mentorship_hold(actor=facilitator, mentorship=pair)
        for act in (services.mentorship_resume, services.mentorship_hold):
            with day(14), pytest.raises(Refused, match="programma"):
                act(actor=mentee, mentorship=reload(pair))
        told = {key.split(":")[2] for key in waiting_for(mentor)}
        assert "on_hold" in told
        with day(14), pytest.raises(Refused):
            meeting_plan(actor=facilitator, mentorship=pair, starts_at=clock.now())
        with day(15):
            services.mentorship_resume(actor=facilitator, mentorship=reload(pair))
        assert (reload(pair).state, reload(pair).on_hold) == ("active", False)
        assert AuditEntry.objects.get(action="mentorship_hold").actor == facilitator

    @pytest.mark.parametrize(
        ("state", "change"),
        [
            (State.ACTIVE, services.mentorship_resume),
            (State.PAUSED, services.mentorship_pause),
            (State.ENDED, services.mentorship_pause),
            (State.ENDED, services.mentorship_resume),
        ],
    )
    def test_other_transitions_are_refused_with_a_reason(self, pair, mentee, state, change):
        pair.state = state
        pair.save()
        with pytest.raises(Refused, match=r"\w+ \w+"):
            change(actor=mentee, mentorship=pair)
        assert reload(pair).state == state


class TestEnd:
    def end(self, pair, actor, **extra):
        arguments = {"reason": "no_match", "stopped_by": pair.participant_of(actor)} | extra
        with day(20):
            return services.mentorship_end(actor=actor, mentorship=pair, **arguments)

    def test_frees_both_places(self, pair, mentee):
        self.end(pair, mentee)
        for half in (pair.mentee, pair.mentor):
            half.profile.refresh_from_db()
            assert half.profile.places_taken == 0

    def test_a_second_end_is_refused_and_frees_nothing_more(self, pair, mentee, mentor):
        pair.mentor.profile.places = 2
        pair.mentor.profile.places_taken = 2
        pair.mentor.profile.save()
        self.end(pair, mentee)
        with pytest.raises(Refused):
            self.end(pair, mentor)
        pair.mentor.profile.refresh_from_db()
        assert pair.mentor.profile.places_taken == 1

    def test_nothing_is_asked_afterwards(self, pair, mentee, mentor):
        with day(14):
            run_minute()
        mail.outbox.clear()
        self.end(pair, mentee)
        for number in range(20, 60):
            with day(number):
                run_minute()
        assert len(sent_to(mentor)) == 1  # that it ended
        assert not CheckIn.objects.filter(state__in=["planned", "asked"]).exists()

    def test_both_read_the_same_and_not_who_or_why(self, pair, mentee, mentor):
        with day(1):
            run_minute()
        mail.outbox.clear()
        self.end(pair, mentee, reason="no_time")
        with day(20):
            outbox_sweep()
        (to_mentee,), (to_mentor,) = sent_to(mentee), sent_to(mentor)

        def neutral(message, me, other):
            text = text_of(message).replace(other.name, "X").replace(me.first_name, "Y")
            return text, message["Subject"]

        assert neutral(to_mentee, mentee, mentor) == neutral(to_mentor, mentor, mentee)
        assert str(Mentorship.EndReason.NO_TIME.label) not in text_of(to_mentor)

    @pytest.mark.parametrize(
        ("reason", "wants_match", "mentee_waits", "mentor_waits"),
        [
            ("no_match", True, True, True),
            ("no_match", False, False, True),
            ("goal_reached", False, False, False),
            ("goal_reached", True, True, False),
        ],
    )
    def test_who_waits_for_another_match(
        self, pair, mentee, reason, wants_match, mentee_waits, mentor_waits
    ):
        self.end(pair, mentee, reason=reason, wants_match=wants_match)
        pair.mentee.refresh_from_db()
        pair.mentor.refresh_from_db()
        assert bool(pair.mentee.waiting_since) == mentee_waits
        assert bool(pair.mentor.waiting_since) == mentor_waits
        assert pair.mentee.state == ("admitted" if wants_match else "not_now")
        assert pair.mentor.state == "admitted"
        assert (
            set(why_not_matchable(pair.mentee)).isdisjoint({"not_now", "not_waiting"})
            == wants_match
        )

    def test_a_mentor_who_wants_no_other_match_is_set_aside(self, pair, mentor):
        self.end(pair, mentor, reason="no_time", stopped_by=pair.mentor)
        pair.mentor.refresh_from_db()
        assert (pair.mentor.state, pair.mentor.waiting_since) == ("not_now", None)

    def test_a_mentee_who_is_done_is_in_no_round(self, pair, facilitator):
        self.end(pair, facilitator, reason="goal_reached")
        pair.mentee.refresh_from_db()
        assert "not_waiting" in why_not_matchable(pair.mentee)
        assert "not_waiting" not in why_not_matchable(pair.mentor)

    def test_mentor_with_another_pair_does_not_wait(self, pair, mentee, programme):
        make.mentorship(
            programme=programme,
            mentee=make.participant(programme=programme, role="mentee"),
            mentor=make.participant(programme=programme, role="mentor"),
        )
        other = Mentorship.objects.exclude(pk=pair.pk).get()
        other.mentor = pair.mentor
        other.save()
        self.end(pair, mentee)
        pair.mentor.refresh_from_db()
        assert pair.mentor.waiting_since is None

    def test_staff_in_somebodys_name_is_marked(self, pair, facilitator, mentor):
        self.end(pair, facilitator, stopped_by=pair.mentor)
        entry = AuditEntry.objects.get(action="mentorship_end")
        assert (entry.actor, entry.on_behalf_of) == (facilitator, mentor)

    def test_unknown_reason_is_refused(self, pair, mentee):
        with pytest.raises(Refused):
            self.end(pair, mentee, reason="because")
        assert reload(pair).state == State.ACTIVE

    def test_leaving_the_programme_ends_the_pair_and_tells_the_other_alone(
        self, pair, mentee, mentor
    ):
        with day(1):
            run_minute()
        mail.outbox.clear()
        with day(20):
            tell_left(pair.mentee, mentee)
            outbox_sweep()
        assert (reload(pair).state, reload(pair).end_reason) == (State.ENDED, "left")
        assert not sent_to(mentee)
        assert len(sent_to(mentor)) == 1


class TestSilence:
    def test_pair_is_asked_once_after_rhythm_plus_seven_days(self, pair, mentee, mentor):
        pair.check_ins.all().delete()
        with day(20):
            run_minute()
        assert reload(pair).silence_asked_at is None
        mail.outbox.clear()
        for number in range(21, 40):
            with day(number):
                run_minute()
        assert len(sent_to(mentee)) == len(sent_to(mentor)) == 1
        assert "21" in text_of(sent_to(mentee)[0])

    def test_one_mail_has_one_thing_to_do(self, pair, mentee, mentor):
        """Of both a check-in falls due on the day of silence: that one goes out, alone."""
        pair.check_ins.exclude(day=30).delete()
        pair.check_ins.update(due_at=START + timedelta(days=21, hours=3))
        with day(20):
            run_minute()
        mail.outbox.clear()
        with day(21, hour=9):
            run_minute()
        for number in range(21, 24):
            with day(number, hour=19):
                run_minute()
        for person in (mentee, mentor):
            (message,) = sent_to(person)
            assert text_of(message).count("http") == 2  # the answer, and the site's own line
            assert "/check-ins/answer/" in text_of(message)
        assert reload(pair).silence_asked_at is not None

    def test_only_who_is_not_asked_anyway_gets_it(self, pair, mentee, mentor):
        pair.check_ins.exclude(day=30, participant=pair.mentee).delete()
        pair.check_ins.update(state="asked", asked_at=START + timedelta(days=19))
        with day(20):
            run_minute()
        mail.outbox.clear()
        with day(21):
            run_minute()
        assert not sent_to(mentee)
        assert len(sent_to(mentor)) == 1

    def test_a_check_in_takes_the_place_of_what_still_waits(self, pair, mentee):
        pair.check_ins.exclude(day=30, participant=pair.mentee).delete()
        pair.check_ins.update(due_at=START + timedelta(days=22))
        with day(21, hour=23):
            run_minute()
        assert any("silent" in key for key in waiting_for(mentee))
        mail.outbox.clear()
        with day(22, hour=12):
            run_minute()
        (message,) = sent_to(mentee)
        assert "/check-ins/answer/" in text_of(message)
        assert message["Subject"] == "Hoe gaat het?"

    def test_each_period_of_silence_asks_again(self, pair, mentee):
        pair.check_ins.all().delete()
        with day(21):
            run_minute()
        with day(24):
            services.mentorship_in_touch(actor=mentee, mentorship=pair)
        mail.outbox.clear()
        with day(44):
            run_minute()
        assert not sent_to(mentee)
        with day(45):
            run_minute()
        assert len(sent_to(mentee)) == 1

    def test_a_tap_withdraws_what_was_not_sent(self, pair, mentee, mentor):
        pair.check_ins.all().delete()
        with day(21, hour=23):
            run_minute()
            assert any("silent" in key for key in waiting_for(mentor))
            services.mentorship_in_touch(actor=mentee, mentorship=pair)
        assert not any("silent" in key for key in waiting_for(mentor))

    def test_not_asked_after_the_end_date(self, pair):
        pair.check_ins.all().delete()
        with day(26 * 7 + 5):
            run_minute()
        assert reload(pair).silence_asked_at is None

    def test_own_rhythm_counts(self, pair):
        pair.check_ins.all().delete()
        Mentorship.objects.update(rhythm_days=28)
        with day(34):
            run_minute()
        assert reload(pair).silence_asked_at is None
        with day(35):
            run_minute()
        assert reload(pair).silence_asked_at is not None

    def test_tap_on_an_ended_pair_is_refused(self, pair, mentee):
        Mentorship.objects.update(state=State.ENDED)
        with pytest.raises(Refused), clock.standing_at(START):
            services.mentorship_in_touch(actor=mentee, mentorship=pair)
