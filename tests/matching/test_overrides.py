"""Decisions of staff about pairs: together, apart, exchanged, taken back."""

import pytest

from matching.models import ForbiddenPair, Override
from matching.services import overrides, solving
from matching.services.publishing import is_proven, round_publish
from matching.services.rounds import RoundRefused, round_configure
from reenter.common.models import AuditEntry
from tests.factories import accounts as make_accounts
from tests.factories import rounds as make


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def people(programme):
    return make.cohort(programme)


@pytest.fixture
def solved(people):
    return people.solved()


def decide(what, people, round, mentee, mentor, reason="They know each other", **extra):
    return what(
        actor=extra.pop("actor", None),
        round=round,
        mentee=people.row(round, mentee),
        mentor=people.row(round, mentor),
        reason=reason,
        **extra,
    )


def lock(*args, **extra):
    return decide(overrides.override_lock, *args, **extra)


def forbid(*args, **extra):
    return decide(overrides.override_forbid, *args, **extra)


def test_two_kept_together_stay_together_whatever_it_costs(people, solved, facilitator):
    assert make.pairs(solved) == {"Anna": "Max", "Chris": "Nora"}
    made = lock(people, solved, "Ben", "Max", actor=facilitator)
    solved.refresh_from_db()
    assert (made.by, made.reason, solved.revision) == (facilitator, "They know each other", 1)
    again = solving.round_solve(actor=None, round=solved)
    assert make.pairs(again) == {"Ben": "Max", "Chris": "Nora"}
    assert [pair.locked for pair in again.proposals.order_by("points")].count(True) == 1
    assert again.solved_revision == again.revision
    assert is_proven(again)
    entry = AuditEntry.objects.get(action="override_lock")
    assert entry.actor == facilitator
    assert "They know" not in str(entry.data)


def test_a_lock_that_breaks_a_must_have_is_refused_in_words(people, solved):
    with pytest.raises(overrides.OverrideRefused, match="Not one of the goals is covered"):
        lock(people, solved, "Anna", "Nora")
    assert not Override.objects.exists()


def test_points_of_an_older_engine_are_no_base_for_a_lock(people, solved):
    solved.problem["format"] = 1
    solved.save()
    with pytest.raises(RoundRefused, match="Find the best pairs first"):
        lock(people, solved, "Ben", "Max")


def test_the_minimum_as_it_is_now_counts(people, solved):
    weights = {name: round(100 * weight) for name, weight in solved.weights.items()}
    changed = round_configure(
        actor=None,
        round=solved,
        weights=weights,
        minimum_points=9999,
        exclude_competitors=False,
        floor_first=True,
        lower_quota=0,
    )
    with pytest.raises(overrides.OverrideRefused, match="Below the minimum"):
        lock(people, changed, "Ben", "Max")


def test_one_mentee_is_kept_with_one_mentor(people, solved):
    lock(people, solved, "Ben", "Max")
    with pytest.raises(overrides.OverrideRefused, match="another mentor"):
        lock(people, solved, "Ben", "Nora")


def test_no_more_are_kept_with_a_mentor_than_there_are_places(people, solved):
    lock(people, solved, "Ben", "Max")
    with pytest.raises(overrides.OverrideRefused, match="All places"):
        lock(people, solved, "Anna", "Max")


def test_every_decision_needs_a_reason(people, solved):
    for what in (lock, forbid):
        with pytest.raises(overrides.OverrideRefused, match="why"):
            what(people, solved, "Ben", "Max", reason="   ")
    made = lock(people, solved, "Ben", "Max")
    with pytest.raises(overrides.OverrideRefused, match="why"):
        overrides.override_withdraw(actor=None, override=made, reason="")


def test_two_kept_apart_in_this_round_only(people, solved):
    forbid(people, solved, "Anna", "Max")
    again = solving.round_solve(actor=None, round=solved)
    assert make.pairs(again) == {"Ben": "Max", "Chris": "Nora"}
    assert not ForbiddenPair.objects.exists()
    assert make.pairs(people.solved())["Anna"] == "Max"


def test_two_kept_apart_for_good_until_it_is_taken_back(people, solved, facilitator):
    made = forbid(people, solved, "Anna", "Max", never_again=True, actor=facilitator)
    pair = ForbiddenPair.objects.get()
    assert (pair.mentee, pair.mentor) == (people.people["Anna"].user, people.people["Max"].user)
    assert make.pairs(people.solved())["Ben"] == "Max"
    overrides.override_withdraw(actor=facilitator, override=made, reason="A mistake")
    made.refresh_from_db()
    assert (made.withdrawn_by, made.withdrawn_reason) == (facilitator, "A mistake")
    assert not ForbiddenPair.objects.exists()
    assert make.pairs(people.solved())["Anna"] == "Max"


