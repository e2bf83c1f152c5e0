"""A session that ends half-way a form costs nobody what they typed."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Profile
from reenter.common import unsent
from tests.factories import accounts as make

QUESTION = reverse("accounts:profile_question", args=["mentee", "idea"]) + "?from=check"
TYPED = {"pitch": "Een bakkerij <b>met</b> leerplekken", "phase": "idea", "visible": "on"}


@pytest.fixture
def person(db):
    return make.user(name="Anna de Vries", email="anna@example.org")


@pytest.fixture
def back(person):
    """Somebody whose session ended, who sent a question, and signed in again."""
    client = Client()
    answer = client.post(QUESTION, TYPED)
    assert answer.url.startswith(reverse("account_login"))
    client.force_login(person)
    return client


def hidden(page):
    return dict(re.findall(r'<textarea name="(\w+)" hidden>([^<]*)</textarea>', page))


def test_it_is_offered_again_and_sent_with_a_button(back, person):
    page = back.get(QUESTION).content.decode()
    assert "Een bakkerij &lt;b&gt;met&lt;/b&gt; leerplekken" in page
    assert set(hidden(page)) == set(TYPED)
    assert not Profile.objects.filter(user=person).exists()
    assert back.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    back.post(QUESTION, TYPED)
    assert Profile.objects.get(user=person).pitch == TYPED["pitch"]


def test_it_is_offered_once_and_only_on_its_own_page(back):
    assert "hidden>" not in back.get(reverse("accounts:me")).content.decode()
    assert hidden(back.get(QUESTION).content.decode())
    assert not hidden(back.get(QUESTION).content.decode())


def test_it_is_gone_after_half_an_hour(back):
    session = back.session
    session[unsent.KEY] |= {"at": session[unsent.KEY]["at"] - unsent.KEPT_SECONDS - 1}
    session.save()
    assert not hidden(back.get(QUESTION).content.decode())
    assert unsent.KEY not in back.session


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (reverse("account_change_password"), {"password1": "a secret of mine"}),
        (QUESTION, {}),
        (QUESTION, {"pitch": "x" * (unsent.MOST_CHARACTERS + 1)}),
        (reverse("accounts:claim"), {"code": "ABCD-EFGH"}),
    ],
)
def test_passwords_and_what_is_no_answer_are_not_kept(db, address, data):
    client = Client()
    client.post(address, data)
    assert unsent.KEY not in client.session


def test_a_forged_form_is_not_kept(db):
    client = Client(enforce_csrf_checks=True)
    assert client.post(QUESTION, TYPED).status_code == 403
    assert unsent.KEY not in client.session
