"""The compiled way gives the same optimum as the dense one, and a proof that holds."""

import dataclasses
import fcntl

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Patience, large, verify_facts
from matching.engine.compiled import bound, solver
from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.solver import Solver
from matching.engine.dense import solve_dense
from matching.engine.large import solve_large
from tests.matching.engine.compiled.tables import random_round, random_table

seeds = st.integers(0, 2**32 - 1)


def quiet(phase, fraction):
    pass


def compiled(table, floor):
    return Solver(table, Scanner(table, threads=1)).solve(floor)


def numbers(table, found):
    rows = np.flatnonzero(found.mate >= 0)
    points = table.signed(slice(None), slice(None))[rows, found.mate[rows]]
    special = int(table.priority[rows].sum()), int(table.wanted[found.mate[rows]].sum())
    return len(rows), *special, int(points.sum()), found.floor


@pytest.fixture
def few_candidates(monkeypatch):
    """So few that even the smallest rounds need several looks at all pairs."""
    monkeypatch.setattr(solver, "CANDIDATES", 2)
    monkeypatch.setattr(solver, "MORE", 2)
    monkeypatch.setattr(bound, "MORE", 2)


@pytest.mark.parametrize("floor", [True, False])
@pytest.mark.usefixtures("few_candidates")
def test_the_same_numbers_as_the_dense_way(floor):
    for seed in range(150):
        table = random_table(seed)
        found = compiled(table, floor)
        assert numbers(table, found) == numbers(table, solve_dense(table, floor, quiet)), seed
        assert verify_facts(table, found), seed


@settings(max_examples=60, deadline=None)
@given(seeds, st.booleans())
def test_random_rounds_are_proven_both_ways(seed, floor):
    table = random_table(seed)
    one, other = compiled(table, floor), solve_dense(table, floor, quiet)
    assert numbers(table, one) == numbers(table, other)
    assert verify_facts(table, one)
    assert verify_facts(table, other)


@pytest.mark.parametrize("places", [1.75, 1.05, 0.7])
def test_a_round_with_many_looks(places):
    table = random_round(700, 300, seed=1, places=places)
    one, other = compiled(table, True), solve_dense(table, True, quiet)
    assert numbers(table, one) == numbers(table, other)
    assert verify_facts(table, one)


@pytest.mark.parametrize("kind", ["equal", "common", "product"])
def test_hard_rounds(kind):
    """All alike; mentors that everybody values alike; a product of two qualities."""
    rng = np.random.default_rng(3)
    table = random_round(200, 90, seed=3, facts=1, rows=1)
    weight = np.ones(200) if kind != "product" else rng.integers(1, 100, 200)
    values = np.full((1, 90), 50) if kind == "equal" else rng.integers(0, 100, (1, 90))
    table = dataclasses.replace(
        table, weight=weight.astype(np.int16), values=values.astype(np.int16)
    )
    one, other = compiled(table, True), solve_dense(table, True, quiet)
    assert numbers(table, one) == numbers(table, other)
    assert verify_facts(table, one)


def test_in_a_process_of_its_own_with_progress(monkeypatch, tmp_path):
    monkeypatch.setattr(large, "LOCK", tmp_path / "lock")  # nobody else's solve makes it wait
    table = random_round(300, 120, seed=5)
    steps = []
    found = solve_large(table, True, lambda phase, fraction: steps.append((phase, fraction)))
    assert verify_facts(table, found)
    assert numbers(table, found) == numbers(table, solve_dense(table, True, quiet))
    # A step is told again while nothing changes, so a slow machine tells more of them.
    phases = list(dict.fromkeys(phase for phase, _ in steps))
    assert phases == ["wait", "score", "count", "floor", "total"]
    assert all(0 <= fraction <= 1 for _, fraction in steps)


class Cancelled(Exception):
    """Somebody stopped it."""


def test_who_waits_for_another_solve_can_be_stopped(monkeypatch, tmp_path):
    waits = []

    def report(phase, fraction):
        waits.append(phase)
        if len(waits) == 3:
            raise Cancelled

    monkeypatch.setattr(large, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(large, "WAIT_SECONDS", 0.01)
    with large.LOCK.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Cancelled):
            solve_large(random_round(30, 12, seed=5), True, report)
    assert waits == ["wait"] * 3


def test_a_report_that_raises_stops_the_process():
    def report(phase, fraction):
        if phase == "score":
            raise Cancelled

    with pytest.raises(Cancelled):
        solve_large(random_round(300, 120, seed=5), True, report)


@pytest.mark.usefixtures("few_candidates")
@pytest.mark.parametrize("patience", [Patience(gap=50_000), Patience(seconds=0.0)])
def test_stopping_early_says_how_far_it_can_be_from_the_best(patience):
    table = random_round(300, 120, seed=6, places=1.0)
    best = numbers(table, compiled(table, False))
    found = Solver(table, Scanner(table, threads=1)).solve(False, patience)
    reached = numbers(table, found)
    assert found.gap > 0
    assert reached[:3] == best[:3]
    assert 0 < best[3] - reached[3] <= found.gap
    assert verify_facts(table, found, most_gap=found.gap)
    assert not verify_facts(table, found)
    assert not verify_facts(table, found, most_gap=found.gap - 1)
    nearer = dataclasses.replace(found, gap=found.gap - 1)
    assert not verify_facts(table, nearer, most_gap=found.gap)


def test_a_process_that_stops_early():
    table = random_round(300, 120, seed=6, places=1.0)
    found = solve_large(table, False, quiet, patience=Patience(seconds=0.0))
    assert verify_facts(table, found, most_gap=found.gap)