def test_taking_back_never_lifts_what_was_forbidden_elsewhere(people, solved):
    users = {"mentee": people.people["Anna"].user, "mentor": people.people["Max"].user}
    ForbiddenPair.objects.create(**users, reason=ForbiddenPair.Reason.DECLINED)
    made = forbid(people, solved, "Anna", "Max", never_again=True)
    assert not made.for_good
    overrides.override_withdraw(actor=None, override=made, reason="A mistake")
    assert ForbiddenPair.objects.filter(**users).exists()


def test_the_same_two_are_decided_about_once(people, solved):
    lock(people, solved, "Ben", "Max")
    with pytest.raises(overrides.OverrideRefused, match="together already"):
        forbid(people, solved, "Ben", "Max")
    forbid(people, solved, "Anna", "Max")
    with pytest.raises(overrides.OverrideRefused, match="apart already"):
        lock(people, solved, "Anna", "Max")


def test_two_pairs_exchange_their_mentors(programme):
    people = make.Cohort(programme, [make_accounts.term("topic") for _ in range(2)])
    people.mentee("Anna", 0, 1)
    people.mentee("Chris", 1, 0)
    people.mentor("Max", 0)
    people.mentor("Nora", 1)
    solved = people.solved()
    assert make.pairs(solved) == {"Anna": "Max", "Chris": "Nora"}
    first, second = solved.proposals.select_related("mentee__participant", "mentor__participant")
    swap = {"actor": None, "round": solved, "reason": "Asked for by both"}
    with pytest.raises(overrides.OverrideRefused, match="same mentor"):
        overrides.override_swap(first=first, second=first, **swap)
    overrides.override_swap(first=first, second=second, **swap)
    again = solving.round_solve(actor=None, round=solved)
    assert make.pairs(again) == {"Anna": "Nora", "Chris": "Max"}


def test_an_exchange_that_cannot_be_leaves_nothing_behind(people, solved):
    """Chris could not go to Max: none of the goals is covered."""
    first, second = solved.proposals.select_related("mentee__participant", "mentor__participant")
    with pytest.raises(overrides.OverrideRefused):
        overrides.override_swap(
            actor=None, round=solved, first=first, second=second, reason="Why not"
        )
    assert not Override.objects.exists()
    solved.refresh_from_db()
    assert solved.revision == 0


def test_taking_back_makes_room_for_the_best_again(people, solved):
    made = lock(people, solved, "Ben", "Max")
    solving.round_solve(actor=None, round=solved)
    overrides.override_withdraw(actor=None, override=made, reason="They said no")
    overrides.override_withdraw(actor=None, override=made, reason="Twice")
    solved.refresh_from_db()
    assert solved.revision == 2
    assert make.pairs(solving.round_solve(actor=None, round=solved))["Anna"] == "Max"


def test_a_lock_that_became_impossible_stops_the_search_in_words(people, solved):
    lock(people, solved, "Ben", "Max")
    profile = people.people["Max"].profile
    profile.places_taken = profile.places
    profile.save()
    with pytest.raises(RoundRefused, match="keep together cannot be made any more"):
        solving.round_solve(actor=None, round=solved)
    people.people["Max"].state = "not_now"
    people.people["Max"].save()
    with pytest.raises(RoundRefused, match="takes no part any more"):
        solving.round_solve(actor=None, round=solved)


def test_nobody_decides_about_themselves(people, solved):
    for what in (lock, forbid):
        with pytest.raises(overrides.OverrideRefused, match="yourself"):
            what(people, solved, "Ben", "Max", actor=people.people["Max"].user)


def test_people_of_another_round_and_swapped_roles_are_refused(people, solved):
    other = people.draft()
    pair = {"actor": None, "round": solved, "reason": "x"}
    with pytest.raises(overrides.OverrideRefused, match="of this round"):
        overrides.override_lock(
            mentee=people.row(other, "Ben"), mentor=people.row(solved, "Max"), **pair
        )
    with pytest.raises(overrides.OverrideRefused, match="a mentee and a mentor"):
        overrides.override_lock(
            mentee=people.row(solved, "Max"), mentor=people.row(solved, "Ben"), **pair
        )


def test_nothing_is_decided_before_the_first_search_or_after_publishing(people, solved):
    draft = people.draft()
    with pytest.raises(RoundRefused, match="Find the best pairs first"):
        lock(people, draft, "Ben", "Max")
    round_publish(actor=None, round=solved, revision=0)
    with pytest.raises(RoundRefused, match="published"):
        lock(people, solved, "Ben", "Max")
