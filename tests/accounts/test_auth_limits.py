"""Guessing is limited before the expensive part, and there is one way in."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from reenter.common.models import OutboxMessage
from tests.accounts import hashers
from tests.factories import accounts as make


@pytest.fixture
def limited(settings, db):
    """The limits and a hasher as in production, except that the hasher counts."""
    settings.ACCOUNT_RATE_LIMITS = {"claim": "10/m/ip,60/d/ip"}
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
    cache.clear()
    user = make.user(email="anna@example.org", is_staff=True, is_superuser=True)
    user.set_password("a long secret")
    user.save()
    hashers.calls.clear()
    yield user
    cache.clear()


def test_a_wrong_password_costs_one_hash(limited, client):
    client.post(reverse("account_login"), {"login": "anna@example.org", "password": "wrong"})
    assert len(hashers.calls) == 1


def test_an_unknown_address_costs_as_much(limited, client):
    client.post(reverse("account_login"), {"login": "nobody@example.org", "password": "wrong"})
    assert len(hashers.calls) == 1


def test_guessing_one_account_stops_after_five(limited, client):
    for number in range(12):
        data = {"login": "anna@example.org", "password": f"wrong {number}"}
        response = client.post(reverse("account_login"), data)
    assert len(hashers.calls) == 5
    assert "vijf minuten" in response.content.decode() or "five minutes" in str(response.content)


def test_guessing_many_accounts_from_one_place_stops(limited, client):
    for number in range(40):
        data = {"login": f"person{number}@example.org", "password": "wrong"}
        client.post(reverse("account_login"), data)
    assert len(hashers.calls) <= 10


@pytest.mark.parametrize(
    "path",
    ["/django-admin/login/", "/cms/login/", "/nl/_util/login/", "/en/_util/login/", "/cms/"],
)
def test_no_other_page_takes_a_password(limited, client, path):
    for _attempt in range(3):
        data = {"username": "anna@example.org", "password": "a long secret"}
        response = client.post(path, data)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))
    assert not hashers.calls
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/cms/password_reset/", "/cms/password_reset/done/"])
def test_the_editor_resets_no_passwords(limited, client, path):
    assert client.get(path).status_code == 404


def test_asking_for_codes_stops_after_three_a_minute(limited, client):
    for _attempt in range(6):
        client.cookies.clear()
        client.post(reverse("account_login"), {"login": "anna@example.org"})
    assert OutboxMessage.objects.filter(to_address="anna@example.org").count() == 3


def test_guessing_codes_of_paper_stops_with_a_kind_page(limited, client):
    data = {"code": "AAAA-BBBB", "email": "x@example.org"}
    codes = [client.post(reverse("accounts:claim"), data).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2
    page = client.post(reverse("accounts:claim"), data)
    assert "<h1>" in page.content.decode()


def test_five_wrong_codes_of_a_mail_end_the_attempt(limited, client):
    response = client.post(reverse("account_login"), {"login": "anna@example.org"})
    for _attempt in range(5):
        response = client.post(reverse("account_confirm_login_code"), {"code": "ZZZZ-ZZZZ"})
    assert response.status_code == 302
    assert response.url == reverse("account_request_login_code")
    assert "_auth_user_id" not in client.session
