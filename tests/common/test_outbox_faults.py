"""The outbox when the mail server refuses, is away, or a worker died with a mail in hand."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from reenter.common import clock, outbox
from reenter.common.mail import Failure, failure_of
from reenter.common.models import OutboxMessage
from reenter.common.outbox import Section, message_queue, outbox_sweep
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 3, 10, tzinfo=UTC)
State = OutboxMessage.State


def queue(person=None, *, key="k", category="direct", **extra):
    with transaction.atomic():
        return message_queue(
            key=key,
            category=category,
            subject="Hello",
            sections=[Section(["Text."])],
            recipient=person,
            **extra,
        )


def sweep_at(moment):
    with clock.standing_at(moment):
        return outbox_sweep()


@pytest.fixture
def server(monkeypatch):
    """A mail server that raises what `server["error"]` holds; None lets mail through."""
    trouble = {"error": None, "calls": 0}
    send = mail.EmailMultiAlternatives.send

    def sending(message, fail_silently=False):
        trouble["calls"] += 1
        error = trouble["error"]
        if callable(error):
            error = error(message)
        if error:
            raise error
        return send(message)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", sending)
    return trouble


def refused(code=550):
    return smtplib.SMTPRecipientsRefused({"anna@example.org": (code, b"No such user")})


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ConnectionRefusedError(), Failure.SERVER),
        (TimeoutError(), Failure.SERVER),
        (smtplib.SMTPServerDisconnected("gone"), Failure.SERVER),
        (smtplib.SMTPConnectError(421, b"busy"), Failure.SERVER),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), Failure.SERVER),
        (smtplib.SMTPSenderRefused(550, b"not you", "post@example.org"), Failure.SERVER),
        (smtplib.SMTPDataError(451, b"later"), Failure.LATER),
        (smtplib.SMTPDataError(554, b"never"), Failure.REFUSED),
        (refused(450), Failure.LATER),
        (refused(550), Failure.REFUSED),
        (smtplib.SMTPNotSupportedError("no SMTPUTF8"), Failure.REFUSED),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), Failure.REFUSED),
    ],
)
def test_sorts_errors(error, failure):
    assert failure_of(error) == failure


def test_server_away_for_three_days_loses_nothing_and_catches_up(server):
    people = [make.user() for _ in range(4)]
    with clock.standing_at(NOON):
        for person in people:
            queue(person, key=f"direct-{person.pk}")
            queue(person, key=f"capped-{person.pk}", category="capped")
    server["error"] = ConnectionRefusedError()
    for hour in range(72):
        assert sweep_at(NOON + timedelta(hours=hour)) == 0
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.PENDING}

    server["error"] = None
    sent = sum(sweep_at(NOON + timedelta(days=3, minutes=minute)) for minute in range(20))
    assert sent == len(mail.outbox) == 8


def test_server_away_costs_one_attempt_a_sweep(server):
    for number in range(5):
        queue(make.user(), key=f"k{number}")
    server["error"] = TimeoutError()
    outbox_sweep()
    assert server["calls"] == 1


def test_one_mail_that_breaks_the_connection_does_not_stop_the_others(server):
    with clock.standing_at(NOON - timedelta(seconds=1)):
        bad = queue(make.user(email="bad@example.org"), key="bad")  # the oldest comes first
    with clock.standing_at(NOON):
        for number in range(3):
            queue(make.user(), key=f"k{number}")
    server["error"] = lambda message: (
        smtplib.SMTPServerDisconnected("gone") if "bad@" in message.to[0] else None
    )
    assert sweep_at(NOON) == 0
    assert sweep_at(NOON + timedelta(minutes=1)) == 3
    bad.refresh_from_db()
    assert bad.state == State.PENDING


@pytest.mark.slow
def test_refused_for_now_is_tried_again_with_growing_pauses(server):
    with clock.standing_at(NOON):
        row = queue(make.user())
    server["error"] = refused(450)
    for minute in range(60 * 24):
        sweep_at(NOON + timedelta(minutes=minute))
    row.refresh_from_db()
    assert row.state == State.PENDING
    assert row.last_error == "SMTPRecipientsRefused"
    assert 8 <= server["calls"] <= 16


def test_address_refused_for_good_becomes_a_call_task(server):
    with clock.standing_at(NOON):
        row = queue(make.user())
    server["error"] = refused(550)
    for minute in range(60):
        sweep_at(NOON + timedelta(minutes=minute))
    row.refresh_from_db()
    assert server["calls"] == outbox.MAX_REFUSALS
    assert row.state == State.LETTER
    assert row.sections  # staff read it out or print it


@pytest.mark.parametrize("category", ["code", "direct"])
def test_refused_mail_to_a_mere_address_fails_and_keeps_no_code(server, category):
    with clock.standing_at(NOON):
        row = queue(to_address="somebody@example.org", category=category)
    server["error"] = refused(550)
    for minute in range(60):
        sweep_at(NOON + timedelta(minutes=minute))
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert bool(row.sections) == (category == "direct")


def test_killed_worker_s_mail_returns_when_the_lease_ends(settings, mentee):
    settings.OUTBOX_LEASE_SECONDS = 120
    with clock.standing_at(NOON):
        row = queue(mentee)
        with transaction.atomic():  # a worker took it and was killed
            outbox._lease([row], NOON)
        assert outbox_sweep() == 0
    assert sweep_at(NOON + timedelta(seconds=119)) == 0
    assert sweep_at(NOON + timedelta(seconds=121)) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == row.message_id


def test_second_worker_does_not_send_the_rest_of_a_bundle(mentee):
    with clock.standing_at(NOON):
        first = queue(mentee, key="first", category="capped")
        with transaction.atomic():  # another worker is sending this one right now
            outbox._lease([first], NOON)
        queue(mentee, key="second", category="capped")
        assert outbox_sweep() == 0


def test_bundle_keeps_its_message_id_after_a_failed_attempt(mentee, server):
    with clock.standing_at(NOON - timedelta(minutes=1)):
        first = queue(mentee, key="first", category="capped")
    with clock.standing_at(NOON):
        queue(mentee, key="second", category="capped")
        server["error"] = TimeoutError()
        outbox_sweep()
    server["error"] = None
    assert sweep_at(NOON + timedelta(minutes=30)) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == first.message_id


def test_codes_go_before_a_crowd_of_capped_mails(server):
    with clock.standing_at(NOON):
        for number in range(3):
            queue(make.user(), key=f"capped{number}", category="capped")
        queue(make.user(email="in-a-hurry@example.org"), key="code", category="code")
        outbox_sweep()
    assert "in-a-hurry@" in mail.outbox[0].to[0]


def test_sweep_stops_in_time_for_the_next_one(monkeypatch):
    for number in range(3):
        queue(make.user(), key=f"k{number}")
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", -1)
    assert [outbox_sweep() for _ in range(4)] == [1, 1, 1, 0]


class Line(BaseEmailBackend):
    """A connection to a server that hangs up after so many mails, as many do."""

    def __init__(self, mails_per_call):
        super().__init__()
        self.mails_per_call, self.left, self.calls, self.sent = mails_per_call, None, 0, []

    def open(self):
        if self.left is None:
            self.left, self.calls = self.mails_per_call, self.calls + 1
            return True
        return False

    def close(self):
        self.left = None

    def send_messages(self, messages):
        if not self.left:
            raise smtplib.SMTPServerDisconnected("too many")
        self.left -= 1
        self.sent += messages


def test_server_that_hangs_up_after_some_mails_is_called_again(monkeypatch):
    line = Line(mails_per_call=2)
    monkeypatch.setattr(outbox, "get_connection", lambda: line)
    for number in range(5):
        queue(make.user(), key=f"k{number}")
    assert outbox_sweep() == 5
    assert (len(line.sent), line.calls) == (5, 3)
    assert line.left is None  # hung up at the end


def test_server_that_hangs_up_at_once_is_away(monkeypatch):
    line = Line(mails_per_call=0)
    monkeypatch.setattr(outbox, "get_connection", lambda: line)
    queue(make.user())
    assert outbox_sweep() == 0
    assert line.calls == 1
    assert OutboxMessage.objects.get().state == State.PENDING
