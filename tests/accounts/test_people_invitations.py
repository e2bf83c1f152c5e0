"""Becoming a facilitator by mail: right person, wrong person, scanner, too late, made up."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Invitation, Membership
from accounts.services import people, staff
from reenter.common import clock
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make


@pytest.fixture
def organisation(programme):
    return programme.organisation


@pytest.fixture
def invitation(facilitator, organisation):
    return people.invitation_create(
        actor=facilitator, organisation=organisation, email="New@Example.org"
    )


@pytest.fixture
def invited(db):
    return make.user(email="new@example.org", name="Nel Nieuw")


def link(invitation):
    return reverse("accounts:invitation", args=[staff.invitation_token(invitation)])


def is_member(user, organisation):
    return Membership.objects.filter(user=user, organisation=organisation).exists()


def test_the_form_sends_a_mail_with_a_link(client, facilitator, organisation):
    client.force_login(facilitator)
    page = reverse("accounts:organisation_detail", args=[organisation.pk])
    assert client.post(page, {"email": "new@example.org"}).url == page
    message = OutboxMessage.objects.get(to_address="new@example.org")
    url = message.sections[0]["action_url"]
    assert client.get(re.sub(r"^https?://[^/]+", "", url)).status_code in (200, 403)
    assert facilitator.name in message.subject
    assert "new@example.org" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("email", ["", "no address", "a@b", "x" * 300 + "@example.org"])
def test_a_wrong_address_sends_nothing(client, facilitator, organisation, email):
    client.force_login(facilitator)
    page = reverse("accounts:organisation_detail", args=[organisation.pk])
    response = client.post(page, {"email": email})
    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert not Invitation.objects.exists()


def test_a_stranger_invites_nobody(client, foreign_facilitator, organisation):
    client.force_login(foreign_facilitator)
    page = reverse("accounts:organisation_detail", args=[organisation.pk])
    assert client.post(page, {"email": "new@example.org"}).status_code == 404
    assert not Invitation.objects.exists()


def test_somebody_who_works_there_is_not_invited(facilitator, organisation):
    with pytest.raises(Refused):
        people.invitation_create(
            actor=facilitator, organisation=organisation, email=facilitator.email
        )


def test_inviting_again_renews_the_time_and_mails_again(facilitator, organisation, invitation):
    with clock.standing_at(clock.now() + timedelta(days=20)):
        again = people.invitation_create(
            actor=facilitator, organisation=organisation, email="new@example.org"
        )
        assert again.pk == invitation.pk
        assert again.expires_at > clock.now()
    assert OutboxMessage.objects.filter(to_address="new@example.org").count() == 2


def test_a_visitor_sees_who_invites_and_comes_back_after_signing_up(client, invitation):
    page = client.get(link(invitation)).content.decode()
    assert str(invitation.organisation) in page
    assert f"{reverse('account_signup')}?next={link(invitation)}".replace(":", "%3A") in page


def test_opening_the_link_changes_nothing(client, invitation, invited, organisation):
    client.get(link(invitation))
    client.post(link(invitation))
    client.force_login(invited)
    client.get(link(invitation))
    client.head(link(invitation))
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not is_member(invited, organisation)


def test_the_invited_person_accepts(client, invitation, invited, organisation):
    client.force_login(invited)
    response = client.post(link(invitation))
    assert response.url == reverse("accounts:details")
    assert is_member(invited, organisation)
    assert AuditEntry.objects.filter(action="membership_add", actor=invited).exists()


def test_a_used_link_is_gone(client, invitation, invited, organisation):
    client.force_login(invited)
    client.post(link(invitation))
    Membership.objects.filter(user=invited).delete()
    for call in (client.get, client.post):
        assert call(link(invitation)).status_code == 410
    assert not is_member(invited, organisation)


def test_a_link_whose_time_is_over_is_gone(client, invitation, invited, organisation):
    client.force_login(invited)
    with clock.standing_at(clock.now() + timedelta(days=15)):
        for call in (client.get, client.post):
            assert call(link(invitation)).status_code == 410
    assert not is_member(invited, organisation)


def test_somebody_else_cannot_use_it(client, invitation, stranger, organisation):
    client.force_login(stranger)
    for call in (client.get, client.post):
        response = call(link(invitation))
        assert response.status_code == 403
        assert "new@example.org" not in response.content.decode()
    assert not is_member(stranger, organisation)


def test_an_address_that_was_not_confirmed_does_not_count(client, invitation, organisation):
    user = make.user(email="new@example.org")
    user.emailaddress_set.update(verified=False)
    client.force_login(user)
    assert client.post(link(invitation)).status_code == 403
    assert not is_member(user, organisation)


@pytest.mark.parametrize("change", ["id only", "other id", "no id", "long"])
def test_a_made_up_link_gets_a_kind_page(client, invitation, invited, change):
    token = staff.invitation_token(invitation)
    forged = {
        "id only": str(invitation.pk),
        "other id": "00000000-0000-0000-0000-000000000000:" + token.split(":")[1],
        "no id": ":" + token.split(":")[1],
        "long": "x" * 3000,
    }[change]
    client.force_login(invited)
    response = client.post(reverse("accounts:invitation", args=[forged]))
    assert response.status_code == 404
    assert response.content.decode().count("<h1") == 1
    assert not Membership.objects.filter(user=invited).exists()
