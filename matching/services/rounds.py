"""Rounds: made, set up and handed to a worker; later put aside or closed.

Every change of what goes into a round raises `revision`; a result counts only while
`solved_revision` equals it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import MOST_PLACES
from matching.engine import CRITERIA, FULL_SCORE
from mentoring.errors import Refused
from mentoring.models import Participant, Programme
from mentoring.selectors.participants import matchable
from reenter.common import audit
from reenter.common.jobs import job_cancel, job_start
from reenter.common.models import Job

from ..models import Offer, Round, RoundParticipant

State = Round.State

SOLVE_JOB = "solve_round"
PERCENT = 100
KEY_BITS = 63

TRANSITIONS: dict[str, set[str]] = {
    State.DRAFT: {State.REVIEWED, State.CLOSED},
    State.REVIEWED: {State.REVIEWED, State.PUBLISHED, State.CLOSED},
    State.PUBLISHED: {State.CLOSED},
    State.CLOSED: set(),
}
CHANGEABLE = {State.DRAFT, State.REVIEWED}


class RoundRefused(Refused):
    """The message is a translated sentence that says what to do instead."""


@transaction.atomic
def round_draft(*, actor: Any, programme: Programme) -> Round:
    """A new round with the rules of the programme and everybody who can be matched now.

    Each person gets a random key of 63 bits that decides ties and nothing else.
    """
    # The lock gives two rounds that are made at once different numbers.
    programme = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    last = programme.rounds.aggregate(last=Max("number"))["last"] or 0  # type: ignore[attr-defined]
    new = Round.objects.create(
        programme=programme,
        number=last + 1,
        weights=programme.weights,
        minimum_points=programme.minimum_points,
        exclude_competitors=programme.exclude_competitors,
        floor_first=programme.floor_first,
        lower_quota=programme.lower_quota,
        created_by=actor,
    )
    added = _add(new, matchable(programme))
    audit.record(actor=actor, action="round_draft", target=new, people=added)
    return new


@transaction.atomic
def round_configure(
    *,
    actor: Any,
    round: Round,
    weights: Mapping[str, int],
    minimum_points: int,
    exclude_competitors: bool,
    floor_first: bool,
    lower_quota: int,
) -> Round:
    """Set the rules of one round. `weights`: whole percent per criterion, together 100.

    `floor_first`: the weakest pair is made as good as possible before the total. `lower_quota`:
    how many mentees each mentor gets at least, where it can be; 0 asks for nothing.

    Raises RoundRefused for rules that cannot be, or when the round is published or closed.
    """
    round = changeable(round)
    _check_rules(weights, minimum_points, lower_quota)
    rules = {
        "weights": {name: weights[name] / PERCENT for name in CRITERIA},
        "minimum_points": minimum_points,
        "exclude_competitors": exclude_competitors,
        "floor_first": floor_first,
        "lower_quota": lower_quota,
    }
    changed = [name for name, value in rules.items() if getattr(round, name) != value]
    if not changed:
        return round
    for name in changed:
        setattr(round, name, rules[name])
    round.save(update_fields=changed)
    touch(round)
    audit.record(actor=actor, action="round_configure", target=round, **rules)
    return round


@transaction.atomic
def round_leave_out(
    *, actor: Any, round: Round, people: Iterable[RoundParticipant], reason: str
) -> int:
    """These people are not matched in this round, and why. Returns how many that changed."""
    round = changeable(round)
    if not reason.strip():
        raise RoundRefused(_("Write in a few words why."))
    rows = round.people.filter(pk__in=[row.pk for row in people], included=True)  # type: ignore[attr-defined]
    return _include(actor, round, rows, included=False, note=reason.strip()[:300])


@transaction.atomic
def round_take_back_in(*, actor: Any, round: Round, people: Iterable[RoundParticipant]) -> int:
    """The opposite of `round_leave_out`."""
    round = changeable(round)
    rows = round.people.filter(pk__in=[row.pk for row in people], included=False)  # type: ignore[attr-defined]
    return _include(actor, round, rows, included=True, note="")


@transaction.atomic
def round_people_add(*, actor: Any, round: Round) -> int:
    """Add who became ready since the round was made. Returns how many."""
    round = changeable(round)
    added = _add(round, newly_ready(round))
    if added:
        touch(round)
        audit.record(actor=actor, action="round_people_add", target=round, people=added)
    return added


@transaction.atomic
def round_solve_start(*, actor: Any, round: Round) -> Job:
    """Hand the round to a worker; the job that is under way already when there is one.

    Raises RoundRefused when there is no mentee or no mentor to match.
    """
    round = changeable(round)
    if round.job is not None and round.job.is_open:
        return round.job
    roles = set(
        matchable(round.programme)
        .filter(round_places__round=round, round_places__included=True)
        .values_list("role", flat=True)
    )
    if len(roles) < 2:
        raise RoundRefused(nobody_to_match())
    params = {
        "round": str(round.pk),
        "next": reverse("matching:board", args=[round.pk]),
        "cancel": reverse("matching:round_solve_cancel", args=[round.pk]),
    }
    round.job = job_start(actor=actor, kind=SOLVE_JOB, params=params)
    round.save(update_fields=["job"])
    audit.record(actor=actor, action="round_solve_start", target=round, revision=round.revision)
    return round.job


@transaction.atomic
def round_solve_cancel(*, actor: Any, round: Round) -> bool:
    """Stop the search that is under way; the round stays as it was before it.

    False when there is none, or when its result is in already. Safe to repeat.
    """
    round = locked(round)
    job = round.job
    if job is None or is_solved_by(round, job) or not job_cancel(job=job):
        return False
    audit.record(actor=actor, action="round_solve_cancel", target=round, job=str(job.pk))
    return True


def is_solved_by(round: Round, job: Job) -> bool:
    """Whether the result of this job is in, also where the job does not know it yet."""
    return round.solved_at is not None and round.solved_at >= job.created_at


@transaction.atomic
def round_close(*, actor: Any, round: Round) -> Round:
    """Nothing more happens in this round. One that was not published is put aside by it.

    Raises RoundRefused while an offer of the round waits for an answer.
    """
    round = locked(round)
    if round.state == State.CLOSED:
        return round
    waiting = Offer.objects.open().filter(proposal__round=round).count()
    if waiting:
        raise RoundRefused(
            _("Offers of this round still wait for an answer. Close it when all are answered.")
        )
    move(round, State.CLOSED)
    round.save(update_fields=["state"])
    audit.record(actor=actor, action="round_close", target=round)
    return round


def nobody_to_match() -> str:
    return _(
        "There is nobody to match. "
        "A round needs a mentee and a mentor who are admitted, briefed and have a legal basis."
    )


def newly_ready(round: Round) -> Any:
    """Participants who can be matched now and are not in the round."""
    return matchable(round.programme).exclude(round_places__round=round)


def locked(round: Round) -> Round:
    """The row as it is now, kept from others until the transaction ends."""
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related(
        "programme", "job"
    )
    return rows.get(pk=round.pk)


def changeable(round: Round) -> Round:
    """The same, for a change; raises RoundRefused once it is published or closed."""
    round = locked(round)
    if round.state not in CHANGEABLE:
        raise RoundRefused(
            _("This round is %(state)s, so it can no longer change. Make a new round.")
            % {"state": round.get_state_display().lower()}
        )
    return round


def touch(round: Round) -> None:
    """What goes into the round has changed: its result no longer counts."""
    Round.objects.filter(pk=round.pk).update(revision=F("revision") + 1)
    round.refresh_from_db(fields=["revision"])


def move(round: Round, state: str) -> None:
    """Set the state of a locked round; raises RoundRefused for a step that does not exist."""
    if state not in TRANSITIONS[round.state]:
        raise RoundRefused(
            _("That cannot be done now. The round is: %(state)s.")
            % {"state": round.get_state_display().lower()}
        )
    round.state = state


def _add(round: Round, people: Iterable[Participant]) -> int:
    rows = [
        RoundParticipant(
            round=round,
            participant=person,
            role=person.role,
            tie_key=secrets.randbits(KEY_BITS),
        )
        for person in people
    ]
    return len(RoundParticipant.objects.bulk_create(rows))


def _include(actor: Any, round: Round, rows: Any, *, included: bool, note: str) -> int:
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    changed = rows.update(included=included, left_out_note=note)
    if changed:
        touch(round)
        action = "round_take_back_in" if included else "round_leave_out"
        audit.record(actor=actor, action=action, target=round, people=ids)
    return changed


def _check_rules(weights: Mapping[str, int], minimum_points: int, lower_quota: int) -> None:
    if set(weights) != set(CRITERIA):
        raise ValueError(f"Weights are asked for exactly {CRITERIA}")
    total = sum(weights.values())
    if min(weights.values()) < 0 or total != PERCENT:
        raise RoundRefused(
            _("The weights add up to %(total)d percent. Make them add up to 100.")
            % {"total": total}
        )
    if not 0 <= minimum_points <= FULL_SCORE:
        raise RoundRefused(_("Choose a minimum from 0 to 10,000 points."))
    if not 0 <= lower_quota <= MOST_PLACES:
        raise RoundRefused(
            _("Choose from 0 to %(most)d mentees per mentor.") % {"most": MOST_PLACES}
        )
