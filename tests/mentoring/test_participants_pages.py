"""The list of people and the buttons of the intake, for the right people alone."""

from __future__ import annotations

import pytest

from mentoring.models import Participant, StaffContact
from reenter.common import clock
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

State = Participant.State
pytestmark = pytest.mark.django_db

BUTTONS = {
    "speak": (State.APPLIED, {"note": "Talked"}, State.SPOKEN_TO),
    "admit": (State.SPOKEN_TO, {}, State.ADMITTED),
    "not-now": (State.ADMITTED, {"reason": "no_time"}, State.NOT_NOW),
    "return": (State.NOT_NOW, {}, State.SPOKEN_TO),
    "enrol": (State.WITHDRAWN, {}, State.APPLIED),
    "withdraw": (State.ADMITTED, {}, State.WITHDRAWN),
}


def url(person, page):
    return f"/programmes/{person.programme.slug}/people/{person.pk}/{page}/"


@pytest.fixture
def person(programme):
    return make.participant(programme=programme, role="mentor", ready=False)


class TestList:
    def url(self, programme):
        return f"/programmes/{programme.slug}/people/"

    def names(self, client, programme, query=""):
        page = client.get(self.url(programme) + query)
        assert page.status_code == 200
        return {person.user.name for person, _reasons in page.context["rows"]}

    @pytest.fixture
    def people(self, programme):
        rows = {
            "Applied": {"role": "mentee", "ready": False},
            "Ready": {"role": "mentee"},
            "Mentor": {"role": "mentor", "ready": False, "state": State.ADMITTED},
            "Gone": {"role": "mentee", "state": State.WITHDRAWN},
        }
        for name, fields in rows.items():
            make.participant(programme=programme, user=make_accounts.user(name=name), **fields)
        make.participant(
            programme=make.programme(), role="mentee", user=make_accounts.user(name="Foreign")
        )

    def test_filters(self, client, programme, facilitator, people):
        client.force_login(facilitator)
        expected = {
            "": {"Applied", "Ready", "Mentor"},
            "?state=applied": {"Applied"},
            "?state=withdrawn": {"Gone"},
            "?role=mentor": {"Mentor"},
            "?ready=yes": {"Ready"},
            "?ready=no&role=mentee": {"Applied"},
            "?state=nonsense&page=x": {"Applied", "Ready", "Mentor"},
        }
        for query, names in expected.items():
            assert self.names(client, programme, query) == names, query

    def test_says_why_not(self, client, programme, facilitator, people):
        client.force_login(facilitator)
        page = client.get(self.url(programme) + "?role=mentor")
        ((_person, reasons),) = page.context["rows"]
        assert len(reasons) == 2
        assert all(str(reason) in page.content.decode() for reason in reasons)

    def test_pages(self, client, programme, facilitator):
        for _ in range(26):
            make.participant(programme=programme, role="mentee", ready=False)
        client.force_login(facilitator)
        assert len(self.names(client, programme)) == 25
        assert len(self.names(client, programme, "?page=2")) == 1

    def test_queries_do_not_grow(self, client, programme, facilitator, django_assert_num_queries):
        client.force_login(facilitator)
        for number in (1, 3):
            while Participant.objects.count() < number:
                make.participant(programme=programme, role="mentor", ready=False)
            with django_assert_num_queries(7):
                client.get(self.url(programme))

    def test_only_own_staff(self, client, programme, people, foreign_facilitator, admin_user):
        insider = Participant.objects.filter(programme=programme).first().user
        assert client.get(self.url(programme)).status_code == 302
        for outsider in (foreign_facilitator, insider, admin_user):
            client.force_login(outsider)
            assert client.get(self.url(programme)).status_code == 404


