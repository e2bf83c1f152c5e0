"""After every change the repaired optimum is proven, and the one that solving anew would give."""

import numpy as np
import pytest

from matching.engine import verify_facts
from matching.engine.compiled import live as compiled_live
from matching.engine.compiled.live import Live
from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.solver import Solver
from matching.engine.dense import solve_dense
from matching.engine.live import Live as NumpyLive
from tests.matching.engine.compiled.tables import random_round, random_table
from tests.matching.engine.test_live import quiet, total


@pytest.fixture
def few_pairs(monkeypatch):
    """So few near pairs and spaces that looks and rebuilding are needed all the time."""
    monkeypatch.setattr(compiled_live, "NEAR", 0)
    monkeypatch.setattr(compiled_live, "MORE", 2)
    monkeypatch.setattr(compiled_live, "SPARE", 1)


def change(live, gone, rng, *others):
    """One random change, the same on every one of `others` too."""
    kind = rng.integers(0, 4)
    everybody = (live, *others)
    if kind == 0 and (live.mate >= 0).any():
        mentee = int(rng.choice(np.flatnonzero(live.mate >= 0)))
        mentor = int(live.mate[mentee])
        for one in everybody:
            one.forbid(mentee, mentor)
    elif kind == 1 and len(gone) < len(live.mate):
        mentee = int(rng.choice([*{*range(len(live.mate))} - gone]))
        gone.add(mentee)
        for one in everybody:
            one.remove(mentee)
    elif kind == 2 and gone:
        mentee = gone.pop()
        for one in everybody:
            one.restore(mentee)
    else:
        mentor = int(rng.integers(0, len(live.capacity)))
        places = -1 if live.capacity[mentor] and rng.random() < 0.6 else 1
        for one in everybody:
            one.change_places(mentor, places)


def check(live):
    now, found = live.proven()
    assert verify_facts(now, found)
    assert total(now, found.mate) == total(now, solve_dense(now, False, quiet).mate)


@pytest.mark.parametrize("seed", range(150))
def test_any_series_of_changes(seed):
    table, rng, gone = random_table(seed), np.random.default_rng(seed), set()
    live = Live(table, solve_dense(table, bool(seed % 2), quiet))
    for _ in range(10):
        change(live, gone, rng)
        check(live)


@pytest.mark.usefixtures("few_pairs")
@pytest.mark.parametrize("places", [1.75, 1.05, 0.7])
def test_changes_that_need_many_looks(places):
    table, rng, gone = random_round(250, 90, 4, places), np.random.default_rng(4), set()
    optimum = Solver(table, Scanner(table, threads=1)).solve(floor=False)
    live, slow = Live(table, optimum), NumpyLive(table, optimum)
    for _ in range(60):
        change(live, gone, rng, slow)
        assert total(table, live.mate) == total(table, slow.mate)
    check(live)


def test_many_places_more_than_there_was_room_for():
    table = random_round(40, 12, seed=2, places=0.7)
    live = Live(table, solve_dense(table, False, quiet))
    live.change_places(3, 25)
    check(live)
    live.change_places(3, -25)
    check(live)


def test_nobody_has_fewer_than_no_places():
    table = random_round(5, 3, seed=1)
    live = Live(table, solve_dense(table, False, quiet))
    with pytest.raises(ValueError, match="fewer than no places"):
        live.change_places(0, -int(table.capacity[0]) - 1)
