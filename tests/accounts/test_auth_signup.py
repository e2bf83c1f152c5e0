"""Signing up and signing in: by code, by password, and what a visitor can find out."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import LegalBasis, User
from accounts.services import people
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make

SIGN_UP = {
    "name": "Anna  de Vries",
    "email": "Anna@Example.org",
    "phone": "06 12345678",
    "time_zone": "Europe/Amsterdam",
    "forty_five_or_over": "yes",
    "role": "mentee",
}


def last_code(address="anna@example.org"):
    message = OutboxMessage.objects.filter(to_address=address).latest("created_at")
    text = "\n".join(line for part in message.sections for line in part["paragraphs"])
    found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", text)
    return found and found.group()


def visible(response):
    """The page without what differs each time: tokens and the address itself."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'nonce="[^"]+"', "", text)


def test_signs_up_with_a_code_and_goes_on_to_the_questions(client, db):
    page = client.get(reverse("account_signup") + "?role=mentee")
    assert b'value="mentee"' in page.content
    response = client.post(reverse("account_signup"), SIGN_UP)
    assert response.url == reverse("account_email_verification_sent")
    response = client.post(response.url, {"code": last_code()})
    assert response.url == "/start/?role=mentee"
    user = User.objects.get()
    assert (user.name, user.email, user.language) == ("Anna de Vries", "anna@example.org", "nl")
    assert user.forty_five_or_over is True
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified


def test_the_role_survives_beside_an_address_to_go_to(client, db):
    page = reverse("account_signup") + "?role=mentor&next=/start/"
    assert b'value="mentor"' in client.get(page).content
    response = client.post(page, SIGN_UP | {"role": "mentor", "next": "/start/"})
    response = client.post(response.url, {"code": last_code()})
    assert response.url == "/start/"
    assert re.search(r'value="mentor"[^>]* checked', client.get("/start/").content.decode())


def test_the_role_survives_a_mistake_and_another_language(client, db):
    page = reverse("account_signup") + "?role=mentor&next=/start/"
    form = re.search(r"<form[^>]*novalidate[^>]*>", client.get(page).content.decode())
    assert "action" not in form.group()  # a mistake leads to the same address, role and all
    refused = client.post(page, {"role": "mentor"}).content.decode()
    assert "role=mentor&amp;next=/start/" in refused.partition('name="next"')[2][:80]


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_sign_up_leads_to_no_other_site(client, db, next_url):
    response = client.post(reverse("account_signup"), SIGN_UP | {"next": next_url})
    response = client.post(response.url, {"code": last_code()})
    assert response.url == "/start/?role=mentee"


def test_records_the_legal_basis_with_its_text(client, db):
    client.post(reverse("account_signup"), SIGN_UP)
    basis = LegalBasis.objects.get()
    assert (basis.purpose, basis.basis, basis.how) == ("guidance", "contract", "self")
    assert (basis.text.code, basis.text.version) == ("privacy", "2026-12")
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "user_create",
        "legal_basis_record",
    }


def test_speaks_the_language_of_the_visitor(client, db):
    client.cookies["django_language"] = "en"
    client.post(reverse("account_signup"), SIGN_UP)
    assert User.objects.get().language == "en"
    assert OutboxMessage.objects.get().subject == "Your code for RE-ENTER"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "no address"),
        ("email", "x" * 60 + "@" + "y.z" * 80 + ".example.org"),
        ("phone", "call me <b>"),
        ("time_zone", "Mars/Olympus"),
        ("forty_five_or_over", ""),
        ("forty_five_or_over", "perhaps"),
    ],
)
def test_says_what_is_wrong_and_keeps_the_rest(client, db, field, value):
    response = client.post(reverse("account_signup"), SIGN_UP | {field: value})
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    kept = "name" if field != "name" else "phone"
    assert SIGN_UP[kept].encode() in response.content
    assert not User.objects.exists()


def test_a_made_up_role_is_left_out(client, db):
    client.get(reverse("account_signup") + "?role=admin")
    response = client.post(reverse("account_signup"), SIGN_UP | {"role": "admin"})
    response = client.post(response.url, {"code": last_code()})
    assert response.url == "/start/"


def test_sign_up_does_not_tell_who_has_an_account(client, db):
    new = client.post(reverse("account_signup"), SIGN_UP)
    page_for_new = client.get(new.url)
    client.cookies.clear()
    known = client.post(reverse("account_signup"), SIGN_UP)
    page_for_known = client.get(known.url)
    assert (new.status_code, new.url) == (known.status_code, known.url)
    assert visible(page_for_new) == visible(page_for_known)
    assert User.objects.count() == 1
    assert last_code() is None
    last = OutboxMessage.objects.latest("created_at")
    assert "/account/login/" in str(last.sections)


