"""Purposes: on which basis, under which text, from when until when."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import events
from accounts.models import LegalBasis, LegalText
from accounts.selectors.people import legal_text_current
from accounts.services import basis, privacy
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry
from tests.factories import accounts as make

Purpose = LegalBasis.Purpose


@pytest.fixture
def text(db):
    return legal_text_current("privacy")


@pytest.fixture
def withdrawn(monkeypatch):
    """Who the others were told about."""
    told = []
    monkeypatch.setattr(
        events, "guidance_withdrawn", [lambda user, actor: told.append((user, actor))]
    )
    return told


def record(user, purpose=Purpose.GUIDANCE, **extra):
    extra = {"actor": user, "how": LegalBasis.How.SELF} | extra
    return basis.legal_basis_record(user=user, purpose=purpose, **extra)


def test_every_database_has_the_texts(db):
    shipped = json.loads(basis.LEGAL_FILE.read_text("utf-8"))
    assert LegalText.objects.count() >= len(shipped) > 5


def test_loading_again_adds_nothing_and_overwrites_nothing(text):
    text.bodies = {"nl": "Aangepast", "en": "Changed"}
    text.save()
    assert basis.legal_texts_load() == 0
    text.refresh_from_db()
    assert text.bodies["en"] == "Changed"


def test_loading_brings_back_what_is_missing(db):
    LegalText.objects.filter(code="terms").delete()
    assert basis.legal_texts_load() == 1


def test_guidance_rests_on_the_agreement_and_the_rest_on_consent(mentee, text):
    for purpose in Purpose.values:
        row = record(mentee, purpose, text=text)
        assert row.basis == ("contract" if purpose == "guidance" else "consent")


def test_recording_again_under_the_same_text_changes_nothing(mentee, text):
    assert record(mentee, text=text) == record(mentee, text=text)
    assert AuditEntry.objects.filter(action="legal_basis_record").count() == 1


def test_a_newer_text_follows_up_the_old_one_without_a_stop(mentee, text, withdrawn):
    old = record(mentee, text=text)
    newer = LegalText.objects.create(code="privacy", version="2027-01", titles={}, bodies={})
    new = record(mentee, text=newer)
    old.refresh_from_db()
    assert old.withdrawn_at == new.given_at
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE) == new
    assert not withdrawn


def test_staff_record_it_on_behalf_of_somebody(mentee, text, facilitator):
    row = record(mentee, actor=facilitator, text=text, how=LegalBasis.How.SPOKEN)
    assert (row.recorded_by, row.how) == (facilitator, "spoken")
    entry = AuditEntry.objects.get(action="legal_basis_record")
    assert (entry.actor, entry.on_behalf_of) == (facilitator, mentee)


def test_withdrawing_guidance_tells_who_must_act_at_once(mentee, text, withdrawn):
    record(mentee, text=text)
    assert basis.legal_basis_withdraw(actor=mentee, user=mentee, purpose=Purpose.GUIDANCE)
    assert withdrawn == [(mentee, mentee)]
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE) is None


def test_withdrawing_a_consent_stops_only_that(mentee, text, withdrawn):
    record(mentee, text=text)
    record(mentee, Purpose.STORY, text=text)
    basis.legal_basis_withdraw(actor=mentee, user=mentee, purpose=Purpose.STORY)
    assert not withdrawn
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE)


def test_withdrawing_what_was_never_given_is_harmless(mentee, withdrawn):
    assert not basis.legal_basis_withdraw(actor=mentee, user=mentee, purpose=Purpose.GUIDANCE)
    assert not withdrawn
    assert not AuditEntry.objects.exists()


def test_a_stop_that_others_cannot_carry_out_does_not_happen(mentee, text, monkeypatch):
    def fail(user, actor):
        raise Refused("not now")

    record(mentee, text=text)
    monkeypatch.setattr(events, "guidance_withdrawn", [fail])
    with pytest.raises(Refused):
        basis.legal_basis_withdraw(actor=mentee, user=mentee, purpose=Purpose.GUIDANCE)
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE)


def test_a_removed_account_records_nothing(mentee, text):
    privacy.account_erase(actor=mentee, user=mentee)
    with pytest.raises(Refused):
        record(mentee, text=text)


def test_the_database_holds_one_per_purpose(mentee, text):
    row = record(mentee, text=text)
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# Pages


@pytest.mark.parametrize("path", ["/privacy/", "/terms/", "/texts/code_of_conduct/2026-11/"])
def test_the_texts_are_public(client, db, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert "<ul>" in page


def test_headings_lists_and_paragraphs(client, db):
    page = client.get("/privacy/").content.decode()
    assert "Wie ziet wat</h2>" in page
    assert "Een mens beslist</h2>" in page
    assert "<li>- " not in page


def test_a_text_is_no_mark_up(client, db):
    LegalText.objects.create(
        code="privacy", version="2099", titles={"nl": "X"}, bodies={"nl": "<b>vet</b>"}
    )
    assert "<b>vet" not in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("path", ["/texts/privacy/1900/", "/texts/nothing/2026-11/"])
def test_an_unknown_text_is_not_found(client, db, path):
    assert client.get(path).status_code == 404


def test_the_page_tells_what_since_when_under_which_text(client, mentee, text):
    record(mentee, text=text)
    client.force_login(mentee)
    page = client.get(reverse("accounts:my_privacy")).content.decode()
    assert f"/texts/privacy/{text.version}/" in page
    assert reverse("accounts:purpose_withdraw", args=["guidance"]) in page
    assert reverse("accounts:purpose_give", args=["story"]) in page


def test_gives_and_takes_back_a_consent(client, mentee):
    client.force_login(mentee)
    client.post(reverse("accounts:purpose_give", args=["contact_sharing"]))
    row = basis.legal_basis_in_force(mentee, "contact_sharing")
    assert row.text.code == "contact_sharing"
    client.post(reverse("accounts:purpose_withdraw", args=["contact_sharing"]))
    assert basis.legal_basis_in_force(mentee, "contact_sharing") is None


@pytest.mark.parametrize("name", ["purpose_give", "purpose_withdraw"])
def test_only_a_button_changes_a_purpose(client, mentee, name):
    url = reverse(f"accounts:{name}", args=["guidance"])
    assert client.post(url).url.startswith(reverse("account_login"))
    client.force_login(mentee)
    assert client.get(url).status_code == 405
    assert client.post(reverse(f"accounts:{name}", args=["spying"])).status_code == 404
    assert not AuditEntry.objects.exists()


def test_nobody_changes_the_purposes_of_somebody_else(client, mentee, stranger, text):
    record(mentee, text=text)
    client.force_login(stranger)
    client.post(reverse("accounts:purpose_withdraw", args=["guidance"]))
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE)


def test_an_older_factory_text_still_counts(mentee):
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE) is None
    row = make.legal_basis(user=mentee)
    assert basis.legal_basis_in_force(mentee, Purpose.GUIDANCE) == row
