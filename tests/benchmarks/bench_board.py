"""Milliseconds of the pages of a round of cohort A: python -m tests.benchmarks.bench_board

Processor time of this process, from request to answer, in Dutch, on a database as in
`bench_cohort`. Fails when the board, with 100 pairs on its first page, or what a decision costs, or
who is next after an offer takes more than `LIMIT`.
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
BOUNDED = (
    "the board, 100 pairs",
    "what keeping apart costs",
    "what an exchange costs",
    "who is next",
)


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
    two = solved.pk, pair.mentee_id, pair.mentor_id
    other = solved.proposals.exclude(mentor=pair.mentor_id).values_list("pk", flat=True)[0]
    exchange = reverse("matching:override_swap", args=two)
    published = round_draft(actor=None, programme=programme)
    published = round_solve(actor=None, round=published)
    pages = {
        "the list of rounds": reverse("matching:round_list", args=[SLUG]),
        "the board, 100 pairs": reverse("matching:board", args=[solved.pk]),
        "one pair": reverse(
            "matching:board_pair", args=[solved.pk, pair.mentee_id, pair.mentor_id]
        ),
        "what keeping apart costs": reverse("matching:override_forbid", args=two),
        "what an exchange costs": f"{exchange}?other={other}",
        "who is next": reverse("matching:offer_detail", args=[declined(published).pk]),
        "one person now": reverse("matching:single_match", args=[pair.mentee.participant_id]),
    }
    return client, pages


def declined(solved: Any) -> Any:
    """One in ten of the offers of the round, declined; the last of them."""
    from matching.models import Offer
    from matching.services.offers import offer_answer
    from matching.services.publishing import round_publish

    round_publish(actor=None, round=solved, revision=solved.revision, without_safeguarding=True)
    answer = {"side": "mentee", "answer": "no", "reason": "no_time"}
    offers = Offer.objects.select_related("mentee__user").order_by("mentee__user__name")
    for offer in offers[::10]:
        ended = offer_answer(actor=offer.mentee.user, offer=offer, **answer)
    return ended


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
        slow = [name for name in BOUNDED if found[name] > LIMIT]
        if slow:
            sys.exit(f"More than {LIMIT:.0f} ms: {', '.join(slow)}.")


if __name__ == "__main__":
    main()
