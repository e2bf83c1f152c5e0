"""A sample of the rounds of `bench_agree`: all ways of solving agree, and would be told if not."""

import numpy as np
import pytest

from tests.matching.engine.compiled.agreement import (
    KINDS,
    ORACLES,
    by_brute_force,
    disagreements,
    is_best,
    tiny,
)

SAMPLE = {
    "up to 6 x 4, brute force too": 12,
    "up to 24 x 24": 40,
    "answers of people": 30,
    "up to 300 x 120": 6,
}
OTHERS = 4
"""Of each kind of the hard rounds."""


@pytest.mark.parametrize("kind", KINDS)
def test_all_ways_of_solving_agree(kind):
    for seed in range(SAMPLE.get(kind, OTHERS)):
        assert not disagreements(KINDS[kind](seed), floor=seed % 2 > 0), seed


@pytest.mark.parametrize("floor", [True, False])
def test_another_result_is_not_taken_for_the_best(floor):
    told = np.zeros(5, int)
    for seed in range(10):
        table = tiny(seed)
        found = by_brute_force(table, floor)
        for best in ORACLES.values():
            assert is_best(table, found, floor, best), seed
        for place in np.flatnonzero(found):
            other = list(found)
            other[place] -= 1
            told[place] += 1
            for best in ORACLES.values():
                assert not is_best(table, tuple(other), floor, best), (seed, other)
    assert told[[0, 1, 2, 4]].all()
    assert told[3] > 0 or not floor
