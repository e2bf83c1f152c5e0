"""Rounds: made, set up, solved, replayed, closed."""

import json
from datetime import timedelta

import numpy as np
import pytest

from accounts.models import LegalBasis, Profile
from accounts.services.privacy import account_erase
from matching.engine import Problem, solve
from matching.models import Proposal, Round
from matching.services import rounds, solving
from matching.services.publishing import is_proven, round_publish
from mentoring.models import Participant
from mentoring.models.programmes import DEFAULT_WEIGHTS
from reenter.common import clock, jobs
from reenter.common.models import AuditEntry, Job
from tests.factories import matching as make_matching
from tests.factories import mentoring as make_mentoring
from tests.factories import rounds as make

EQUAL = {"goals": 50, "lived": 10, "bonds": 10, "sector": 10, "availability": 10, "place": 10}

WEIGHTS = {name: round(100 * weight) for name, weight in DEFAULT_WEIGHTS.items()}


@pytest.fixture
def people(programme):
    return make.cohort(programme)


@pytest.fixture
def solved(people, facilitator):
    return people.solved(facilitator)


def configure(round, **changes):
    rules = {
        "weights": EQUAL,
        "minimum_points": 0,
        "exclude_competitors": False,
        "floor_first": True,
        "lower_quota": 0,
    }
    return rounds.round_configure(actor=None, round=round, **rules | changes)


def test_a_draft_takes_the_rules_and_everybody_who_is_ready(people, programme, facilitator):
    programme.weights = {name: percent / 100 for name, percent in EQUAL.items()}
    programme.minimum_points = 1200
    programme.save()
    make_mentoring.participant(programme=programme, role="mentee", ready=False)
    draft = people.draft(facilitator)
    assert draft.weights == programme.weights
    assert (draft.number, draft.state, draft.minimum_points) == (1, Round.State.DRAFT, 1200)
    assert {row.participant for row in draft.people.all()} == set(people.people.values())
    keys = [row.tie_key for row in draft.people.all()]
    assert len(set(keys)) == 5
    assert all(0 <= key < 2**63 for key in keys)
    again = people.draft(facilitator)
    assert again.number == 2
    assert not set(keys) & {row.tie_key for row in again.people.all()}
    assert AuditEntry.objects.filter(action="round_draft", actor=facilitator).count() == 2


def test_weights_must_add_up_to_a_hundred(people):
    draft = people.draft()
    with pytest.raises(rounds.RoundRefused, match="95"):
        configure(draft, weights=EQUAL | {"goals": 45})
    with pytest.raises(rounds.RoundRefused):
        configure(draft, weights=EQUAL | {"goals": 60, "place": -10, "lived": 20})
    draft.refresh_from_db()
    assert draft.weights["goals"] == 0.4
    changed = configure(draft, minimum_points=300)
    assert (changed.weights["goals"], changed.minimum_points, changed.revision) == (0.5, 300, 1)
    assert configure(draft, minimum_points=300).revision == 1


@pytest.fixture
def weak_or_rich(programme):
    """The highest total gives Bea a poor match; the best weakest pair costs some points."""
    found = make.cohort(programme)
    Participant.objects.all().delete()
    found.mentee("Ada", 0, 1)
    found.mentee("Bea", 0, 2, 1)
    found.mentor("Rich", 0, 1)
    found.mentor("Poor", 0)
    return found


def test_the_weakest_pair_comes_first_unless_switched_off(weak_or_rich, programme):
    fair = weak_or_rich.solved()
    assert make.pairs(fair) == {"Ada": "Poor", "Bea": "Rich"}
    assert fair.floor_first
    programme.floor_first = False
    programme.save()
    rich = weak_or_rich.solved()
    assert make.pairs(rich) == {"Ada": "Rich", "Bea": "Poor"}
    assert rich.solution["total"] > fair.solution["total"]
    for solved in (fair, rich):
        again = solve(Problem.from_dict(solved.problem))
        assert again.to_dict() == solved.solution
        assert is_proven(solved)


def test_the_switch_of_one_round_is_stored_with_it(weak_or_rich, programme):
    draft = configure(weak_or_rich.draft(), weights=WEIGHTS, floor_first=False)
    assert (draft.floor_first, draft.revision) == (False, 1)
    assert AuditEntry.objects.get(action="round_configure").data["floor_first"] is False
    solved = solving.round_solve(actor=None, round=draft)
    assert make.pairs(solved)["Ada"] == "Rich"
    assert solved.problem["floor_first"] is False
    programme.refresh_from_db()
    assert programme.floor_first


