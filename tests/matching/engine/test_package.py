"""What the package loads, and the parts that are no one else's concern."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import engine
from matching.engine.answers import by_remainder, groups, in_small_shares
from matching.engine.apportion import apportion
from matching.engine.residual import longest_paths, smallest_prices


def test_importing_the_engine_loads_no_framework():
    script = (
        "import sys, matching.engine;"
        "heavy = {'django', 'celery', 'numba', 'reenter', 'accounts', 'mentoring'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    root = Path(engine.__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


@given(st.integers(0, 10_000), st.lists(st.integers(0, 100), min_size=1, max_size=9))
def test_apportioned_parts_add_up_and_stay_within_one_of_their_share(total, shares):
    parts = apportion(total, shares)
    assert sum(parts) == total
    even = shares if sum(shares) else [1] * len(shares)
    for part, share in zip(parts, even, strict=True):
        assert abs(part - total * share / sum(even)) < 1


people_with_shares = st.lists(st.lists(st.integers(1, 1000), max_size=6), max_size=6)


@given(st.integers(0, 500), people_with_shares)
def test_apportioning_many_at_once_is_the_same(total, people):
    ptr = np.cumsum([0] + [len(shares) for shares in people])
    flat = np.array([share for shares in people for share in shares], dtype=np.int64)
    expected = [part for shares in people for part in apportion(total, shares)]
    assert by_remainder(total, ptr, flat).tolist() == expected


@given(st.integers(0, 500), st.lists(st.integers(1, 8), min_size=1, max_size=9), st.data())
def test_one_more_thing_never_raises_the_share_of_another(total, sizes, data):
    def shares(sizes):
        return in_small_shares(total, 1, np.zeros(len(sizes), int), np.array(sizes)).tolist()

    place = data.draw(st.integers(0, len(sizes)))
    more = shares([*sizes[:place], data.draw(st.integers(1, 8)), *sizes[place:]])
    del more[place]
    before = shares(sizes)
    assert sum(before) == total
    assert all(after <= share for after, share in zip(more, before, strict=True))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), max_size=12))
def test_groups_are_people_with_equal_answers(people):
    columns = np.array(people, dtype=np.int64).reshape(-1, 2).T
    first, group = groups(len(people), columns)
    assert len(set(people)) == len(first)
    assert all(people[first[own]] == person for own, person in zip(group, people, strict=True))


def test_apportioning_nothing():
    assert apportion(5, []) == []
    assert apportion(3, [0, 0]) == [2, 1]


def test_a_worse_matching_has_no_prices():
    value = np.array([[9, 1], [1, 9]])
    with pytest.raises(ArithmeticError):
        smallest_prices(value, np.array([1, 1]), np.array([1, 0]))
    with pytest.raises(ArithmeticError):
        smallest_prices(value, np.array([1, 1]), np.array([0, -1]))


def test_a_cycle_of_gains_is_refused():
    with pytest.raises(ArithmeticError):
        longest_paths(np.array([[0, 2], [-1, 0]]), np.zeros(2, dtype=np.int64))
