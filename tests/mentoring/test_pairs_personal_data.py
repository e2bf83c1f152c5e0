"""What pairs hold about a person: taken along whole, erased without a trace."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from mentoring.models import CheckIn, Meeting, Mentorship, Message
from mentoring.services.messages import message_send
from reenter.common import clock, privacy
from reenter.common.models import OutboxMessage

from .pairs import START, day, reload, start

pytestmark = pytest.mark.django_db

MINE, THEIRS, COMMENT = "CANARY-I-wrote", "CANARY-they-wrote", "CANARY-comment"


def handler():
    return next(one for one in privacy.handlers() if one.name == "mentorships")


@pytest.fixture
def pair(mentee, mentor, programme):
    row = start(mentee, mentor, programme=programme)
    with day(1):
        message_send(actor=mentee, mentorship=row, body=MINE)
        message_send(actor=mentor, mentorship=row, body=THEIRS)
    Meeting.objects.create(mentorship=row, starts_at=START, took_place=True)
    row.check_ins.filter(participant=row.mentee, day=14).update(
        state="answered", satisfaction=3, comment=COMMENT, answered_at=START
    )
    return row


def test_export_holds_what_is_mine_and_nothing_of_the_other(pair, mentee, mentor):
    mine = json.dumps(handler().export(mentee))
    assert MINE in mine
    assert COMMENT in mine
    assert THEIRS not in mine
    theirs = json.dumps(handler().export(mentor))
    assert THEIRS in theirs
    assert MINE not in theirs
    assert COMMENT not in theirs


def test_export_names_role_dates_and_answers(pair, mentee):
    export = handler().export(mentee)
    assert export["mentorships"][0]["my_role"] == "mentee"
    assert export["meetings"] == [{"starts_at": START.isoformat(), "took_place": True}]
    assert 3 in [row["satisfaction"] for row in export["check_ins"]]


def test_export_of_a_stranger_is_empty(pair, stranger):
    assert not any(handler().export(stranger).values())


def test_erasing_ends_the_pair_and_deletes_the_texts(pair, mentee, mentor):
    with day(20):
        handler().erase(mentee)
    assert (reload(pair).state, reload(pair).end_reason) == ("ended", "left")
    pair.mentor.profile.refresh_from_db()
    assert pair.mentor.profile.places_taken == 0
    assert sorted(Message.objects.values_list("body", flat=True)) == ["", THEIRS]
    assert not CheckIn.objects.exclude(comment="").exists()
    assert Meeting.objects.count() == 1  # dates stay, without a name


def test_erasing_withdraws_mail_to_the_other_that_names_the_person(pair, mentee, mentor):
    with day(20):
        handler().erase(mentee)
    waiting = OutboxMessage.objects.filter(recipient=mentor, state="pending")
    keys = list(waiting.values_list("key", flat=True))
    assert not any(":started:" in key or "check_in" in key for key in keys)


def test_erasing_twice_changes_nothing_more(pair, mentee):
    with day(20):
        handler().erase(mentee)
        before = Mentorship.objects.values().get()
        handler().erase(mentee)
    assert Mentorship.objects.values().get() == before


def test_others_keep_theirs(pair, stranger):
    with day(20):
        handler().erase(stranger)
    assert reload(pair).state == "active"
    assert Message.objects.filter(body=MINE).exists()


def test_send_due_stands_where_it_is_told_to(pair, mentee):
    """`send_due --now` brings the check-in of day 14, and again brings nothing more."""
    for _ in range(2):
        call_command("send_due", "--now", "2026-06-15T12:00:00+02:00", verbosity=0)
    asked = CheckIn.objects.filter(participant=pair.mentee, kind="periodic", asked_at__isnull=False)
    assert asked.count() == 0  # day 14 was answered before it was due
    other = CheckIn.objects.get(participant=pair.mentor, day=14)
    assert other.state == "asked"
    assert OutboxMessage.objects.filter(key=f"check_in:{other.pk}:ask", state="sent").count() == 1
    assert clock.now() > START
