"""Taking one's data along, deleting one's account, and how long people are kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from accounts import events, retention
from accounts.models import Invitation, Profile, User
from accounts.services import people, privacy
from accounts.services.basis import legal_texts_load
from reenter.common import clock, outbox, schedule
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry, OutboxMessage
from reenter.common.privacy import handlers
from tests.factories import accounts as make
from tests.factories import mentoring as make_mentoring

DELETE = reverse("accounts:account_delete")


def test_the_file_holds_what_every_app_keeps(client, mentee):
    make.profile(role="mentee", user=mentee, pitch="Een bakkerij")
    make.legal_basis(user=mentee)
    client.force_login(mentee)
    response = client.get(reverse("accounts:my_data"))
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    data = json.loads(response.content)
    assert set(data) == {"exported_at", *(handler.name for handler in handlers())}
    assert data["account"]["email"] == mentee.email
    assert data["profiles"][0]["pitch"] == "Een bakkerij"
    assert data["account"]["purposes"][0]["version"] == "2026-11"


def test_the_file_holds_nothing_of_others(client, mentee, mentor):
    make.profile(role="mentor", user=mentor, pitch="Geheim van Bram")
    client.force_login(mentee)
    page = client.get(reverse("accounts:my_data")).content.decode()
    assert "Bram" not in page


def test_opening_the_page_deletes_nothing(client, mentee):
    client.force_login(mentee)
    assert client.get(DELETE).status_code == 200
    assert client.post(DELETE, {}).status_code == 200
    mentee.refresh_from_db()
    assert mentee.erased_at is None


def test_deleting_signs_out_and_leaves_an_empty_row(client, mentee):
    client.force_login(mentee)
    response = client.post(DELETE, {"sure": "on"})
    assert response.url == reverse("accounts:account_deleted")
    assert client.get(response.url).status_code == 200
    assert "_auth_user_id" not in client.session
    mentee.refresh_from_db()
    assert (mentee.name, mentee.email, mentee.is_active) == ("", None, False)
    assert str(mentee) == mentee.first_name != ""
    entry = AuditEntry.objects.get(action="account_erase")
    assert (entry.target_id, entry.data) == (str(mentee.pk), {"by": "person"})


def test_a_session_on_another_device_ends_too(client, mentee):
    client.force_login(mentee)
    privacy.account_erase(actor=mentee, user=mentee)
    assert client.get(reverse("accounts:me")).status_code == 302


def test_the_address_can_make_a_new_account(mentee):
    address = mentee.email
    privacy.account_erase(actor=mentee, user=mentee)
    assert people.user_create(actor=None, name="Anna", email=address).pk != mentee.pk


def test_somebody_on_whom_others_depend_hears_why_not(client, db):
    organisation = make.organisation("Het Loket")
    last = make.facilitator(organisation=organisation)
    client.force_login(last)
    assert "Het Loket" in client.get(DELETE).content.decode()
    assert "Het Loket" in client.post(DELETE, {"sure": "on"}).content.decode()
    last.refresh_from_db()
    assert last.erased_at is None
    make.facilitator(organisation=organisation)
    client.post(DELETE, {"sure": "on"})
    last.refresh_from_db()
    assert last.erased_at


def test_other_apps_can_object(mentee, monkeypatch):
    monkeypatch.setattr(events, "erasure_objections", [lambda user: "Not yet."])
    with pytest.raises(Refused, match="Not yet"):
        privacy.account_erase(actor=mentee, user=mentee)
    mentee.refresh_from_db()
    assert mentee.name


def test_one_handler_that_fails_undoes_all(mentee, monkeypatch):
    make.profile(role="mentee", user=mentee, pitch="x")

    def fail(user):
        raise RuntimeError

    last = handlers()[-1]
    monkeypatch.setattr(
        "accounts.services.privacy.privacy.handlers",
        lambda: [*handlers()[:-1], replace(last, erase=fail)],
    )
    with pytest.raises(RuntimeError):
        privacy.account_erase(actor=mentee, user=mentee)
    assert Profile.objects.get().pitch == "x"


# Retention


@pytest.fixture
def old(db):
    """Somebody who made an account long ago and did nothing with it."""
    user = make.user(name="Oude Onaf")
    User.objects.filter(pk=user.pk).update(created_at=clock.now() - timedelta(days=400))
    return user


def due():
    return privacy.retention_due(clock.now())["never_completed"]


def test_who_never_told_anything_goes_after_a_year(old):
    make.user()
    assert due() == [old.pk]


@pytest.mark.parametrize("reason", ["profile", "recent login", "staff", "member", "participant"])
def test_others_stay(old, reason, programme):
    if reason == "profile":
        make.profile(role="mentee", user=old)
    elif reason == "recent login":
        User.objects.filter(pk=old.pk).update(last_login=clock.now())
    elif reason == "staff":
        User.objects.filter(pk=old.pk).update(is_staff=True)
    elif reason == "member":
        people.membership_add(actor=None, organisation=programme.organisation, user=old)
    else:
        make_mentoring.participant(programme=programme, role="mentee", user=old)
        Profile.objects.update(completed_at=None)
    assert due() == []


def test_a_dry_run_names_ids_and_changes_nothing(old):
    out = StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    assert "never_completed: 1" in out.getvalue()
    assert str(old.pk) in out.getvalue()
    assert "Oude" not in out.getvalue()
    old.refresh_from_db()
    assert old.erased_at is None
    assert not AuditEntry.objects.exists()


def test_the_command_erases_and_may_be_repeated(old):
    for expected in ("never_completed: 1", "never_completed: 0"):
        out = StringIO()
        call_command("apply_retention", stdout=out)
        assert expected in out.getvalue()
    old.refresh_from_db()
    assert old.erased_at
    assert AuditEntry.objects.get(action="account_erase").data == {"by": "retention"}


def test_other_apps_add_rules_and_nobody_counts_twice(old, mentee, monkeypatch):
    monkeypatch.setattr(retention, "_rules", {"never_completed": privacy.never_completed})
    retention.register("closed_mentorships", lambda now: [old.pk, mentee.pk])
    assert privacy.retention_due(clock.now()) == {
        "never_completed": [old.pk],
        "closed_mentorships": [mentee.pk],
    }


def test_one_who_cannot_go_does_not_stop_the_others(old, mentee, monkeypatch, caplog):
    monkeypatch.setattr(retention, "_rules", {"all": lambda now: [old.pk, mentee.pk]})
    monkeypatch.setattr(
        events, "erasure_objections", [lambda user: "no" if user.pk == old.pk else None]
    )
    privacy.retention_run(dry_run=False)
    mentee.refresh_from_db()
    assert mentee.erased_at
    assert str(old.pk) in caplog.text
    assert old.email not in caplog.text


def test_runs_once_a_night(old):
    cache.clear()
    night = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # half past three in Amsterdam
    User.objects.filter(pk=old.pk).update(created_at=night - timedelta(days=400))
    with clock.standing_at(night - timedelta(hours=3)):
        assert schedule.run_due()["retention"] == 0
    with clock.standing_at(night):
        assert schedule.run_due()["retention"] == 1
        assert schedule.run_due()["retention"] == 0
    cache.clear()


def test_old_texts_and_invitations_go_too(mentee, facilitator, programme):
    outbox.message_queue(
        key="old",
        category="direct",
        subject="Hi",
        sections=[outbox.Section(["Text"])],
        recipient=mentee,
    )
    OutboxMessage.objects.filter(key="old").update(state="sent")
    people.invitation_create(
        actor=facilitator, organisation=programme.organisation, email="new@example.org"
    )
    OutboxMessage.objects.filter(key__startswith="invitation").update(state="pending")
    with clock.standing_at(clock.now() + timedelta(days=60)):
        privacy.retention_run(dry_run=False)
    assert OutboxMessage.objects.get(key="old").sections == []
    assert OutboxMessage.objects.get(state="pending").sections
    assert not Invitation.objects.exists()


# Messages to others that name the person


def to_other(key, state, subject="News", paragraph="Text", closing=()):
    message = outbox.message_queue(
        key=key,
        category="direct",
        subject=subject,
        sections=[outbox.Section([paragraph])],
        closing=list(closing),
        to_address="other@example.org",
    )
    OutboxMessage.objects.filter(pk=message.pk).update(state=state)
    return message


@pytest.mark.parametrize(
    ("state", "paragraph", "state_after", "text_stays"),
    [
        ("sent", "Anna said yes.", "sent", False),
        ("sent", "In Annas garden.", "sent", True),
        ("pending", "Anna de Vries said yes.", "cancelled", False),
        ("letter", "Call ANNA DE VRIES.", "cancelled", False),
        ("pending", "Mail anna@example.org.", "cancelled", False),
        ("pending", "Another Anna said yes.", "pending", True),
    ],
)
def test_mail_to_others_forgets_the_person(mentee, state, paragraph, state_after, text_stays):
    message = to_other("x", state, paragraph=paragraph)
    privacy.account_erase(actor=mentee, user=mentee)
    message.refresh_from_db()
    assert message.state == state_after
    assert bool(message.sections) is text_stays


def test_only_the_line_with_the_name_goes_from_mail_about_something_else(mentee):
    message = to_other("x", "pending", closing=["Anna de Vries, 06 12345678", "Call us."])
    privacy.account_erase(actor=mentee, user=mentee)
    message.refresh_from_db()
    assert (message.state, message.closing) == ("pending", ["Call us."])


def test_the_privacy_text_names_whom_to_write_to(client, db, settings):
    settings.CONTROLLER_ADDRESS = "Stichting Voorbeeld, Voorbeeldstraat 1, Leeuwarden"
    legal_texts_load()
    page = client.get(reverse("accounts:privacy")).content.decode()
    section = page.partition('id="write-to"')[2].partition("</section>")[0]
    assert settings.CONTROLLER_ADDRESS in section
    assert f"mailto:{settings.CONTACT_EMAIL}" in section