class TestButtons:
    @pytest.mark.parametrize("button", BUTTONS)
    def test_staff(self, client, programme, facilitator, button):
        start, data, goal = BUTTONS[button]
        person = make.participant(programme=programme, role="mentee", ready=False, state=start)
        client.force_login(facilitator)
        answer = client.post(url(person, button), data)
        assert answer.url == f"/desk/people/{person.pk}/"
        person.refresh_from_db()
        assert person.state == goal

    @pytest.mark.parametrize("button", [*BUTTONS, "brief", "certificate"])
    def test_the_wrong_people(self, client, person, button, foreign_facilitator, admin_user):
        before = Participant.objects.filter(pk=person.pk).values().get()
        assert client.post(url(person, button)).status_code == 302
        for outsider in (foreign_facilitator, admin_user, make_accounts.user()):
            client.force_login(outsider)
            assert client.post(url(person, button)).status_code == 404
        if button != "withdraw":
            client.force_login(person.user)
            assert client.post(url(person, button)).status_code == 403
        assert Participant.objects.filter(pk=person.pk).values().get() == before

    @pytest.mark.parametrize(
        "button", ["speak", "admit", "return", "enrol", "brief", "certificate"]
    )
    def test_a_get_changes_nothing(self, client, person, facilitator, button):
        client.force_login(facilitator)
        assert client.get(url(person, button)).status_code == 405

    def test_a_step_that_is_not_allowed_says_so(self, client, person, facilitator):
        client.force_login(facilitator)
        answer = client.post(url(person, "return"), follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]

    def test_a_person_of_another_programme_is_not_reached(self, client, person, facilitator):
        client.force_login(facilitator)
        other = make.programme(organisation=person.programme.organisation)
        path = url(person, "admit").replace(person.programme.slug, other.slug)
        assert client.post(path).status_code == 404

    def test_not_now_asks_first(self, client, person, facilitator):
        client.force_login(facilitator)
        for answer in (
            client.get(url(person, "not-now")),
            client.post(url(person, "not-now"), {"reason": "too old"}),
            client.post(url(person, "not-now"), {}),
        ):
            assert answer.status_code == 200
        person.refresh_from_db()
        assert person.state == State.APPLIED

    def test_a_note_is_kept_and_escaped(self, client, person, facilitator):
        client.force_login(facilitator)
        client.post(url(person, "speak"), {"note": "<script>alert(1)</script>"})
        assert StaffContact.objects.get().note == "<script>alert(1)</script>"
        page = client.get(f"/desk/people/{person.pk}/").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_too_long_a_note_is_refused(self, client, person, facilitator):
        client.force_login(facilitator)
        client.post(url(person, "speak"), {"note": "x" * 501})
        person.refresh_from_db()
        assert person.state == State.APPLIED

    def test_briefing_and_certificate(self, client, person, facilitator):
        make_accounts.legal_text("code_of_conduct")
        client.force_login(facilitator)
        client.post(url(person, "brief"))
        client.post(url(person, "certificate"), {"seen_on": clock.today().isoformat()})
        person.refresh_from_db()
        assert person.briefed_how == "talked"
        assert person.certificate_seen_on == clock.today()
        client.post(url(person, "certificate"), {"seen_on": "2999-01-01"})
        client.post(url(person, "certificate"), {"seen_on": "yesterday"})
        person.refresh_from_db()
        assert person.certificate_seen_on == clock.today()


class TestOwnPages:
    def test_what_happens_next_is_ones_own(self, client, person, facilitator, stranger):
        page = url(person, "next")
        assert client.get(page).status_code == 302
        for who, status in ((person.user, 200), (facilitator, 403), (stranger, 404)):
            client.force_login(who)
            assert client.get(page).status_code == status

    @pytest.mark.parametrize("state", State.values)
    def test_in_every_state(self, client, programme, state):
        person = make.participant(programme=programme, role="mentee", state=state)
        client.force_login(person.user)
        page = client.get(url(person, "next")).content.decode()
        assert programme.contact.name in page
        assert programme.contact.phone in page

    def test_stopping_asks_first_and_then_stops(self, client, person):
        client.force_login(person.user)
        assert client.get(url(person, "withdraw")).status_code == 200
        person.refresh_from_db()
        assert person.state == State.APPLIED
        assert client.post(url(person, "withdraw")).url == "/"
        person.refresh_from_db()
        assert person.state == State.WITHDRAWN
        assert client.get(url(person, "withdraw")).status_code == 200
