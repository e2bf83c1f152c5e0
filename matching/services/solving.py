"""Solving a round: from people to arrays, the engine, and the result back to people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from matching.engine import (
    SIZE,
    Patience,
    Problem,
    ProblemError,
    Solution,
    explain,
    solve,
    verify_solution,
)
from mentoring.models import Mentorship, Participant
from mentoring.selectors.participants import why_not_matchable, with_readiness
from reenter.common import audit, clock, jobs
from reenter.common.models import Job

from ..adapters import Index, problem_build
from ..models import ForbiddenPair, Override, Proposal, Round, RoundParticipant
from ..reasons import facts_from_explanation
from ..selectors.look import vocabulary_of
from ..selectors.rounds import NOT_NEEDED
from .rounds import (
    SOLVE_JOB,
    RoundRefused,
    State,
    changeable,
    is_solved_by,
    move,
    nobody_to_match,
)
from .scanning import shared_solving

PRIORITY_AFTER = timedelta(days=30)
BATCH = 500

LEFT_OUT = "left_out"
NO_PLACE_LEFT = "no_place_left"


@dataclass
class _Field:
    """Who enters: people by the id of their participant, and a reason for who does not."""

    people: dict[UUID, Participant]
    rows: dict[UUID, RoundParticipant]
    reasons: dict[UUID, str]

    def of_role(self, role: str) -> list[Participant]:
        return [person for person in self.people.values() if person.role == role]


@dataclass(frozen=True)
class _Result:
    problem: Problem
    index: Index
    solution: Solution


def round_solve(*, actor: Any, round: Round, progress: jobs.Progress | None = None) -> Round:
    """Find the best pairs and store them with their proof, reasons and what they came from.

    Computes outside any transaction, then writes in one short one. People are looked at again:
    who cannot be matched any more is left out with the reason. A change of the round meanwhile is
    kept, and shows in `revision`. What `progress` raises ends the work, and the round stays as it
    was. Raises RoundRefused when there is nobody to match, or when a pair that staff keep together
    has become impossible.
    """
    report = progress or (lambda phase, fraction: None)
    report(_("Looking at who takes part"), 0.05)
    round = Round.objects.select_related("programme").get(pk=round.pk)
    field = _field(round)
    result = _compute(round, field, report)
    return _store(actor, round, field, result, report)


@jobs.register(SOLVE_JOB)
def solve_job(job: Job, progress: jobs.Progress) -> None:
    """The work of the job; running it again after it was done changes nothing."""
    round = Round.objects.filter(pk=job.params["round"]).first()
    if round is None:
        raise jobs.JobRefused(_("This round is no longer there."))
    if is_solved_by(round, job) and round.solved_revision == round.revision:
        return
    actor = job.started_by
    with translation.override(actor.language if actor else None):
        try:
            round_solve(actor=actor, round=round, progress=progress)
        except RoundRefused as refusal:
            raise jobs.JobRefused(str(refusal)) from refusal


def _field(round: Round) -> _Field:
    rows = {
        row.participant_id: row
        for row in RoundParticipant.objects.filter(round=round)
        if row.participant_id is not None
    }
    everybody = with_readiness(Participant.objects.filter(round_places__round=round))
    field = _Field({}, rows, {})
    for person in everybody:
        codes = [LEFT_OUT] if not rows[person.pk].included else why_not_matchable(person)
        if codes:
            field.reasons[person.pk] = codes[0]
        else:
            field.people[person.pk] = person
    return field


def _compute(round: Round, field: _Field, report: jobs.Progress) -> _Result:
    try:
        problem, index = _problem(round, field)
        solution = solve(
            problem,
            progress=_phases(report),
            most_megabytes=settings.SOLVE_MOST_MEGABYTES,
            shared=shared_solving(),
            patience=Patience(seconds=settings.SOLVE_MOST_SECONDS),
        )
    except ProblemError as error:
        if error.field == SIZE:
            raise RoundRefused(
                _(
                    "This round is too large for this machine. "
                    "Leave people out, or ask whoever runs the site for a larger machine."
                )
            ) from error
        if error.field != "locks":
            raise
        raise RoundRefused(
            _(
                "A pair that you keep together cannot be made any more: "
                "it breaks a must-have, or there are not enough places. "
                "Take that decision back, then try again."
            )
        ) from error
    field.reasons |= index.left_out
    report(_("Checking the proof"), 0.75)
    if not verify_solution(problem, solution, most_gap=solution.gap):
        raise RuntimeError(f"The result of round {round.pk} is not proven.")
    return _Result(problem, index, solution)


def _problem(round: Round, field: _Field) -> tuple[Problem, Index]:
    mentees, mentors = field.of_role("mentee"), field.of_role("mentor")
    if not mentees or not mentors:
        raise RoundRefused(nobody_to_match())
    kept, never = _overrides(round)
    if any(one not in field.people for pair in kept for one in pair):
        raise RoundRefused(
            _(
                "Somebody in a pair that you keep together takes no part any more. "
                "Take that decision back, then try again."
            )
        )
    return problem_build(
        programme=round.programme,
        mentees=mentees,
        mentors=mentors,
        weights=round.weights,
        minimum_points=round.minimum_points,
        exclude_competitors=round.exclude_competitors,
        floor_first=round.floor_first,
        lower_quota=round.lower_quota,
        tie_keys={pk: row.tie_key for pk, row in field.rows.items()},
        locks=kept,
        forbidden=never,
        priority=_with_priority(mentees),
    )


def _phases(report: jobs.Progress) -> jobs.Progress:
    """The engine's phases in words, between a tenth and three quarters of the work."""
    words = {
        "wait": _("Waiting for another round to finish"),
        "score": _("Counting the points of all pairs"),
        "count": _("Counting how many people can be matched"),
        "floor": _("Making the weakest pair as good as possible"),
        "total": _("Finding the best pairs"),
        "unmatched": _("Looking at who is left"),
        "done": _("Looking at who is left"),
    }
    return lambda phase, fraction: report(words.get(phase, phase), 0.1 + 0.65 * fraction)


