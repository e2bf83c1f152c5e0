"""The first page: welcome, one's next step, the task list, or the administration."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentoring.models import Participant
from reenter.common import clock
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

from .make import letter, offer

State = Participant.State
pytestmark = pytest.mark.django_db


class TestParticipant:
    def step(self, client, user):
        client.force_login(user)
        page = client.get("/")
        assert page.status_code == 200
        return page.context["step"]

    def test_somebody_new_chooses_a_role(self, client, stranger):
        step = self.step(client, stranger)
        assert (step.code, step.url) == ("start", "/start/")

    def test_an_unfinished_profile(self, client, mentee):
        make_accounts.profile(role="mentee", user=mentee, completed_at=None)
        step = self.step(client, mentee)
        assert (step.code, step.url) == ("profile", "/me/profile/mentee/")

    def test_a_programme_to_choose(self, client, mentee):
        make_accounts.profile(role="mentee", user=mentee)
        step = self.step(client, mentee)
        assert (step.code, step.url) == ("join", "/programmes/")

    def test_the_programme_one_came_for(self, client, programme, mentee):
        client.post(f"/programmes/{programme.slug}/join/", {"role": "mentee"})
        make_accounts.profile(role="mentee", user=mentee)
        step = self.step(client, mentee)
        assert (step.code, step.url) == ("join", f"/programmes/{programme.slug}/join/")

    def test_the_briefing_then_waiting(self, client, programme):
        person = make.participant(programme=programme, role="mentee", ready=False)
        assert self.step(client, person.user).code == "briefing"
        Participant.objects.update(briefed_at=clock.now())
        step = self.step(client, person.user)
        assert (step.code, step.participant) == ("waiting", person)
        page = client.get("/").content.decode()
        assert programme.contact.name in page
        assert programme.contact.phone in page

    @pytest.mark.parametrize("state", [State.NOT_NOW, State.SPOKEN_TO, State.ADMITTED])
    def test_waiting_says_what_comes(self, client, programme, state):
        person = make.participant(programme=programme, role="mentee", state=state)
        assert self.step(client, person.user).code == "waiting"

    def test_an_offer_comes_first(self, client, programme):
        made = offer(programme=programme)
        make.participant(programme=make.programme(), role="mentee", user=made.mentee.user)
        assert self.step(client, made.mentee.user).code == "offer"
        assert self.step(client, made.mentor.user).code == "offer"

    def test_after_yes_one_waits_for_the_other(self, client, programme):
        made = offer(programme=programme, mentee_answer="yes")
        assert (
            self.step(client, made.mentee.user).title != self.step(client, made.mentor.user).title
        )
        assert self.step(client, made.mentee.user).code == "waiting"

    def test_my_mentorship_names_the_other_by_first_name(self, client, programme):
        pair = make.mentorship(programme=programme)
        step = self.step(client, pair.mentee.user)
        assert step.code == "mentorship"
        assert pair.mentor.user.first_name in step.title

    def test_who_left_starts_again(self, client, programme):
        person = make.participant(programme=programme, role="mentee", state=State.WITHDRAWN)
        assert self.step(client, person.user).code == "join"

    def test_queries_do_not_grow(self, client, mentee, django_assert_num_queries):
        client.force_login(mentee)
        for number in (1, 3):
            while Participant.objects.filter(user=mentee).count() < number:
                programme = make.programme()
                person = make.participant(programme=programme, role="mentee", user=mentee)
                offer(programme=programme, mentee=person)
            with django_assert_num_queries(8):
                client.get("/")


class TestFacilitator:
    def test_own_tasks_and_no_others(self, client, facilitator, programme):
        mine = make.participant(
            programme=programme, role="mentee", ready=False, user=make_accounts.user(name="Mine")
        )
        make.participant(
            programme=make.programme(),
            role="mentee",
            ready=False,
            user=make_accounts.user(name="Foreign Canary"),
        )
        client.force_login(facilitator)
        page = client.get("/").content.decode()
        assert f"/desk/people/{mine.pk}/" in page
        assert "Foreign Canary" not in page

    def test_filter_by_programme(self, client, facilitator, programme):
        other = make.programme(organisation=programme.organisation)
        for where in (programme, other):
            make.participant(programme=where, role="mentee", ready=False)
        client.force_login(facilitator)
        for query, number in (("", 2), (f"?programme={other.slug}", 1), ("?programme=none", 2)):
            assert len(client.get(f"/{query}").context["lines"]) == number

    def test_an_offer_and_a_letter_can_be_opened(self, client, facilitator, programme):
        offer(programme=programme, days_ago=8)
        nobody = make_accounts.user(email=None, phone="+31 6 1111")
        person = make.participant(programme=programme, role="mentee", user=nobody)
        paper = letter(programme=programme, recipient=person.user)
        client.force_login(facilitator)
        page = client.get("/").content.decode()
        assert f"/desk/letters/{paper.pk}/" in page
        assert "tel:+3161111" in page

    def test_pages(self, client, facilitator, programme):
        for _ in range(26):
            make.participant(programme=programme, role="mentee", ready=False)
        client.force_login(facilitator)
        assert len(client.get("/").context["lines"]) == 25
        assert len(client.get("/?page=2").context["lines"]) == 1

    def test_nothing_to_do_and_no_programme(self, client, facilitator, programme):
        client.force_login(facilitator)
        assert client.get("/").status_code == 200
        lonely = make_accounts.facilitator(organisation=make_accounts.organisation())
        client.force_login(lonely)
        assert "/programmes/new/" in client.get("/").content.decode()

    def test_own_part_as_a_mentor(self, client, facilitator, programme):
        make.participant(programme=programme, role="mentor", user=facilitator, briefed_at=None)
        client.force_login(facilitator)
        assert [step.code for step in client.get("/").context["own"]] == ["briefing", "waiting"]

    def test_queries_do_not_grow(
        self, client, facilitator, programme, django_assert_max_num_queries
    ):
        client.force_login(facilitator)
        counted = []
        for number in (1, 3):
            while Participant.objects.count() < number:
                make.participant(programme=programme, role="mentee", ready=False)
                make.programme(organisation=programme.organisation)
            with django_assert_max_num_queries(25) as queries:
                client.get("/")
            counted.append(len(queries))
        assert counted[0] == counted[1]


def test_visitors_are_welcomed(client, programme):
    assert client.get("/").status_code == 200


def test_an_admin_sees_the_administration_and_no_people(client, programme, admin_user):
    person = make.participant(
        programme=programme, role="mentee", ready=False, user=make_accounts.user(name="Canary")
    )
    make_accounts.facilitator(organisation=programme.organisation)
    client.force_login(admin_user)
    page = client.get("/").content.decode()
    assert f"/programmes/{programme.slug}/settings/" in page
    assert "/cms/snippets/accounts/term/" in page
    assert "/me/organisation/" in page
    assert person.user.name not in page


def test_thirty_days_of_waiting_is_a_call_task(client, facilitator, programme):
    person = make.participant(programme=programme, role="mentee")
    client.force_login(facilitator)
    assert client.get("/").context["lines"] == []
    with clock.standing_at(clock.now() + timedelta(days=30)):
        (line,) = client.get("/").context["lines"]
    assert (line["task"].first.kind, line["task"].participant) == ("waiting", person)
