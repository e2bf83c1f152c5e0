"""What the outbox promises: nothing lost, nothing twice, not at night, not too often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import transaction

from reenter.common import clock, outbox
from reenter.common.models import OutboxMessage
from reenter.common.outbox import Section, message_queue, messages_cancel, outbox_sweep
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday, 12:00 in Amsterdam


def queue(person=None, *, key="k", category="capped", subject="Hello", **extra):
    extra.setdefault(
        "sections", [Section([f"Text of {key}."], "Go", f"https://site.example/{key}")]
    )
    with transaction.atomic():
        return message_queue(key=key, category=category, subject=subject, recipient=person, **extra)


def parsed(number=0):
    """The mail as the other side reads it."""
    return message_from_bytes(mail.outbox[number].message().as_bytes(), policy=policy.default)


@pytest.fixture
def at_noon():
    with clock.standing_at(NOON):
        yield


class TestQueueing:
    def test_same_key_again_changes_nothing(self, mentee):
        first = queue(mentee, subject="First")
        second = queue(mentee, subject="Second")
        assert first.pk == second.pk
        assert OutboxMessage.objects.get().subject == "First"

    def test_rolled_back_change_leaves_no_mail(self, mentee):
        with transaction.atomic():
            queue(mentee, category="direct")
            transaction.set_rollback(True)
        outbox_sweep()
        assert not mail.outbox
        assert not OutboxMessage.objects.exists()

    def test_person_without_mail_gets_a_letter(self):
        person = make.user(email=None)
        assert queue(person).state == OutboxMessage.State.LETTER

    def test_address_that_cannot_work_becomes_a_letter(self):
        person = make.user(email=None)
        message = queue(person, to_address="a@b\nBcc: victim@example.org")
        assert (message.state, message.to_address) == (OutboxMessage.State.LETTER, "")

    def test_capped_without_a_person_is_refused(self):
        with pytest.raises(ValueError, match="recipient"):
            queue(to_address="somebody@example.org")

    def test_message_to_nobody_is_refused(self):
        with pytest.raises(ValueError, match="address"):
            queue(category="direct")

    def test_direct_mail_goes_at_commit(self, mentee, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            queue(mentee, category="direct")
        assert len(mail.outbox) == 1

    def test_direct_mail_for_later_waits(self, mentee, django_capture_on_commit_callbacks, at_noon):
        with django_capture_on_commit_callbacks(execute=True):
            row = queue(mentee, category="direct", not_before=NOON + timedelta(hours=1))
        assert not outbox.deliver(str(row.pk))
        assert outbox_sweep() == 0
        with clock.standing_at(NOON + timedelta(hours=1)):
            assert outbox_sweep() == 1


class TestTheMail:
    def test_is_text_and_html_with_one_link_and_the_message_id(self, mentee):
        row = queue(mentee, category="direct", closing=["Fleur, +31 6 1"])
        outbox_sweep()
        sent = parsed()
        assert sent["Message-ID"] == row.message_id
        assert sent["Auto-Submitted"] == "auto-generated"
        for kind in ("plain", "html"):
            body = sent.get_body((kind,)).get_content()
            assert "Text of k." in body
            assert "https://site.example/k" in body
            assert "Fleur, +31 6 1" in body

    def test_text_from_people_is_escaped_in_html(self, mentee):
        queue(mentee, category="direct", sections=[Section(["<script>x</script> & more"])])
        outbox_sweep()
        assert "<script>" not in parsed().get_body(("html",)).get_content()
        assert "<script>x</script> & more" in parsed().get_body(("plain",)).get_content()

    @pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
    def test_subject_cannot_add_a_header(self, mentee, newline):
        queue(mentee, category="direct", subject=f"Hi{newline}Bcc: victim@example.org\x00")
        outbox_sweep()
        assert parsed()["Subject"] == "Hi Bcc: victim@example.org"
        assert parsed()["Bcc"] is None
        assert mail.outbox[0].recipients() == [mail.outbox[0].to[0]]

    @pytest.mark.parametrize(
        "name",
        [
            "Vries, Anna de",
            'Anna "de" Vries',
            "Zoë Şahin-Đorđević",
            "Anna <victim@example.org>",
            "Anna; victim@example.org, Bram",
            "Ä" * 20,
        ],
    )
    def test_name_of_any_form_reaches_one_address(self, name):
        queue(make.user(name=name, email="anna@example.org"), category="direct")
        outbox_sweep()
        (address,) = parsed()["To"].addresses
        assert (address.display_name, address.addr_spec) == (name, "anna@example.org")

    def test_name_with_a_newline_cannot_add_a_header(self):
        queue(
            make.user(name="Anna\r\nBcc: v@example.org", email="a@example.org"), category="direct"
        )
        outbox_sweep()
        assert parsed()["Bcc"] is None
        assert [a.addr_spec for a in parsed()["To"].addresses] == ["a@example.org"]

    def test_address_with_a_comma_stays_one_address(self):
        queue(make.user(name="Anna", email='"vries,anna"@example.org'), category="direct")
        outbox_sweep()
        (address,) = parsed()["To"].addresses
        assert (address.username, address.domain) == ("vries,anna", "example.org")

    def test_neither_codes_nor_links_are_kept_once_sent(self, mentee):
        queue(mentee, key="code", category="code", subject="Your code 123456")
        queue(mentee, key="direct", category="direct")
        outbox_sweep()
        code, direct = OutboxMessage.objects.order_by("category")
        assert (code.sections, code.subject) == ([], "")
        assert direct.sections[0]["paragraphs"] == ["Text of direct."]
        assert "https://" not in str(direct.sections)


class TestCancelling:
    def test_withdraws_what_waits_and_nothing_else(self, mentee, at_noon):
        queue(mentee, key="check_in:1:ask")
        queue(mentee, key="check_inX1:ask")
        assert messages_cancel(key_prefix="check_in:1:") == 1
        assert outbox_sweep() == 1
        assert "check_inX1" in parsed().get_body(("plain",)).get_content()

    def test_what_was_cancelled_while_sending_failed_stays_cancelled(
        self, mentee, settings, monkeypatch
    ):
        row = queue(mentee, key="check_in:1:ask", category="direct")

        def cancelled_meanwhile(self, fail_silently=False):
            messages_cancel(key_prefix="check_in:1:")
            raise ConnectionRefusedError

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", cancelled_meanwhile)
        outbox_sweep()
        row.refresh_from_db()
        assert row.state == OutboxMessage.State.CANCELLED


class TestCapsAndDaytime:
    def test_all_that_is_due_comes_in_one_mail(self, mentee, at_noon):
        for number in range(3):
            queue(mentee, key=f"k{number}", subject=f"Subject {number}?")
        assert outbox_sweep() == 1
        assert parsed()["Subject"] == "Subject 0, en meer"
        body = parsed().get_body(("plain",)).get_content()
        for number in range(3):
            assert f"Text of k{number}." in body
            assert f"Subject {number}" in body
        assert len(set(OutboxMessage.objects.values_list("message_id"))) == 1

    def test_a_bundle_greets_once(self, mentee, at_noon):
        for number in range(3):
            said = Section(["Hello Anna,", f"Text {number}."])
            queue(mentee, key=f"k{number}", subject=f"Subject {number}", sections=[said])
        outbox_sweep()
        body = parsed().get_body(("plain",)).get_content()
        lines = [line for line in body.splitlines() if line]
        assert lines[:3] == ["Hello Anna,", "Subject 0", "Text 0."]
        assert body.count("Hello Anna,") == 1
        assert lines.index("Subject 2") + 1 == lines.index("Text 2.")

    def test_a_bundle_keeps_openings_that_differ(self, mentee, at_noon):
        for number in range(2):
            queue(mentee, key=f"k{number}", sections=[Section([f"Opening {number}.", "Text."])])
        outbox_sweep()
        body = parsed().get_body(("plain",)).get_content()
        assert "Opening 0." in body
        assert "Opening 1." in body

    def test_at_most_one_a_day_and_two_in_seven_days(self, mentee):
        days_sent = []
        for hour in range(0, 24 * 21, 4):
            with clock.standing_at(NOON + timedelta(hours=hour)):
                queue(mentee, key=f"k{hour}")
                if outbox_sweep():
                    days_sent.append(clock.now())
        assert 4 <= len(days_sent) <= 6
        for first, third in zip(days_sent, days_sent[2:], strict=False):
            assert third - first >= timedelta(days=7)
        assert len({moment.date() for moment in days_sent}) == len(days_sent)

    def test_direct_mail_stands_outside_the_cap(self, mentee, at_noon):
        for number in range(5):
            queue(mentee, key=f"k{number}", category="direct")
        assert outbox_sweep() == 5

    @pytest.mark.parametrize(
        ("zone", "sent"),
        [("Europe/Amsterdam", 1), ("Pacific/Auckland", 0), ("America/Los_Angeles", 0)],
    )
    def test_waits_for_the_persons_own_day(self, zone, sent, at_noon):
        queue(make.user(time_zone=zone))
        assert outbox_sweep() == sent

    @pytest.mark.parametrize(
        ("night", "first_utc_hour"),
        [
            (datetime(2026, 3, 28, 19, tzinfo=UTC), 7),  # 20:00; the next 9:00 is 7:00 UTC
            (datetime(2026, 10, 24, 18, tzinfo=UTC), 8),  # 20:00; the next 9:00 is 8:00 UTC
        ],
    )
    def test_both_clock_changes(self, mentee, night, first_utc_hour):
        with clock.standing_at(night):
            queue(mentee)
        moment = night
        while True:
            with clock.standing_at(moment):
                if outbox_sweep():
                    break
            moment += timedelta(minutes=10)
        assert (moment.day, moment.hour, moment.minute) == (night.day + 1, first_utc_hour, 0)

    def test_people_at_the_cap_do_not_hold_up_the_others(self, mentee, at_noon, monkeypatch):
        monkeypatch.setattr(outbox, "BATCH", 2)
        full = [make.user() for _ in range(3)]
        for person in full:
            for number in range(2):
                sent = queue(person, key=f"old-{person.pk}-{number}")
                sent.state = OutboxMessage.State.SENT
                sent.sent_at = NOON - timedelta(days=1 + number)
                sent.save()
            queue(person, key=f"new-{person.pk}")
        queue(mentee, key="mine")
        assert outbox_sweep() == 1
        assert mail.outbox[0].recipients()[0].endswith("<anna@example.org>")

    def test_whom_to_write_to_takes_a_fixed_number_of_queries(
        self, at_noon, django_assert_num_queries
    ):
        for _ in range(3):
            person = make.user()
            queue(person, key=f"k-{person.pk}")
        with django_assert_num_queries(2):
            assert len(outbox._people_with_room(NOON)) == 3
