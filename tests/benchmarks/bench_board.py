"""Milliseconds of the pages of a round of cohort A: python -m tests.benchmarks.bench_board

Processor time of this process, from request to answer, in Dutch, on a database as in
`bench_cohort`. Fails when the board, with 100 pairs on its first page, takes more than `LIMIT`.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from typing import Any

from .bench_cohort import SLUG, scratch

TIMES = 60
LIMIT = 50.0


def world() -> tuple[Any, dict[str, str]]:
    """A facilitator at the browser, and the address of each page of a solved round."""
    from django.test import Client
    from django.urls import reverse

    from accounts.models import Membership
    from accounts.services.people import user_create
    from matching.services.rounds import round_draft
    from matching.services.solving import round_solve
    from mentoring.models import Programme

    programme = Programme.objects.get(slug=SLUG)
    facilitator = user_create(actor=None, name="Bench", email="bench@example.org")
    Membership.objects.create(organisation=programme.organisation, user=facilitator)
    solved = round_solve(actor=None, round=round_draft(actor=None, programme=programme))
    pair = solved.proposals.get(pk=solved.proposals.values_list("pk", flat=True)[0])
    client = Client(headers={"accept-language": "nl"})
    client.force_login(facilitator)
    pages = {
        "the list of rounds": reverse("matching:round_list", args=[SLUG]),
        "the board, 100 pairs": reverse("matching:board", args=[solved.pk]),
        "one pair": reverse(
            "matching:board_pair", args=[solved.pk, pair.mentee_id, pair.mentor_id]
        ),
        "one person now": reverse("matching:single_match", args=[pair.mentee.participant_id]),
    }
    return client, pages


def milliseconds(client: Any, address: str) -> float:
    """Median of many times, after some to warm up."""
    spent = []
    for _turn in range(TIMES):
        start = time.process_time()
        response = client.get(address)
        spent.append(time.process_time() - start)
        if response.status_code != 200:
            raise SystemExit(f"{address} answers {response.status_code}.")
    return 1000 * statistics.median(spent)


def main() -> None:
    os.environ["DJANGO_DEBUG"] = "False"
    os.environ["DJANGO_ALLOWED_HOSTS"] = "testserver"
    with tempfile.TemporaryDirectory() as folder:
        scratch(folder)
        client, pages = world()
        sys.stdout.write("page | CPU ms\n")
        found = {name: milliseconds(client, address) for name, address in pages.items()}
        for name, spent in found.items():
            sys.stdout.write(f"{name} | {spent:.1f}\n")
        if found["the board, 100 pairs"] > LIMIT:
            sys.exit(f"The board takes more than {LIMIT:.0f} ms.")


if __name__ == "__main__":
    main()
