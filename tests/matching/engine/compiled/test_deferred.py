"""The compiled deferred acceptance gives the very pairs of the one in NumPy."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import blocking_pairs, stable_match
from matching.engine.compiled.deferred import Deferred, stable
from matching.engine.compiled.scan import Scanner
from tests.matching.engine.compiled.tables import random_round, random_table


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 5, 32]))
def test_the_same_pairs_whatever_the_length_of_lists(seed, size):
    table = random_table(seed)
    assert stable(Scanner(table, 1), size).tolist() == stable_match(table).tolist()


@pytest.mark.parametrize("places", [1.75, 1.05, 0.7])
def test_a_larger_round(places):
    table = random_round(900, 600, seed=3, places=places)
    mate = stable(Scanner(table, 2), 8)
    assert mate.tolist() == stable_match(table).tolist()
    assert len(blocking_pairs(table, mate)) == 0


def test_all_alike_and_mentors_without_a_place():
    table = random_round(120, 90, seed=3, facts=1, rows=1)
    table = dataclasses.replace(
        table,
        values=np.full((1, 90), 20, np.int16),
        capacity=np.arange(90, dtype=np.int64) % 3,
    )
    mate = stable(Scanner(table, 1))
    assert mate.tolist() == stable_match(table).tolist()
    assert (mate >= 0).sum() == 90


def test_short_lists_alone_are_not_stable_over_all_pairs():
    table = random_round(400, 200, seed=6, places=1.05)
    work = Deferred(Scanner(table, 1), 2)
    work.list()
    work.along_lists()
    assert len(blocking_pairs(table, work.seats.mate))
    assert work.over_all_pairs() > 0
    assert not len(blocking_pairs(table, work.seats.mate))
