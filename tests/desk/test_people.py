"""The page of one person, notes about talks, the code, search and letters."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import TakeoverCode
from accounts.services.profiles import answer_skip
from mentoring.models import Participant, StaffContact
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

from .make import letter, offer

State = Participant.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(programme):
    return make.participant(
        programme=programme,
        role="mentee",
        ready=False,
        user=make_accounts.user(name="Wim Canary", phone="+31 6 22 33 44 55"),
        pitch="Canary pitch",
    )


def refused(client, url, person, foreign_facilitator, admin_user, method="get"):
    """Anonymous to the login, strangers 404, the person 403."""
    call = getattr(client, method)
    assert call(url).url.startswith("/account/login/")
    for outsider in (foreign_facilitator, admin_user, make_accounts.user()):
        client.force_login(outsider)
        assert call(url).status_code == 404
    client.force_login(person.user)
    assert call(url).status_code == 403


class TestPage:
    def url(self, person):
        return f"/desk/people/{person.pk}/"

    def test_shows_profile_state_and_readiness(self, client, person, facilitator):
        client.force_login(facilitator)
        page = client.get(self.url(person))
        text = page.content.decode()
        assert "Wim Canary" in text
        assert "Canary pitch" in text
        assert "tel:+31622334455" in text
        assert len(page.context["not_ready"]) == 3

    @pytest.mark.parametrize("state", State.values)
    def test_in_every_state(self, client, programme, facilitator, state):
        person = make.participant(
            programme=programme, role="mentor", state=state, pitch="Canary pitch"
        )
        client.force_login(facilitator)
        page = client.get(self.url(person))
        assert page.status_code == 200
        assert ("Canary pitch" in page.content.decode()) is (state != State.WITHDRAWN)

    def test_answers_are_seen_only_while_enrolled(self, client, person, facilitator):
        Participant.objects.update(state=State.WITHDRAWN)
        client.force_login(facilitator)
        assert "Canary pitch" not in client.get(self.url(person)).content.decode()

    def test_offers_and_pairs_by_state_and_date(self, client, programme, facilitator):
        made = offer(programme=programme)
        pair = make.mentorship(programme=programme, mentee=made.mentee)
        client.force_login(facilitator)
        page = client.get(self.url(made.mentee)).content.decode()
        assert made.mentor.user.name in page
        assert pair.mentor.user.name in page
        assert f"/offers/{made.pk}/" in page
        assert f"/mentorships/{pair.pk}/" in page

    def test_history_in_words(self, client, person, facilitator):
        client.force_login(facilitator)
        client.post(
            f"/programmes/{person.programme.slug}/people/{person.pk}/not-now/",
            {"reason": "no_time", "note": "Canary note"},
        )
        page = client.get(self.url(person))
        (line,) = page.context["history"]
        assert (line.by, line.on_behalf) == (facilitator.name, False)
        assert str(line.detail) in page.content.decode()
        assert "Canary note" in page.content.decode()

    def test_the_same_act_again_and_again_is_one_line(self, client, person, facilitator):
        for question in ("sector", "bonds", "themes"):
            answer_skip(actor=person.user, profile=person.profile, question=question)
        client.force_login(facilitator)
        (line,) = client.get(self.url(person)).context["history"]
        assert (line.times, line.by) == (3, person.user.name)

    def test_not_for_others(self, client, person, foreign_facilitator, admin_user):
        refused(client, self.url(person), person, foreign_facilitator, admin_user)

    def test_queries_do_not_grow(self, client, person, facilitator, django_assert_max_num_queries):
        client.force_login(facilitator)
        counted = []
        for number in (1, 3):
            while StaffContact.objects.count() < number:
                client.post(
                    f"{self.url(person)}contact/",
                    {"about": "contact", "how": "desk", "note": "Hi", "quiet_days": 0},
                )
                offer(programme=person.programme, mentee=person)
            with django_assert_max_num_queries(30) as queries:
                client.get(self.url(person))
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestContact:
    def url(self, person):
        return f"/desk/people/{person.pk}/contact/"

    def test_takes_the_task_off_the_list(self, client, person, facilitator):
        client.force_login(facilitator)
        assert len(client.get("/").context["lines"]) == 1
        page = client.get(f"{self.url(person)}?about=apply")
        assert page.context["form"]["about"].value() == "apply"
        data = {"about": "apply", "how": "phone", "note": "Calls back", "quiet_days": "7"}
        assert client.post(self.url(person), data).url == "/"
        assert client.get("/").context["lines"] == []
        assert StaffContact.objects.get().by == facilitator

    @pytest.mark.parametrize(
        "wrong",
        [
            {"about": "<b>"},
            {"how": "telepathy"},
            {"quiet_days": "9999"},
            {"quiet_days": "soon"},
            {"note": "x" * 501},
        ],
    )
    def test_bad_input(self, client, person, facilitator, wrong):
        client.force_login(facilitator)
        data = {"about": "apply", "how": "phone", "note": "", "quiet_days": "7"} | wrong
        assert client.post(self.url(person), data).status_code == 200
        assert not StaffContact.objects.exists()

    def test_about_a_pair_of_this_person_alone(self, client, programme, facilitator):
        pair = make.mentorship(programme=programme)
        foreign = make.mentorship(programme=programme)
        client.force_login(facilitator)
        data = {"about": "silent", "how": "phone", "note": "", "quiet_days": "7"}
        for chosen, expected in ((pair, pair), (foreign, None)):
            client.post(f"{self.url(pair.mentee)}?pair={chosen.pk}", data)
            assert StaffContact.objects.first().mentorship == expected

    def test_not_for_others(self, client, person, foreign_facilitator, admin_user):
        url = self.url(person)
        refused(client, url, person, foreign_facilitator, admin_user, "post")
        assert not StaffContact.objects.exists()


class TestCode:
    def url(self, person):
        return f"/desk/people/{person.pk}/code/"

    def test_shown_once(self, client, person, facilitator):
        client.force_login(facilitator)
        page = client.post(self.url(person))
        assert page.context["code"] in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
        assert TakeoverCode.objects.get().user == person.user
        assert client.get(self.url(person)).status_code == 405

    def test_never_for_staff(self, client, programme, facilitator):
        colleague = make.participant(
            programme=programme,
            role="mentor",
            user=make_accounts.facilitator(organisation=programme.organisation),
        )
        client.force_login(facilitator)
        answer = client.post(self.url(colleague), follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        assert not TakeoverCode.objects.exists()

    def test_not_for_others(self, client, person, foreign_facilitator, admin_user):
        refused(client, self.url(person), person, foreign_facilitator, admin_user, "post")
        assert not TakeoverCode.objects.exists()


class TestSearch:
    url = "/desk/search/"

    def found(self, client, words):
        page = client.post(self.url, {"q": words})
        assert page.status_code == 200
        return {row.user.name for row in page.context["people"] or []}

    def test_by_name_mail_and_phone_in_own_programmes(self, client, person, facilitator):
        make.participant(
            programme=make.programme(),
            role="mentee",
            user=make_accounts.user(
                name="Wim Elsewhere", email="wim@elsewhere.example", phone="+31 6 22 33 44 55"
            ),
        )
        client.force_login(facilitator)
        for words in ("wim", "CANARY", person.user.email, "06 2233-4455", "+31622334455", "4455"):
            assert self.found(client, words) == {"Wim Canary"}, words
        for words in ("elsewhere", "%", "' OR 1=1 --", "99999", "_i"):
            assert self.found(client, words) == set(), words

    def test_a_get_searches_nothing(self, client, person, facilitator):
        client.force_login(facilitator)
        assert client.get(f"{self.url}?q=wim").context["people"] is None

    def test_too_short(self, client, person, facilitator):
        client.force_login(facilitator)
        assert client.post(self.url, {"q": "w"}).context["form"].errors

    def test_staff_only(self, client, person):
        assert client.get(self.url).status_code == 302
        client.force_login(person.user)
        assert client.post(self.url, {"q": "wim"}).status_code == 403

    def test_queries_do_not_grow(self, client, person, facilitator, django_assert_max_num_queries):
        client.force_login(facilitator)
        counted = []
        for number in (1, 3):
            while Participant.objects.count() < number:
                make.participant(
                    programme=person.programme, role="mentor", user=make_accounts.user(name="Wim X")
                )
            with django_assert_max_num_queries(10) as queries:
                assert len(client.post(self.url, {"q": "wim"}).context["people"]) == number
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestLetters:
    @pytest.fixture
    def paper(self, programme):
        user = make_accounts.user(name="No Mail", email=None)
        make.participant(programme=programme, role="mentee", user=user)
        return letter(programme=programme, recipient=user)

    def test_list_print_and_done(self, client, paper, facilitator):
        client.force_login(facilitator)
        assert "No Mail" in client.get("/desk/letters/").content.decode()
        page = client.get(f"/desk/letters/{paper.pk}/").content.decode()
        assert "Canary text" in page
        assert "Canary closing" in page
        # What a mail does with a link, a person without internet does by phone.
        assert "Heb je geen internet?" in page
        assert client.get(f"/desk/letters/{paper.pk}/done/").status_code == 405
        client.post(f"/desk/letters/{paper.pk}/done/", {"how": "printed"})
        paper.refresh_from_db()
        assert (paper.state, paper.handled_by) == ("done", facilitator)
        assert AuditEntry.objects.get(action="letter_done").data == {"how": "printed"}
        assert "No Mail" not in client.get("/desk/letters/").content.decode()

    def test_speaks_one_language_whoever_prints_it(self, client, paper, facilitator):
        facilitator.language = "en"
        facilitator.save()
        client.force_login(facilitator)
        with translation.override("nl"):
            day = date_format(paper.created_at)
        assert f"<p>{day}</p>" in client.get(f"/desk/letters/{paper.pk}/").content.decode()
        listed = client.get("/desk/letters/").content.decode()
        assert '<span lang="nl">Canary subject</span>' in listed

    @pytest.mark.parametrize("page", ["", "done/"])
    def test_not_for_others(self, client, paper, page, foreign_facilitator, admin_user):
        url = f"/desk/letters/{paper.pk}/{page}"
        assert client.post(url).status_code == 302
        for outsider in (foreign_facilitator, admin_user, paper.recipient):
            client.force_login(outsider)
            assert client.post(url).status_code == 404
        paper.refresh_from_db()
        assert paper.state == OutboxMessage.State.LETTER

    def test_mail_that_was_sent_is_nobodys_to_read(self, client, programme, mentee, facilitator):
        make.participant(programme=programme, role="mentee", user=mentee)
        for state in ("sent", "pending", "cancelled"):
            paper = letter(programme=programme, recipient=mentee, state=state)
            client.force_login(facilitator)
            assert client.get(f"/desk/letters/{paper.pk}/").status_code == 404

    def test_list_is_for_staff_and_own_programmes(self, client, paper, mentee, foreign_facilitator):
        assert client.get("/desk/letters/").status_code == 302
        client.force_login(mentee)
        assert client.get("/desk/letters/").status_code == 403
        client.force_login(foreign_facilitator)
        assert "No Mail" not in client.get("/desk/letters/").content.decode()

    def test_queries_do_not_grow(self, client, paper, facilitator, django_assert_max_num_queries):
        client.force_login(facilitator)
        counted = []
        for number in (1, 3):
            while OutboxMessage.objects.count() < number:
                letter(programme=paper.programme, recipient=paper.recipient)
            with django_assert_max_num_queries(10) as queries:
                client.get("/desk/letters/")
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestProgramme:
    def url(self, programme):
        return f"/desk/programmes/{programme.slug}/"

    def test_counts_and_the_link_to_hand_out(self, client, programme, person, facilitator):
        make.participant(programme=programme, role="mentor")
        make.mentorship(programme=programme)
        client.force_login(facilitator)
        page = client.get(self.url(programme))
        counts = page.context["counts"]
        assert (counts.mentees, counts.mentors, counts.applied) == (2, 2, 1)
        assert (page.context["ready"], page.context["running"]) == (3, 1)
        for way in (f"/programmes/{programme.slug}/join/", "/mentorships/", "/offers/?programme="):
            assert way in page.content.decode()

    def test_not_for_others(self, client, person, foreign_facilitator, admin_user):
        url = self.url(person.programme)
        assert client.get(url).status_code == 302
        for outsider in (foreign_facilitator, admin_user, person.user):
            client.force_login(outsider)
            assert client.get(url).status_code == 404
