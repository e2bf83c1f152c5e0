"""A minimum number of mentees per mentor: filled as far as the rest allows, and proven."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Problem,
    ProblemError,
    fact_table,
    free_part,
    solve,
    verify_facts,
    verify_solution,
    why_not,
)
from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.solver import Solver
from matching.engine.dense import fits, solve_dense
from matching.engine.live import Live
from matching.engine.optimum import worth
from tests.matching.engine import oracles, problems
from tests.matching.engine.compiled.tables import random_round, random_table

seeds = st.integers(0, 2**32 - 1)
EVERYBODY = slice(None)


def quiet(phase, fraction):
    pass


def with_quota(seed, n=5, m=4, **changes):
    """A random problem with many possible pairs, and a quota for most mentors."""
    rng = np.random.default_rng(seed)
    capacity = rng.integers(0, 4, m)
    easy = {"minimum_points": 0, "require_goal_covered": bool(seed % 2)}
    quota = {"capacity": capacity, "lower_quota": np.minimum(rng.integers(0, 3, m), capacity)}
    return problems.random_problem(seed, n, m, **easy | quota | changes)


def figures(problem, mentor_of):
    """(matched, with priority, filled of the quotas) of any result."""
    rows = np.flatnonzero(mentor_of >= 0)
    load = np.bincount(mentor_of[rows], minlength=problem.mentors)
    return len(rows), int(problem.priority[rows].sum()), int(np.minimum(load, problem.quota).sum())


def compiled(table, floor):
    return Solver(table, Scanner(table, 1)).solve(floor)


@settings(max_examples=40, deadline=None)
@given(seeds, st.booleans())
def test_equals_trying_every_matching(seed, floor_first):
    problem = with_quota(seed, floor_first=floor_first)
    points, allowed = fact_table(problem).block(EVERYBODY, EVERYBODY)
    best = oracles.brute_force_quota(
        points, allowed, problem.capacity, problem.quota, problem.priority, floor_first
    )
    free = free_part(problem)
    for way in (solve_dense(free.table, floor_first, quiet), compiled(free.table, floor_first)):
        assert verify_facts(free.table, way)
        mentor_of = free.mentor_of(way.mate)
        rows = np.flatnonzero(mentor_of >= 0)
        own = points[rows, mentor_of[rows]]
        floor = own.min(initial=10_000) if floor_first and len(own) else 0
        assert (*figures(problem, mentor_of), floor, own.sum()) == best
    solution = solve(problem)
    assert verify_solution(problem, solution)
    assert (solution.quota_filled, solution.total) == (best[2], best[4])
    load = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=problem.mentors)
    short = [(j, int(problem.quota[j] - load[j])) for j in range(problem.mentors)]
    assert solution.below_quota == tuple(pair for pair in short if pair[1] > 0)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_quota_costs_nobody_a_match_and_nobody_their_priority(seed):
    problem = with_quota(seed, 8, 5)
    one, other = solve(problem), solve(dataclasses.replace(problem, lower_quota=None))
    assert (one.matched, one.priority_matched) == (other.matched, other.priority_matched)
    assert one.quota_filled >= figures(problem, other.mentor_of)[2]


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_without_a_quota_everything_is_as_before(seed):
    fields = problems.random_fields(seed) | {"lower_quota": None}
    none, zero = Problem(**fields), Problem(**fields | {"lower_quota": 0 * fields["capacity"]})
    assert solve(none).to_dict() == solve(zero).to_dict()
    solution, table = solve(none), free_part(none).table
    assert (solution.quota_filled, solution.below_quota) == (0, ())
    assert not table.wanted.any()
    assert len(table.wanted) == (none.capacity > 0).sum()
    n, bonus = table.mentees, solution.optimum.bonus
    assert bonus == (n * 10_000 + 1 if table.priority.any() else 0)
    assert solution.optimum.big == n * (bonus + 10_000) + 1


def test_a_mentee_goes_where_the_quota_is_and_points_decide_the_rest():
    fields = problems.blank(2, 2, capacity=np.array([2, 2]))
    fields["mentee_sector"][:] = fields["mentor_sector"][0] = 1
    assert solve(Problem(**fields)).mentor_of.tolist() == [0, 0]
    solution = solve(Problem(**fields, lower_quota=np.array([0, 1])))
    assert sorted(solution.mentor_of.tolist()) == [0, 1]
    assert (solution.quota_filled, solution.below_quota) == (1, ())
    solution = solve(Problem(**fields, lower_quota=np.array([1, 2])))
    assert (solution.quota_filled, solution.below_quota[0][1]) == (2, 1)


def test_locks_fill_the_quota_first():
    fields = problems.blank(3, 2, capacity=np.array([3, 3]), locks=[(0, 0), (1, 0)])
    problem = Problem(**fields, lower_quota=np.array([2, 1]))
    free = free_part(problem)
    assert free.table.wanted.tolist() == [False, True, False]
    assert free.table.capacity.tolist() == [1, 1, 2]
    assert free.columns.tolist() == [0, 1, 1]
    assert (free.columns_of(0), free.columns_of(1)) == ([0], [1, 2])
    solution = solve(problem)
    assert solution.mentor_of.tolist() == [0, 0, 1]
    assert solution.quota_filled == 3


def test_a_barred_pair_is_barred_in_and_beyond_the_quota():
    fields = problems.blank(2, 1, capacity=np.array([2]), barred=[(1, 0, "forbidden")])
    problem = Problem(**fields, lower_quota=np.array([1]))
    assert free_part(problem).table.barred.tolist() == [[1, 0], [1, 1]]
    assert solve(problem).mentor_of.tolist() == [0, -1]


@pytest.mark.parametrize("places", [1.75, 1.05, 0.7])
@pytest.mark.parametrize("share", [0.1, 0.6])
def test_both_ways_agree_on_larger_rounds(places, share):
    table = random_round(500, 250, seed=2, places=places, facts=3)
    rng = np.random.default_rng(2)
    table = dataclasses.replace(
        table,
        wanted=rng.random(250) < share,
        priority=rng.random(500) < 0.2,
        minimum=100,
        barred=np.argwhere(rng.random((500, 250)) < 0.97),
    )
    one, other = compiled(table, True), solve_dense(table, True, quiet)
    assert verify_facts(table, one)
    assert verify_facts(table, other)
    assert one.floor == other.floor
    tiers = set(other.cover.mentor_tier.tolist())
    assert -1 in tiers or share == 0.1
    assert one.cover.mentor_tier.tolist() == other.cover.mentor_tier.tolist()


@pytest.mark.parametrize(
    "change",
    [
        lambda table, found: {"mate": np.where(table.wanted[found.mate], -1, found.mate)},
        lambda table, found: {"price": found.price + table.wanted},
        lambda table, found: {"bonus": 0},
        lambda table, found: {"big": found.big - 2 * found.bonus * table.mentees},
        lambda table, found: {"cover": dataclasses.replace(
            found.cover, mentor_tier=np.maximum(found.cover.mentor_tier, 0)
        )},
        lambda table, found: {"cover": dataclasses.replace(
            found.cover, mentee_tier=np.maximum(found.cover.mentee_tier, 0)
        )},
        lambda table, found: {"cover": dataclasses.replace(
            found.cover, mentor_tier=np.full_like(found.cover.mentor_tier, -1)
        )},
    ],
)  # fmt: skip
def test_a_changed_claim_is_found_out(change):
    table = random_round(40, 30, seed=8, places=1.6, facts=2)
    wanted = np.arange(30) % 3 == 0
    capacity = np.where(wanted, 4, 2)
    table = dataclasses.replace(table, wanted=wanted, capacity=capacity, minimum=150)
    found = solve_dense(table, True, quiet)
    assert set(found.cover.mentor_tier.tolist()) == {-1, 0}
    assert -1 in found.cover.mentee_tier
    assert verify_facts(table, found)
    assert not verify_facts(table, dataclasses.replace(found, **change(table, found)))
    for other in (~wanted, np.zeros(30, bool)):
        assert not verify_facts(dataclasses.replace(table, wanted=other), found)


def test_a_result_that_fills_fewer_is_found_out():
    """The best without quotas, with a proof of its own, is no proof with them."""
    fields = problems.blank(2, 2, capacity=np.array([2, 2]))
    fields["mentee_sector"][:] = fields["mentor_sector"][0] = 1
    problem = Problem(**fields, lower_quota=np.array([0, 2]))
    table = free_part(problem).table
    found = solve_dense(dataclasses.replace(table, wanted=~table.wanted), True, quiet)
    assert not verify_facts(table, found)
    solution = solve(problem)
    for change in ({"quota_filled": 1}, {"below_quota": ((1, 1),)}):
        assert not verify_solution(problem, dataclasses.replace(solution, **change))


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_why_not_equals_solving_with_a_lock(seed):
    problem = with_quota(seed, 7, 4)
    solution = solve(problem)
    for mentee in range(0, 7, 2):
        answer = why_not(problem, solution, mentee, seed % 4)
        if answer.failed or answer.paired:
            continue
        locked = solve(dataclasses.replace(problem, locks=((mentee, seed % 4),)))
        assert figures(problem, answer.forced.mentor_of) == figures(problem, locked.mentor_of)
        assert answer.forced.total == locked.total


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_decline_in_both_columns_equals_solving_anew(seed):
    problem = with_quota(seed, 7, 4, floor_first=False)
    free, before = free_part(problem), solve(problem)
    live, bars = Live(free.table, before.optimum), list(problem.barred)
    for mentee in np.flatnonzero(before.mentor_of >= 0)[:3].tolist():
        row = int(np.flatnonzero(free.rows == mentee)[0])
        mentor = int(free.columns[live.mate[row]]) if live.mate[row] >= 0 else 0
        for column in free.columns_of(mentor):
            live.forbid(row, column)
        bars.append((mentee, mentor, "forbidden"))
        anew = solve(dataclasses.replace(problem, barred=tuple(bars)))
        after = free.mentor_of(live.mate)
        assert figures(problem, after) == figures(problem, anew.mentor_of)
        rows = np.flatnonzero(after >= 0)
        points = fact_table(problem).parts(rows, after[rows]).sum()
        assert points == anew.total


def test_worth_is_too_large_for_exact_numbers():
    table = random_table(4)
    people = dataclasses.replace(table, priority=np.ones(table.mentees, bool))
    assert fits(people)
    many = type("Many", (), {"priority": np.ones(10**6, bool), "wanted": np.ones(1, bool)})
    with pytest.raises(ProblemError, match="too many people"):
        worth(many)
