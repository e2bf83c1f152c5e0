"""Registering somebody at the desk or by phone, and asking the questions for them."""

from __future__ import annotations

import pytest

from accounts.models import LegalBasis, Profile, User
from mentoring.models import Participant
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

pytestmark = pytest.mark.django_db
URL = "/desk/people/new/"


@pytest.fixture
def data(programme):
    return {
        "name": "Wim Bakker",
        "email": "",
        "phone": "06 12345678",
        "forty_five_or_over": "yes",
        "language": "nl",
        "role": "mentee",
        "programme": str(programme.pk),
        "told": "on",
    }


class TestRegistering:
    def test_without_e_mail(self, client, facilitator, data, programme):
        client.force_login(facilitator)
        assert client.get(URL).status_code == 200
        answer = client.post(URL, data)
        participant = Participant.objects.get()
        assert answer.url == f"/desk/people/{participant.pk}/profile/mentee/"
        assert client.get(answer.url).status_code == 200
        user = participant.user
        assert (user.name, user.email, user.forty_five_or_over) == ("Wim Bakker", None, True)
        assert (participant.role, participant.programme) == ("mentee", programme)
        basis = LegalBasis.objects.get(user=user)
        assert (basis.purpose, basis.how, basis.recorded_by) == ("guidance", "spoken", facilitator)
        assert basis.text.code == "privacy"
        assert OutboxMessage.objects.get(recipient=user).state == OutboxMessage.State.LETTER

    @pytest.mark.parametrize(
        ("language", "subject"), [("nl", "We hebben je aanmelding"), ("en", "We have your")]
    )
    def test_the_first_letter_speaks_the_language_of_the_person(
        self, client, facilitator, data, language, subject
    ):
        """Asked, never the facilitator's own by default: nobody notices a preset."""
        facilitator.language = "en" if language == "nl" else "nl"
        facilitator.save()
        client.force_login(facilitator)
        assert client.get(URL).context["form"]["language"].value() is None
        client.post(URL, data | {"language": language})
        letter = OutboxMessage.objects.get(recipient__name="Wim Bakker")
        assert letter.language == language
        assert subject in letter.subject

    def test_every_step_is_marked_as_done_for_them(self, client, facilitator, data):
        client.force_login(facilitator)
        client.post(URL, data)
        user = User.objects.get(name="Wim Bakker")
        acts = AuditEntry.objects.filter(actor=facilitator)
        assert {act.action for act in acts} == {
            "user_create",
            "legal_basis_record",
            "profile_create",
            "participant_enrol",
        }
        assert all(act.on_behalf_of == user for act in acts)

    def test_with_e_mail(self, client, facilitator, data):
        client.force_login(facilitator)
        client.post(URL, data | {"email": "Wim@Example.org", "phone": ""})
        assert User.objects.get(email="wim@example.org").forty_five_or_over

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"told": ""},
            {"phone": ""},
            {"email": "no address"},
            {"email": "taken@example.org"},
            {"forty_five_or_over": ""},
            {"language": "xx"},
            {"language": ""},
            {"role": "admin"},
            {"programme": "x"},
            {"name": "x" * 151},
        ],
    )
    def test_bad_input_makes_nothing(self, client, facilitator, data, wrong):
        make_accounts.user(email="taken@example.org")
        before = User.objects.count()
        client.force_login(facilitator)
        answer = client.post(URL, data | wrong)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert User.objects.count() == before
        assert not Participant.objects.exists()

    @pytest.mark.parametrize("state", ["closed", None])
    def test_only_in_own_programmes_that_are_not_closed(self, client, facilitator, data, state):
        other = make.programme()
        if state:
            other = make.programme(
                organisation=facilitator.memberships.get().organisation, state=state
            )
        client.force_login(facilitator)
        assert client.post(URL, data | {"programme": str(other.pk)}).status_code == 200
        assert not Participant.objects.exists()

    def test_not_for_others(self, client, data, mentee, admin_user):
        assert client.post(URL, data).status_code == 302
        for outsider in (mentee, admin_user):
            client.force_login(outsider)
            assert client.post(URL, data).status_code == 403
        assert not Participant.objects.exists()


class TestQuestions:
    @pytest.fixture
    def person(self, programme):
        person = make.participant(programme=programme, role="mentee", ready=False)
        Profile.objects.update(completed_at=None, answered=[], languages=[])
        return person

    def url(self, person, page=""):
        return f"/desk/people/{person.pk}/profile/mentee/{page}"

    def test_answers_go_to_the_person_on_their_behalf(self, client, person, facilitator):
        client.force_login(facilitator)
        assert self.url(person, "languages/") in client.get(self.url(person)).content.decode()
        assert client.get(self.url(person, "languages/")).status_code == 200
        answer = client.post(self.url(person, "languages/"), {"languages": ["nl"], "visible": "on"})
        assert answer.url.startswith(self.url(person))
        profile = Profile.objects.get(user=person.user)
        assert profile.languages == ["nl"]
        assert not Profile.objects.filter(user=facilitator).exists()
        act = AuditEntry.objects.get(action="profile_answer")
        assert (act.actor, act.on_behalf_of) == (facilitator, person.user)

    def test_check_page_says_what_is_missing(self, client, person, facilitator):
        client.force_login(facilitator)
        assert client.get(self.url(person, "check/")).status_code == 200
        assert client.post(self.url(person, "check/")).status_code == 200
        assert Profile.objects.get(user=person.user).completed_at is None

    @pytest.mark.parametrize("page", ["", "languages/", "check/"])
    def test_not_for_others(self, client, person, page, foreign_facilitator, admin_user):
        url = self.url(person, page)
        assert client.get(url).status_code == 302
        for outsider in (foreign_facilitator, admin_user, make_accounts.user()):
            client.force_login(outsider)
            assert client.get(url).status_code == 404
        client.force_login(person.user)
        assert client.get(url).status_code == 403

    def test_only_this_role_and_only_while_enrolled(self, client, person, facilitator):
        client.force_login(facilitator)
        other_role = self.url(person).replace("mentee", "mentor")
        assert client.get(other_role).status_code == 404
        assert client.get(self.url(person).replace("mentee", "x")).status_code == 404
        Participant.objects.update(state="withdrawn")
        assert client.get(self.url(person)).status_code == 404
