"""The demo programme: complete, safe to repeat, and never in production."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.models import Profile, User
from matching.models import Offer, Round
from mentoring.models import CheckIn, Mentorship, Participant, Programme
from mentoring.selectors.signals import signals
from reenter.common import clock
from reenter.common.models import AuditEntry, OutboxMessage
from reenter.desk import demo

pytestmark = pytest.mark.django_db
ACCOUNTS = ["admin", "facilitator", "mentor", "mentee"]


@pytest.fixture
def development(settings):
    settings.DEBUG = True


def run():
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def counts():
    tables = (
        *(User, Profile, Participant, Programme, Mentorship, CheckIn, Offer, Round),
        *(OutboxMessage, AuditEntry),
    )
    return [table.objects.count() for table in tables]


def test_refused_outside_development():
    with pytest.raises(CommandError):
        run()
    assert not User.objects.exists()


def test_one_of_everything_and_twice_the_same(development, client):
    printed = run()
    first = counts()
    run()
    assert counts() == first
    for key in ACCOUNTS:
        email = f"{key}@demo.example"
        assert email in printed
        assert EmailAddress.objects.get(email=email).verified
        assert client.login(username=email, password=demo.PASSWORD), email
        assert client.get("/").status_code == 200
    programme = Programme.objects.get(slug="demo")
    assert programme.state == Programme.State.OPEN
    states = set(programme.participants.values_list("state", flat=True))
    assert {"applied", "spoken_to", "admitted", "not_now"} <= states
    assert Offer.objects.get().state == Offer.State.OPEN


def test_each_role_finds_something_to_do(development):
    run()
    programme = Programme.objects.get(slug="demo")
    for key in ("mentee", "mentor"):
        asked = CheckIn.objects.get(participant__user__email=f"{key}@demo.example", state="asked")
        assert asked.kind == CheckIn.Kind.FIRST_MEETING
    found = {one.kind for one in signals(programme.contact, [programme], clock.now())}
    assert "not_good_fit" in found
    board = Round.objects.get(programme=programme)
    assert board.state == Round.State.REVIEWED
    assert board.proposals.count() >= 3
    looked_for = board.people.filter(role="mentee", position__isnull=False)
    assert looked_for.exclude(unmatched_reason="").exists()


def test_contact_and_safeguarding_are_three_people(development):
    run()
    programme = Programme.objects.get(slug="demo")
    staff = {
        programme.contact_id,
        programme.safeguarding_person_id,
        programme.safeguarding_deputy_id,
    }
    assert len(staff) == 3


def test_what_somebody_changed_stays(development):
    run()
    mentee = User.objects.get(email="mentee@demo.example")
    mentee.name = "Somebody else"
    mentee.set_password("another-password-1")
    mentee.save()
    run()
    mentee.refresh_from_db()
    assert mentee.name == "Somebody else"
    assert mentee.check_password("another-password-1")