def _overrides(round: Round) -> tuple[list[tuple[UUID, UUID]], list[tuple[UUID, UUID]]]:
    """Pairs of participants that staff keep together, and that they keep apart."""
    decided: dict[str, list[tuple[UUID, UUID]]] = {kind: [] for kind in Override.Kind.values}
    in_force = round.overrides.filter(withdrawn_at__isnull=True)  # type: ignore[attr-defined]
    known = in_force.filter(mentee__participant__isnull=False, mentor__participant__isnull=False)
    pairs = known.values_list("kind", "mentee__participant", "mentor__participant")
    for kind, mentee, mentor in pairs.order_by("created_at"):
        decided[kind].append((mentee, mentor))
    return decided[Override.Kind.LOCK], decided[Override.Kind.FORBID]


def _with_priority(mentees: Sequence[Participant]) -> Collection[UUID]:
    """Who waits for 30 days, or waits again after a pair that did not work out."""
    early = clock.now() - PRIORITY_AFTER
    asked = ForbiddenPair.objects.filter(
        mentee=OuterRef("user"), reason=ForbiddenPair.Reason.REMATCH
    )
    ended = Mentorship.objects.filter(mentee__user=OuterRef("user"), state=Mentorship.State.ENDED)
    programme = mentees[0].programme_id
    waiting = Participant.objects.filter(programme=programme, waiting_since__isnull=False)
    first = waiting.filter(Q(waiting_since__lte=early) | Exists(asked) | Exists(ended))
    return set(first.values_list("pk", flat=True)) & {person.pk for person in mentees}


@transaction.atomic
def _store(actor: Any, seen: Round, field: _Field, result: _Result, report: jobs.Progress) -> Round:
    round = changeable(seen)
    # Whoever stops the search holds the round as well: it is either kept whole or not at all.
    report(_("Keeping the result"), 0.9)
    if round.solution is not None:
        pairs = round.proposals.values_list("mentee", "mentor")  # type: ignore[attr-defined]
        round.previous_pairs = [[str(mentee), str(mentor)] for mentee, mentor in pairs]
    move(round, State.REVIEWED)
    round.problem = result.problem.to_dict()
    round.solution = result.solution.to_dict()
    round.vocabulary = vocabulary_of(result.index)
    round.engine_version = result.solution.version
    round.solved_revision = seen.revision
    round.solved_at = clock.now()
    round.save(
        update_fields=[
            "state",
            "problem",
            "solution",
            "vocabulary",
            "previous_pairs",
            "engine_version",
            "solved_revision",
            "solved_at",
        ]
    )
    _store_people(round, field, result)
    _store_proposals(round, field, result)
    audit.record(
        actor=actor,
        action="round_solve",
        target=round,
        revision=seen.revision,
        matched=result.solution.matched,
        total=result.solution.total,
    )
    return round


def _store_people(round: Round, field: _Field, result: _Result) -> None:
    """Places in the arrays, and for everybody without a pair the reason."""
    index, solution = result.index, result.solution
    for pk, row in field.rows.items():
        row.position, row.unmatched_reason = None, field.reasons.get(pk, "")
    for side in (index.mentees, index.mentors):
        for position, pk in enumerate(side):
            field.rows[pk].position = position
    for person in solution.unmatched:
        field.rows[index.mentees[person.mentee]].unmatched_reason = person.reason
    used = set(solution.mentor_of.tolist())
    for column, pk in enumerate(index.mentors):
        if column not in used:
            full = not result.problem.capacity[column]
            field.rows[pk].unmatched_reason = NO_PLACE_LEFT if full else NOT_NEEDED
    # First free all places: the constraint on them is checked row by row.
    RoundParticipant.objects.filter(round=round).update(position=None)
    RoundParticipant.objects.bulk_update(
        field.rows.values(), ["position", "unmatched_reason"], batch_size=BATCH
    )


def _store_proposals(round: Round, field: _Field, result: _Result) -> None:
    Proposal.objects.filter(round=round).delete()
    Proposal.objects.bulk_create(_proposals(round, field, result), batch_size=BATCH)


def _proposals(round: Round, field: _Field, result: _Result) -> Iterable[Proposal]:
    problem, index = result.problem, result.index
    locks = set(problem.locks)
    for mentee, mentor in enumerate(result.solution.mentor_of.tolist()):
        if mentor < 0:
            continue
        found = explain(problem, mentee, mentor)
        yield Proposal(
            round=round,
            mentee=field.rows[index.mentees[mentee]],
            mentor=field.rows[index.mentors[mentor]],
            points=found.points,
            parts={part.criterion: part.points for part in found.parts},
            facts=facts_from_explanation(found, index),
            locked=(mentee, mentor) in locks,
        )
