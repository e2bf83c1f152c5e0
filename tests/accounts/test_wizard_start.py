"""The choice of a role, and who does not get to the questions at all."""

import pytest
from django.urls import reverse

from accounts.models import Profile


def overview(role):
    return reverse("accounts:profile_overview", args=[role])


def test_start_asks_for_the_role_and_keeps_it_from_the_home_page(client, mentee):
    response = client.get(reverse("accounts:start") + "?role=mentor")
    assert response.url == f"{reverse('account_signup')}?next=%2Fstart%2F"
    session = client.session
    assert session["start_role"] == "mentor"
    client.force_login(mentee)
    page = client.get(reverse("accounts:start"))
    assert page.context["form"]["roles"].value() == ["mentor"]
    assert not Profile.objects.exists()


def test_start_ignores_an_unknown_role(client, mentee):
    client.force_login(mentee)
    assert client.get(reverse("accounts:start") + "?role=king").status_code == 200
    assert client.post(reverse("accounts:start"), {"roles": ["king"]}).status_code == 200
    assert client.post(reverse("accounts:start"), {}).context["form"].errors
    assert not Profile.objects.exists()


def test_both_roles_can_be_chosen_and_none_twice(client, mentee):
    client.force_login(mentee)
    start = reverse("accounts:start")
    assert client.post(start, {"roles": ["mentor"]}).url == overview("mentor")
    assert client.post(start, {"roles": ["mentor"]}).status_code == 200
    assert client.post(start, {"roles": ["mentee"]}).url == overview("mentee")
    assert client.get(start).context["is_full"] is True
    assert Profile.objects.filter(user=mentee).count() == 2


def test_anonymous_cannot_choose_a_role(client, db):
    assert client.post(reverse("accounts:start"), {"roles": ["mentee"]}).status_code == 302
    assert not Profile.objects.exists()


@pytest.mark.parametrize("path", ["king/", "king/check/", "mentee/business/", "mentor/goals/"])
def test_an_unknown_role_or_question_is_not_found(client, mentee, path):
    client.force_login(mentee)
    assert client.get(f"/me/profile/{path}").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_anonymous_is_sent_to_sign_in(client, db, method):
    paths = [overview("mentee"), "/me/profile/mentee/goals/"]
    paths.append(reverse("accounts:profile_check", args=["mentee"]))
    for path in paths:
        response = getattr(client, method)(path)
        if response.status_code != 405:
            assert response.url == f"{reverse('account_login')}?next={path}"
    assert not Profile.objects.exists()