@pytest.fixture
def popular(programme):
    """The highest total gives Rich two mentees and Poor none."""
    found = make.cohort(programme)
    Participant.objects.all().delete()
    found.mentee("Ada", 0, 1)
    found.mentee("Bea", 0, 1)
    found.mentor("Rich", 0, 1, places=2)
    found.mentor("Poor", 0)
    return found


def test_a_lower_quota_gives_every_mentor_a_mentee(popular, programme):
    rich = popular.solved()
    assert set(make.pairs(rich).values()) == {"Rich"}
    programme.lower_quota = 1
    programme.save()
    spread = popular.solved()
    assert spread.lower_quota == 1
    assert set(make.pairs(spread).values()) == {"Rich", "Poor"}
    assert spread.solution["total"] < rich.solution["total"]
    assert spread.solution["quota_filled"] == 2
    assert is_proven(spread)


def test_mentees_that_a_mentor_has_already_count_for_the_lower_quota(popular):
    poor = popular.people["Poor"].profile
    Profile.objects.filter(pk=poor.pk).update(places=2, places_taken=1)
    draft = configure(popular.draft(), weights=WEIGHTS, lower_quota=1)
    solved = solving.round_solve(actor=None, round=draft)
    quota = Problem.from_dict(solved.problem).quota
    assert quota[popular.row(solved, "Rich").position] == 1
    assert quota[popular.row(solved, "Poor").position] == 0
    assert set(make.pairs(solved).values()) == {"Rich"}


def test_a_lower_quota_outside_the_places_of_a_mentor_is_refused(people):
    draft = people.draft()
    for wrong in (-1, 4):
        with pytest.raises(rounds.RoundRefused, match="3 mentees per mentor"):
            configure(draft, lower_quota=wrong)
    draft.refresh_from_db()
    assert draft.lower_quota == 0


def test_a_change_after_solving_makes_the_result_out_of_date(solved):
    assert solved.solved_revision == solved.revision
    changed = configure(solved)
    assert changed.solved_revision != changed.revision
    assert changed.state == Round.State.REVIEWED


def test_left_out_with_a_reason_and_taken_back_in(people):
    draft = people.draft()
    anna = people.row(draft, "Anna")
    with pytest.raises(rounds.RoundRefused):
        rounds.round_leave_out(actor=None, round=draft, people=[anna], reason="  ")
    left = rounds.round_leave_out(actor=None, round=draft, people=[anna], reason="On holiday")
    assert left == 1
    solved = solving.round_solve(actor=None, round=draft)
    assert make.pairs(solved) == {"Ben": "Max", "Chris": "Nora"}
    anna.refresh_from_db()
    assert (anna.unmatched_reason, anna.position) == ("left_out", None)
    rounds.round_take_back_in(actor=None, round=draft, people=[anna])
    anna.refresh_from_db()
    assert (anna.included, anna.left_out_note) == (True, "")


def test_people_who_became_ready_are_added_on_request(people, programme):
    draft = people.draft()
    people.mentor("Olaf", 0)
    assert draft.people.count() == 5
    assert rounds.round_people_add(actor=None, round=draft) == 1
    assert rounds.round_people_add(actor=None, round=draft) == 0
    draft.refresh_from_db()
    assert (draft.people.count(), draft.revision) == (6, 1)


def test_the_result_is_kept_with_points_reasons_and_proof(people, solved):
    assert solved.state == Round.State.REVIEWED
    assert len(make.pairs(solved)) == solved.solution["matched"] == 2
    assert make.pairs(solved)["Chris"] == "Nora"
    for pair in solved.proposals.all():
        assert sum(pair.parts.values()) == pair.points > 0
        assert sum(fact["points"] for fact in pair.facts) == pair.points
    lonely = solved.people.get(role="mentee", proposals_as_mentee=None)
    assert lonely.unmatched_reason == "no_place_left"
    assert solved.solution["total"] == sum(pair.points for pair in solved.proposals.all())
    assert is_proven(solved)


def test_a_result_that_was_tampered_with_is_not_proven(solved):
    solved.solution["mentor_of"] = solved.solution["mentor_of"][::-1]
    assert not is_proven(solved)
    solved.solution = {"nonsense": 1}
    assert not is_proven(solved)


def test_who_can_no_longer_be_matched_is_left_out_with_the_reason(people):
    draft = people.draft()
    people.people["Max"].state = Participant.State.NOT_NOW
    people.people["Max"].save()
    LegalBasis.objects.filter(user=people.people["Chris"].user).update(withdrawn_at=clock.now())
    solved = solving.round_solve(actor=None, round=draft)
    assert make.pairs(solved) == {"Ben": "Nora"}
    reasons = {name: people.row(draft, name).unmatched_reason for name in people.people}
    assert reasons["Max"] == "not_now"
    assert reasons["Chris"] == "no_legal_basis"
    assert reasons["Anna"] == "no_goal_covered"


