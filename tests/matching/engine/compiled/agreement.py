"""Generated rounds on which every way of solving must agree, and independent ways to tell.

A result is five numbers: how many are matched, how many of them have priority, how many wanted
places are filled, the points of the worst pair, and the points of all.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from matching.engine import verify_facts
from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.solver import Solver
from matching.engine.dense import solve_dense
from matching.engine.free import free_part
from matching.engine.optimum import worth
from tests.benchmarks.hard import hard_rounds
from tests.benchmarks.instances import large_round
from tests.matching.engine.compiled.tables import random_table
from tests.matching.engine.oracles import (
    brute_force_quota,
    highest_by_columns,
    highest_by_flow,
)
from tests.matching.engine.problems import random_problem

MOST_BY_BRUTE_FORCE = 6, 4
"""Mentees and mentors up to which all matchings can be tried."""
ORACLES = {"SciPy": highest_by_columns, "OR-Tools": highest_by_flow}


def tiny(seed):
    """A part of a random table that is small enough for brute force."""
    table = random_table(seed)
    n, m = MOST_BY_BRUTE_FORCE
    return table.take(np.arange(min(n, table.mentees)), np.arange(min(m, table.mentors)))


def of_people(seed):
    """Answers of people, encoded: scarce places, bars, quotas, must-haves, skipped questions."""
    rng = np.random.default_rng(seed)
    n, m = (int(size) for size in rng.integers(2, 40, 2))
    return free_part(random_problem(seed, n, m)).table


def up_to_300(seed):
    """A random round with 283 facts, some of the mentees with priority, some places wanted."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(100, 301)), int(rng.integers(20, 121))
    table = large_round(n, m, [1.75, 1.05, 0.7][seed % 3], seed)
    priority, wanted = rng.random(n) < 0.2, (rng.random(m) < 0.2) & (seed % 2 > 0)
    return replace(table.take(np.arange(n), table.capacity > 0), priority=priority,
                   wanted=wanted[table.capacity > 0])  # fmt: skip


def made_hard(make, seed):
    """One of the kinds of trouble of the benchmarks, in a small size of its own."""
    n, m = (int(size) for size in np.random.default_rng(seed).integers([20, 10], [150, 70]))
    table = make(n, m)
    return table.take(np.arange(n), table.capacity > 0)


KINDS = {
    "up to 6 x 4, brute force too": tiny,
    "up to 24 x 24": random_table,
    "answers of people": of_people,
    "up to 300 x 120": up_to_300,
    **{name: partial(made_hard, make) for name, make in hard_rounds()},
}


def disagreements(table, floor):
    """Who does not agree on the optimum of `table`: a list of names, which should be empty."""
    ways = {
        "compiled": Solver(table, Scanner(table, threads=1)).solve(floor),
        "NumPy and SciPy": solve_dense(table, floor, quiet),
    }
    wrong = [f"proof of {name}" for name, found in ways.items() if not verify_facts(table, found)]
    one, other = (numbers(table, found.mate, floor) for found in ways.values())
    wrong += [] if one == other else ["the two ways"]
    wrong += [name for name, best in ORACLES.items() if not is_best(table, one, floor, best)]
    if fits_brute_force(table) and by_brute_force(table, floor) != one:
        wrong.append("brute force")
    return wrong


def quiet(phase, fraction):
    pass


def numbers(table, mate, floor):
    """The five numbers of a matching, counted from its pairs; the worst is 0 if it is not asked."""
    points = table.points(slice(None), slice(None))
    rows = np.flatnonzero(mate >= 0)
    own = points[rows, mate[rows]]
    special = int(table.priority[rows].sum()), int(table.wanted[mate[rows]].sum())
    worst = int(own.min()) if floor and len(own) else 0
    return len(rows), *special, worst, int(own.sum())


def is_best(table, found, floor, best):
    """Whether `found` are the numbers of the optimum, by a solver that has no part in it."""
    points, possible = table.block(slice(None), slice(None))
    big, bonus = worth(table)
    value = points + big + bonus * (table.priority[:, None].astype(np.int64) + table.wanted)

    def reached(minimum):
        allowed = possible & (points >= minimum)
        return numbers(table, best(np.where(allowed, value, 0), table.capacity), floor)

    worst = found[3]
    if not floor or not found[0]:
        return reached(0) == found
    return reached(0)[:3] == found[:3] != reached(worst + 1)[:3] and reached(worst) == found


def fits_brute_force(table):
    n, m = MOST_BY_BRUTE_FORCE
    return table.mentees <= n and table.mentors <= m


def by_brute_force(table, floor):
    points, possible = table.block(slice(None), slice(None))
    quota = np.where(table.wanted, table.capacity, 0)
    return brute_force_quota(points, possible, table.capacity, quota, table.priority, floor)
