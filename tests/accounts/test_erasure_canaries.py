"""After an erasure nothing of a person is left: in no table, file, log, session or mail."""

import logging

import pytest
from django.core import mail
from django.urls import reverse

from accounts.services.privacy import account_erase
from matching.engine import Problem, solve
from matching.models import Round
from matching.services.publishing import is_proven
from mentoring.models import ImportBatch
from tests.factories import canaries as birds


@pytest.fixture
def planted(db, settings, tmp_path, caplog):
    settings.MEDIA_ROOT = str(tmp_path)
    caplog.set_level(logging.DEBUG)
    return birds.plant()


def logged(caplog):
    return [
        ("a log", f"{record.name} {record.getMessage()} {record.exc_text}")
        for record in caplog.records
        # The database's own debug log holds every statement; no handler of ours writes it.
        if record.name != "django.db.backends"
    ]


def mailed():
    return [("a mail", f"{sent.subject} {sent.body} {sent.to}") for sent in mail.outbox]


def test_every_free_field_is_planted_or_declared_harmless(planted):
    assert birds.undecided_fields(set(planted.planted.values())) == set()


def test_the_search_finds_every_canary_before(planted):
    found = birds.found(birds.everything(), planted)
    assert set(found) == set(planted.planted)


def test_nothing_is_left_after_erasure(planted, client, caplog, django_capture_on_commit_callbacks):
    client.force_login(planted.user)
    client.get(reverse("accounts:me"))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:account_delete"), {"sure": "on"})
    assert birds.found(birds.everything(), planted) == {}
    assert birds.found(logged(caplog), planted) == {}
    assert birds.found(mailed(), planted) == {}


def test_erasing_again_is_harmless(planted):
    account_erase(actor=None, user=planted.user)
    account_erase(actor=None, user=planted.user)
    assert birds.found(birds.everything(), planted) == {}


def test_others_keep_theirs(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    leaves, stays = birds.plant(), birds.plant()
    account_erase(actor=None, user=leaves.user)
    assert set(birds.found(birds.everything(), stays)) == set(stays.planted)


def test_a_round_with_the_person_gives_the_same_pairs_again(planted):
    row = Round.objects.get(people__participant__user=planted.user)
    assert row.solution["matched"] == 2
    before = solve(Problem.from_dict(row.problem)).to_dict()
    account_erase(actor=None, user=planted.user)
    row.refresh_from_db()
    assert solve(Problem.from_dict(row.problem)).to_dict() == before
    assert is_proven(row)
    assert row.people.filter(participant=None).count() == 1


def test_of_a_list_that_waits_only_the_rows_of_others_are_left(planted):
    account_erase(actor=None, user=planted.user)
    batch = ImportBatch.objects.get()
    assert batch.rows == [["Somebody Else", "else@example.org", "Bread"]]
    assert batch.numbers == [2]
