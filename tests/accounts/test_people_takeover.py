"""Taking over an account that staff made: a code on paper, then a code by mail."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import TakeoverCode, User
from accounts.services import people
from accounts.services.takeover import ALPHABET
from reenter.common import clock, outbox
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make

CLAIM = reverse("accounts:claim")
CONFIRM = reverse("accounts:claim_confirm")


@pytest.fixture
def person(facilitator):
    return people.user_create(actor=facilitator, name="Piet Papier", phone="06 12345678")


@pytest.fixture
def code(person, facilitator):
    return people.takeover_code_create(actor=facilitator, user=person)


def mailed(address):
    text = str(OutboxMessage.objects.filter(to_address=address).latest("created_at").sections)
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", text)
    return found and found.group()


def claim(client, code, email="piet@example.org"):
    return client.post(CLAIM, {"code": code, "email": email})


def test_the_code_is_easy_to_copy_and_stored_as_a_digest(code, person):
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert not set("0O1I") & set(ALPHABET)
    row = TakeoverCode.objects.get()
    assert code.replace("-", "") not in row.code_digest
    assert code not in str(AuditEntry.objects.values_list("data", flat=True))


def test_making_one_is_recorded_on_behalf_of_the_person(code, person, facilitator):
    entry = AuditEntry.objects.get(action="takeover_code_create")
    assert (entry.actor, entry.on_behalf_of) == (facilitator, person)


def test_the_person_signs_in_as_themselves(client, code, person):
    assert claim(client, f" {code.lower()} ").url == CONFIRM
    response = client.post(CONFIRM, {"code": mailed("piet@example.org")})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    person.refresh_from_db()
    assert person.email == "piet@example.org"
    assert person.emailaddress_set.get().verified
    assert AuditEntry.objects.get(action="takeover_finish").actor == person


def test_letters_that_waited_go_by_mail(client, code, person):
    outbox.message_queue(
        key="welcome", category="direct", subject="Hello", sections=[], recipient=person
    )
    claim(client, code)
    client.post(CONFIRM, {"code": mailed("piet@example.org")})
    waited = OutboxMessage.objects.get(key="welcome")
    assert (waited.state, waited.to_address) == ("pending", "piet@example.org")


def test_a_code_works_once(client, code, person):
    claim(client, code)
    client.post(CONFIRM, {"code": mailed("piet@example.org")})
    client.logout()
    User.objects.filter(pk=person.pk).update(last_login=None)
    assert claim(client, code, "thief@example.org").status_code == 200
    assert not OutboxMessage.objects.filter(to_address="thief@example.org").exists()


def test_two_people_who_typed_the_same_code_get_one_account(client, client_factory, code, person):
    first, second = client, client_factory()
    claim(first, code, "first@example.org")
    claim(second, code, "second@example.org")
    first.post(CONFIRM, {"code": mailed("first@example.org")})
    response = second.post(CONFIRM, {"code": mailed("second@example.org")})
    assert response.status_code == 410
    person.refresh_from_db()
    assert person.email == "first@example.org"


@pytest.fixture
def client_factory():
    from django.test import Client

    return Client


def test_a_new_code_voids_the_old(client, code, person, facilitator):
    new = people.takeover_code_create(actor=facilitator, user=person)
    assert claim(client, code).status_code == 200
    assert claim(client, new).url == CONFIRM


def test_a_code_dies_after_two_weeks(client, code):
    with clock.standing_at(clock.now() + timedelta(days=15)):
        assert claim(client, code).status_code == 200


def test_a_code_that_dies_between_the_steps_opens_nothing(client, code, person):
    claim(client, code)
    with clock.standing_at(clock.now() + timedelta(days=15)):
        response = client.post(CONFIRM, {"code": mailed("piet@example.org")})
    assert response.status_code == 410
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("typed", "email"), [("", "piet@example.org"), ("ABCD-EFGH", "piet@example.org"), (None, "")]
)
def test_wrong_input_stays_on_the_page(client, code, typed, email):
    response = claim(client, code if typed is None else typed, email)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not OutboxMessage.objects.filter(category="code").exists()


def test_an_address_that_is_in_use_looks_the_same_and_opens_nothing(client, code, person):
    owner = make.user(email="owner@example.org")
    free = claim(client, code, "piet@example.org")
    page_for_free = client.get(CONFIRM).content.decode()
    taken = claim(client, code, "owner@example.org")
    page_for_taken = client.get(CONFIRM).content.decode()
    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    strip = re.compile(
        r'name="csrfmiddlewaretoken" value="[^"]+"|(piet|owner)@example.org|nonce="[^"]+"'
    )
    assert strip.sub("", page_for_free) == strip.sub("", page_for_taken)
    assert mailed("owner@example.org") is None
    client.post(CONFIRM, {"code": "ABCD-EFGH"})
    assert "_auth_user_id" not in client.session
    owner.refresh_from_db()
    assert owner.email == "owner@example.org"


def test_five_wrong_mailed_codes_end_it(client, code, person):
    claim(client, code)
    right = mailed("piet@example.org")
    answers = [client.post(CONFIRM, {"code": "ABCD-EFGH"}).status_code for _ in range(5)]
    assert answers == [200] * 4 + [403]
    assert client.post(CONFIRM, {"code": right}).url == CLAIM
    assert "_auth_user_id" not in client.session


def test_the_second_page_alone_leads_back(client, db):
    assert client.get(CONFIRM).url == CLAIM


def test_opening_the_pages_changes_nothing(client, code, person):
    client.get(CLAIM, {"code": code, "email": "piet@example.org"})
    assert not OutboxMessage.objects.filter(category="code").exists()
    assert TakeoverCode.objects.get().used_at is None


def test_an_account_that_somebody_uses_is_not_handed_on(facilitator, mentee):
    mentee.last_login = clock.now()
    mentee.save()
    with pytest.raises(Refused):
        people.takeover_code_create(actor=facilitator, user=mentee)


def test_staff_rights_are_not_handed_on(facilitator, admin_user):
    for staff in (facilitator, admin_user):
        with pytest.raises(Refused):
            people.takeover_code_create(actor=admin_user, user=staff)


def test_a_person_who_became_staff_meanwhile_is_not_taken_over(client, code, person):
    claim(client, code)
    people.membership_add(actor=None, organisation=make.organisation(), user=person)
    response = client.post(CONFIRM, {"code": mailed("piet@example.org")})
    assert response.status_code == 410
    assert "_auth_user_id" not in client.session


def test_somebody_signed_in_is_sent_home(client, mentee):
    client.force_login(mentee)
    assert client.get(CLAIM).status_code == 302


def test_a_person_without_email_cannot_sign_in_and_two_may_exist(db):
    first = people.user_create(actor=None, name="Een")
    second = people.user_create(actor=None, name="Twee", email="  ")
    assert first.email is None
    assert second.email in (None, "")
