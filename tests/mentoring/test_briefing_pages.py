"""The briefing alone: read, answer a few questions, say "I am ready". Nothing of it is a test."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import LegalText
from handbook.keys import chapter_key
from handbook.selectors import self_check
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make_handbook
from tests.factories import mentoring as make

pytestmark = pytest.mark.django_db
ROLES = ("mentee", "mentor")


@pytest.fixture(autouse=True)
def texts(db):
    codes = ("code_of_conduct", "briefing_mentee", "briefing_mentor")
    return [make_accounts.legal_text(code) for code in codes]


@pytest.fixture
def person(programme):
    return make.participant(programme=programme, role="mentee", ready=False)


@pytest.fixture
def hilde(client, person):
    client.force_login(person.user)
    return client


@pytest.fixture
def at(programme):
    """The address of a page of the briefing."""

    def address(name="programme_briefing", *args):
        return reverse(f"mentoring:{name}", args=[programme.slug, *args])

    return address


def answer_all(client, at, wrong=False, role="mentee"):
    for number, question in enumerate(self_check([role]), start=1):
        right = [one.is_right for one in question.answers].index(True) + 1
        chosen = right % 3 + 1 if wrong else right
        response = client.post(at("briefing_question", number), {"answer": chosen})
        assert response.url == at("briefing_reasons", number) + f"#answer-{chosen}"


class TestReading:
    @pytest.mark.parametrize("role", ROLES)
    def test_the_texts_and_chapters_of_ones_role(self, client, programme, texts, at, role):
        part = make_handbook.part(make_handbook.book())
        pages = {one: make_handbook.chapter(part, audience=one) for one in ROLES}
        for one, page in pages.items():
            make_handbook.offered(f"briefing_{one}", page)
        client.force_login(make.participant(programme=programme, role=role, ready=False).user)
        page = client.get(at()).content.decode()
        conduct, *of_role = (text.titles["nl"] for text in texts)
        assert conduct in page
        for one, title in zip(ROLES, of_role, strict=True):
            assert (title in page) is (one == role)
            assert (f'href="{pages[one].url}"' in page) is (one == role)

    def test_without_chapters_there_is_no_list(self, hilde, at):
        page = hilde.get(at()).content.decode()
        assert "Lees in het handboek" not in page
        assert at("briefing_question", 1) in page

    def test_both_roles_at_once(self, hilde, person, programme, at):
        make.participant(programme=programme, role="mentor", user=person.user, ready=False)
        for role, first in (("mentee", 1), ("mentor", 5)):
            question = self_check([role])[0]
            page = hilde.get(at("briefing_question", first)).content.decode()
            assert str(question) in page

    def test_can_be_read_again(self, hilde, person, at):
        answer_all(hilde, at)
        hilde.post(at("briefing_ready"), {"read": "on"})
        response = hilde.get(at())
        assert response.context["briefed"]
        assert "alert-success" in response.content.decode()
        assert hilde.get(at("briefing_question", 1)).status_code == 200


class TestQuestions:
    def test_each_answer_is_shown_with_its_reason_and_none_blocks(self, hilde, at):
        for number, question in enumerate(self_check(["mentee"]), start=1):
            page = hilde.get(at("briefing_question", number)).content.decode()
            assert not [one for one in question.answers if one.reason in page]
            assert not [one for one in question.answers if str(one) not in page]
            response = hilde.post(at("briefing_question", number), {"answer": "1"}, follow=True)
            page = response.content.decode()
            assert not [one for one in question.answers if one.reason not in page]
            last = number == len(self_check(["mentee"]))
            following = at("briefing_ready") if last else at("briefing_question", number + 1)
            assert f'href="{following}"' in page

    @pytest.mark.parametrize("answer", ["", "0", "4", "x"])
    def test_without_an_answer_it_asks_for_one(self, hilde, at, answer):
        response = hilde.post(at("briefing_question", 1), {"answer": answer})
        assert response.status_code == 200
        assert response.context["form"].errors
        assert "self_check_seen" not in hilde.session

    @pytest.mark.parametrize("number", [0, 5, 99])
    def test_there_is_no_other_question(self, hilde, at, number):
        for name in ("briefing_question", "briefing_reasons"):
            assert hilde.get(at(name, number)).status_code == 404

    def test_nothing_but_which_questions_were_seen_is_kept(self, hilde, person, at):
        answer_all(hilde, at, wrong=True)
        keys = sorted(question.key for question in self_check(["mentee"]))
        session = dict(hilde.session.items())
        own = {key: value for key, value in session.items() if not key.startswith("_auth")}
        assert own == {"self_check_seen": keys}
        hilde.post(at("briefing_ready"), {"read": "on"})
        (row,) = Session.objects.all()
        assert "self_check_seen" not in row.get_decoded()

    def test_looking_counts_for_nothing(self, hilde, at):
        for number in range(1, 5):
            hilde.get(at("briefing_question", number))
            hilde.get(at("briefing_reasons", number))
        assert hilde.get(at("briefing_ready")).url == at("briefing_question", 1)

    def test_the_chapter_to_read_on(self, hilde, at):
        question = self_check(["mentee"])[0]
        part = make_handbook.part(make_handbook.book())
        key = chapter_key(question.chapter)
        page = make_handbook.chapter(part, translation_key=key, title="Een mentor hebben")
        found = hilde.get(at("briefing_reasons", 1)).content.decode()
        assert f'<a href="{page.url}">Een mentor hebben</a>' in found


class TestReady:
    @pytest.mark.parametrize("wrong", [True, False])
    @pytest.mark.parametrize("role", ROLES)
    def test_is_recorded_whatever_was_answered(self, client, programme, at, role, wrong):
        person = make.participant(programme=programme, role=role, ready=False)
        client.force_login(person.user)
        answer_all(client, at, wrong=wrong, role=role)
        assert client.get(at("briefing_ready")).status_code == 200
        person.refresh_from_db()
        assert person.briefed_at is None
        response = client.post(at("briefing_ready"), {"read": "on"})
        assert response.url == reverse("desk:home")
        person.refresh_from_db()
        assert (person.briefed_how, person.conduct_text.code) == ("read", "code_of_conduct")

    def test_not_before_the_last_question(self, hilde, person, at):
        for number in (1, 2, 4):
            hilde.post(at("briefing_question", number), {"answer": "1"})
        for response in (
            hilde.get(at("briefing_ready")),
            hilde.post(at("briefing_ready"), {"read": "on"}),
        ):
            assert response.url == at("briefing_question", 3)
        person.refresh_from_db()
        assert person.briefed_at is None

    def test_without_the_code_of_conduct_nothing_is_noted(self, hilde, person, at):
        answer_all(hilde, at)
        response = hilde.post(at("briefing_ready"), {})
        assert response.status_code == 200
        assert response.context["form"].errors
        person.refresh_from_db()
        assert person.briefed_at is None

    def test_without_texts_a_clear_message(self, hilde, person, at):
        LegalText.objects.all().delete()
        answer_all(hilde, at)
        response = hilde.post(at("briefing_ready"), {"read": "on"}, follow=True)
        wanted = gettext("The code of conduct is not on the site yet. Ask the administrator.")
        assert wanted in response.content.decode()
        person.refresh_from_db()
        assert person.briefed_at is None


PAGES = [
    ("programme_briefing", ()),
    ("briefing_question", (1,)),
    ("briefing_reasons", (1,)),
    ("briefing_ready", ()),
]


class TestAccess:
    @pytest.mark.parametrize(("name", "args"), PAGES)
    def test_not_for_outsiders(self, client, at, name, args, stranger, facilitator):
        assert reverse("account_login") in client.get(at(name, *args)).url
        for outsider in (stranger, facilitator):
            client.force_login(outsider)
            assert client.get(at(name, *args)).status_code == 404
            assert client.post(at(name, *args), {"answer": "1"}).status_code in (404, 405)

    @pytest.mark.parametrize(("name", "args"), PAGES)
    def test_not_after_leaving(self, client, programme, at, name, args):
        person = make.participant(programme=programme, role="mentee", state="withdrawn")
        client.force_login(person.user)
        assert client.get(at(name, *args)).status_code == 404

    @pytest.mark.parametrize(("name", "args"), PAGES)
    def test_a_fixed_number_of_queries(self, hilde, at, name, args, django_assert_max_num_queries):
        part = make_handbook.part(make_handbook.book())
        answer_all(hilde, at)
        chapters = [make_handbook.chapter(part) for _ in range(4)]
        make_handbook.offered("briefing_mentee", chapters[0])
        hilde.get(at(name, *args))  # the addresses of the languages are known from now on
        with django_assert_max_num_queries(9) as few:
            hilde.get(at(name, *args))
        make_handbook.offered("briefing_mentee", *chapters)
        with django_assert_max_num_queries(len(few)):
            hilde.get(at(name, *args))
