"""What matching exports and erases of a person."""

import json

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Profile
from matching.engine import Problem, solve
from matching.models import ForbiddenPair, Offer, Override, Proposal, Round, RoundParticipant
from matching.services import personal_data
from reenter.common import clock, privacy
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring

CANARY = "kanarie-7341"
FACTS = [{"criterion": "lived", "kind": "theme", "points": 900, "term": CANARY}]


@pytest.fixture
def anna(programme, mentee):
    return make_mentoring.participant(programme=programme, role="mentee", user=mentee)


def tied_round(programme, anna, other):
    problem = {"format": 2}
    row = Round.objects.create(
        programme=programme, number=1, weights=programme.weights, problem=problem
    )
    places = [
        RoundParticipant.objects.create(
            round=row, participant=person, role=person.role, position=0, tie_key=5
        )
        for person in (anna, other)
    ]
    Override.objects.create(
        round=row, kind="forbid", mentee=places[0], mentor=places[1], reason=CANARY
    )
    Proposal.objects.create(round=row, mentee=places[0], mentor=places[1], points=1, parts={})
    return row


def everything_stored():
    rows = [*Offer.objects.values(), *ForbiddenPair.objects.values(), *Override.objects.values()]
    return str([*rows, *RoundParticipant.objects.values()])


def test_it_is_registered():
    assert "matching" in [handler.name for handler in privacy.handlers()]


def test_the_export_is_ones_own_side(programme, anna, mentee, mentor):
    bram = make_mentoring.participant(programme=programme, role="mentor", user=mentor)
    make.offer(
        programme=programme,
        mentee=anna,
        mentor=bram,
        state="declined",
        closed_at=clock.now(),
        mentee_answer="yes",
        mentor_answer="no",
        decline_reason="competitor",
        note=CANARY,
        facts=FACTS,
    )
    mine = json.dumps(personal_data.export(mentee))
    theirs = json.dumps(personal_data.export(mentor))
    assert "Bram" in mine
    for hidden in ("Jansen", "competitor", "declined", CANARY, "7000", '"no"'):
        assert hidden not in mine
    assert "competitor" in theirs
    assert programme.name in mine


def test_the_export_of_somebody_without_offers(stranger):
    assert personal_data.export(stranger) == {"offers": [], "rounds": []}


def test_after_erasing_nothing_of_the_person_is_left_and_the_other_is_free(
    programme, anna, mentee, mentor, facilitator
):
    bram = make_mentoring.participant(programme=programme, role="mentor", user=mentor)
    open_offer = make.offer(programme=programme, mentee=anna, mentor=bram, facts=FACTS, note=CANARY)
    make.offer(
        programme=programme,
        mentee=anna,
        state="declined",
        closed_at=clock.now(),
        decline_reason="no_time",
        facts=FACTS,
        withdrawn_note=CANARY,
    )
    ForbiddenPair.objects.create(mentee=mentee, mentor=mentor, reason="rematch", note=CANARY)
    kept = ForbiddenPair.objects.create(mentee=facilitator, mentor=mentor, reason="forbidden")
    row = tied_round(programme, anna, bram)
    for _ in range(2):
        personal_data.erase(mentee)
    assert CANARY not in everything_stored()
    assert "no_time" not in everything_stored()
    assert list(ForbiddenPair.objects.all()) == [kept]
    assert list(row.people.values_list("participant", flat=True).order_by("role")) == [
        None,
        bram.pk,
    ]
    open_offer.refresh_from_db()
    assert open_offer.state == Offer.State.WITHDRAWN
    assert Profile.objects.get(pk=bram.profile_id).places_taken == 0
    row.refresh_from_db()
    assert row.problem == {"format": 2}
    assert Proposal.objects.count() == 1


def test_a_round_gives_the_same_pairs_after_an_erasure(programme, anna, mentee):
    from matching.adapters import problem_build

    mentor = make_mentoring.participant(programme=programme, role="mentor")
    problem, _index = problem_build(
        programme=programme,
        mentees=[anna],
        mentors=[mentor],
        weights=programme.weights,
        minimum_points=0,
        exclude_competitors=False,
        tie_keys={anna.pk: 1, mentor.pk: 2},
    )
    before = solve(problem).to_dict()
    stored = json.loads(json.dumps(problem.to_dict()))
    personal_data.erase(mentee)
    assert solve(Problem.from_dict(stored)).to_dict() == before


def test_the_database_itself_refuses_to_oversell(anna):
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.filter(pk=anna.profile_id).update(places_taken=2)
