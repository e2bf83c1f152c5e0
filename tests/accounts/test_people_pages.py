"""One's own pages, and the organisation's."""

import pytest
from django.urls import reverse

from accounts.models import FacilitatorProfile, Invitation, Membership, Organisation
from accounts.services import people
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry
from tests.factories import accounts as make

OWN_PAGES = [
    "me",
    "details",
    "second_factor",
    "my_privacy",
    "my_data",
    "my_data_read",
    "account_delete",
]
DETAILS = {
    "name": "Anna Bakker",
    "phone": "+31 6 11111111",
    "language": "en",
    "time_zone": "Europe/Lisbon",
}


@pytest.mark.parametrize("name", [*OWN_PAGES, "organisation_list"])
def test_a_visitor_is_sent_to_sign_in(client, db, name):
    url = reverse(f"accounts:{name}")
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize("name", OWN_PAGES)
def test_everybody_has_these_pages(client, mentee, name):
    client.force_login(mentee)
    response = client.get(reverse(f"accounts:{name}"))
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == (0 if name == "my_data" else 1)


def test_pages_take_a_fixed_number_of_queries(client, mentee, django_assert_max_num_queries):
    client.force_login(mentee)
    for name, most in {"me": 5, "details": 6, "my_privacy": 7}.items():
        with django_assert_max_num_queries(most):
            client.get(reverse(f"accounts:{name}"))


def test_saves_my_details(client, mentee):
    client.force_login(mentee)
    response = client.post(reverse("accounts:details"), DETAILS)
    assert response.url == reverse("accounts:me")
    mentee.refresh_from_db()
    assert {field: getattr(mentee, field) for field in DETAILS} == DETAILS
    entry = AuditEntry.objects.get(action="details_save")
    assert sorted(entry.data["fields"]) == sorted(DETAILS)
    assert "Bakker" not in str(entry.data)
    assert not FacilitatorProfile.objects.exists()


def test_a_facilitator_says_which_languages_they_speak(client, facilitator):
    client.force_login(facilitator)
    client.post(reverse("accounts:details"), DETAILS | {"languages": ["fy", "nl"]})
    assert facilitator.facilitator_profile.languages == ["fy", "nl"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("phone", "0800-CALL<b>"), ("language", "xx"), ("time_zone", "Nowhere")],
)
def test_wrong_details_change_nothing(client, mentee, field, value):
    client.force_login(mentee)
    response = client.post(reverse("accounts:details"), DETAILS | {field: value})
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    mentee.refresh_from_db()
    assert mentee.name == "Anna de Vries"


def test_a_name_cannot_smuggle_lines_into_a_mail(mentee):
    people.details_save(actor=mentee, user=mentee, **DETAILS | {"name": "Anna\r\nBcc: x@y.z"})
    assert mentee.name == "Anna Bcc: x@y.z"


def test_a_name_is_shown_as_text(client, mentee):
    mentee.name = "<script>alert(1)</script>"
    mentee.save()
    client.force_login(mentee)
    assert "<script>alert" not in client.get(reverse("accounts:me")).content.decode()


def test_the_language_switch_is_remembered_on_every_device(client, mentee):
    client.force_login(mentee)
    client.post(reverse("set_language"), {"language": "en", "next": "/me/"})
    mentee.refresh_from_db()
    assert mentee.language == "en"
    client.cookies.pop("django_language")
    assert client.get("/me/")["Content-Language"] == "en"


def test_the_person_decides_over_the_cookie(client, mentee):
    client.force_login(mentee)
    client.cookies["django_language"] = "en"
    assert client.get("/me/")["Content-Language"] == "nl"


