"""Every page and mail names the person's facilitator with a phone number."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Profile
from accounts.services.takeover import takeover_code_create
from mentoring.models import Participant
from reenter.common.outbox import outbox_sweep
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

NAME, PHONE = "Fleur Canary", "+31 6 99999999"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def contact(programme):
    programme.contact.name, programme.contact.phone = NAME, PHONE
    programme.contact.save()


@pytest.fixture
def person(programme, mentee):
    """Takes part, and still has questions of the profile to answer."""
    row = make.participant(programme=programme, role="mentee", user=mentee, ready=False)
    Profile.objects.update(completed_at=None)
    return row


def names_the_facilitator(response, place="site-footer"):
    text = response.content.decode().split(place)[1]
    return NAME in text and f'href="tel:{PHONE.replace(" ", "")}"' in text


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/me/",
        "/me/details/",
        "/me/privacy/",
        "/me/profile/mentee/",
        "/me/profile/mentee/check/",
        "/me/profile/mentee/languages/",
        "/me/profile/mentor/",
        "/start/",
        "/handbook/",
        "/privacy/",
        "/mentorships/",
        "/nowhere/",
    ],
)
def test_each_page_of_a_participant(client, person, page):
    client.force_login(person.user)
    assert names_the_facilitator(client.get(page, follow=True))


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("page", ["/", "/me/profile/mentee/"])
def test_where_the_page_itself_says_whom_to_call(client, mentee, page):
    client.force_login(mentee)
    assert names_the_facilitator(client.get(page), place='<p class="contact">')


@pytest.mark.parametrize("page", ["", "check/", "languages/", "goals/"])
def test_each_question_asked_on_behalf(client, person, facilitator, page):
    client.force_login(facilitator)
    url = reverse("desk:profile_overview", args=[person.pk, "mentee"])
    assert names_the_facilitator(client.get(url + page))


def test_on_behalf_it_is_the_contact_of_this_programme(client, person, facilitator):
    later = make.programme()
    make.participant(programme=later, role="mentor", user=person.user)
    client.force_login(facilitator)
    url = reverse("desk:profile_overview", args=[person.pk, "mentee"])
    assert names_the_facilitator(client.get(url))
    assert str(later.organisation) not in client.get(url).content.decode()


def test_without_a_programme_it_is_the_site(client, settings, person, stranger):
    Participant.objects.update(state=Participant.State.WITHDRAWN)
    for user in (person.user, stranger, None):
        client.force_login(user) if user else client.logout()
        page = client.get("/privacy/").content.decode()
        assert NAME not in page
        assert settings.CONTACT_PHONE in page


def test_a_code_for_signing_in(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.user.email})
    outbox_sweep()
    (message,) = mail.outbox
    assert NAME in message.body
    assert PHONE in message.body


@pytest.mark.parametrize("known", [False, True])
def test_taking_an_account_over_tells_a_strangers_address_nothing(client, programme, known):
    other = make_accounts.user(email="taken@example.org")
    person = make_accounts.user(email=None)
    make.participant(programme=programme, role="mentee", user=person)
    code = takeover_code_create(actor=programme.contact, user=person)
    address = other.email if known else "new@example.org"
    client.post(reverse("accounts:claim"), {"code": code, "email": address})
    outbox_sweep()
    (message,) = mail.outbox
    assert (NAME in message.body) is not known