def test_a_mentee_with_an_open_offer_and_a_full_mentor_are_not_looked_for(people, programme):
    make_matching.offer(
        programme=programme, mentee=people.people["Ben"], mentor=people.people["Max"]
    )
    solved = people.solved()
    assert make.pairs(solved) == {"Chris": "Nora"}
    assert people.row(solved, "Ben").unmatched_reason == "has_match_or_offer"
    assert people.row(solved, "Max").unmatched_reason == "no_place_left"


def test_who_waits_for_thirty_days_comes_first(people):
    """Ben fits Max less well than Anna, and has waited longer."""
    now = clock.now()
    assert make.pairs(people.solved())["Anna"] == "Max"
    ben = people.people["Ben"]
    ben.waiting_since = now - timedelta(days=29)
    ben.save()
    assert make.pairs(people.solved())["Anna"] == "Max"
    ben.waiting_since = now - timedelta(days=31)
    ben.save()
    assert make.pairs(people.solved())["Ben"] == "Max"


def test_who_waits_again_after_a_pair_comes_first(people, programme):
    ben = people.people["Ben"]
    other = make_mentoring.participant(programme=programme, role="mentor", ready=False)
    pair = make_mentoring.mentorship(programme=programme, mentee=ben, mentor=other, state="ended")
    ben.profile.places_taken = 0
    ben.profile.save()
    assert pair.state == "ended"
    assert make.pairs(people.solved())["Ben"] == "Max"


def test_a_worker_solves_it_once(people, facilitator, django_capture_on_commit_callbacks):
    draft = people.draft()
    with django_capture_on_commit_callbacks():
        job = rounds.round_solve_start(actor=facilitator, round=draft)
        assert rounds.round_solve_start(actor=facilitator, round=draft) == job
    jobs.job_run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.progress) == (Job.State.DONE, 100)
    draft.refresh_from_db()
    first = (draft.solved_at, list(draft.proposals.values_list("pk", flat=True)))
    solving.solve_job(job, lambda phase, fraction: None)
    draft.refresh_from_db()
    assert first == (draft.solved_at, list(draft.proposals.values_list("pk", flat=True)))


@pytest.fixture
def job_of(facilitator, django_capture_on_commit_callbacks):
    """A job that no worker has taken yet."""

    def start(round):
        with django_capture_on_commit_callbacks():
            return rounds.round_solve_start(actor=facilitator, round=round)

    return start


def as_it_is(round):
    row = Round.objects.filter(pk=round.pk).values().get()
    rows = round.people.order_by("pk").values("position", "unmatched_reason")
    return row, list(rows), list(round.proposals.order_by("pk").values())


@pytest.mark.parametrize("call", range(1, 8))
def test_a_search_is_stopped_in_any_phase_and_leaves_the_round(
    people, facilitator, job_of, monkeypatch, call
):
    solved = people.solved()
    configure(solved)
    job = job_of(solved)
    before = as_it_is(solved)
    stopped = []

    def stopping(job, progress):
        def report(phase, fraction):
            stopped.append(phase)
            if len(stopped) == call:
                assert rounds.round_solve_cancel(actor=facilitator, round=solved)
            progress(phase, fraction)

        solving.solve_job(job, report)

    monkeypatch.setitem(jobs._work, rounds.SOLVE_JOB, stopping)
    jobs.job_run(str(job.pk))
    job.refresh_from_db()
    assert len(stopped) == call
    assert (job.state, job.error) == (Job.State.CANCELLED, "")
    assert as_it_is(solved) == before
    row = AuditEntry.objects.get(action="round_solve_cancel")
    assert (row.actor, row.data) == (facilitator, {"job": str(job.pk)})


def test_stopping_again_or_too_late_changes_nothing(people, facilitator, job_of):
    draft = people.draft()
    assert not rounds.round_solve_cancel(actor=facilitator, round=draft)
    job = job_of(draft)
    assert rounds.round_solve_cancel(actor=facilitator, round=draft)
    assert not rounds.round_solve_cancel(actor=facilitator, round=draft)
    assert AuditEntry.objects.filter(action="round_solve_cancel").count() == 1
    jobs.job_run(str(job.pk))
    draft.refresh_from_db()
    assert draft.solution is None
    later = job_of(draft)
    assert later != job
    jobs.job_run(str(later.pk))
    # The result is in, and the worker has not yet said so.
    Job.objects.filter(pk=later.pk).update(state=Job.State.RUNNING)
    assert not rounds.round_solve_cancel(actor=facilitator, round=draft)
    draft.refresh_from_db()
    assert draft.solution is not None


