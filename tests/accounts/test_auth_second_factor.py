"""Staff need a second factor; everybody may have one."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.urls import reverse

from accounts.services import people
from reenter.common.models import OutboxMessage
from tests.factories import accounts as make


@pytest.fixture
def required(settings):
    settings.STAFF_MFA_REQUIRED = True


def totp_code(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_staff_without_a_second_factor_get_nowhere(required, client, facilitator, admin_user):
    for staff in (facilitator, admin_user):
        client.force_login(staff)
        for path in ("/", "/me/", "/me/organisation/", "/cms/", "/django-admin/", "/nope/"):
            for call in (client.get, client.post):
                response = call(path)
                assert (response.status_code, response.url) == (302, "/me/second-factor/"), path


def test_staff_reach_what_they_need_to_set_it_up(required, client, facilitator):
    client.force_login(facilitator)
    for name in ("accounts:second_factor", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_staff_set_up_an_app_and_go_on(required, client, facilitator):
    client.force_login(facilitator)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    response = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    assert client.get(response.url).status_code == 200
    assert client.get("/me/").status_code == 200
    mails = [sent for sent in mail.outbox if facilitator.email in sent.to[0]]
    assert any("app" in sent.subject for sent in mails)
    assert "192." not in mails[0].body


def test_a_second_factor_is_asked_after_the_code(required, client, facilitator):
    TOTP.activate(facilitator, "A" * 32)
    response = client.post(reverse("account_login"), {"login": facilitator.email})
    text = str(OutboxMessage.objects.latest("created_at").sections)
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", text).group()
    response = client.post(response.url, {"code": code})
    assert response.url == reverse("mfa_authenticate")
    assert client.get("/me/").url.startswith(reverse("account_login"))
    client.post(reverse("mfa_authenticate"), {"code": totp_code("A" * 32)})
    assert client.get("/me/").status_code == 200


def test_others_are_left_alone(required, client, mentee):
    client.force_login(mentee)
    assert client.get("/me/").status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_becoming_staff_asks_for_it_at_the_next_page(required, client, mentee):
    client.force_login(mentee)
    people.membership_add(actor=None, organisation=make.organisation(), user=mentee)
    assert client.get("/me/").url == "/me/second-factor/"


def test_nobody_is_stopped_where_it_is_not_required(client, facilitator):
    client.force_login(facilitator)
    assert client.get("/me/").status_code == 200


def test_it_costs_one_query(required, client, facilitator, django_assert_max_num_queries):
    TOTP.activate(facilitator, "A" * 32)
    client.force_login(facilitator)
    with django_assert_max_num_queries(6):
        client.get("/me/")


def test_the_second_ways_to_prove_oneself_have_our_names(facilitator):
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        Authenticator.objects.create(user=facilitator, type=kind, data={})
    ways = [way["description"] for way in get_adapter().get_reauthentication_methods(facilitator)]
    assert ways == ["Gebruik de code van een app", "Gebruik een passkey"]
