"""What the two write to each other: one notice a day, nothing lost, nobody else reads it."""

from __future__ import annotations

import pytest
from django.core import mail

from mentoring.errors import Refused
from mentoring.models import Mentorship, Message
from mentoring.services.mentorships import mentorship_hold
from mentoring.services.messages import LONGEST, message_notices, message_send, messages_read
from reenter.common.outbox import outbox_sweep

from .pairs import day, run_minute, sent_to, start, text_of, waiting_for

pytestmark = pytest.mark.django_db

SECRET = "Tell nobody: the account number is 123."


@pytest.fixture
def pair(mentee, mentor, programme):
    row = start(mentee, mentor, programme=programme)
    with day(0):
        run_minute()
    mail.outbox.clear()
    return row


def notices(person):
    return [
        one
        for one in sent_to(person)
        if "bericht" in str(one["Subject"]).lower() or "message" in str(one["Subject"]).lower()
    ]


def test_no_notice_while_the_programme_holds_the_pair(pair, mentee, mentor, facilitator):
    with day(1, hour=22):
        message_send(actor=mentee, mentorship=pair, body=SECRET)
        mentorship_hold(actor=facilitator, mentorship=pair)
    for number in (2, 3):
        with day(number):
            run_minute()
    assert notices(mentor) == []


def test_notice_names_the_sender_and_holds_no_text(pair, mentee, mentor):
    with day(1):
        message_send(actor=mentee, mentorship=pair, body=SECRET)
        outbox_sweep()
    (notice,) = sent_to(mentor)
    assert mentee.first_name in text_of(notice)
    assert f"/mentorships/{pair.pk}/" in text_of(notice)
    assert SECRET not in mail.outbox[0].message().as_string()
    assert not sent_to(mentee)


def test_one_notice_a_day_and_one_the_next_day_for_what_came_later(pair, mentee, mentor):
    for hour in (9, 10, 15):
        with day(1, hour=hour):
            message_send(actor=mentee, mentorship=pair, body=f"At {hour}")
            run_minute()
    assert len(notices(mentor)) == 1
    with day(2, hour=9):
        run_minute()
        run_minute()
    assert len(notices(mentor)) == 2
    for number in range(3, 8):
        with day(number):
            run_minute()
    assert len(notices(mentor)) == 2


def test_no_second_notice_for_what_was_read(pair, mentee, mentor):
    for hour in (9, 15):
        with day(1, hour=hour):
            message_send(actor=mentee, mentorship=pair, body="Hello")
            run_minute()
    with day(1, hour=16):
        messages_read(actor=mentor, mentorship=pair)
    with day(2):
        assert message_notices() == 0


def test_not_at_night_and_withdrawn_when_read_before(pair, mentee, mentor):
    with day(1, hour=23):
        message_send(actor=mentee, mentorship=pair, body="Hello")
        outbox_sweep()
        assert not sent_to(mentor)
        assert len(waiting_for(mentor)) == 1
        messages_read(actor=mentor, mentorship=pair)
        assert not waiting_for(mentor)


def test_message_at_night_and_in_the_morning_bring_one_notice(pair, mentee, mentor):
    for number, hour in ((1, 23), (2, 1), (2, 9), (2, 11)):
        with day(number, hour=hour):
            message_send(actor=mentee, mentorship=pair, body="Hello")
            run_minute()
    assert len(notices(mentor)) == 1


def test_answering_marks_as_read(pair, mentee, mentor):
    with day(1):
        first = message_send(actor=mentee, mentorship=pair, body="Hello")
        message_send(actor=mentor, mentorship=pair, body="Hello back")
    first.refresh_from_db()
    assert first.read_at is not None
    assert Message.objects.filter(read_at__isnull=True).count() == 1


def test_own_messages_are_not_marked_read_by_their_writer(pair, mentee):
    message_send(actor=mentee, mentorship=pair, body="Hello")
    assert messages_read(actor=mentee, mentorship=pair) == 0


@pytest.mark.parametrize("body", ["", "   \n ", "x" * (LONGEST + 1)])
def test_empty_and_too_long_are_refused(pair, mentee, body):
    with pytest.raises(Refused):
        message_send(actor=mentee, mentorship=pair, body=body)
    assert not Message.objects.exists()


def test_staff_and_strangers_do_not_write(pair, facilitator, stranger):
    for person in (facilitator, stranger):
        with pytest.raises(Refused):
            message_send(actor=person, mentorship=pair, body="Hello")


def test_ended_pair_takes_no_messages(pair, mentee):
    Mentorship.objects.update(state="ended")
    with pytest.raises(Refused):
        message_send(actor=mentee, mentorship=pair, body="Hello")


def test_notices_take_a_fixed_number_of_queries(pair, mentee, programme, django_assert_num_queries):
    from tests.factories import mentoring as make

    with day(1):
        for _ in range(3):
            other = make.mentorship(programme=programme)
            message_send(actor=other.mentee.user, mentorship=other, body="Hello")
    with day(1), django_assert_num_queries(3):
        assert message_notices() == 0


def test_nobody_but_the_two_sees_messages(pair, mentee, mentor, facilitator, stranger, admin_user):
    message_send(actor=mentee, mentorship=pair, body=SECRET)
    for person in (mentee, mentor):
        assert Message.objects.visible_to(person).count() == 1
    for person in (facilitator, stranger, admin_user):
        assert not Message.objects.visible_to(person).exists()