def test_progress_is_reported_and_only_rises(people):
    seen = []
    solving.round_solve(
        actor=None,
        round=people.draft(),
        progress=lambda phase, fraction: seen.append((phase, fraction)),
    )
    fractions = [fraction for _phase, fraction in seen]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] <= 1
    assert len({phase for phase, _fraction in seen}) >= 5


def test_nobody_to_match_is_said(programme, facilitator, django_capture_on_commit_callbacks):
    draft = rounds.round_draft(actor=None, programme=programme)
    with pytest.raises(rounds.RoundRefused, match=r"nobody to match|niemand"):
        rounds.round_solve_start(actor=facilitator, round=draft)
    people = make.cohort(programme)
    draft = people.draft()
    with django_capture_on_commit_callbacks():
        job = rounds.round_solve_start(actor=facilitator, round=draft)
    Participant.objects.filter(role="mentor").update(state=Participant.State.WITHDRAWN)
    jobs.job_run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error == rounds.nobody_to_match()


def test_a_change_while_it_is_being_solved_is_not_lost(people):
    draft = people.draft()
    changed = []

    def change(phase, fraction):
        if fraction > 0.5 and not changed:
            changed.append(configure(draft, minimum_points=100))

    solved = solving.round_solve(actor=None, round=draft, progress=change)
    assert (solved.solved_revision, solved.revision) == (0, 1)


def test_running_it_again_gives_the_same_pairs_also_after_an_erasure(people, solved):
    before = [(row.mentee.position, row.mentor.position) for row in solved.proposals.all()]
    solved.people.update(left_out_note="Has a canarius")
    account_erase(actor=None, user=people.people["Anna"].user)
    account_erase(actor=None, user=people.people["Nora"].user)
    kept = Round.objects.get(pk=solved.pk)
    again = solve(Problem.from_dict(kept.problem))
    assert np.array_equal(again.mentor_of, kept.solution["mentor_of"])
    assert sorted(before) == sorted(
        (mentee, mentor) for mentee, mentor in enumerate(again.mentor_of.tolist()) if mentor >= 0
    )
    assert is_proven(kept)
    gone = kept.people.filter(participant=None)
    assert [row.left_out_note for row in gone] == ["", ""]


def test_a_round_holds_nothing_that_names_a_person(people, solved):
    rows = [solved.problem, solved.solution, solved.vocabulary, solved.previous_pairs]
    rows += [[pair.facts, pair.parts] for pair in Proposal.objects.all()]
    stored = json.dumps(rows).lower()
    traces = ["canar", *(name.lower() for name in people.people)]
    for person in people.people.values():
        traces += [str(person.pk), str(person.user_id), str(person.profile_id)]
    assert people.topics[0].code in stored
    assert [trace for trace in traces if trace in stored] == []


def test_solving_again_keeps_what_was_before(people, solved):
    before = {(str(pair.mentee_id), str(pair.mentor_id)) for pair in solved.proposals.all()}
    again = solving.round_solve(actor=None, round=solved)
    assert {tuple(pair) for pair in again.previous_pairs} == before


def test_a_published_round_can_no_longer_change(people, solved):
    round_publish(actor=None, round=solved, revision=0)
    anna = people.row(solved, "Anna")
    attempts = [
        lambda: configure(solved),
        lambda: rounds.round_leave_out(actor=None, round=solved, people=[anna], reason="x"),
        lambda: rounds.round_take_back_in(actor=None, round=solved, people=[anna]),
        lambda: rounds.round_people_add(actor=None, round=solved),
        lambda: rounds.round_solve_start(actor=None, round=solved),
        lambda: solving.round_solve(actor=None, round=solved),
    ]
    for attempt in attempts:
        with pytest.raises(rounds.RoundRefused):
            attempt()


def test_it_closes_when_all_offers_are_answered(solved):
    round_publish(actor=None, round=solved, revision=0)
    with pytest.raises(rounds.RoundRefused):
        rounds.round_close(actor=None, round=solved)
    for pair in solved.proposals.all():
        pair.offer.state = "expired"
        pair.offer.save()
    assert rounds.round_close(actor=None, round=solved).state == Round.State.CLOSED
    assert rounds.round_close(actor=None, round=solved).state == Round.State.CLOSED


@pytest.mark.parametrize("start", Round.State.values)
@pytest.mark.parametrize("to", Round.State.values)
def test_only_known_steps_are_taken(start, to):
    found = Round(state=start)
    if to in rounds.TRANSITIONS[start]:
        rounds.move(found, to)
        assert found.state == to
    else:
        with pytest.raises(rounds.RoundRefused):
            rounds.move(found, to)
