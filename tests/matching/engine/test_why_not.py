"""`why_not` agrees with solving afresh under a lock, and moves nobody without need."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Problem, ProblemError, solve, why_not
from tests.matching.engine import problems

seeds = st.integers(0, 2**32 - 1)


def with_lock(problem, pair):
    return dataclasses.replace(problem, locks=(*problem.locks, pair))


def key_figures(result):
    return result.matched, result.priority_matched, result.total


@settings(max_examples=25, deadline=None)
@given(seeds, st.booleans())
def test_forcing_a_pair_equals_solving_with_a_lock(seed, everybody_fits):
    easy = {"minimum_points": 0, "require_goal_covered": False}
    if everybody_fits:
        easy |= {"mentee_online": np.ones(8, bool), "mentor_online": np.ones(5, bool)}
    problem = problems.random_problem(seed, 8, 5, **easy if everybody_fits else {})
    solution = solve(problem)
    for mentee in range(0, 8, 2):
        for mentor in (seed % 5, (seed + 2) % 5):
            answer = why_not(problem, solution, mentee, mentor)
            if answer.failed:
                assert answer.forced is None
                with pytest.raises(ProblemError):
                    solve(with_lock(problem, (mentee, mentor)))
                continue
            if answer.paired:  # a lock would set the worst pair apart, and raise the floor
                assert answer.forced.mentor_of.tolist() == solution.mentor_of.tolist()
                continue
            locked = solve(with_lock(problem, (mentee, mentor)))
            assert key_figures(answer.forced) == key_figures(locked)
            assert answer.forced.mentor_of[mentee] == mentor


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_same_with_other_pairs_locked_before(seed):
    problem = problems.random_problem(seed, 9, 6, minimum_points=0)
    first = solve(problem)
    pairs = [(i, j) for i, j in enumerate(first.mentor_of.tolist()) if j >= 0][::2]
    problem = dataclasses.replace(problem, locks=tuple(pairs))
    solution = solve(problem)
    for mentee in range(9):
        answer = why_not(problem, solution, mentee, seed % 6)
        if answer.forced and not answer.paired:
            locked = solve(with_lock(problem, (mentee, seed % 6)))
            assert key_figures(answer.forced) == key_figures(locked)
            assert all(answer.forced.mentor_of[i] == j for i, j in pairs)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_changes_account_for_the_difference(seed):
    problem = problems.random_problem(seed, 9, 5, minimum_points=0)
    solution = solve(problem)
    for mentee in range(9):
        forced = why_not(problem, solution, mentee, seed % 5).forced
        if forced is None:
            continue
        moved = {change.mentee: change for change in forced.changes}
        assert sum(c.points_after - c.points_before for c in moved.values()) == forced.total_change
        for person in range(9):
            same = forced.mentor_of[person] == solution.mentor_of[person]
            assert same == (person not in moved)
        load = np.bincount(forced.mentor_of[forced.mentor_of >= 0], minlength=5)
        assert (load <= problem.capacity).all()


def contest():
    """Mentees 0 and 1 want topic 0, mentee 2 anything; only mentor 0 is an expert in it."""
    fields = problems.blank(3, 2) | problems.goals_of([[0], [0], []])
    fields["expertise"][0, 0] = 3
    fields["expertise"][1, 1] = 3
    fields["mentee_themes"][0, 0] = fields["mentor_lived"][0, 0] = True
    return Problem(**fields)


def test_who_would_lose_and_how_much():
    problem = contest()
    solution = solve(problem)
    assert solution.mentor_of.tolist() == [0, -1, 1]
    answer = why_not(problem, solution, 1, 0)
    assert not answer.paired
    assert answer.failed == ()
    assert answer.forced.matched_change == 0
    assert [change.mentee for change in answer.forced.losers] == [0]
    loser = answer.forced.losers[0]
    assert (loser.mentor_before, loser.mentor_after) == (0, -1)
    assert answer.forced.total_change == answer.forced.total - solution.total < 0
    json.dumps(answer.to_dict())


def test_the_place_that_is_left_is_filled():
    """Forcing 0 to 1 pushes 1 out for good, and lets 2 in, who fits only mentor 0."""
    bars = [(1, 0, "forbidden"), (2, 1, "forbidden")]
    fields = problems.blank(3, 2, barred=bars)
    fields["mentee_sector"][:] = fields["mentor_sector"][:] = 1
    fields["mentee_sector"][2] = 0
    problem = Problem(**fields)
    solution = solve(problem)
    assert solution.mentor_of.tolist() == [0, 1, -1]
    forced = why_not(problem, solution, 0, 1).forced
    assert forced.mentor_of.tolist() == [1, -1, 0]
    assert forced.matched_change == 0


def test_somebody_moves_up_to_the_place_that_is_left():
    """0 goes to the free mentor 1, and 1 moves from mentor 2 to the better mentor 0."""
    fields = problems.blank(2, 3, barred=[(1, 1, "forbidden"), (0, 2, "forbidden")])
    fields["mentee_sector"][:] = fields["mentor_sector"][0] = 1
    fields["mentor_sector"][1:] = 0
    fields["mentee_slots"][0, 0] = fields["mentor_slots"][1, 1] = True
    fields["mentor_slots"][[0, 2], 0] = True
    problem = Problem(**fields)
    solution = solve(problem)
    assert solution.mentor_of.tolist() == [0, 2]
    forced = why_not(problem, solution, 0, 1).forced
    assert forced.mentor_of.tolist() == [1, 0]
    assert [change.mentee for change in forced.losers] == [0]


def test_a_pair_that_exists_changes_nothing():
    problem = contest()
    solution = solve(problem)
    answer = why_not(problem, solution, 0, 0)
    assert answer.paired
    assert answer.forced.changes == ()
    assert key_figures(answer.forced) == key_figures(solution)


def test_nobody_is_moved_without_need():
    """Everybody equal: forcing one pair swaps two people, however many optima there are."""
    problem = Problem(**problems.blank(30, 30))
    solution = solve(problem)
    wanted = (int(solution.mentor_of[0]) + 1) % 30
    forced = why_not(problem, solution, 0, wanted).forced
    assert forced.total_change == 0
    assert len(forced.changes) == 2


def test_the_codes_of_what_fails():
    fields = problems.blank(2, 2, barred=[(0, 1, "paired_before"), (0, 1, "open_report")])
    fields["mentee_languages"][0, 0] = False
    fields["mentor_languages"][1, 1] = False
    fields["capacity"][1] = 0
    problem = Problem(**fields)
    answer = why_not(problem, solve(problem), 0, 1)
    expected = ("paired_before", "open_report", "no_shared_language", "no_place_left")
    assert answer.failed == expected
    assert answer.forced is None


def test_somebody_locked_elsewhere_and_places_that_are_locked():
    problem = Problem(**problems.blank(2, 2, locks=[(0, 0)]))
    solution = solve(problem)
    assert why_not(problem, solution, 0, 1).failed == ("locked_elsewhere",)
    assert why_not(problem, solution, 1, 0).failed == ("no_place_left",)
    assert why_not(problem, solution, 0, 0).failed == ()


@pytest.mark.parametrize(("mentee", "mentor"), [(3, 0), (-1, 0), (0, 2), (0, -1), (True, 0)])
def test_a_number_that_is_nobodys_is_refused(mentee, mentor):
    problem = contest()
    with pytest.raises(ProblemError):
        why_not(problem, solve(problem), mentee, mentor)
