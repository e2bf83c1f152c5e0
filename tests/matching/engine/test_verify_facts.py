"""The checker believes nothing: every claim that is changed is found out."""

import dataclasses

import numpy as np
import pytest

from matching.engine import verify_facts
from matching.engine.dense import solve_dense
from tests.matching.engine.compiled.tables import random_round, random_table


def quiet(phase, fraction):
    pass


def bumped(array, place, step):
    changed = array.copy()
    changed[place] += step
    return changed


@pytest.fixture(scope="module")
def round_of_60():
    table = random_round(60, 25, seed=4, places=0.8)
    return table, solve_dense(table, True, quiet)


def test_the_optimum_is_believed(round_of_60):
    assert verify_facts(*round_of_60)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: {"price": bumped(found.price, 3, 1)},
        lambda found: {"price": bumped(found.price, 3, -1)},
        lambda found: {"gain": bumped(found.gain, 3, 1)},
        lambda found: {"gain": bumped(found.gain, 3, -1)},
        lambda found: {"mate": np.full_like(found.mate, -1)},
        lambda found: {"mate": np.full_like(found.mate, 0)},
        lambda found: {"mate": found.mate[:-1]},
        lambda found: {"mate": found.mate.astype(float)},
        lambda found: {"floor": found.floor + 1},
        lambda found: {"floor": found.floor - 1},
        lambda found: {"above": None},
        lambda found: {"big": found.big // 2},
        lambda found: {"bonus": found.bonus + 1},
        lambda found: {"gap": 1},
        lambda found: {"cover": None},
        lambda found: {"cover": dataclasses.replace(found.cover, minimum=1)},
        lambda found: {
            "cover": dataclasses.replace(
                found.cover, mentee_tier=np.zeros_like(found.cover.mentee_tier)
            )
        },
        lambda found: {
            "above": dataclasses.replace(
                found.above, mentor_tier=np.zeros_like(found.above.mentor_tier)
            )
        },
    ],
)
def test_a_changed_claim_is_found_out(round_of_60, change):
    table, found = round_of_60
    assert not verify_facts(table, dataclasses.replace(found, **change(found)))


def test_two_people_who_swap_mentors_are_found_out(round_of_60):
    table, found = round_of_60
    points = table.points(slice(None), slice(None))
    matched = np.flatnonzero(found.mate >= 0)
    caught = 0
    for one, other in zip(matched[:-1].tolist(), matched[1:].tolist(), strict=True):
        mate = found.mate.copy()
        mate[[one, other]] = mate[[other, one]]
        before = points[[one, other], found.mate[[one, other]]].sum()
        if points[[one, other], mate[[one, other]]].sum() != before:
            caught += 1
            assert not verify_facts(table, dataclasses.replace(found, mate=mate))
    assert caught > 10


@pytest.mark.parametrize("seed", range(30))
def test_a_changed_table_is_found_out(seed):
    table = random_table(seed)
    found = solve_dense(table, True, quiet)
    assert verify_facts(table, found)
    matched = np.flatnonzero(found.mate >= 0)
    if len(matched):
        pair = [[int(matched[0]), int(found.mate[matched[0]])]]
        barred = np.unique(np.concatenate([table.barred, np.array(pair)]), axis=0)
        assert not verify_facts(dataclasses.replace(table, barred=barred), found)
