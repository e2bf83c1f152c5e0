"""Django's admin: superusers only, rights only."""

import pytest
from django.urls import reverse

from accounts.models import LegalText
from tests.factories import accounts as make

LISTS = [f"admin:accounts_{model}_changelist" for model in ("user", "organisation", "legaltext")]


@pytest.mark.parametrize("name", ["admin:index", *LISTS])
def test_a_visitor_is_sent_to_the_one_way_in(client, db, name):
    url = reverse(name)
    first = client.get(url)
    assert first.status_code == 302
    assert client.get(first.url).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["admin:index", *LISTS])
def test_nobody_but_superusers_gets_in(client, facilitator, mentee, name):
    clerk = make.user(is_staff=True)
    for person in (facilitator, mentee, clerk):
        client.force_login(person)
        assert client.get(reverse(name), follow=True).status_code == 403


def test_no_form_takes_the_password_of_staff_without_the_right(client, db):
    client.force_login(make.user(is_staff=True))
    data = {"username": "x@example.org", "password": "wrong"}
    assert client.post(reverse("admin:login"), data).status_code == 403


@pytest.mark.parametrize("name", ["admin:index", *LISTS])
def test_superusers_see_rights_but_no_names_or_numbers(client, admin_user, mentee, name):
    mentee.phone = "06 12345678"
    mentee.save()
    client.force_login(admin_user)
    page = client.get(reverse(name)).content.decode()
    assert mentee.name not in page
    assert mentee.phone not in page


def test_a_superuser_changes_rights_and_deletes_nobody(client, admin_user, mentee):
    client.force_login(admin_user)
    url = reverse("admin:accounts_user_change", args=[mentee.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"is_active": "on", "is_staff": "on"})
    mentee.refresh_from_db()
    assert mentee.is_staff
    for action in ("delete", "add"):
        args = [mentee.pk] if action == "delete" else []
        denied = client.post(reverse(f"admin:accounts_user_{action}", args=args))
        assert denied.status_code == 403


def test_a_text_that_people_agreed_to_stays_as_it_is(client, admin_user):
    text = LegalText.objects.get(code="privacy")
    client.force_login(admin_user)
    url = reverse("admin:accounts_legaltext_change", args=[text.pk])
    data = {"code": "privacy", "version": "x", "titles": "{}", "bodies": "{}"}
    assert client.post(url, data).status_code == 403
    delete = reverse("admin:accounts_legaltext_delete", args=[text.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert LegalText.objects.get(pk=text.pk).bodies == text.bodies


@pytest.mark.parametrize("path", ["account/emailaddress/", "mfa/authenticator/"])
def test_addresses_and_secrets_are_not_there(client, admin_user, path):
    client.force_login(admin_user)
    assert client.get(f"/django-admin/{path}").status_code == 404
