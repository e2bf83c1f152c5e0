"""After an erasure nothing of a person is left: in no table, file, log, session or mail."""

import logging

import pytest
from django.core import mail
from django.urls import reverse

from accounts.services.privacy import account_erase
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
