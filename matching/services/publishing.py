"""Publishing a round: from then on its pairs are offers, and everybody hears something.

No programme opens without a safeguarding person and a deputy, and publishing is what first
brings people together. So a round is published only in a programme that has both. The one
exception is an operator at the command line, who answers for it: `without_safeguarding`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from matching.engine import Problem, ProblemError, Solution, verify_solution
from mentoring.errors import Refused
from mentoring.models import Participant, Programme
from mentoring.selectors.participants import with_readiness
from mentoring.services.locks import programmes_hold
from mentoring.services.waiting import waiting_mails_after_round
from reenter.common import audit, clock

from ..models import Offer, Round
from ..selectors.rounds import people_to_tell
from .offers import OfferRefused, offer_open
from .rounds import State


class PublishRefused(Refused):
    """The message is a translated sentence that says what to do instead; nothing was sent."""


class AlreadyPublished(PublishRefused):
    """Somebody else, or another tab, was first."""


def round_publish(
    *, actor: Any, round: Round, revision: int, without_safeguarding: bool = False
) -> Round:
    """Open an offer for every pair and tell who waits; all of it, or nothing.

    `revision` is the one that the person looked at. Two at the same time give one publication:
    the other raises AlreadyPublished. Raises PublishRefused when the round changed since it was
    solved, when its proof does not hold, or when somebody in it can no longer be matched.
    """
    seen = Round.objects.select_related("programme").get(pk=round.pk)
    _refuse_unready(seen, revision, without_safeguarding)
    if not is_proven(seen):
        raise PublishRefused(_("The proof of this result does not hold. Find the pairs again."))
    with transaction.atomic():
        programmes_hold([seen.programme_id])
        now = clock.now()
        # The one who changes the state publishes; who comes second finds nothing to change.
        first = Round.objects.filter(
            pk=seen.pk,
            state=State.REVIEWED,
            revision=revision,
            solved_revision=revision,
            solved_at=seen.solved_at,
        ).update(state=State.PUBLISHED, published_at=now, published_by=actor)
        if not first:
            _refuse_unready(Round.objects.get(pk=seen.pk), revision, without_safeguarding)
            raise PublishRefused(_outdated())
        _publish(actor, Round.objects.get(pk=seen.pk))
    round.refresh_from_db()
    return round


def is_proven(round: Round) -> bool:
    """Whether the stored result is the optimum of the stored problem, or as near to it as it says;
    computed afresh."""
    if round.problem is None or round.solution is None:
        return False
    try:
        problem, solution = Problem.from_dict(round.problem), Solution.from_dict(round.solution)
        return verify_solution(problem, solution, most_gap=solution.gap)
    except ProblemError:
        return False


def has_safeguarding(programme: Programme) -> bool:
    return bool(programme.safeguarding_person_id and programme.safeguarding_deputy_id)


def _refuse_unready(round: Round, revision: int, without_safeguarding: bool) -> None:
    if round.state == State.PUBLISHED:
        raise AlreadyPublished(
            _("This round has been published already. All mails are on their way, once.")
        )
    if round.state == State.CLOSED:
        raise PublishRefused(_("This round is closed. Make a new round."))
    if round.state != State.REVIEWED:
        raise PublishRefused(_("Find the best pairs first, and look at them."))
    if round.solved_revision != round.revision or round.revision != revision:
        raise PublishRefused(_outdated())
    if not (without_safeguarding or has_safeguarding(round.programme)):
        raise PublishRefused(
            _(
                "Name a safeguarding person and a deputy first, in the settings of the programme. "
                "Without both names nobody is brought together."
            )
        )


def _outdated() -> str:
    return _("This round has changed since. Find the best pairs again, then look and publish.")


def _publish(actor: Any, round: Round) -> None:
    programme = Programme.objects.select_related("organisation", "contact").get(
        pk=round.programme_id
    )
    people = _people(round, programme)
    pairs = round.proposals.select_related("mentee", "mentor")  # type: ignore[attr-defined]
    opened = 0
    for proposal in pairs.order_by("mentee__position"):
        _offer(actor, programme, proposal, people)
        opened += 1
    told = waiting_mails_after_round(
        actor=actor,
        round_programme=programme,
        participants=[people[pk] for pk in people_to_tell(round)],
        round_key=str(round.pk),
    )
    audit.record(
        actor=actor,
        action="round_publish",
        target=round,
        revision=round.revision,
        offers=opened,
        told=told,
        safeguarding=has_safeguarding(programme),
    )


def _people(round: Round, programme: Programme) -> dict[Any, Participant]:
    """Everybody of the round as they are now, with what the offers and mails need."""
    rows = with_readiness(Participant.objects.filter(round_places__round=round))
    people = {person.pk: person for person in rows}
    for person in people.values():
        person.programme = programme
    return people


def _offer(actor: Any, programme: Programme, proposal: Any, people: dict[Any, Participant]) -> None:
    mentee = people.get(proposal.mentee.participant_id)
    mentor = people.get(proposal.mentor.participant_id)
    try:
        if mentee is None or mentor is None:
            raise OfferRefused(_("Somebody in a pair has left."))
        offer_open(
            actor=actor,
            programme=programme,
            mentee=mentee,
            mentor=mentor,
            points=proposal.points,
            parts=proposal.parts,
            facts=proposal.facts,
            source=Offer.Source.ROUND,
            proposal=proposal,
        )
    except OfferRefused as refusal:
        raise PublishRefused(
            _("%(why)s Nothing was sent. Find the best pairs again, then publish.")
            % {"why": str(refusal)}
        ) from refusal
