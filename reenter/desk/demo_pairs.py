"""Pairs, check-ins, an offer and a round of the demo programme: something to do for each role."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from accounts.services.places import places_take
from matching.models import Offer, Round
from matching.services.rounds import round_draft
from matching.services.single import single_offer
from matching.services.solving import round_solve
from mentoring.models import CheckIn, Mentorship, Participant, Programme
from mentoring.services.checkins import check_in_answer, check_ins_run
from mentoring.services.meetings import meeting_plan
from mentoring.services.mentorships import mentorship_start
from reenter.common import clock


def seed_pairs(programme: Programme, facilitator: User, people: dict[str, Participant]) -> None:
    """Two pairs under way, an offer that waits for answers, and a round on its board.

    `people` by the key of the demo. What is there already stays as it is.
    """
    _pair(programme, facilitator, people["mentee"], people["mentor"], days_ago=12)
    unhappy = _pair(programme, facilitator, people["hilde"], people["bram"], days_ago=13)
    if unhappy:
        _not_a_good_fit(unhappy)
    if not Offer.objects.filter(mentee=people["fatima"], mentor=people["tim"]).exists():
        single_offer(
            actor=facilitator,
            participant=people["fatima"],
            other=people["tim"],
            note="Past bij haar plan.",
        )
    if not Round.objects.filter(programme=programme).exists():
        draft = round_draft(actor=facilitator, programme=programme)
        round_solve(actor=facilitator, round=draft)


def _pair(
    programme: Programme,
    facilitator: User,
    mentee: Participant,
    mentor: Participant,
    days_ago: int,
) -> Mentorship | None:
    """Started so long ago, met three days ago, and asked yesterday how that was; None if known."""
    if Mentorship.objects.filter(mentee=mentee, mentor=mentor).exists():
        return None
    now = clock.now()
    with clock.standing_at(now - timedelta(days=days_ago)):
        places_take(profiles=[mentee.profile, mentor.profile])
        pair = mentorship_start(
            actor=facilitator, programme=programme, mentee=mentee, mentor=mentor
        )
    met = now - timedelta(days=3)
    on_the_hour = met.replace(minute=0, second=0, microsecond=0)
    with clock.standing_at(met):
        meeting_plan(actor=mentee.user, mentorship=pair, starts_at=on_the_hour)
    with clock.standing_at(now - timedelta(days=1)):
        check_ins_run()
    return pair


def _not_a_good_fit(pair: Mentorship) -> None:
    asked = CheckIn.objects.get(
        mentorship=pair, participant=pair.mentee, kind=CheckIn.Kind.FIRST_MEETING
    )
    check_in_answer(
        actor=pair.mentee.user,
        check_in=asked,
        fit=CheckIn.Fit.NOT_GOOD,
        comment="Aardig, maar hij weet weinig van mijn vak.",
    )
