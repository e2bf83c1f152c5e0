"""Stable matching by deferred acceptance, and the check that finds every pair that blocks."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import answers, blocking_pairs, free_part, stable_match
from matching.engine.stable import SHORTEST
from tests.matching.engine import oracles, problems
from tests.matching.engine.compiled.tables import random_round, random_table

seeds = st.integers(0, 2**32 - 1)
EVERYBODY = slice(None)


@settings(max_examples=80, deadline=None)
@given(seeds, st.sampled_from([1, 2, 5, None]))
def test_equals_one_proposal_after_the_other_whatever_the_length_of_lists(seed, size):
    table = random_table(seed)
    expected = oracles.deferred_acceptance(*table.block(EVERYBODY, EVERYBODY), table.capacity)
    assert stable_match(table, size).tolist() == expected


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_every_blocking_pair_of_any_matching_is_found(seed):
    table = random_table(seed)
    points, possible = table.block(EVERYBODY, EVERYBODY)
    rng = np.random.default_rng(seed)
    mate, load = np.full(table.mentees, -1), np.zeros(table.mentors, int)
    for mentee, mentor in rng.permutation(np.argwhere(possible))[: table.mentees].tolist():
        if mate[mentee] < 0 and load[mentor] < table.capacity[mentor]:
            mate[mentee] = mentor
            load[mentor] += 1
    expected = oracles.both_would_gain(points, possible, table.capacity, mate)
    assert blocking_pairs(table, mate).tolist() == expected


@pytest.mark.parametrize("places", [1.75, 1.05, 0.7])
def test_nothing_blocks_a_stable_matching_and_a_swap_is_found(places):
    table = random_round(300, 90, seed=2, places=places)
    mate = stable_match(table)
    load = np.bincount(mate[mate >= 0], minlength=90)
    assert (load <= table.capacity).all()
    rows = np.flatnonzero(mate >= 0)
    assert table.possible(EVERYBODY, EVERYBODY)[rows, mate[rows]].all()
    assert blocking_pairs(table, mate).shape == (0, 2)
    best = rows[table.of_pairs(rows, mate[rows]).argmax()]
    left = mate.copy()
    left[best] = -1
    assert [best, mate[best]] in blocking_pairs(table, left).tolist()


def test_a_block_of_rows_at_a_time_gives_the_same(monkeypatch):
    table = random_table(7)
    whole, mate = stable_match(table), np.full(table.mentees, -1)
    pairs = blocking_pairs(table, mate)
    assert len(pairs) > table.mentors
    monkeypatch.setattr(answers, "PAIRS_AT_ONCE", table.mentors * 3)
    assert stable_match(table).tolist() == whole.tolist()
    assert blocking_pairs(table, mate).tolist() == pairs.tolist()


def test_lists_that_are_cut_are_made_longer_until_all_is_stable():
    """Everybody thinks alike of more mentors than stand on a list, each with one place."""
    table = random_round(3 * SHORTEST, 3 * SHORTEST, seed=5, facts=1, rows=1)
    values = np.arange(1, 3 * SHORTEST + 1, dtype=np.int16)[None, :]
    capacity = np.ones(3 * SHORTEST, dtype=np.int64)
    table = dataclasses.replace(table, values=values, capacity=capacity)
    mate = stable_match(table, SHORTEST)
    assert sorted(mate.tolist()) == list(range(3 * SHORTEST))
    assert len(blocking_pairs(table, mate)) == 0


def test_the_order_of_people_does_not_matter():
    fields = problems.random_fields(4, 9, 6) | {"minimum_points": 0}
    rng = np.random.default_rng(4)
    rows, columns = rng.permutation(9), rng.permutation(6)

    def matched(problem):
        free = free_part(problem)
        return free.mentor_of(stable_match(free.table))

    one = matched(problems.Problem(**fields))
    other = matched(problems.Problem(**problems.shuffled(fields, rows, columns)))
    assert (one >= 0).any()
    assert other.tolist() == np.append(np.argsort(columns), -1)[one[rows]].tolist()


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_is_a_result(n, m):
    table = free_part(problems.Problem(**problems.blank(n, m))).table
    mate = stable_match(table)
    assert mate.tolist() == [-1] * n
    assert blocking_pairs(table, mate).shape == (0, 2)
