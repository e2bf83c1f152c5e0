"""After every change the repaired optimum is the one that solving anew would give."""

import dataclasses

import numpy as np
import pytest

from matching.engine import verify_facts
from matching.engine.dense import solve_dense
from matching.engine.live import Live
from tests.matching.engine.compiled.tables import random_round, random_table


def quiet(phase, fraction):
    pass


def total(table, mate):
    rows = np.flatnonzero(mate >= 0)
    points = table.signed(slice(None), slice(None))[rows, mate[rows]]
    special = int(table.priority[rows].sum()), int(table.wanted[mate[rows]].sum())
    return len(rows), *special, int(points.sum())


def with_bar(table, pairs):
    barred = np.unique(np.array([*table.barred.tolist(), *pairs]).reshape(-1, 2), axis=0)
    return dataclasses.replace(table, barred=barred.astype(np.int64))


@pytest.mark.parametrize("seed", range(60))
def test_declines(seed):
    table = random_table(seed)
    live = Live(table, solve_dense(table, False, quiet))
    pairs = []
    for mentee in np.flatnonzero(live.mate >= 0)[:4].tolist():
        if live.mate[mentee] < 0:
            continue
        pairs.append((mentee, int(live.mate[mentee])))
        live.forbid(*pairs[-1])
        after = with_bar(table, pairs)
        assert total(table, live.mate) == total(table, solve_dense(after, False, quiet).mate)


@pytest.mark.parametrize("seed", range(60))
def test_somebody_leaves_and_comes_back(seed):
    table = random_table(seed)
    live = Live(table, solve_dense(table, False, quiet))
    before = total(table, live.mate)
    for mentee in range(0, table.mentees, 3):
        live.remove(mentee)
        assert live.mate[mentee] == -1
        rest = np.delete(np.arange(table.mentees), mentee)
        anew = solve_dense(table.take(rest, slice(None)), False, quiet)
        assert total(table, np.insert(anew.mate, mentee, -1)) == total(table, live.mate)
        live.restore(mentee)
        assert total(table, live.mate) == before
        assert verify_facts(table, dataclasses.replace(live.as_optimum()))


@pytest.mark.parametrize("seed", range(60))
def test_places_come_and_go(seed):
    table = random_table(seed)
    live = Live(table, solve_dense(table, False, quiet))
    capacity = table.capacity.copy()
    rng = np.random.default_rng(seed)
    for mentor in rng.integers(0, table.mentors, 5).tolist():
        change = -1 if capacity[mentor] and rng.random() < 0.7 else 1
        live.change_places(mentor, change)
        capacity[mentor] += change
        after = dataclasses.replace(table, capacity=capacity.copy())
        assert total(table, live.mate) == total(table, solve_dense(after, False, quiet).mate)


def test_nobody_has_fewer_than_no_places():
    table = random_round(5, 3, seed=1)
    live = Live(table, solve_dense(table, False, quiet))
    with pytest.raises(ValueError, match="fewer than no places"):
        live.change_places(0, -int(table.capacity[0]) - 1)