def test_no_code_opens_an_account_that_existed(client, db):
    make.user(email="anna@example.org")
    response = client.post(reverse("account_signup"), SIGN_UP)
    for code in ["", "AAAA-AAAA", "BBBB-BBBB"]:
        client.post(response.url, {"code": code})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code"])
def test_asking_for_a_code_does_not_tell_who_has_an_account(client, db, name):
    make.user(email="anna@example.org")
    field = "login" if name == "account_login" else "email"
    pages = []
    for address in ("anna@example.org", "nobody@example.org"):
        client.cookies.clear()
        response = client.post(reverse(name), {field: address})
        assert response.status_code == 302
        pages.append((response.url, visible(client.get(response.url)).replace(address, "")))
    assert pages[0] == pages[1]
    assert last_code()
    assert last_code("nobody@example.org") is None


def test_password_reset_does_not_tell_who_has_an_account(client, db):
    make.user(email="anna@example.org")
    pages = []
    for address in ("anna@example.org", "nobody@example.org"):
        client.cookies.clear()
        response = client.post(reverse("account_reset_password"), {"email": address})
        pages.append((response.url, visible(client.get(response.url)).replace(address, "")))
    assert pages[0] == pages[1]


def test_signs_in_with_a_code(client, db):
    user = make.user(email="anna@example.org")
    response = client.post(reverse("account_login") + "?next=/me/", {"login": "anna@example.org"})
    response = client.post(response.url, {"code": last_code().lower().replace("-", " ")})
    assert response.url == "/me/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_in_and_out_speaks_the_language_of_the_person(client, db):
    make.user(email="anna@example.org", language="nl")
    client.cookies["django_language"] = "en"
    response = client.post(reverse("account_login"), {"login": "anna@example.org"})
    page = client.post(response.url, {"code": last_code()}, follow=True).content.decode()
    assert "Je bent ingelogd." in page
    assert "You are signed in." not in page
    page = client.post(reverse("account_logout"), follow=True).content.decode()
    assert '<html lang="nl">' in page
    assert "Je bent uitgelogd." in page


def test_who_has_nothing_to_prove_themselves_with_goes_on(client, db):
    address = reverse("account_reauthenticate")
    person = make.user(email="anna@example.org")
    client.force_login(person)
    assert client.get(f"{address}?next=/account/2fa/").url == "/account/2fa/"
    assert client.get(f"{address}?next=https://evil.example/").url == reverse("accounts:me")
    person.set_password("a long enough one")
    person.save()
    client.force_login(person)
    assert client.get(address).status_code == 200


def test_a_person_whom_staff_entered_confirms_the_address_with_the_same_code(client, db):
    people.user_create(actor=None, name="Anna", email="anna@example.org")
    response = client.post(reverse("account_login"), {"login": "anna@example.org"})
    client.post(response.url, {"code": last_code()})
    assert "_auth_user_id" in client.session
    assert EmailAddress.objects.get().verified
    assert OutboxMessage.objects.count() == 1


def test_signs_in_with_a_password(client, db):
    user = make.user(email="anna@example.org")
    user.set_password("a long secret")
    user.save()
    data = {"login": "anna@example.org", "password": "a long secret"}
    assert client.post(reverse("account_login"), data).status_code == 302
    assert "_auth_user_id" in client.session


def test_a_wrong_password_reads_the_same_for_everybody(client, db):
    user = make.user(email="anna@example.org")
    user.set_password("a long secret")
    user.save()
    pages = []
    for address in ("anna@example.org", "nobody@example.org"):
        data = {"login": address, "password": "wrong"}
        response = client.post(reverse("account_login"), data)
        pages.append(visible(response).replace(address, ""))
    assert pages[0] == pages[1]


def test_the_mail_is_an_outbox_row_whose_text_is_gone_once_sent(
    client, db, django_capture_on_commit_callbacks
):
    make.user(email="anna@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_login"), {"login": "anna@example.org"})
    assert re.search(r"[A-Z]{4}-[A-Z]{4}", mail.outbox[0].body)
    assert mail.outbox[0].subject == "Je code voor RE-ENTER"
    row = OutboxMessage.objects.get()
    assert (row.state, row.category, row.sections, row.subject) == ("sent", "code", [], "")


def test_a_removed_person_cannot_sign_in(client, db):
    make.user(email="anna@example.org", is_active=False)
    client.post(reverse("account_login"), {"login": "anna@example.org"})
    assert last_code() is None


def test_sign_in_page_offers_a_passkey_and_the_paper_code(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert 'id="passkey_login"' in page
    assert reverse("accounts:claim") in page
