"""`assign` against oracles that share nothing with it, and instances made to be hard."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import ProblemError, assign, verify
from tests.matching.engine import oracles

seeds = st.integers(0, 2**32 - 1)


def answer(result):
    return result.certificate.matched, result.total


def assert_proven(scores, allowed, capacity, result):
    load = np.bincount(result.mentor_of[result.mentor_of >= 0], minlength=len(capacity))
    assert (load <= capacity).all()
    rows = np.flatnonzero(result.mentor_of >= 0)
    assert allowed[rows, result.mentor_of[rows]].all()
    assert result.certificate.gap == 0
    assert verify(scores, allowed, capacity, result)


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_equals_trying_every_matching(seed):
    scores, allowed, capacity = oracles.instance(seed)
    result = assign(scores, allowed, capacity)
    assert answer(result) == oracles.brute_force(scores, allowed, capacity)
    assert_proven(scores, allowed, capacity, result)


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(0, 40), st.integers(1, 25))
def test_equals_dense_assignment_with_replicated_columns(seed, n, m):
    scores, allowed, capacity = oracles.instance(seed, n, m, top=10_000, places=6)
    result = assign(scores, allowed, capacity)
    assert answer(result) == oracles.replicated_columns(scores, allowed, capacity)
    assert_proven(scores, allowed, capacity, result)


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(1, 25), st.integers(1, 12))
def test_equals_a_linear_programme_in_two_stages(seed, n, m):
    scores, allowed, capacity = oracles.instance(seed, n, m, top=1000, places=4)
    result = assign(scores, allowed, capacity)
    assert answer(result) == oracles.linear_programme(scores, allowed, capacity)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_count_total_and_mentor_prices_do_not_depend_on_the_order(seed):
    scores, allowed, capacity = oracles.instance(seed, 12, 7)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(12), rng.permutation(7)
    one = assign(scores, allowed, capacity)
    other = assign(scores[rows][:, columns], allowed[rows][:, columns], capacity[columns])
    assert answer(one) == answer(other)
    prices = one.certificate.mentor_prices[columns]
    assert prices.tolist() == other.certificate.mentor_prices.tolist()


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_one_more_place_never_matches_fewer(seed):
    scores, allowed, capacity = oracles.instance(seed, 10, 5)
    before = assign(scores, allowed, capacity)
    capacity[int(seed) % 5] += 1
    after = assign(scores, allowed, capacity)
    assert answer(after) >= answer(before)


def test_most_matched_comes_before_points():
    scores = np.array([[10_000, 1], [9_999, 0]])
    allowed = np.array([[True, True], [True, False]])
    result = assign(scores, allowed, np.array([1, 1]))
    assert result.mentor_of.tolist() == [1, 0]
    assert result.total == 10_000


def test_negative_points_still_match():
    result = assign(np.array([[-5], [-3]]), np.ones((2, 1), bool), np.array([1]))
    assert result.mentor_of.tolist() == [-1, 0]
    assert result.total == -3


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 4), (4, 0)])
def test_an_empty_side_is_a_result(n, m):
    instance = np.zeros((n, m), int), np.zeros((n, m), bool), np.ones(m, int)
    result = assign(*instance)
    assert result.mentor_of.tolist() == [-1] * n
    assert result.total == 0
    assert verify(*instance, result)


def hard_cases():
    rng = np.random.default_rng(5)
    n, m = 120, 60
    everyone = np.ones((n, m), bool)
    popular = np.where(np.arange(m) < 10, 9_000, 100) + np.zeros((n, 1), int)
    product = np.rint(10_000 * np.outer(rng.random(n), rng.random(m))).astype(int)
    halves = np.zeros((n, m), bool)
    halves[:60, :30] = halves[60:, 30:] = True
    yield "all ties", np.full((n, m), 5_000), everyone, np.full(m, 2)
    yield "ten mentors everyone wants", popular, everyone, np.ones(m, int)
    yield (
        "only popularity counts",
        np.tile(rng.integers(0, 9_000, m), (n, 1)),
        everyone,
        np.full(m, 3),
    )
    yield "product of two qualities", product, everyone, np.full(m, 2)
    yield "nobody compatible", product, np.zeros((n, m), bool), np.full(m, 2)
    yield "two separate halves", product, halves, np.ones(m, int)
    yield "no places", product, everyone, np.zeros(m, int)
    yield "one mentor with all places", product, everyone, np.eye(1, m, 7, dtype=int)[0] * n
    yield "more places than anybody needs", product, everyone, np.full(m, 10**12)
    yield "all points zero", np.zeros((n, m), int), rng.random((n, m)) < 0.05, np.ones(m, int)


@pytest.mark.parametrize(
    ("scores", "allowed", "capacity"),
    [pytest.param(*case[1:], id=case[0]) for case in hard_cases()],
)
def test_hard_cases_are_proven_and_agree(scores, allowed, capacity):
    result = assign(scores, allowed, capacity)
    expected = oracles.replicated_columns(scores, allowed, capacity)
    assert answer(result) == expected
    assert expected[0] == oracles.most_matched(allowed, capacity)
    assert_proven(scores, allowed, capacity, result)


def test_many_places_are_opened_only_as_needed():
    """All mentees prefer mentors that together have too few places, in many steps."""
    rng = np.random.default_rng(8)
    scores = rng.integers(0, 100, (80, 6)) + np.array([5_000, 4_000, 3_000, 0, 0, 0])
    allowed = rng.random((80, 6)) < 0.7
    capacity = np.array([3, 3, 3, 500, 500, 500])
    result = assign(scores, allowed, capacity)
    assert answer(result) == oracles.replicated_columns(scores, allowed, capacity)
    assert_proven(scores, allowed, capacity, result)


def test_points_at_the_edge_of_the_exact_range():
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 10**12, (12, 8))
    instance = scores, np.ones((12, 8), bool), np.ones(8, int)
    result = assign(*instance)
    assert answer(result) == oracles.linear_programme(*instance)
    assert verify(*instance, result)


OKAY = {
    "scores": np.zeros((2, 2), int),
    "allowed": np.ones((2, 2), bool),
    "capacity": np.ones(2, int),
}


@pytest.mark.parametrize(
    ("field", "value", "index"),
    [
        ("scores", np.zeros((2, 2)), None),
        ("scores", np.zeros(2, int), None),
        ("scores", [[1, 2], [3]], None),
        ("scores", np.array([[0, 0], [2**62, 0]]), 1),
        ("scores", np.array([[0, 0], [2**64 - 1, 0]], dtype=np.uint64), 1),
        ("scores", np.full((2, 2), 2**52), None),
        ("allowed", np.ones((2, 2), int), None),
        ("allowed", np.ones((2, 3), bool), None),
        ("capacity", np.array([1, -1]), 1),
        ("capacity", np.ones(2), None),
        ("capacity", np.ones(3, int), None),
    ],
)
def test_bad_input_names_the_field_and_the_index(field, value, index):
    with pytest.raises(ProblemError) as caught:
        assign(**OKAY | {field: value})
    assert (caught.value.field, caught.value.index) == (field, index)
    assert str(caught.value).startswith(field)


def test_points_of_pairs_that_are_not_allowed_do_not_matter():
    scores = np.array([[2**62, 3], [4, -(2**62)]])
    allowed = np.array([[False, True], [True, False]])
    result = assign(scores, allowed, np.array([1, 1]))
    assert result.total == 7
    assert verify(scores, allowed, np.array([1, 1]), result)


def test_input_is_left_as_it_was():
    arrays = {name: value.copy() for name, value in OKAY.items()}
    assign(**arrays)
    assert all((arrays[name] == OKAY[name]).all() for name in OKAY)
