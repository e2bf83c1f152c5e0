"""Mentees who sit with one mentor together: one row, one place, and must-haves of everybody."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Problem,
    ProblemError,
    explain,
    fact_table,
    free_part,
    joined,
    solve,
    verify_solution,
    why_not,
)
from tests.matching.engine import problems

seeds = st.integers(0, 2**32 - 1)
EVERYBODY = slice(None)


def random_groups(seed, n):
    """Some of the mentees in groups of two or three."""
    rng = np.random.default_rng(seed)
    people, groups = rng.permutation(n).tolist(), []
    while len(people) > 3 and rng.random() < 0.7:
        size = int(rng.integers(2, 4))
        groups.append(people[:size])
        people = people[size:]
    return groups


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_members_share_a_mentor_who_is_possible_for_each(seed):
    problem = problems.random_problem(seed, 9, 6)
    groups = random_groups(seed, 9)
    found = joined(problem, groups)
    assert found.problem.mentees == 9 - sum(len(group) - 1 for group in groups)
    solution = solve(found.problem)
    assert verify_solution(found.problem, solution)
    mentor_of = found.expand(solution.mentor_of)
    possible = fact_table(problem).possible(EVERYBODY, EVERYBODY)
    for group in groups:
        assert len(set(mentor_of[group].tolist())) == 1
    for mentee, mentor in enumerate(mentor_of.tolist()):
        assert mentor < 0 or possible[mentee, mentor]
        row = int(found.row_of[mentee])
        if mentor >= 0:
            assert (
                explain(found.problem, row, mentor).points == found.expand(solution.points)[mentee]
            )
            assert why_not(found.problem, solution, row, mentor).paired
    load = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=6)
    assert (load <= problem.capacity).all()


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_possible_for_the_group_is_possible_for_every_member(seed):
    """Exactly so, but for a shared language and a minimum of its own."""
    fields = problems.random_fields(seed, 8, 6) | {"minimum_points": 0}
    fields["mentee_languages"][:] = fields["mentee_languages"][0]
    problem = Problem(**fields)
    groups = random_groups(seed, 8)
    found = joined(problem, groups)
    single = fact_table(problem).possible(EVERYBODY, EVERYBODY)
    together = fact_table(found.problem).possible(EVERYBODY, EVERYBODY)
    for row in range(found.problem.mentees):
        members = np.flatnonzero(found.row_of == row)
        assert together[row].tolist() == single[members].all(axis=0).tolist()


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_order_of_groups_and_members_does_not_matter(seed):
    problem = problems.random_problem(seed, 9, 6, minimum_points=0)
    groups = random_groups(seed, 9)
    one, other = joined(problem, groups), joined(problem, [group[::-1] for group in groups[::-1]])
    assert one.problem.to_dict() == other.problem.to_dict()
    assert one.row_of.tolist() == other.row_of.tolist()


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_without_groups_it_is_the_same_problem(seed):
    problem = problems.random_problem(seed)
    found = joined(problem, [])
    assert found.problem is problem
    assert found.row_of.tolist() == list(range(problem.mentees))


def test_the_joint_answers():
    fields = problems.blank(4, 2) | problems.goals_of([[0], [1, 2], [5], [2]])
    fields["mentee_themes"][0, 0] = fields["mentee_themes"][3, 1] = True
    fields["mentee_bonds"][1, 4] = True
    fields["mentee_slots"][0, :2] = fields["mentee_slots"][3, 1:3] = True
    fields["mentee_sector"] = np.array([2, -1, 1, 2])
    fields["mentee_languages"][:2] = [[True, True], [True, False]]
    fields["mentee_lat"][:] = fields["mentee_lon"][:] = np.array([50.0, 51.0, 52.0, 53.0])
    fields["mentee_travel_km"] = np.array([30.0, 8.0, 5.0, 9.0])
    fields["mentee_online"][1] = False
    fields["priority"][3] = True
    fields["mentee_key"] = np.array([50, 20, 30, 40])
    found = joined(Problem(**fields), [[0, 3, 1]])
    assert found.row_of.tolist() == [0, 0, 1, 0]
    group = found.problem
    assert group.mentee_key.tolist() == [20, 30]
    assert group.goal_ptr.tolist() == [0, 3, 4]
    assert group.goal_topic.tolist() == [1, 2, 0, 5]
    assert group.goal_weight.tolist() == [222, 111 + 333, 333, 1]
    assert group.mentee_themes[0].tolist() == [True, True, False, False, False]
    assert group.mentee_bonds[0].tolist() == [False] * 4 + [True, False]
    assert group.mentee_slots[0].tolist() == [False, True, False, False, False]
    assert group.mentee_sector.tolist() == [2, 1]
    assert group.mentee_languages[0].tolist() == [True, False]
    assert (group.mentee_lat[0], group.mentee_travel_km[0]) == (51.0, 8.0)
    assert group.mentee_online.tolist() == [False, True]
    assert group.priority.tolist() == [True, False]


def test_answers_that_do_not_agree_count_as_not_given():
    fields = problems.blank(2, 1)
    fields["mentee_slots"][0, 0] = fields["mentee_slots"][1, 1] = True
    fields["mentee_sector"] = np.array([0, 1])
    group = joined(Problem(**fields), [[0, 1]]).problem
    assert group.mentee_sector.tolist() == [-1]
    assert not group.mentee_slots.any()


def test_bars_and_locks_of_one_member_hold_for_all():
    bars = [(0, 0, "forbidden"), (2, 1, "competitor")]
    fields = problems.blank(3, 3, barred=bars, locks=[(1, 2)])
    fields["mentor_languages"][1] = False
    found = joined(Problem(**fields), [(0, 1)])
    assert found.problem.barred == ((0, 0, "forbidden"), (0, 1, "group"), (1, 1, "competitor"))
    assert found.problem.locks == ((0, 2),)
    assert found.expand(solve(found.problem).mentor_of).tolist() == [2, 2, 0]


def test_a_group_takes_one_place_and_counts_once_for_a_quota():
    problem = Problem(**problems.blank(4, 1, lower_quota=np.array([1])))
    found = joined(problem, [[0, 1, 2, 3]])
    solution = solve(found.problem)
    assert found.expand(solution.mentor_of).tolist() == [0, 0, 0, 0]
    assert (solution.matched, solution.quota_filled) == (1, 1)


def test_a_lock_that_is_impossible_for_another_member_is_refused():
    fields = problems.blank(2, 1, barred=[(1, 0, "forbidden")], locks=[(0, 0)])
    found = joined(Problem(**fields), [[0, 1]])
    with pytest.raises(ProblemError, match="breaks a must-have"):
        free_part(found.problem)


@pytest.mark.parametrize(
    ("groups", "index"),
    [
        ([[0, 1], [2]], 1),
        ([[0, 1], [2, 9]], 1),
        ([[0, -1]], 0),
        ([[0, True]], 0),
        ([[0, 1.0]], 0),
        ([[0, 1], [1, 2]], 1),
        ([[0, 0]], 0),
        ([3], 0),
        ({0: [1, 2]}, None),
        ([[2, 3], [0, 1]], 1),
    ],
)
def test_what_is_no_group_is_refused(groups, index):
    problem = Problem(**problems.blank(4, 2, locks=[(0, 0), (1, 1)]))
    with pytest.raises(ProblemError) as caught:
        joined(problem, groups)
    assert (caught.value.field, caught.value.index) == ("groups", index)


def test_two_members_locked_to_one_mentor_are_one_lock():
    problem = Problem(**problems.blank(2, 1, capacity=np.array([2]), locks=[(0, 0), (1, 0)]))
    found = joined(problem, [[0, 1]])
    assert found.problem.locks == ((0, 0),)
