"""Planning, recording and removing meetings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from mentoring.errors import Refused
from mentoring.models import Meeting, Mentorship
from mentoring.services import meetings as services
from reenter.common import clock
from reenter.common.models import AuditEntry
from reenter.common.outbox import outbox_sweep
from tests.factories import accounts as make

from .pairs import START, day, reload, run_minute, sent_to, start, text_of, waiting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(mentee, mentor, programme):
    row = start(mentee, mentor, programme=programme)
    with day(0):
        run_minute()
    mail.outbox.clear()
    return row


def plan(pair, actor, *, on, at):
    with day(on):
        meeting = services.meeting_plan(
            actor=actor, mentorship=pair, starts_at=START + timedelta(days=at)
        )
        outbox_sweep()
    return meeting


def test_planning_tells_the_other_in_their_own_time(mentee, programme):
    mentor = make.user(email="ny@example.org", time_zone="America/New_York")
    pair = start(mentee, mentor, programme=programme)
    with day(0):
        run_minute()
    mail.outbox.clear()
    plan(pair, mentee, on=1, at=4)
    (message,) = sent_to(mentor)
    assert "06:00" in text_of(message)  # 12:00 in Amsterdam
    assert not sent_to(mentee)


def test_staff_plan_for_both(pair, facilitator, mentee, mentor):
    plan(pair, facilitator, on=1, at=4)
    assert len(sent_to(mentee)) == len(sent_to(mentor)) == 1


def test_a_moment_in_the_past_counts_as_met(pair, mentee, mentor):
    meeting = plan(pair, mentee, on=5, at=4)
    assert meeting.took_place is True
    assert not sent_to(mentor)


@pytest.mark.parametrize("at", [-2, 500])
def test_impossible_days_are_refused(pair, mentee, at):
    with pytest.raises(Refused):
        plan(pair, mentee, on=5, at=at)
    assert not Meeting.objects.exists()


def test_the_same_moment_twice_is_refused(pair, mentee, mentor):
    plan(pair, mentee, on=1, at=4)
    with pytest.raises(Refused):
        plan(pair, mentor, on=1, at=4)
    assert Meeting.objects.count() == 1


def test_recording_before_it_took_place_is_refused(pair, mentee):
    meeting = plan(pair, mentee, on=1, at=4)
    with pytest.raises(Refused), day(2):
        services.meeting_record(actor=mentee, meeting=meeting, took_place=True)


@pytest.mark.parametrize(("took_place", "questions"), [(True, 2), (False, 0)])
def test_recording_brings_the_question_how_it_was(pair, mentee, took_place, questions):
    meeting = plan(pair, mentee, on=1, at=4)
    with day(5):
        services.meeting_record(actor=mentee, meeting=meeting, took_place=took_place)
    meeting.refresh_from_db()
    assert meeting.took_place is took_place
    assert pair.check_ins.filter(kind="first_meeting", state="planned").count() == questions


def test_recording_ends_the_asking_about_silence(pair, mentee, mentor):
    Mentorship.objects.update(silence_asked_at=START)
    plan(pair, mentee, on=5, at=4)
    assert reload(pair).silence_asked_at is None


def test_removing_one_to_come_tells_the_other(pair, mentee, mentor):
    meeting = plan(pair, mentee, on=1, at=4)
    mail.outbox.clear()
    with day(2):
        services.meeting_remove(actor=mentee, meeting=meeting)
        outbox_sweep()
    assert not Meeting.objects.exists()
    assert len(sent_to(mentor)) == 1
    assert AuditEntry.objects.filter(action="meeting_remove").count() == 1


def test_removing_before_the_first_mail_left_withdraws_it(pair, mentee, mentor):
    with day(1):
        meeting = services.meeting_plan(
            actor=mentee, mentorship=pair, starts_at=START + timedelta(days=4)
        )
        services.meeting_remove(actor=mentee, meeting=meeting)
        assert [key for key in waiting_for(mentor) if "planned" in key] == []


def test_removing_one_that_is_past_tells_nobody(pair, mentee, mentor):
    meeting = plan(pair, mentee, on=5, at=4)
    with day(6):
        services.meeting_remove(actor=mentee, meeting=meeting)
        outbox_sweep()
    assert not sent_to(mentor)
    assert not pair.check_ins.filter(kind="first_meeting", state="planned").exists()


def test_removing_twice_is_refused_kindly(pair, mentee):
    meeting = plan(pair, mentee, on=1, at=4)
    copy = Meeting.objects.get(pk=meeting.pk)
    services.meeting_remove(actor=mentee, meeting=meeting)
    with pytest.raises(Refused, match=r"\w+"):
        services.meeting_remove(actor=mentee, meeting=copy)


def test_ended_pair_plans_nothing(pair, mentee):
    Mentorship.objects.update(state="ended")
    with pytest.raises(Refused), clock.standing_at(START):
        services.meeting_plan(actor=mentee, mentorship=pair, starts_at=START + timedelta(days=4))
