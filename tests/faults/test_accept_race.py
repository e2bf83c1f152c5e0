"""Sixteen people say yes at the same moment to a mentor with one place left, over real HTTP.

Each of the sixteen late answers would take the last place. With the lock in `places_take` and the
database check exactly one gets it. The same race with both switched off must oversell, or the
test would prove nothing. Each offer has a programme of its own: within one, answers come one by
one (`mentoring.services.locks`), but a place belongs to the person over all programmes.
"""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Profile
from matching.models import Offer
from matching.services import offers
from mentoring.models import Mentorship, Participant
from reenter.common import clock
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring

PEOPLE = 16
ROUNDS = 50
CONTROL_ROUNDS = 5
CSRF = "r" * 32
CHECK = "profile_places_never_oversold"

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway"),
]


class Race:
    """One mentor with one place, sixteen expired offers to which the mentor had said yes.

    Each is in another programme.
    """

    def __init__(self, address: str) -> None:
        self.mentor = make_accounts.user()
        self.offers = [self._expired() for _ in range(PEOPLE)]
        self.requests = [self._request(address, offer) for offer in self.offers]

    def _expired(self) -> Offer:
        programme = make_mentoring.programme()
        return make.offer(
            programme=programme,
            mentor=make_mentoring.participant(programme=programme, role="mentor", user=self.mentor),
            state=Offer.State.EXPIRED,
            mentor_answer=Offer.Answer.YES,
            age=timedelta(days=11),
            closed_at=clock.now(),
        )

    def _request(self, address: str, offer: Offer) -> urllib.request.Request:
        url = address + reverse("matching:offer_accept", args=[offer.pk])
        cookies = {
            settings.SESSION_COOKIE_NAME: signed_in(offer.mentee.user),
            settings.CSRF_COOKIE_NAME: CSRF,
        }
        return urllib.request.Request(
            url,
            data=b"",
            headers={
                "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
                "X-CSRFToken": CSRF,
                "Origin": "{0.scheme}://{0.netloc}".format(urlsplit(address)),
            },
        )

    def reset(self) -> None:
        """The same start for each round, in a few queries."""
        Offer.objects.update(
            state=Offer.State.EXPIRED, mentee_answer="", closed_at=clock.now(), mentorship=None
        )
        Mentorship.objects.all().delete()
        OutboxMessage.objects.all().delete()
        AuditEntry.objects.all().delete()
        Profile.objects.update(places_taken=0)
        Participant.objects.update(waiting_since=clock.now())

    def run(self) -> tuple[int, list[int]]:
        """All at once; returns how many mentorships there are now, and the answers' codes."""
        start, codes = threading.Barrier(PEOPLE), []

        def say_yes(request: urllib.request.Request) -> None:
            start.wait()
            codes.append(status(request))

        threads = [threading.Thread(target=say_yes, args=[request]) for request in self.requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Mentorship.objects.filter(mentor__user=self.mentor).count(), codes


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def status(request: urllib.request.Request) -> int:
    try:
        with OPENER.open(request, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def signed_in(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def take_without_looking_twice(*, profiles) -> None:
    """What places_take must never become: read, decide, write."""
    for profile in profiles:
        fresh = Profile.objects.get(pk=profile.pk)
        if fresh.places_taken >= fresh.places:
            raise offers.NoPlaceLeft(fresh)
        fresh.places_taken += 1
        fresh.save(update_fields=["places_taken"])


@pytest.fixture
def without_the_check():
    constraint = next(c for c in Profile._meta.constraints if c.name == CHECK)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Profile, constraint)
    yield
    Profile.objects.update(places_taken=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(Profile, constraint)


def race(address: str, rounds: int) -> tuple[int, list[int]]:
    """How many of the rounds oversold, and all status codes."""
    people, oversold, codes = Race(address), 0, []
    for _ in range(rounds):
        people.reset()
        pairs, answered = people.run()
        oversold += pairs > 1
        assert pairs >= 1
        codes += answered
    return oversold, codes


@pytest.mark.django_db(transaction=True)
def test_a_place_is_never_sold_twice(live_server, report):
    began = time.monotonic()
    oversold, codes = race(live_server.url, ROUNDS)
    report(
        f"{PEOPLE} simultaneous accepts, {ROUNDS} rounds on {connection.vendor}: "
        f"{oversold} oversold, {time.monotonic() - began:.0f} s"
    )
    assert oversold == 0
    assert codes.count(302) == ROUNDS
    assert codes.count(409) == ROUNDS * (PEOPLE - 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_oversells(
    live_server, monkeypatch, without_the_check, report
):
    monkeypatch.setattr(offers, "places_take", take_without_looking_twice)
    oversold, _codes = race(live_server.url, CONTROL_ROUNDS)
    report(f"negative control, lock and check off: {oversold} of {CONTROL_ROUNDS} rounds oversold")
    assert oversold >= 1
