"""Somebody leaves at the very moment at which the last yes to their offer comes in.

Both changes touch the same people, offers, pairs and places. They hold the programme first, so
that the second one waits for the first. Without that lock they wait for each other until
PostgreSQL ends one of them; the control shows it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.db import OperationalError, connection

from accounts.models import LegalBasis, Profile
from accounts.services.basis import legal_basis_withdraw
from matching.models import Offer
from matching.services import offers
from mentoring.errors import Refused
from mentoring.models import Mentorship, Participant
from mentoring.services import locks
from mentoring.services.mentorships import mentorship_end
from mentoring.services.participants import participant_not_now, participant_withdraw
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring

ROUNDS = 25
CONTROL_ROUNDS = 5

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway"),
]


class World:
    """A mentee and a mentor with one place each, and an open offer to which the mentor said yes."""

    def __init__(self) -> None:
        self.offer = make.offer(programme=make_mentoring.programme(), mentor_answer="yes")
        self.mentee, self.mentor = self.offer.mentee, self.offer.mentor

    def reset(self) -> None:
        Mentorship.objects.all().delete()
        OutboxMessage.objects.all().delete()
        AuditEntry.objects.all().delete()
        LegalBasis.objects.update(withdrawn_at=None)
        Offer.objects.update(state="open", mentee_answer="", closed_at=None, mentorship=None)
        Participant.objects.update(state="admitted")
        Profile.objects.filter(participations__isnull=False).update(places_taken=1)

    def pair(self) -> Mentorship:
        self.accept()
        return Mentorship.objects.get()

    def accept(self) -> None:
        offers.offer_answer(
            actor=self.mentee.user, offer=self.offer, side="mentee", answer=Offer.Answer.YES
        )

    def withdraw(self) -> None:
        participant_withdraw(actor=self.mentee.user, participant=self.mentee)

    def mentor_withdraws(self) -> None:
        participant_withdraw(actor=self.mentor.user, participant=self.mentor)

    def not_now(self) -> None:
        participant_not_now(actor=None, participant=self.mentee, reason="no_time")

    def no_legal_basis(self) -> None:
        legal_basis_withdraw(
            actor=self.mentee.user, user=self.mentee.user, purpose=LegalBasis.Purpose.GUIDANCE
        )


def at_once(*changes: Callable[[], None]) -> int:
    """Run them at the same moment; returns how many PostgreSQL had to end. Refusals are fine."""
    start, ended = threading.Barrier(len(changes)), []

    def run(change: Callable[[], None]) -> None:
        with ExitStack() as stack:
            stack.callback(connection.close)
            connection.ensure_connection()
            start.wait()
            try:
                change()
            except Refused:
                pass
            except OperationalError as error:
                ended.append(str(error))

    threads = [threading.Thread(target=run, args=[change]) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("deadlock" in error for error in ended)
    return len(ended)


def is_consistent() -> bool:
    """Places are held by open offers and running pairs, and by nothing else."""
    holding = Offer.objects.open().count()
    holding += Mentorship.objects.exclude(state=Mentorship.State.ENDED).count()
    taken = Profile.objects.filter(participations__isnull=False)
    return set(taken.values_list("places_taken", flat=True)) == {holding}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", ["withdraw", "mentor_withdraws", "not_now", "no_legal_basis"])
def test_leaving_and_the_last_yes(leave, report):
    world, deadlocks, began = World(), 0, time.monotonic()
    for _round in range(ROUNDS):
        world.reset()
        deadlocks += at_once(world.accept, getattr(world, leave))
        assert is_consistent()
    report(f"{leave}: {ROUNDS} rounds, {deadlocks} deadlocks, {time.monotonic() - began:.0f} s")
    assert deadlocks == 0


@pytest.mark.django_db(transaction=True)
def test_both_leave_and_somebody_ends_the_pair(report):
    world, deadlocks, began = World(), 0, time.monotonic()
    for _round in range(ROUNDS):
        world.reset()
        pair = world.pair()

        def end(pair: Mentorship = pair) -> None:
            mentorship_end(actor=None, mentorship=pair, reason="no_match")

        deadlocks += at_once(world.withdraw, world.mentor_withdraws, end)
        assert is_consistent()
        assert not Mentorship.objects.exclude(state="ended").exists()
    report(f"all end it: {ROUNDS} rounds, {deadlocks} deadlocks, {time.monotonic() - began:.0f} s")
    assert deadlocks == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_programme_held_they_wait_for_each_other(monkeypatch, report):
    monkeypatch.setattr(locks, "_held", lambda rows: None)
    world, deadlocks = World(), 0
    for _round in range(CONTROL_ROUNDS):
        world.reset()
        deadlocks += at_once(world.accept, world.withdraw)
    report(f"control, programme not held: {deadlocks} deadlocks in {CONTROL_ROUNDS} rounds")
    assert deadlocks >= 1
