"""Independent answers to compare the engine with, and random instances."""

import itertools

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching


def instance(seed, n=None, m=None, *, top=50, density=None, places=3):
    """A small random (scores, allowed, capacity) with many ties and odd shapes."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 7)) if n is None else n
    m = int(rng.integers(0, 6)) if m is None else m
    density = rng.choice([0.2, 0.5, 1.0]) if density is None else density
    low = int(rng.choice([0, -top]))
    scores = rng.integers(low, int(rng.choice([1, 3, top])) + 1, (n, m))
    allowed = rng.random((n, m)) < density
    return scores, allowed, rng.integers(0, places, m)


def brute_force(scores, allowed, capacity):
    """(matched, total) of the best matching by trying them all."""
    n, m = scores.shape
    best = (0, 0)
    for mates in itertools.product(range(-1, m), repeat=n):
        rows = [i for i in range(n) if mates[i] >= 0]
        load = np.bincount([mates[i] for i in rows], minlength=m)
        if (load > capacity).any() or not all(allowed[i, mates[i]] for i in rows):
            continue
        best = max(best, (len(rows), sum(int(scores[i, mates[i]]) for i in rows)))
    return best


def brute_force_quota(points, allowed, capacity, quota, priority, floor_first):
    """(matched, with priority, filled of the quotas, floor, total) of the best of all matchings."""
    n, m = points.shape
    best = (0, 0, 0, 0, 0)
    for mates in itertools.product(range(-1, m), repeat=n):
        rows = [i for i in range(n) if mates[i] >= 0]
        load = np.bincount([mates[i] for i in rows], minlength=m)
        if (load > capacity).any() or not all(allowed[i, mates[i]] for i in rows):
            continue
        own = [int(points[i, mates[i]]) for i in rows]
        filled = int(np.minimum(load, quota).sum())
        floor = min(own, default=0) if floor_first else 0
        best = max(best, (len(rows), int(priority[rows].sum()), filled, floor, sum(own)))
    return best


def replicated_columns(scores, allowed, capacity):
    """(matched, total) by scipy's dense assignment with one outside column per mentee."""
    n = len(scores)
    column = np.repeat(np.arange(scores.shape[1]), np.minimum(capacity, n))
    worth = 1 + n * (2 * int(np.abs(scores).max(initial=0)) + 1)
    value = np.where(allowed, scores + worth, -worth * (n + 1))[:, column].astype(float)
    value = np.hstack([value, np.zeros((n, n))])
    rows, picked = linear_sum_assignment(value, maximize=True)
    real = picked < len(column)
    mates = column[picked[real]]
    return int(real.sum()), int(scores[rows[real], mates].sum())


def linear_programme(scores, allowed, capacity):
    """(matched, total) in two stages with HiGHS: first the count, then the points."""
    rows, columns = np.nonzero(allowed)
    if not len(rows):
        return 0, 0
    n, m = scores.shape
    edge = np.arange(len(rows))
    per_mentee = coo_array((np.ones(len(rows)), (rows, edge)), shape=(n, len(rows)))
    per_mentor = coo_array((np.ones(len(rows)), (columns, edge)), shape=(m, len(rows)))
    limits = [
        LinearConstraint(per_mentee.tocsr(), ub=np.ones(n)),
        LinearConstraint(per_mentor.tocsr(), ub=capacity.astype(float)),
    ]
    unit = Bounds(0, 1)
    ones = np.ones(len(rows))
    matched = round(-milp(-ones, constraints=limits, bounds=unit).fun)
    limits.append(LinearConstraint(csr_array(ones[None, :]), lb=matched, ub=matched))
    best = milp(-scores[rows, columns].astype(float), constraints=limits, bounds=unit)
    return matched, round(-best.fun)


def most_matched(allowed, capacity):
    """Largest number of pairs by Hopcroft and Karp's method in scipy."""
    column = np.repeat(np.arange(allowed.shape[1]), np.minimum(capacity, len(allowed)))
    if not len(column) or not len(allowed):
        return 0
    return int((maximum_bipartite_matching(csr_array(allowed[:, column]), "column") >= 0).sum())


def deferred_acceptance(points, possible, capacity):
    """Mentor of each mentee, -1 = unmatched: one proposal after the other (Gale and Shapley)."""
    n, m = points.shape
    lists = [
        sorted(np.flatnonzero(possible[i]).tolist(), key=lambda j, i=i: (-points[i, j], j))
        for i in range(n)
    ]
    held, mate, waiting = [[] for _ in range(m)], [-1] * n, list(range(n))
    while waiting:
        mentee = waiting.pop()
        if not lists[mentee]:
            continue
        mate[mentee] = mentor = lists[mentee].pop(0)
        held[mentor] = sorted([*held[mentor], mentee], key=lambda i, j=mentor: (-points[i, j], i))
        for away in held[mentor][capacity[mentor] :]:
            mate[away] = -1
            waiting.append(away)
        held[mentor] = held[mentor][: capacity[mentor]]
    return mate


def both_would_gain(points, possible, capacity, mate):
    """Pairs (mentee, mentor) that block `mate`, looked for one by one."""
    found = []
    for mentee, mentor in np.argwhere(possible).tolist():
        own = -1 if mate[mentee] < 0 else points[mentee, mate[mentee]]
        others = [points[i, mentor] for i in range(len(mate)) if mate[i] == mentor]
        gains = len(others) < capacity[mentor] or points[mentee, mentor] > min(others, default=1e9)
        if points[mentee, mentor] > own and gains:
            found.append([mentee, mentor])
    return found


def highest_by_columns(value, capacity):
    """Mentor of each mentee, -1 = none, with the highest sum; pairs need a value above 0.

    By SciPy's dense assignment, with a column per place and one for each mentee to stay out.
    """
    column = np.repeat(np.arange(value.shape[1]), np.minimum(capacity, len(value)))
    outside = np.zeros((len(value), len(value)))
    cost = np.hstack([np.where(value > 0, value, -1)[:, column], outside])
    _, picked = linear_sum_assignment(cost, maximize=True)
    return np.append(column, np.full(len(value), -1))[picked]


def highest_by_flow(value, capacity):
    """The same by OR-Tools' minimum-cost flow, in whole numbers."""
    n, m = value.shape
    end = n + m
    rows, columns = np.nonzero(value > 0)
    graph = SimpleMinCostFlow()

    def arcs(tails, heads, room, cost):
        sizes = np.broadcast_to(room, tails.shape).astype(np.int64)
        costs = np.broadcast_to(cost, tails.shape).astype(np.int64)
        return graph.add_arcs_with_capacity_and_unit_cost(tails, heads, sizes, costs)

    pairs = arcs(rows, n + columns, 1, -value[rows, columns])
    arcs(np.arange(n), np.full(n, end), 1, 0)
    arcs(np.arange(n, end), np.full(m, end), capacity, 0)
    graph.set_nodes_supplies(np.arange(end + 1), np.repeat([1, 0, -n], [n, m, 1]))
    if graph.solve() != graph.OPTIMAL:
        raise ValueError("OR-Tools found no flow")
    mate = np.full(n, -1)
    used = graph.flows(pairs) > 0
    mate[rows[used]] = columns[used]
    return mate
