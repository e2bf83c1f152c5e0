"""Logs name nobody: no address, no number, no name, no place on the network."""

import logging

import pytest
from django.urls import reverse

SECRETS = ["anna@example.org", "Anna de Vries", "06 12345678", "203.0.113.9", "geheim-agent"]


@pytest.fixture
def log(caplog):
    """Everything that a handler could write, however talkative the level."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django_structlog").setLevel(logging.DEBUG)
    yield lambda: "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    logging.getLogger("django_structlog").setLevel(logging.WARNING)


@pytest.fixture
def visitor(client):
    client.defaults |= {"REMOTE_ADDR": "203.0.113.9"}
    return client


def test_requests_are_logged_without_people(visitor, mentee, log):
    mentee.phone = "06 12345678"
    mentee.save()
    visitor.force_login(mentee)
    visitor.get(reverse("accounts:me"), {"email": mentee.email})
    visitor.get("/nothing-here/", {"email": mentee.email, "phone": mentee.phone})
    visitor.post(reverse("accounts:details"), {"name": mentee.name, "phone": mentee.phone})
    visitor.logout()
    visitor.post(reverse("account_login"), {"login": mentee.email, "password": "wrong"})
    visitor.post(reverse("account_login"), {"login": mentee.email})
    text = log()
    assert "/me/" in text
    assert [secret for secret in SECRETS if secret in text] == []
