"""The scan agrees with the product of matrices to the last point, whatever is asked of it."""

import numpy as np
import pytest

from matching.engine.compiled.scan import Scanner
from tests.matching.engine.compiled.tables import random_round, random_table


@pytest.mark.parametrize("seed", range(20))
def test_points_of_all_pairs(seed):
    table = random_table(seed)
    rows, columns = np.indices((table.mentees, table.mentors)).reshape(2, -1)
    found = Scanner(table, threads=1).points(rows, columns)
    expected = table.signed(slice(None), slice(None)).ravel()
    assert (found[expected >= 0] == expected[expected >= 0]).all()
    assert (found[expected < 0] < 0).all()


@pytest.mark.parametrize("threads", [1, 3])
def test_the_best_of_every_mentee(threads):
    table = random_round(700, 600, seed=2)
    points, possible = table.block(slice(None), slice(None))
    found = Scanner(table, threads).top(8, 0)
    assert len(found.full) == 700
    for row in range(0, 700, 50):
        best = np.sort(np.where(possible[row], points[row], -1))[::-1][:8]
        assert np.sort(found.points[found.rows == row])[::-1].tolist() == best.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_every_pair_above_a_threshold_at_prices_of_any_size(seed):
    rng = np.random.default_rng(seed)
    table = random_round(300, 520, seed=seed)
    table.capacity[:] = 1
    price = rng.integers(0, 3000, 520) + (np.arange(520) % 5 == 0) * 10**12
    threshold = rng.integers(0, 9000, 300) - (np.arange(300) % 7 == 0) * 10**12
    points, possible = table.block(slice(None), slice(None))
    wanted = set(map(tuple, np.argwhere(possible & (points - price > threshold[:, None])).tolist()))
    scanner, rows = Scanner(table, threads=2), np.arange(300)
    found = scanner.violators(rows, price, threshold, 520, 0)
    assert set(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == wanted
    some = np.arange(3, 90, 7)
    found = scanner.column_violators(rows, some, price, threshold, 520, 0)
    expected = {pair for pair in wanted if pair[1] in set(some.tolist())}
    assert set(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == expected
    assert (found.points == points[found.rows, found.columns]).all()


def test_below_all_prices_that_can_be_told_apart_a_full_list_says_nothing_of_the_rest():
    table = random_round(60, 300, seed=4)
    scanner, rows, threshold = Scanner(table, 1), np.arange(60), np.zeros(60, dtype=np.int64)
    low = scanner.violators(rows, np.full(300, -(10**9)), threshold, 3, 0)
    assert low.least.tolist() == [10_000 + 10**9] * 60
    near = scanner.violators(rows, np.full(300, -1000), threshold, 3, 0)
    points = np.where(table.possible(rows, slice(None)), table.points(rows, slice(None)), -1)
    assert near.least.tolist() == (np.sort(points, axis=1)[:, -3] + 1000).tolist()


@pytest.mark.parametrize("seed", range(6))
def test_a_full_list_bounds_what_is_not_in_it(seed):
    rng = np.random.default_rng(seed)
    table = random_round(200, 300, seed=seed)
    price = rng.integers(0, 3000, 300) + (np.arange(300) % 3 == 0) * 10**6
    threshold = rng.integers(-2, 3, 200) * 10**6
    found = Scanner(table, threads=1).violators(np.arange(200), price, threshold, 4, 0)
    points, possible = table.block(slice(None), slice(None))
    possible[found.rows, found.columns] = False
    left = np.where(possible, points - price, -(10**9)).max(axis=1)
    assert len(found.full) > 50
    assert (left[found.full] <= found.least).all()


@pytest.mark.parametrize("seed", range(20))
def test_one_mentor_with_everybody_and_pairs_barred_later(seed):
    table, rng = random_table(seed), np.random.default_rng(seed)
    scanner = Scanner(table, threads=1)
    points, possible = table.block(slice(None), slice(None), 0)
    for row in range(table.mentees):
        column = int(rng.integers(0, table.mentors))
        scanner.bar(row, column)
        possible[row, column] = False
    for column in range(table.mentors):
        found = scanner.column(column)
        assert ((found >= 0) == possible[:, column]).all()
        assert (found == points[:, column])[found >= 0].all()
    top = scanner.top(table.mentors, 0)
    assert len(top.rows) == possible.sum()
    assert possible[top.rows, top.columns].all()
