"""The fact table: three ways to add up agree, vetoes and the gate decide, and bad tables fail."""

import dataclasses
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Problem, ProblemError, explain, fact_table, memory_needed
from matching.engine.facts import VETO
from tests.matching.engine import problems

seeds = st.integers(0, 2**32 - 1)
EVERYBODY = slice(None)


def by_hand(table, mentee, mentor):
    """(points, vetoed) of one pair, fact by fact, in Python's own integers."""
    points, gate, vetoed = int(table.base[mentee]), 0, False
    own = range(int(table.ptr[mentee]), int(table.ptr[mentee + 1]))
    gates = own[: int(table.gate[mentee])]
    for fact in own:
        value = int(table.values[table.col[fact], mentor])
        worth = value * int(table.weight[fact])
        if fact in gates:
            gate += worth
        if value < 0:
            vetoed = True
        elif fact not in gates or table.keep[mentee]:
            points += worth
    return points, vetoed or bool(gates and not gate)


def awkward(seed):
    """Random answers under random weights, often with goals that weigh nothing."""
    rng = np.random.default_rng(seed)
    names = list(problems.WEIGHTS)
    share = rng.multinomial(500, np.ones(6) / 6) * (rng.random(6) < 0.6)
    total = share.sum() or 1
    share[0] += 0 if share.sum() else 1
    weights = {name: float(own) / total for name, own in zip(names, share, strict=True)}
    return problems.random_problem(seed, 5, 4, weights=weights)


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_the_product_a_loop_and_the_explanation_agree(seed):
    problem = awkward(seed)
    table = fact_table(problem)
    points, possible = table.block(EVERYBODY, EVERYBODY)
    assert points.dtype == np.int64
    signed = table.signed(EVERYBODY, EVERYBODY)
    for mentee in range(5):
        for mentor in range(4):
            found, vetoed = by_hand(table, mentee, mentor)
            assert points[mentee, mentor] == found == table.pair(mentee, mentor)
            assert explain(problem, mentee, mentor).points == found
            assert (signed[mentee, mentor] < 0) == vetoed
            fits = not vetoed and found >= problem.minimum_points
            fits &= (mentee, mentor) not in problem.barred_codes
            assert possible[mentee, mentor] == fits
    assert points.min() >= 0
    assert points.max() <= 10_000


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_some_people_in_another_order_have_the_same_scores(seed):
    table = fact_table(problems.random_problem(seed, 7, 6))
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(7)[:4], rng.permutation(6)[:5]
    some = table.take(rows, columns)
    for whole, part in zip(
        table.block(EVERYBODY, EVERYBODY), some.block(EVERYBODY, EVERYBODY), strict=True
    ):
        assert (part == whole[np.ix_(rows, columns)]).all()
    assert (table.block(rows, columns)[1] == some.block(EVERYBODY, EVERYBODY)[1]).all()
    assert some.parts([1], [2]).tolist() == table.parts(rows[[1]], columns[[2]]).tolist()


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_order_of_people_does_not_change_a_score(seed):
    fields = problems.random_fields(seed, 7, 6)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(7), rng.permutation(6)
    one = fact_table(Problem(**fields)).block(EVERYBODY, EVERYBODY)
    other = fact_table(Problem(**problems.shuffled(fields, rows, columns)))
    for grid, shuffled in zip(one, other.block(EVERYBODY, EVERYBODY), strict=True):
        assert (shuffled == grid[np.ix_(rows, columns)]).all()


def test_the_gate_opens_only_for_a_covered_goal():
    fields = problems.blank(3, 2) | problems.goals_of([[0], [0, 1], []])
    fields["expertise"][0, 1] = 3
    table = fact_table(Problem(**fields))
    assert table.gate.tolist() == [1, 2, 0]
    assert table.possible(EVERYBODY, EVERYBODY).tolist() == [
        [False, False],
        [True, False],
        [True, True],
    ]
    assert (fact_table(Problem(**fields, require_goal_covered=False)).gate == 0).all()


def test_goals_that_weigh_nothing_open_the_gate_and_give_no_points():
    fields = problems.blank(2, 2, weights={"place": 1.0}) | problems.goals_of([[0], []])
    fields["expertise"][0, 0] = 3
    table = fact_table(Problem(**fields))
    assert table.keep.tolist() == [False, True]
    assert table.points(EVERYBODY, EVERYBODY).tolist() == [[5000, 5000]] * 2
    assert table.possible(EVERYBODY, EVERYBODY).tolist() == [[True, False], [True, True]]


def test_more_goals_than_points_still_open_the_gate():
    """One step for eight goals: only the first has weight, and the last is covered."""
    weights = {"goals": 0.002, "place": 0.998}
    fields = problems.blank(1, 2, weights=weights) | problems.goals_of([list(range(8))])
    fields["expertise"][:, 7] = [3, 0]
    fields["expertise"][:, 0] = [0, 3]
    table = fact_table(Problem(**fields))
    assert table.gate.tolist() == [8]
    assert table.points(EVERYBODY, EVERYBODY).tolist() == [[4990, 5010]]
    assert table.possible(EVERYBODY, EVERYBODY).all()


def test_three_vetoes_still_fit_and_the_points_stay_what_they_are():
    fields = problems.blank(1, 1) | problems.goals_of([[0]])
    fields["mentee_languages"][:] = False
    fields["mentee_lat"][0], fields["mentee_lon"][0] = 52.0, 5.0
    fields["mentee_online"][0] = False
    table = fact_table(Problem(**fields))
    assert table.signed(EVERYBODY, EVERYBODY).tolist() == [[3 * VETO + 2500]]
    assert table.points(EVERYBODY, EVERYBODY).tolist() == [[2500]]
    assert not table.possible(EVERYBODY, EVERYBODY, 0).any()


def test_what_cannot_matter_is_no_fact():
    """Everybody speaks a language of everybody, and nobody named a theme or bond."""
    table = fact_table(Problem(**problems.blank(4, 3)))
    assert len(table.values) == 1
    assert table.ptr.tolist() == [0, 1, 2, 3, 4]
    assert table.points(EVERYBODY, EVERYBODY).tolist() == [[5000] * 3] * 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: {"base": t.base.astype(np.int64)}, "base is int64"),
        (lambda t: {"ptr": t.ptr[::-1].copy()}, "ptr"),
        (lambda t: {"col": t.col + np.int32(99)}, "col"),
        (lambda t: {"weight": t.weight * np.int16(0)}, "weight"),
        (lambda t: {"gate": t.gate + np.int16(99)}, "gate"),
        (lambda t: {"values": t.values - np.int16(1)}, "values"),
        (lambda t: {"minimum": -1}, "minimum"),
        (lambda t: {"barred": np.array([[0, 99]])}, "barred"),
        (lambda t: {"base": t.base + np.int16(10_000)}, "sixteen bits"),
        (lambda t: {"weight": t.weight * np.int16(2)}, "weight 1|sixteen bits"),
        (lambda t: {"values": np.full_like(t.values, VETO)}, "weight 1"),
    ],
)
def test_a_table_that_breaks_the_rules_is_refused(change, message):
    table = fact_table(problems.random_problem(3, 5, 4, require_goal_covered=True))
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(table, **change(table))


def test_the_memory_is_known_before_the_start():
    problem = problems.random_problem(5, 3000, 900)
    needed = memory_needed(problem)
    fact_table.cache_clear()
    tracemalloc.start()
    try:
        fact_table(problem)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert needed / 8 < peak < needed
    with pytest.raises(ProblemError, match=r"would need \d+ MiB, more than 1"):
        fact_table(problem, 2**20)
