"""`solve`: must-haves, locks, priority, ties, reasons, and that the proof covers it all."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    VERSION,
    Problem,
    ProblemError,
    Solution,
    answers,
    dense,
    explain,
    fact_table,
    free_part,
    shortlist,
    solve,
    verify_facts,
    verify_solution,
    why_not,
)
from matching.engine.large import megabytes_needed, solve_large
from matching.engine.unmatched import more_if_lower_minimum
from tests.matching.engine import oracles, problems

seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_every_solution_is_proven_and_keeps_the_must_haves(seed):
    problem = problems.random_problem(seed)
    solution = solve(problem)
    assert verify_facts(free_part(problem).table, solution.optimum)
    assert verify_solution(problem, solution)
    assert solution.version == VERSION
    load = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=problem.mentors)
    assert (load <= problem.capacity).all()
    assert (solution.parts.sum(axis=1) == solution.points).all()
    assert solution.total == solution.points.sum()
    for mentee, mentor in enumerate(solution.mentor_of.tolist()):
        if mentor >= 0:
            assert why_not(problem, solution, mentee, mentor).failed == ()


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_equals_trying_every_matching_with_priority(seed):
    problem = problems.random_problem(seed, 5, 4, floor_first=False, lower_quota=None)
    solution = solve(problem)
    bonus = 10**6
    shown = np.array([[explain(problem, i, j).points for j in range(4)] for i in range(5)])
    open_to = np.zeros((5, 4), bool)
    for mentee in range(5):
        open_to[mentee, [one.mentor for one in shortlist(problem, mentee, 4).fit]] = True
    scores = shown + bonus * problem.priority[:, None]
    matched, total = oracles.brute_force(scores, open_to, problem.capacity)
    found = solution.matched, solution.priority_matched * bonus + solution.total
    assert found == (matched, total)
    if matched:
        # Floor first: the highest floor that leaves the numbers as they are, then the total.
        best = solve(dataclasses.replace(problem, floor_first=True))
        numbers = matched, total // bonus
        floors = np.unique(shown[open_to])[::-1]
        for floor in floors.tolist():
            count, sum_ = oracles.brute_force(scores, open_to & (shown >= floor), problem.capacity)
            if (count, sum_ // bonus) == numbers:
                break
        assert (best.floor, best.matched) == (floor, count)
        assert best.priority_matched * bonus + best.total == sum_


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_the_order_of_people_does_not_matter(seed):
    fields = problems.random_fields(seed, 9, 6)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(9), rng.permutation(6)
    one = solve(Problem(**fields))
    other = solve(Problem(**problems.shuffled(fields, rows, columns)))
    expected = np.append(np.argsort(columns), -1)[one.mentor_of[rows]]
    assert other.mentor_of.tolist() == expected.tolist()
    assert other.points.tolist() == one.points[rows].tolist()


def test_ties_are_decided_by_the_keys_and_not_by_the_order():
    fields = problems.blank(40, 15)
    rng = np.random.default_rng(1)
    fields["mentee_key"] = rng.choice(2**62, 40, replace=False)
    fields["mentor_key"] = rng.choice(2**62, 15, replace=False)
    one = solve(Problem(**fields))
    rows, columns = rng.permutation(40), rng.permutation(15)
    other = solve(Problem(**problems.shuffled(fields, rows, columns)))
    expected = np.append(np.argsort(columns), -1)[one.mentor_of[rows]]
    assert other.mentor_of.tolist() == expected.tolist()
    redrawn = solve(Problem(**fields | {"mentee_key": fields["mentee_key"][::-1].copy()}))
    assert redrawn.mentor_of.tolist() != one.mentor_of.tolist()
    assert (redrawn.matched, redrawn.total) == (one.matched, one.total)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_replay_from_json_gives_the_same(seed):
    problem = problems.random_problem(seed)
    again = Problem.from_dict(json.loads(json.dumps(problem.to_dict(), allow_nan=False)))
    assert solve(again).to_dict() == solve(problem).to_dict()
    json.dumps(solve(again).to_dict(), allow_nan=False)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_stored_solution_answers_as_before(seed):
    problem = problems.random_problem(seed)
    solution = solve(problem)
    stored = Solution.from_dict(json.loads(json.dumps(solution.to_dict())))
    assert stored.to_dict() == solution.to_dict()
    assert verify_solution(problem, stored)
    if problem.mentees and problem.mentors:
        answer = why_not(problem, stored, 0, 0).to_dict()
        assert answer == why_not(problem, solution, 0, 0).to_dict()


@pytest.mark.parametrize("name", ["parts", "optimum", "unmatched"])
def test_a_damaged_solution_is_refused(name):
    data = solve(Problem(**problems.blank(2, 1))).to_dict()
    with pytest.raises(ProblemError, match="read back"):
        Solution.from_dict(data | {name: [[1]]})


def test_priority_decides_who_gets_the_last_place():
    fields = problems.blank(3, 1)
    fields["mentee_sector"][:2] = 1
    fields["mentor_sector"][0] = 1
    assert solve(Problem(**fields)).mentor_of[2] == -1
    fields["priority"][2] = True
    solution = solve(Problem(**fields))
    assert solution.mentor_of.tolist() == [-1, -1, 0]
    assert solution.priority_matched == 1
    assert solution.total == solution.points[2] == explain(Problem(**fields), 2, 0).points


def test_priority_never_costs_a_match():
    """The person with priority could only go where the other must go."""
    fields = problems.blank(2, 2, barred=[(0, 1, "forbidden"), (1, 1, "forbidden")])
    fields["priority"][1] = True
    solution = solve(Problem(**fields))
    assert solution.mentor_of.tolist() == [-1, 0]
    fields["barred"] = [(0, 1, "forbidden")]
    solution = solve(Problem(**fields))
    assert solution.mentor_of.tolist() == [0, 1]


def test_locks_are_kept_whatever_they_cost():
    fields = problems.blank(2, 2)
    fields["mentee_sector"][0] = fields["mentor_sector"][0] = 1
    assert solve(Problem(**fields)).mentor_of.tolist() == [0, 1]
    problem = Problem(**fields | {"locks": [(0, 1)]})
    solution = solve(problem)
    assert solution.mentor_of.tolist() == [1, 0]
    assert solution.matched == 2
    assert verify_solution(problem, solution)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"barred": [(0, 1, "paired_before")]}, "paired_before"),
        ({"minimum_points": 5001}, "below_minimum"),
        ({"mentor_languages": np.array([[True, True], [False, False]])}, "no_shared_language"),
    ],
)
def test_a_lock_that_breaks_a_must_have_is_refused(changes, code):
    with pytest.raises(ProblemError, match=code) as caught:
        solve(Problem(**problems.blank(2, 2, locks=[(0, 1)]) | changes))
    assert (caught.value.field, caught.value.index) == ("locks", 0)


def spoken(*flags):
    return np.array([[flag == "1" for flag in row] for row in flags])


def left_out(**changes):
    """Reason and number of compatible mentors of the only mentee, of two mentors."""
    solution = solve(Problem(**problems.blank(1, 2) | changes))
    (person,) = solution.unmatched
    return person.reason, person.compatible


def test_the_reason_for_everybody_left_out():
    bars = [(0, 0, "forbidden"), (0, 1, "same_person")]
    silent = spoken("01", "01")
    apart = {
        "mentee_lat": np.array([52.0]),
        "mentee_lon": np.array([5.0]),
        "mentor_lat": np.array([40.0, 41.0]),
        "mentor_lon": np.array([5.0, 5.0]),
        "mentee_online": np.array([False]),
    }
    assert left_out(barred=bars) == ("all_barred", 0)
    speaks_one = {"mentee_languages": spoken("10")}
    assert left_out(**speaks_one, mentor_languages=silent) == ("no_shared_language", 0)
    assert left_out(**apart) == ("too_far", 0)
    assert left_out(**problems.goals_of([[1]])) == ("no_goal_covered", 0)
    assert left_out(minimum_points=5001) == ("below_minimum", 0)
    mixed = {"barred": bars[:1], "mentor_languages": spoken("11", "01")}
    assert left_out(**speaks_one, **mixed) == ("no_compatible_mentor", 0)
    assert left_out(capacity=np.zeros(2, int)) == ("no_place_left", 2)


def test_no_place_left_tells_how_many_would_fit():
    fields = problems.blank(3, 2, barred=[(2, 0, "forbidden")])
    fields["mentee_sector"][:2] = fields["mentor_sector"][:] = 1
    (person,) = solve(Problem(**fields)).unmatched
    assert vars(person) == {"mentee": 2, "reason": "no_place_left", "compatible": 1}


def test_how_many_more_a_lower_minimum_would_match():
    fields = problems.blank(3, 3, minimum_points=5600)
    fields["mentee_sector"] = np.array([0, 1, 1])
    fields["mentor_sector"] = np.array([0, 0, 0])
    fields["mentee_slots"][0, :3] = fields["mentor_slots"][:, :3] = True
    solution = solve(Problem(**fields))
    assert solution.matched == 1
    assert solution.more_if_lower_minimum == ((4200, 2), (2800, 2), (1400, 2), (0, 2))
    assert solve(Problem(**fields | {"minimum_points": 0})).more_if_lower_minimum == ()


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_count_under_a_lower_minimum_is_true(seed):
    problem = problems.random_problem(seed, 8, 5, minimum_points=5000)
    solution = solve(problem)
    for minimum, extra in solution.more_if_lower_minimum:
        lower = solve(dataclasses.replace(problem, minimum_points=minimum))
        assert lower.matched == solution.matched + extra


def test_a_large_round_does_not_count_under_a_lower_minimum(monkeypatch):
    problem = problems.random_problem(21, 12, 5, minimum_points=5000)
    solution = solve(problem)
    assert solution.more_if_lower_minimum
    monkeypatch.setattr(dense, "DENSE_PLACES", 10)
    large = dataclasses.replace(solution, more_if_lower_minimum=None)
    assert more_if_lower_minimum(problem, solution.mentor_of) is None
    assert Solution.from_dict(large.to_dict()).to_dict() == large.to_dict()
    assert verify_solution(problem, large)


def test_a_block_of_people_at_a_time_gives_the_same(monkeypatch):
    problem = problems.random_problem(21, 12, 5, minimum_points=5000)
    solution = solve(problem)
    assert solution.unmatched
    assert solution.more_if_lower_minimum
    monkeypatch.setattr(answers, "PAIRS_AT_ONCE", 7)
    fact_table.cache_clear()
    assert solve(problem).to_dict() == solution.to_dict()


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_is_a_result(n, m):
    problem = Problem(**problems.blank(n, m))
    solution = solve(problem)
    assert solution.matched == solution.total == 0
    assert [person.reason for person in solution.unmatched] == ["no_compatible_mentor"] * n
    assert verify_solution(problem, solution)


def test_ten_mentors_that_everybody_wants():
    fields = problems.blank(60, 30) | problems.goals_of([[0]] * 60)
    fields["expertise"][:, 1] = 3
    fields["topic_relation"][0, 1] = 0.3
    fields["expertise"][:10, 0] = 3
    problem = Problem(**fields)
    solution = solve(problem)
    assert solution.matched == 30
    assert sorted(solution.mentor_of[solution.mentor_of >= 0].tolist()) == list(range(30))
    assert {person.reason for person in solution.unmatched} == {"no_place_left"}
    assert verify_solution(problem, solution)


def test_languages_that_are_not_asked_stop_nobody():
    none = {"mentee_languages": np.zeros((2, 0), bool), "mentor_languages": np.zeros((2, 0), bool)}
    assert solve(Problem(**problems.blank(2, 2) | none)).matched == 2


def test_a_mentor_without_expertise_covers_no_goal():
    fields = problems.blank(1, 1) | problems.goals_of([[0]])
    assert solve(Problem(**fields)).matched == 0
    assert solve(Problem(**fields, require_goal_covered=False)).matched == 1


def test_the_threshold_for_a_covered_goal():
    fields = problems.blank(1, 1) | problems.goals_of([[0]])
    fields["expertise"][0, 1] = 1
    fields["topic_relation"][0, 1] = 0.5
    assert solve(Problem(**fields)).matched == 1
    assert solve(Problem(**fields, goal_covered_from=0.26)).matched == 0


def test_progress_is_told_from_start_to_end():
    heard = []
    solve(Problem(**problems.blank(2, 2)), progress=lambda *step: heard.append(step))
    assert heard[0][1] == 0.0
    assert heard[-1] == ("done", 1.0)
    assert [fraction for _, fraction in heard] == sorted(fraction for _, fraction in heard)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: {"total": s.total + 1},
        lambda s: {"matched": s.matched - 1},
        lambda s: {"mentor_of": np.roll(s.mentor_of, 1)},
        lambda s: {"points": s.points + 1},
        lambda s: {"parts": np.roll(s.parts, 1, axis=1)},
        lambda s: {"unmatched": ()},
        lambda s: {"version": "0"},
    ],
)
def test_a_changed_solution_is_not_verified(change):
    problem = problems.random_problem(12, 9, 5)
    solution = solve(problem)
    assert solution.unmatched
    assert verify_solution(problem, solution)
    assert not verify_solution(problem, dataclasses.replace(solution, **change(solution)))


def test_a_round_that_does_not_fit_in_memory_is_refused_before_it_starts():
    problem = Problem(**problems.blank(300, 200))
    table = free_part(problem).table
    needed = megabytes_needed(table)
    with pytest.raises(ProblemError, match=f"needs {needed} MiB"):
        solve_large(table, floor=True, report=lambda *step: None, most_megabytes=needed - 1)
