"""Choosing, joining and setting up a programme in the browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from mentoring.models import Participant, Programme
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

State = Programme.State
pytestmark = pytest.mark.django_db


def settings_of(programme, **changes):
    data = {
        "name": programme.name,
        "intro": "",
        "contact": programme.contact_id or "",
        "safeguarding_person": programme.safeguarding_person_id or "",
        "safeguarding_deputy": programme.safeguarding_deputy_id or "",
        "rhythm_days": 14,
        "check_in_days": "14, 30, 60",
        "lower_quota": 0,
    }
    return data | changes


class TestChoosing:
    url = "/programmes/"

    def test_open_ones_alone_with_who_runs_them(self, client, programme):
        hidden = [make.programme(name=f"Hidden {s}", state=s) for s in ("draft", "closed")]
        page = client.get(self.url).content.decode()
        assert programme.name in page
        assert programme.organisation.name in page
        assert programme.contact.name in page
        assert not any(other.name in page for other in hidden)

    def test_nothing_open(self, client, db):
        assert client.get(self.url).status_code == 200

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_queries_do_not_grow(self, client, mentee, signed_in, django_assert_num_queries):
        client.force_login(mentee) if signed_in else None
        for number in (1, 3):
            while Programme.objects.count() < number:
                make.participant(programme=make.programme(), role="mentee", user=mentee)
            with django_assert_num_queries(4 if signed_in else 1):
                client.get(self.url)


class TestJoining:
    def url(self, programme):
        return f"/programmes/{programme.slug}/join/"

    def test_a_visitor_sees_it_and_is_sent_to_sign_up_and_back(self, client, programme):
        page = client.get(self.url(programme))
        assert page.status_code == 200
        assert f"next={self.url(programme)}".replace("/", "%2F") in page.content.decode()
        answer = client.post(self.url(programme), {"role": "mentor"})
        assert answer.url.startswith(reverse("account_signup"))
        back = f"{self.url(programme)}?role=mentor"
        assert parse_qs(urlsplit(answer.url).query)["next"] == [back]
        assert client.session["joining"] == {"programme": programme.slug, "role": "mentor"}
        assert not Participant.objects.exists()

    def test_looking_changes_nothing(self, client, programme, mentee):
        make_accounts.profile(role="mentee", user=mentee)
        client.force_login(mentee)
        client.get(self.url(programme) + "?role=mentee")
        assert not Participant.objects.exists()

    @pytest.mark.parametrize("complete", [True, False])
    def test_joins_with_a_finished_profile_only(self, client, programme, mentee, complete):
        extra = {} if complete else {"completed_at": None}
        make_accounts.profile(role="mentee", user=mentee, **extra)
        client.force_login(mentee)
        answer = client.post(self.url(programme), {"role": "mentee"})
        assert Participant.objects.filter(user=mentee).exists() is complete
        if complete:
            assert "joining" not in client.session
            assert client.get(answer.url).status_code == 200
        else:
            assert answer.url == reverse("accounts:profile_overview", args=["mentee"])
            assert client.session["joining"]["programme"] == programme.slug
            assert programme.name in client.get("/programmes/").content.decode()

    @pytest.mark.parametrize("role", ["", "admin"])
    def test_a_wrong_role_is_refused(self, client, programme, mentee, role):
        client.force_login(mentee)
        answer = client.post(self.url(programme), {"role": role}, follow=True)
        assert answer.status_code == 200
        assert not Participant.objects.exists()

    @pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED])
    def test_others_are_hidden_from_strangers(self, client, stranger, state):
        programme = make.programme(state=state)
        assert client.get(self.url(programme)).status_code == 404
        client.force_login(stranger)
        assert client.get(self.url(programme)).status_code == 404
        assert client.post(self.url(programme), {"role": "mentee"}).status_code == 404

    def test_who_is_in_it_still_sees_a_closed_one(self, client):
        programme = make.programme(state=State.CLOSED)
        person = make.participant(programme=programme, role="mentee")
        client.force_login(person.user)
        assert client.get(self.url(programme)).status_code == 200
        client.post(self.url(programme), {"role": "mentor"})
        assert Participant.objects.count() == 1


class TestMaking:
    url = "/programmes/new/"

    def test_a_facilitator_for_the_own_organisation(self, client, programme, facilitator):
        client.force_login(facilitator)
        assert client.get(self.url).status_code == 200
        data = {"name": "Nieuw", "organisation": programme.organisation_id}
        assert client.post(self.url, data).url == "/programmes/nieuw/settings/"
        assert Programme.objects.get(slug="nieuw").state == State.DRAFT

    def test_not_for_another_organisation(self, client, programme, foreign_facilitator):
        client.force_login(foreign_facilitator)
        data = {"name": "Nieuw", "organisation": programme.organisation_id}
        assert client.post(self.url, data).status_code == 200
        assert not Programme.objects.filter(slug="nieuw").exists()

    def test_an_admin_for_any(self, client, programme, admin_user):
        client.force_login(admin_user)
        data = {"name": "Nieuw", "organisation": programme.organisation_id}
        answer = client.post(self.url, data, follow=True)
        assert answer.status_code == 200
        assert Programme.objects.filter(slug="nieuw").exists()

    def test_nobody_else(self, client, programme, mentee):
        assert client.get(self.url).status_code == 302
        client.force_login(mentee)
        assert client.get(self.url).status_code == 403


class TestSettings:
    def url(self, programme, page="settings"):
        return f"/programmes/{programme.slug}/{page}/"

    def test_saves(self, client, programme, facilitator):
        client.force_login(facilitator)
        data = settings_of(
            programme,
            intro="For starters",
            certificate_required="on",
            contact=facilitator.pk,
            check_in_days="60; 14 30",
            lower_quota="1",
        )
        assert client.post(self.url(programme), data).status_code == 302
        programme.refresh_from_db()
        assert (programme.intro, programme.certificate_required) == ("For starters", True)
        assert (programme.contact, programme.check_in_days) == (facilitator, [14, 30, 60])
        assert "14, 30, 60" in client.get(self.url(programme)).content.decode()
        assert not programme.floor_first
        assert programme.lower_quota == 1
        client.post(self.url(programme), data | {"floor_first": "on"})
        programme.refresh_from_db()
        assert programme.floor_first

    @pytest.mark.parametrize(
        "wrong",
        [
            {"check_in_days": "14, twenty"},
            {"check_in_days": ""},
            {"check_in_days": "14, 20"},
            {"check_in_days": "-14"},
            {"check_in_days": "²"},
            {"rhythm_days": "0"},
            {"lower_quota": "4"},
            {"lower_quota": ""},
            {"name": ""},
            {"starts_on": "2026-02-30"},
            {"starts_on": "2026-05-02", "ends_on": "2026-05-01"},
            {"safeguarding_person": ""},
            {"contact": "not-an-id"},
            {"intro": "x" * 301},
        ],
    )
    def test_bad_input_is_answered_and_changes_nothing(self, client, programme, facilitator, wrong):
        before = Programme.objects.filter(pk=programme.pk).values().get()
        client.force_login(facilitator)
        answer = client.post(self.url(programme), settings_of(programme, **wrong))
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert Programme.objects.filter(pk=programme.pk).values().get() == before

    def test_the_same_two_people(self, client, programme, facilitator):
        client.force_login(facilitator)
        same = {"safeguarding_deputy": programme.safeguarding_person_id}
        answer = client.post(self.url(programme), settings_of(programme, **same))
        assert "safeguarding_deputy" in answer.context["form"].errors

    def test_staff_of_others_are_no_choice(self, client, programme, facilitator):
        outsider = make_accounts.facilitator(organisation=make_accounts.organisation())
        client.force_login(facilitator)
        data = settings_of(programme, safeguarding_person=outsider.pk)
        assert client.post(self.url(programme), data).status_code == 200
        programme.refresh_from_db()
        assert programme.safeguarding_person != outsider

    def test_opening_without_both_names_says_why(self, client, facilitator, programme):
        programme.state = State.DRAFT
        programme.safeguarding_deputy = None
        programme.save()
        client.force_login(facilitator)
        answer = client.post(self.url(programme, "open"), follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        programme.refresh_from_db()
        assert programme.state == State.DRAFT

    def test_closing_and_opening_again(self, client, programme, facilitator):
        client.force_login(facilitator)
        for page, state in (("close", State.CLOSED), ("open", State.OPEN)):
            client.post(self.url(programme, page))
            programme.refresh_from_db()
            assert programme.state == state

    @pytest.mark.parametrize("page", ["settings", "open", "close"])
    def test_strangers_see_nothing(self, client, programme, page, mentee, foreign_facilitator):
        url = self.url(programme, page)
        assert client.post(url).status_code == 302
        inside = make.participant(programme=programme, role="mentee", user=mentee)
        for outsider in (inside.user, foreign_facilitator):
            client.force_login(outsider)
            assert client.post(url).status_code == 404
        programme.refresh_from_db()
        assert programme.state == State.OPEN

    @pytest.mark.parametrize("page", ["open", "close"])
    def test_a_get_changes_nothing(self, client, programme, facilitator, page):
        client.force_login(facilitator)
        assert client.get(self.url(programme, page)).status_code == 405
