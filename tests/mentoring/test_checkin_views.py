"""Answering from the mail without signing in, on the site, and by staff."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.models import CheckIn
from mentoring.tokens import VALID_FOR, LinkExpired, check_in_id, check_in_token
from reenter.common import clock
from reenter.common.models import AuditEntry
from tests.factories import handbook as make_handbook

from .pairs import START, day, run_minute, sent_to, start, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(mentee, mentor, programme):
    return start(mentee, mentor, programme=programme)


@pytest.fixture
def asked(pair):
    row = pair.check_ins.get(participant=pair.mentee, day=14)
    row.state, row.asked_at = "asked", START + timedelta(days=14)
    row.save()
    return row


@pytest.fixture
def standing():
    with day(14) as moment:
        yield moment


def link(check_in):
    return reverse("mentoring:check_in_answer", args=[check_in_token(check_in)])


def snapshot():
    return list(CheckIn.objects.order_by("pk").values()), AuditEntry.objects.count()


@pytest.mark.usefixtures("standing")
class TestLink:
    def test_comes_by_mail_and_is_answered_without_signing_in(self, pair, mentee):
        run_minute()
        (mail,) = [one for one in sent_to(mentee) if "/check-ins/answer/" in text_of(one)]
        path = re.search(r"https?://[^/]+(/check-ins/answer/\S+)", text_of(mail)).group(1)
        client = Client(enforce_csrf_checks=True)  # no cookies, no session
        assert client.get(path).status_code == 200
        response = client.post(path, {"satisfaction": "5", "comment": "We laugh a lot."})
        assert response.status_code == 200
        row = pair.check_ins.get(participant=pair.mentee, day=14)
        assert (row.state, row.satisfaction, row.recorded_by) == ("answered", 5, None)

    def test_the_page_speaks_like_the_mail(self, client, asked):
        person = asked.participant.user
        for language, other in (("en", "nl"), ("nl", "en")):
            person.language = language
            person.save()
            headers = {"accept-language": other}
            page = client.get(link(asked), headers=headers).content.decode()
            assert f'<html lang="{language}">' in page
        client.cookies["django_language"] = "en"  # the button at the top was pressed
        assert '<html lang="en">' in client.get(link(asked)).content.decode()

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_a_scanner_that_opens_it_answers_nothing(self, client, asked, method):
        before = snapshot()
        for _ in range(3):
            assert getattr(client, method)(link(asked)).status_code == 200
        assert snapshot() == before

    def test_a_scanner_that_posts_without_an_answer_answers_nothing(self, client, asked):
        response = client.post(link(asked))
        assert response.status_code == 200
        assert response.context["form"].errors
        asked.refresh_from_db()
        assert asked.state == "asked"

    def test_works_once(self, client, asked):
        address = link(asked)
        client.post(address, {"satisfaction": "4"})
        before = snapshot()
        for response in (client.get(address), client.post(address, {"satisfaction": "1"})):
            assert response.status_code == 410
            assert reverse("mentoring:check_in_detail", args=[asked.pk]) in str(response.content)
        assert snapshot() == before

    def test_the_links_of_mail_and_reminder_die_together(self, client, asked):
        first = link(asked)
        with day(17):
            second = link(asked)
            assert first != second
            client.post(second, {"satisfaction": "4"})
            assert client.post(first, {"satisfaction": "1"}).status_code == 410
        asked.refresh_from_db()
        assert asked.satisfaction == 4

    def test_too_old_is_a_kind_page(self, client, asked, settings):
        address = link(asked)
        with clock.standing_at(clock.now() + VALID_FOR):
            assert client.get(address).status_code == 200
        with clock.standing_at(clock.now() + VALID_FOR + timedelta(seconds=1)):
            for response in (client.get(address), client.post(address, {"satisfaction": "4"})):
                assert response.status_code == 410
                assert settings.CONTACT_PHONE in response.content.decode()
        asked.refresh_from_db()
        assert asked.state == "asked"

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
            lambda token: "x" + token,
            lambda token: token.partition(":")[0],
            lambda token: "nonsense",
            lambda token: "a" * 3000,
            lambda token: "%00%ff:é",
        ],
    )
    def test_forged_is_a_kind_page(self, client, asked, settings, spoil):
        address = reverse("mentoring:check_in_answer", args=[spoil(check_in_token(asked))])
        for response in (client.get(address), client.post(address, {"satisfaction": "4"})):
            assert response.status_code == 404
            assert settings.CONTACT_PHONE in response.content.decode()
        asked.refresh_from_db()
        assert asked.state == "asked"

    def test_a_real_signature_of_another_kind_is_forged_here(self, client, asked):
        from django.core.signing import Signer

        for salt in ("other", "mentoring.check_in"):
            token = Signer(salt=salt).sign_object([asked.pk.hex, int(clock.now().timestamp())])
            address = reverse("mentoring:check_in_answer", args=[token])
            assert client.get(address).status_code == 404

    def test_of_a_check_in_that_is_gone(self, client, asked):
        address = link(asked)
        CheckIn.objects.all().delete()
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("state", ["planned", "dropped"])
    def test_of_one_that_lapsed(self, client, asked, state):
        asked.state = state
        asked.save()
        response = client.get(link(asked))
        assert response.status_code == 410
        assert client.post(link(asked), {"satisfaction": "4"}).status_code == 410

    def test_page_is_not_stored_and_tells_no_other_site(self, client, asked):
        response = client.get(link(asked))
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"

    def test_names_first_names_only(self, client, asked, mentee, mentor):
        page = client.get(link(asked)).content.decode()
        assert mentor.first_name in page
        assert mentor.name not in page
        assert mentee.name not in page

    def test_bad_answers_are_shown_again(self, client, asked):
        response = client.post(link(asked), {"satisfaction": "9", "comment": "x" * 1001})
        assert response.status_code == 200
        assert set(response.context["form"].errors) == {"satisfaction", "comment"}
        assert "x" * 1001 in response.content.decode()

    def test_token_is_not_logged(self, client, asked, caplog, capsys):
        token = check_in_token(asked)
        handler = logging.StreamHandler()
        from reenter.common.logs import NoSecrets

        handler.addFilter(NoSecrets())
        logging.getLogger("django.request").addHandler(handler)
        try:
            with caplog.at_level(logging.DEBUG):
                client.get(link(asked))
                client.post(link(asked), {"satisfaction": "4"})
                client.get(link(asked))
        finally:
            logging.getLogger("django.request").removeHandler(handler)
        printed = capsys.readouterr()
        assert token not in printed.out
        assert token not in printed.err


class TestFirstMeetingLink:
    @pytest.mark.parametrize("fit", ["good", "unsure", "not_good"])
    def test_three_answers(self, client, pair, fit):
        with day(6):
            row = CheckIn.objects.create(
                mentorship=pair,
                participant=pair.mentor,
                kind="first_meeting",
                day=0,
                due_at=clock.now(),
                asked_at=clock.now(),
                state="asked",
            )
            page = client.get(link(row)).content.decode()
            assert f'value="{fit}"' in page
            client.post(link(row), {"fit": fit})
        row.refresh_from_db()
        assert (row.fit, row.state) == (fit, "answered")


class TestOnTheSite:
    def address(self, check_in):
        return reverse("mentoring:check_in_detail", args=[check_in.pk])

    def test_the_person_answers_and_changes(self, client, asked, pair, mentee):
        client.force_login(mentee)
        then = {
            "4": reverse("mentoring:mentorship_detail", args=[pair.pk]),
            "2": reverse("mentoring:check_in_thanks", args=[asked.pk]),
        }
        for satisfaction, url in then.items():
            response = client.post(self.address(asked), {"satisfaction": satisfaction})
            assert response.url == url
        asked.refresh_from_db()
        assert (asked.satisfaction, asked.recorded_by) == (2, None)

    def test_staff_write_down_and_are_named(self, client, asked, pair, facilitator):
        client.force_login(facilitator)
        assert client.get(self.address(asked)).context["by_staff"]
        response = client.post(self.address(asked), {"satisfaction": "1"})
        assert response.url == reverse("mentoring:mentorship_staff", args=[pair.pk])
        asked.refresh_from_db()
        assert asked.recorded_by == facilitator
        page = client.get(response.url).content.decode()
        assert facilitator.name in page

    @pytest.mark.parametrize("who", ["mentor", "stranger", "foreign_facilitator", "admin_user"])
    def test_nobody_else(self, client, request, asked, who):
        client.force_login(request.getfixturevalue(who))
        assert client.get(self.address(asked)).status_code == 404
        assert client.post(self.address(asked), {"satisfaction": "1"}).status_code == 404
        asked.refresh_from_db()
        assert asked.state == "asked"

    def test_anonymous_goes_to_sign_in(self, client, asked):
        assert reverse("account_login") in client.get(self.address(asked)).url

    def test_not_yet_asked_is_a_kind_page(self, client, pair, mentee):
        client.force_login(mentee)
        row = pair.check_ins.get(participant=pair.mentee, day=30)
        response = client.get(self.address(row))
        assert response.status_code == 200
        assert response.context["case"] == "lapsed"

    def test_bad_input_is_shown_again(self, client, asked, mentee):
        client.force_login(mentee)
        response = client.post(self.address(asked), {"comment": "I typed this"})
        assert response.context["form"].errors
        assert "I typed this" in response.content.decode()

    def test_a_fixed_number_of_queries(self, client, asked, mentee, django_assert_max_num_queries):
        client.force_login(mentee)
        with django_assert_max_num_queries(7):
            client.get(self.address(asked))


@pytest.mark.usefixtures("standing")
class TestThanks:
    """After a low answer a chapter may help; nobody else learns from it how the answer was."""

    def address(self, check_in):
        return reverse("mentoring:check_in_thanks", args=[check_in.pk])

    @pytest.fixture
    def advice(self, db):
        part = make_handbook.part(make_handbook.book())
        page = make_handbook.chapter(part, title="Als het niet klikt")
        make_handbook.offered("check_in_low", page)
        return page.title

    @pytest.mark.parametrize(("satisfaction", "low"), [("1", True), ("2", True), ("3", False)])
    def test_by_the_link_in_the_mail(self, client, asked, advice, satisfaction, low):
        page = client.post(link(asked), {"satisfaction": satisfaction}).content.decode()
        assert (advice in page) is low

    @pytest.mark.parametrize(("fit", "low"), [("not_good", True), ("unsure", False)])
    def test_after_the_first_meeting(self, client, asked, advice, fit, low):
        CheckIn.objects.filter(pk=asked.pk).update(kind="first_meeting")
        page = client.post(link(asked), {"fit": fit}).content.decode()
        assert (advice in page) is low

    def test_on_the_site(self, client, asked, advice, mentee):
        client.force_login(mentee)
        address = reverse("mentoring:check_in_detail", args=[asked.pk])
        response = client.post(address, {"satisfaction": "2"}, follow=True)
        assert response.redirect_chain == [(self.address(asked), 302)]
        assert advice in response.content.decode()
        client.post(address, {"satisfaction": "5"})
        assert advice not in client.get(self.address(asked)).content.decode()

    def test_not_before_the_answer(self, client, asked, mentee):
        client.force_login(mentee)
        answer = reverse("mentoring:check_in_detail", args=[asked.pk])
        assert client.get(self.address(asked)).url == answer

    def test_for_the_person_alone(self, client, request, asked, advice, facilitator):
        client.post(link(asked), {"satisfaction": "1"})
        assert reverse("account_login") in client.get(self.address(asked)).url
        client.force_login(facilitator)
        assert client.get(self.address(asked)).status_code == 403
        for who in ("mentor", "stranger", "foreign_facilitator", "admin_user"):
            client.force_login(request.getfixturevalue(who))
            assert client.get(self.address(asked)).status_code == 404


def test_token_round_trip_and_age(asked):
    with clock.standing_at(START):
        token = check_in_token(asked)
        assert check_in_id(token) == asked.pk
    with clock.standing_at(START + timedelta(days=22)), pytest.raises(LinkExpired):
        check_in_id(token)
