"""The pages of a pair: who sees what, and what happens to bad input."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from mentoring.models import CheckIn, Meeting, Mentorship, Message, StaffContact
from reenter.common import clock
from tests.factories import mentoring as make

from .pairs import START, day, reload, start

pytestmark = pytest.mark.django_db

SECRET_MESSAGE = "CANARY-message-from-one-to-the-other"
SECRET_COMMENT = "CANARY-comment-for-staff"
SECRET_REASON = "no_time"


@pytest.fixture
def pair(mentee, mentor, programme):
    row = start(mentee, mentor, programme=programme, at=clock.now() - timedelta(days=20))
    Message.objects.create(mentorship=row, sender=mentor, body=SECRET_MESSAGE)
    check_in = row.check_ins.get(participant=row.mentee, day=14)
    check_in.state, check_in.satisfaction, check_in.comment = "answered", 2, SECRET_COMMENT
    check_in.asked_at = check_in.answered_at = clock.now() - timedelta(days=5)
    check_in.save()
    return row


@pytest.fixture
def asked(pair):
    row = pair.check_ins.get(participant=pair.mentee, day=30)
    row.state, row.asked_at = "asked", clock.now()
    row.save()
    return row


def url(name, pair, *more):
    return reverse(f"mentoring:{name}", args=[pair.pk, *more])


PAGES = {
    "mentorship_detail": {"mentee": 200, "mentor": 200, "facilitator": 403},
    "mentorship_staff": {"mentee": 403, "mentor": 403, "facilitator": 200},
    "mentorship_stop": {"mentee": 200, "mentor": 200, "facilitator": 200},
    "mentorship_pause": {"mentee": 200, "mentor": 200, "facilitator": 200},
}
OUTSIDERS = ["stranger", "foreign_facilitator", "admin_user"]
POSTS = [
    "message_send",
    "messages_read",
    "meeting_plan",
    "mentorship_in_touch",
    "mentorship_contact",
]


class TestAccess:
    @pytest.mark.parametrize("page", PAGES)
    def test_pages(self, client, request, pair, page):
        expected = PAGES[page] | dict.fromkeys(OUTSIDERS, 404)
        for who, status in expected.items():
            client.force_login(request.getfixturevalue(who))
            assert client.get(url(page, pair)).status_code == status, who

    @pytest.mark.parametrize("page", [*PAGES, *POSTS])
    def test_anonymous_goes_to_sign_in(self, client, pair, page):
        response = client.post(url(page, pair))
        assert response.status_code == 302
        assert reverse("account_login") in response.url

    @pytest.mark.parametrize("page", POSTS)
    def test_posts_of_outsiders(self, client, request, pair, page):
        for who in OUTSIDERS:
            client.force_login(request.getfixturevalue(who))
            assert client.post(url(page, pair)).status_code == 404, who

    @pytest.mark.parametrize("page", POSTS)
    def test_get_changes_nothing(self, client, mentee, pair, page):
        client.force_login(mentee)
        assert client.get(url(page, pair)).status_code == 405

    @pytest.mark.parametrize(
        ("page", "who"),
        [
            ("message_send", "facilitator"),
            ("messages_read", "facilitator"),
            ("mentorship_contact", "mentee"),
            ("mentorship_contact", "mentor"),
        ],
    )
    def test_insiders_without_the_right(self, client, request, pair, page, who):
        client.force_login(request.getfixturevalue(who))
        assert client.post(url(page, pair), {"body": "x"}).status_code == 403

    def test_staff_who_are_half_of_a_pair_do_not_look_after_it(
        self, client, pair, mentor, programme
    ):
        programme.organisation.memberships.create(user=mentor)
        client.force_login(mentor)
        assert client.get(url("mentorship_staff", pair)).status_code == 403
        others = pair.check_ins.get(participant=pair.mentee, day=14)
        page = reverse("mentoring:check_in_detail", args=[others.pk])
        assert client.get(page).status_code == 404
        assert SECRET_MESSAGE in client.get(url("mentorship_detail", pair)).content.decode()

    def test_meeting_of_another_pair(self, client, mentee, pair, programme):
        other = make.mentorship(programme=programme)
        meeting = Meeting.objects.create(mentorship=other, starts_at=clock.now())
        client.force_login(mentee)
        response = client.post(url("meeting_record", pair, meeting.pk), {"outcome": "remove"})
        assert response.status_code == 404
        assert Meeting.objects.filter(pk=meeting.pk).exists()


class TestWhoSeesWhat:
    def test_the_two_see_messages_and_staff_do_not(self, client, pair, mentee, mentor, facilitator):
        for person in (mentee, mentor):
            client.force_login(person)
            assert SECRET_MESSAGE in client.get(url("mentorship_detail", pair)).content.decode()
        client.force_login(facilitator)
        for page in ("mentorship_staff", "mentorship_stop"):
            assert SECRET_MESSAGE not in client.get(url(page, pair)).content.decode()

    def test_staff_see_answers_and_the_two_do_not(self, client, pair, mentee, mentor, facilitator):
        client.force_login(facilitator)
        assert SECRET_COMMENT in client.get(url("mentorship_staff", pair)).content.decode()
        for person in (mentee, mentor):
            client.force_login(person)
            assert SECRET_COMMENT not in client.get(url("mentorship_detail", pair)).content.decode()

    def test_the_other_half_cannot_open_my_check_in(self, client, pair, mentor):
        mine = pair.check_ins.get(participant=pair.mentee, day=14)
        client.force_login(mentor)
        page = reverse("mentoring:check_in_detail", args=[mine.pk])
        assert client.get(page).status_code == 404

    def test_staff_see_the_reason_of_an_end_and_the_two_do_not(
        self, client, pair, mentor, facilitator
    ):
        pair.state, pair.end_reason, pair.ended_at = "ended", SECRET_REASON, clock.now()
        pair.save()
        label = str(Mentorship.EndReason(SECRET_REASON).label)
        client.force_login(facilitator)
        assert label in client.get(url("mentorship_staff", pair)).content.decode()
        client.force_login(mentor)
        assert label not in client.get(url("mentorship_detail", pair)).content.decode()

    def test_only_what_the_owner_marked_is_shown(self, client, pair, mentee):
        profile = pair.mentor.profile
        profile.pitch, profile.exchange = "CANARY-shown", "CANARY-hidden"
        profile.visible, profile.answered = ["business"], ["business", "exchange"]
        profile.save()
        client.force_login(mentee)
        page = client.get(url("mentorship_detail", pair)).content.decode()
        assert "CANARY-shown" in page
        assert "CANARY-hidden" not in page

    def test_text_of_people_is_escaped(self, client, pair, mentee):
        Message.objects.create(
            mentorship=pair, sender=pair.mentor.user, body="<script>alert(1)</script>"
        )
        client.force_login(mentee)
        page = client.get(url("mentorship_detail", pair)).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_page_names_the_facilitator_with_phone(self, client, pair, mentee, programme):
        client.force_login(mentee)
        page = client.get(url("mentorship_detail", pair)).content.decode()
        assert programme.contact.name in page
        assert programme.contact.phone in page


class TestSafety:
    def test_both_find_whom_to_call_and_who_else(
        self, client, settings, pair, mentee, mentor, programme
    ):
        person, deputy = programme.safeguarding_person, programme.safeguarding_deputy
        person.name, person.phone = "Saar Veilig", "+31 6 11111111"
        deputy.name, deputy.phone = "Dora Ander", ""
        person.save()
        deputy.save()
        for half in (mentee, mentor):
            client.force_login(half)
            text = client.get(url("mentorship_detail", pair)).content.decode()
            part = text.split("Voelt iets niet veilig?")[1].split("112")[0]
            assert "Saar Veilig" in part
            assert 'href="tel:+31611111111"' in part
            assert "Dora Ander" in part
            assert settings.CONTACT_PHONE in part

    def test_stopping_by_staff_stops_the_contact_at_once(self, client, pair, facilitator, mentor):
        """What the page promises: no more messages, and nobody reads who called."""
        client.force_login(facilitator)
        stop = {"reason": "other", "side": "programme"}
        client.post(url("mentorship_stop", pair), stop)
        assert reload(pair).state == Mentorship.State.ENDED
        client.force_login(mentor)
        client.post(url("message_send", pair), {"body": "Canary-after"})
        assert not Message.objects.filter(body="Canary-after").exists()

    def test_nowhere_do_we_promise_that_nobody_ever_reads_along(
        self, client, pair, asked, mentee, facilitator
    ):
        client.force_login(mentee)
        messages = client.get(url("mentorship_detail", pair)).content.decode()
        answer = client.get(reverse("mentoring:check_in_detail", args=[asked.pk]))
        for text in (messages, answer.content.decode()):
            assert "mag de vertrouwenspersoon" in text


class TestQueries:
    def test_own_page(self, client, pair, mentee, mentor, django_assert_max_num_queries):
        client.force_login(mentee)
        with django_assert_max_num_queries(14) as one:
            client.get(url("mentorship_detail", pair))
        for number in range(3):
            Message.objects.create(mentorship=pair, sender=mentor, body=f"Message {number}")
            Meeting.objects.create(
                mentorship=pair, starts_at=START + timedelta(days=number), took_place=None
            )
        with django_assert_max_num_queries(len(one.captured_queries)):
            client.get(url("mentorship_detail", pair))

    def test_list_and_staff_page(self, client, pair, facilitator, programme, settings):
        client.force_login(facilitator)

        def count(address):
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        pages = [reverse("mentoring:mentorship_list"), url("mentorship_staff", pair)]
        before = [count(page) for page in pages]
        for number in range(3):
            make.mentorship(programme=programme)
            Meeting.objects.create(
                mentorship=pair, starts_at=START + timedelta(days=number), took_place=True
            )
            StaffContact.objects.create(
                participant=pair.mentee, mentorship=pair, by=facilitator, about="silent"
            )
        assert [count(page) for page in pages] == before


class TestMessages:
    def test_sends_and_returns(self, client, pair, mentee):
        client.force_login(mentee)
        response = client.post(url("message_send", pair), {"body": "Hello Bram"})
        assert response.url == url("mentorship_detail", pair)
        assert pair.messages.filter(sender=mentee, body="Hello Bram").exists()

    @pytest.mark.parametrize("body", ["", "x" * 5001])
    def test_bad_input_says_what_to_do_and_loses_nothing(self, client, pair, mentee, body):
        client.force_login(mentee)
        response = client.post(url("message_send", pair), {"body": body})
        assert response.status_code == 200
        page = response.content.decode()
        assert response.context["message_form"].errors["body"]
        assert body in page
        assert not pair.messages.filter(sender=mentee).exists()

    @pytest.mark.parametrize("page", ["message_send", "meeting_plan", "mentorship_contact"])
    def test_the_language_can_be_switched_after_a_mistake(
        self, client, pair, mentee, facilitator, page
    ):
        client.force_login(facilitator if page == "mentorship_contact" else mentee)
        shown = client.post(url(page, pair), {}).content.decode()
        address = re.search(r'name="next" value="([^"]+)"', shown).group(1)
        assert client.get(address).status_code == 200

    def test_after_the_end_keeps_the_text(self, client, pair, mentee):
        Mentorship.objects.update(state="ended")
        client.force_login(mentee)
        response = client.post(url("message_send", pair), {"body": "One more thing"})
        assert response.status_code == 200
        assert not pair.messages.filter(sender=mentee).exists()

    def test_opening_the_page_does_not_mark_as_read(self, client, pair, mentee):
        client.force_login(mentee)
        client.get(url("mentorship_detail", pair))
        assert pair.messages.filter(read_at__isnull=True).exists()
        client.post(url("messages_read", pair))
        assert not pair.messages.filter(read_at__isnull=True).exists()

    def test_older_messages_are_on_the_next_page(self, client, pair, mentee, mentor):
        for number in range(35):
            with day(number):
                Message.objects.create(mentorship=pair, sender=mentor, body=f"Number-{number}-end")
        client.force_login(mentee)
        first = client.get(url("mentorship_detail", pair)).content.decode()
        second = client.get(url("mentorship_detail", pair), {"page": 2}).content.decode()
        assert "Number-34-end" in first
        assert "Number-0-end" not in first
        assert "Number-0-end" in second


class TestMeetings:
    def plan(self, client, pair, day_, time):
        return client.post(url("meeting_plan", pair), {"meeting-day": day_, "meeting-time": time})

    def test_time_is_read_on_the_persons_own_clock(self, client, pair, mentee):
        mentee.time_zone = "America/New_York"
        mentee.save()
        client.force_login(mentee)
        tomorrow = clock.today("America/New_York") + timedelta(days=1)
        assert self.plan(client, pair, tomorrow.isoformat(), "14:30").status_code == 302
        from zoneinfo import ZoneInfo

        local = Meeting.objects.get().starts_at.astimezone(ZoneInfo("America/New_York"))
        assert (local.date(), local.hour, local.minute) == (tomorrow, 14, 30)

    @pytest.mark.parametrize(
        ("day_", "time"),
        [
            ("", ""),
            ("31-02-2026", "14:00"),
            ("2026-06-01", "25:99"),
            ("9999-12-31", "10:00"),
            ("0001-01-01", "00:00"),
        ],
    )
    def test_bad_input_is_shown_again(self, client, pair, mentee, facilitator, day_, time):
        for person in (mentee, facilitator):
            client.force_login(person)
            response = self.plan(client, pair, day_, time)
            assert response.status_code == 200
            assert response.context["meeting_form"].errors
        assert not Meeting.objects.exists()

    @pytest.mark.parametrize("who", ["mentee", "facilitator"])
    def test_recording(self, client, request, pair, who):
        meeting = Meeting.objects.create(mentorship=pair, starts_at=clock.now() - timedelta(days=1))
        client.force_login(request.getfixturevalue(who))
        response = client.post(url("meeting_record", pair, meeting.pk), {"outcome": "yes"})
        assert response.status_code == 302
        meeting.refresh_from_db()
        assert meeting.took_place is True
        client.post(url("meeting_record", pair, meeting.pk), {"outcome": "nonsense"})
        client.post(url("meeting_record", pair, meeting.pk), {"outcome": "remove"})
        assert not Meeting.objects.exists()


class TestStopAndPause:
    def test_stop_by_one_of_the_two(self, client, pair, mentee):
        client.force_login(mentee)
        response = client.post(url("mentorship_stop", pair), {"reason": "no_time"})
        assert response.url == url("mentorship_detail", pair)
        assert (reload(pair).state, reload(pair).end_reason) == ("ended", "no_time")
        again = client.post(url("mentorship_stop", pair), {"reason": "no_time"}, follow=True)
        assert again.status_code == 200

    @pytest.mark.parametrize("data", [{}, {"reason": "nonsense"}, {"reason": "left"}])
    def test_stop_needs_a_reason_from_the_list(self, client, pair, mentee, data):
        client.force_login(mentee)
        response = client.post(url("mentorship_stop", pair), data)
        assert response.status_code == 200
        assert response.context["form"].errors["reason"]
        assert reload(pair).state == "active"

    def test_staff_stop_in_somebodys_name(self, client, pair, facilitator):
        client.force_login(facilitator)
        client.post(
            url("mentorship_stop", pair),
            {"side": "mentor", "reason": "no_match", "wants_match": "on"},
        )
        assert reload(pair).state == "ended"
        assert reload(pair).mentor.waiting_since is not None

    def test_pause_and_go_on(self, client, pair, mentor):
        client.force_login(mentor)
        client.post(url("mentorship_pause", pair), {"do": "pause"})
        assert reload(pair).state == "paused"
        client.post(url("mentorship_pause", pair), {"do": "pause"})
        assert reload(pair).state == "paused"
        client.post(url("mentorship_pause", pair), {"do": "resume"})
        assert reload(pair).state == "active"

    def test_a_pause_by_the_programme_closes_the_contact(
        self, client, pair, mentee, mentor, facilitator
    ):
        client.force_login(facilitator)
        assert "Of moet het contact stoppen?" in client.get(url("mentorship_pause", pair)).text
        client.post(url("mentorship_pause", pair), {"do": "hold"})
        assert (reload(pair).state, reload(pair).on_hold) == ("paused", True)
        assert "Gepauzeerd door het programma" in client.get(url("mentorship_staff", pair)).text
        client.force_login(mentee)
        page = client.get(url("mentorship_detail", pair)).text
        assert "Gepauzeerd door het programma" in page
        assert "Jullie kunnen elkaar nu niet schrijven" in page
        for closed in ("message_send", "meeting_plan"):
            assert f'action="{url(closed, pair)}"' not in page
        assert facilitator.phone in page
        response = client.post(url("message_send", pair), {"body": "Hello?"})
        assert "Het programma heeft dit mentorschap gepauzeerd" in response.text
        for tried in ("resume", "pause", "hold"):
            client.post(url("mentorship_pause", pair), {"do": tried})
            assert reload(pair).on_hold
        assert 'value="resume"' not in client.get(url("mentorship_pause", pair)).text
        client.force_login(facilitator)
        client.post(url("mentorship_pause", pair), {"do": "resume"})
        assert (reload(pair).state, reload(pair).on_hold) == ("active", False)
        client.force_login(mentor)
        assert client.post(url("message_send", pair), {"body": "Hello"}).status_code == 302

    def test_the_two_cannot_stop_each_others_contact(self, client, pair, mentor):
        client.force_login(mentor)
        assert "hold" not in client.get(url("mentorship_pause", pair)).text
        client.post(url("mentorship_pause", pair), {"do": "hold"})
        assert reload(pair).state == "active"

    @pytest.mark.parametrize("state", ["active", "paused", "ended"])
    def test_every_page_in_every_state(self, client, pair, mentee, facilitator, state):
        Mentorship.objects.update(state=state)
        for person, pages in (
            (mentee, ["mentorship_detail", "mentorship_stop", "mentorship_pause"]),
            (facilitator, ["mentorship_staff", "mentorship_stop", "mentorship_pause"]),
        ):
            client.force_login(person)
            for page in pages:
                response = client.get(url(page, pair))
                assert response.status_code == 200
                assert response.content.decode().count("<h1") == 1


class TestStaff:
    def test_notes_a_talk(self, client, pair, facilitator):
        client.force_login(facilitator)
        data = {"who": "mentor", "about": "silent", "how": "phone", "quiet_days": "14"}
        response = client.post(url("mentorship_contact", pair), data)
        assert response.status_code == 302
        contact = StaffContact.objects.get()
        assert (contact.participant, contact.mentorship) == (pair.mentor, pair)
        assert contact.by == facilitator

    @pytest.mark.parametrize(
        "wrong", [{"about": "x"}, {"who": ""}, {"quiet_days": "999"}, {"note": "x" * 501}]
    )
    def test_bad_input_is_shown_again(self, client, pair, facilitator, wrong):
        client.force_login(facilitator)
        data = {"who": "mentor", "about": "silent", "how": "phone", "quiet_days": "14"} | wrong
        response = client.post(url("mentorship_contact", pair), data)
        assert response.status_code == 200
        assert response.context["contact_form"].errors
        assert not StaffContact.objects.exists()

    def test_shows_what_needs_attention(self, client, pair, facilitator):
        client.force_login(facilitator)
        page = client.get(url("mentorship_staff", pair))
        assert [one.kind for one in page.context["signals"]] == ["low_satisfaction"]

    def test_notes_being_in_touch(self, client, pair, facilitator):
        client.force_login(facilitator)
        response = client.post(url("mentorship_in_touch", pair))
        assert response.url == url("mentorship_staff", pair)
        assert reload(pair).in_touch_at is not None


class TestLists:
    def test_each_sees_their_own(self, client, pair, mentee, stranger, facilitator, programme):
        other = make.mentorship(programme=programme)
        page = reverse("mentoring:mentorship_list")
        client.force_login(mentee)
        assert url("mentorship_detail", pair) in client.get(page).content.decode()
        assert str(other.pk) not in client.get(page).content.decode()
        client.force_login(facilitator)
        text = client.get(page).content.decode()
        assert url("mentorship_staff", pair) in text
        assert url("mentorship_staff", other) in text
        client.force_login(stranger)
        text = client.get(page).content.decode()
        assert str(pair.pk) not in text
        assert str(other.pk) not in text

    def test_anonymous(self, client):
        assert client.get(reverse("mentoring:mentorship_list")).status_code == 302

    def test_pages_keep_the_filters(self, client, monkeypatch, pair, programme, facilitator):
        monkeypatch.setattr("mentoring.views.mentorships.PER_PAGE", 2)
        for _ in range(3):
            make.mentorship(programme=programme)
        other = make.programme(organisation=programme.organisation)
        make.mentorship(programme=other)
        make.mentorship(programme=programme, state="ended", ended_at=clock.now())
        client.force_login(facilitator)
        page = reverse("mentoring:mentorship_list")
        query = f"?programme={programme.slug}&state=active"
        first = client.get(page + query)
        assert first.context["page"].paginator.count == 4
        assert f"{query.replace('&', '&amp;')}&amp;page=2" in first.content.decode()
        second = client.get(f"{page}{query}&page=2")
        seen = {row.pk for answer in (first, second) for row in answer.context["page"]}
        assert len(seen) == 4
        assert client.get(page).context["page"].paginator.count == 6

    @pytest.mark.parametrize("query", ["?state=x&programme=y", "?page=x", "?page=99"])
    def test_bad_filters_count_as_none(self, client, pair, facilitator, query):
        client.force_login(facilitator)
        page = client.get(reverse("mentoring:mentorship_list") + query)
        assert [row.pk for row in page.context["page"]] == [pair.pk]

    def test_another_programme_is_no_filter_either(self, client, pair, facilitator):
        elsewhere = make.mentorship(programme=make.programme())
        client.force_login(facilitator)
        query = f"?programme={elsewhere.programme.slug}"
        page = client.get(reverse("mentoring:mentorship_list") + query)
        assert [row.pk for row in page.context["page"]] == [pair.pk]

    def test_marks_what_waits_for_me(self, client, pair, asked, mentee):
        client.force_login(mentee)
        (row,) = client.get(reverse("mentoring:mentorship_list")).context["own"]
        assert row[0].has_unread
        assert row[0].open_check_in == asked.pk


def test_check_in_model_has_no_way_to_the_other_half(pair, mentor):
    assert not CheckIn.objects.visible_to(mentor).filter(participant=pair.mentee).exists()