def test_a_visitor_keeps_the_language_in_a_cookie(client, db):
    client.post(reverse("set_language"), {"language": "en", "next": "/privacy/"})
    assert client.get("/privacy/")["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["", "xx", "de"])
def test_an_unknown_language_changes_nothing(client, mentee, language):
    client.force_login(mentee)
    client.post(reverse("set_language"), {"language": language, "next": "/me/"})
    mentee.refresh_from_db()
    assert mentee.language == "nl"


def test_opening_the_language_address_changes_nothing(client, mentee):
    client.force_login(mentee)
    client.get(reverse("set_language"), {"language": "en", "next": "/me/"})
    mentee.refresh_from_db()
    assert mentee.language == "nl"


# Organisations


@pytest.fixture
def organisation(programme):
    return programme.organisation


def detail(organisation):
    return reverse("accounts:organisation_detail", args=[organisation.pk])


def test_a_facilitator_sees_their_own_organisation(client, facilitator, organisation):
    client.force_login(facilitator)
    assert client.get(reverse("accounts:organisation_list")).url == detail(organisation)
    page = client.get(detail(organisation)).content.decode()
    assert facilitator.name in page


def test_others_do_not(client, foreign_facilitator, mentee, organisation):
    client.force_login(foreign_facilitator)
    assert client.get(detail(organisation)).status_code == 404
    client.force_login(mentee)
    assert client.get(detail(organisation)).status_code == 404
    assert client.get(reverse("accounts:organisation_list")).status_code == 403


def test_an_admin_sees_all(client, admin_user, organisation):
    other = make.organisation("Elsewhere")
    client.force_login(admin_user)
    page = client.get(reverse("accounts:organisation_list")).content.decode()
    assert organisation.name in page
    assert other.name in page


def test_the_page_takes_as_many_queries_for_three_as_for_one(
    client, organisation, facilitator, django_assert_max_num_queries
):
    client.force_login(facilitator)
    for number in range(3):
        make.facilitator(organisation=organisation)
        people.invitation_create(
            actor=facilitator, organisation=organisation, email=f"new{number}@example.org"
        )
        with django_assert_max_num_queries(6):
            client.get(detail(organisation))


def test_removing_a_facilitator_takes_their_access_at_once(client, facilitator, organisation):
    other = make.facilitator(organisation=organisation)
    membership = Membership.objects.get(user=other)
    url = reverse("accounts:membership_remove", args=[organisation.pk, membership.pk])
    client.force_login(facilitator)
    assert client.get(url).status_code == 200
    assert Membership.objects.filter(user=other).exists()
    client.post(url)
    client.force_login(other)
    assert client.get(detail(organisation)).status_code == 404
    assert AuditEntry.objects.get(action="membership_remove").data == {"member": str(other.pk)}


def test_a_stranger_removes_nobody(client, foreign_facilitator, facilitator, organisation):
    membership = Membership.objects.get(user=facilitator)
    url = reverse("accounts:membership_remove", args=[organisation.pk, membership.pk])
    client.force_login(foreign_facilitator)
    assert client.post(url).status_code == 404
    assert Membership.objects.filter(user=facilitator).exists()


def test_the_last_facilitator_stays(client, db):
    organisation = make.organisation()
    last = make.facilitator(organisation=organisation)
    with pytest.raises(Refused):
        people.membership_remove(actor=last, organisation=organisation, user=last)
    membership = Membership.objects.get(user=last)
    client.force_login(last)
    url = reverse("accounts:membership_remove", args=[organisation.pk, membership.pk])
    assert client.post(url).status_code == 200
    assert Membership.objects.filter(user=last).exists()


def test_withdrawing_an_invitation(client, facilitator, foreign_facilitator, organisation):
    invitation = people.invitation_create(
        actor=facilitator, organisation=organisation, email="new@example.org"
    )
    url = reverse("accounts:invitation_withdraw", args=[organisation.pk, invitation.pk])
    client.force_login(foreign_facilitator)
    assert client.post(url).status_code == 404
    client.force_login(facilitator)
    assert client.get(url).status_code == 405
    client.post(url)
    assert not Invitation.objects.exists()


def test_my_account_leads_to_my_answers(client, mentee):
    client.force_login(mentee)
    address = "/me/profile/mentee/"
    assert address not in client.get(reverse("accounts:me")).content.decode()
    make.profile(role="mentee", user=mentee)
    assert address in client.get(reverse("accounts:me")).content.decode()


def test_an_admin_can_add_an_organisation(client, admin_user, facilitator):
    client.force_login(admin_user)
    new = reverse("accounts:organisation_new")
    assert new in client.get(reverse("accounts:organisation_list")).content.decode()
    added = client.post(new, {"name": " Gemeente  Voorbeeld "})
    organisation = Organisation.objects.get(name="Gemeente Voorbeeld")
    assert added.url == reverse("accounts:organisation_detail", args=[organisation.pk])
    assert AuditEntry.objects.filter(action="organisation_create", actor=admin_user).exists()
    again = client.post(new, {"name": "gemeente voorbeeld"})
    assert "staat al in de lijst" in again.content.decode()
    client.force_login(facilitator)
    assert client.get(new).status_code == 403
    assert client.get(reverse("accounts:organisation_list")).status_code == 302
