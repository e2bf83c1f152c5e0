"""Steps that run in a process of their own, against the servers of a fault test."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402

from matching.engine.large import solve_large  # noqa: E402
from matching.services.scanning import ScanQueue, shared_solving  # noqa: E402
from mentoring.models import CheckIn, Mentorship  # noqa: E402
from reenter.common.models import OutboxMessage  # noqa: E402
from tests.benchmarks.instances import large_round  # noqa: E402
from tests.factories import accounts, mentoring  # noqa: E402


def zone_of_noon() -> str:
    """A time zone in which it is about noon right now: capped mail goes out by day."""
    offset = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def due_check_ins(pairs: int) -> None:
    """So many running pairs, both halves with a check-in that is due now."""
    zone = zone_of_noon()
    with transaction.atomic():
        programme = mentoring.programme(check_in_days=[14])
        for number in range(pairs):
            halves = {
                role: mentoring.participant(
                    programme=programme,
                    role=role,
                    user=accounts.user(email=f"{role}{number}@example.org", time_zone=zone),
                )
                for role in ("mentee", "mentor")
            }
            start(programme, **halves)
        OutboxMessage.objects.all().delete()
        # Fifteen days ago, and heard of since: nothing else is due.
        past = datetime.now(UTC) - timedelta(days=15)
        Mentorship.objects.update(started_at=past, in_touch_at=datetime.now(UTC))
        CheckIn.objects.update(due_at=datetime.now(UTC) - timedelta(hours=1))


def start(programme, mentee, mentor) -> Mentorship:
    from mentoring.services.mentorships import mentorship_start

    return mentorship_start(actor=None, programme=programme, mentee=mentee, mentor=mentor)


def signed_in_pair() -> None:
    """A pair of which the mentee is signed in; prints what a browser needs."""
    with transaction.atomic():
        programme = mentoring.programme()
        halves = {
            role: mentoring.participant(
                programme=programme,
                role=role,
                user=accounts.user(email=f"{role}@example.org", time_zone=zone_of_noon()),
            )
            for role in ("mentee", "mentor")
        }
        mentorship = start(programme, **halves)
        OutboxMessage.objects.all().delete()
        user = halves["mentee"].user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
    sys.stdout.write(json.dumps({"session": session.session_key, "pair": str(mentorship.pk)}))


def solve_large_round(mentees: int, mentors: int, result: Path) -> None:
    """The optimum of a large round, with workers if the settings say so; its digest and steps."""
    table, steps = large_round(mentees, mentors, 1.05), []
    shared = shared_solving()
    found = solve_large(table, True, lambda *step: steps.append(step), shared=shared)
    plain = json.dumps(found.to_dict()).encode()
    told = {"gap": found.gap, "digest": hashlib.sha256(plain).hexdigest(), "steps": steps}
    unfinished = result.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(told))
    unfinished.rename(result)


if __name__ == "__main__":
    steps = {
        "due_check_ins": lambda: due_check_ins(int(sys.argv[2])),
        "pair": signed_in_pair,
        "scan_again": lambda: ScanQueue().hand_out(sys.argv[2], 1, int(sys.argv[3])),
        "solve": lambda: solve_large_round(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])),
    }
    steps[sys.argv[1]]()
