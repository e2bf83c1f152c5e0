"""The sparse half of the solver alone, against OR-Tools' minimum-cost flow on the same pairs.

`python -m tests.benchmarks.bench_sparse [mentees mentors]`: lists of the 32 best of each mentee of
100,000 x 20,000, no other pair is looked at; both make their graph of the same arrays and find as
many pairs with the same total, in one thread. Medians of three, taken in turns.
"""

import os
import statistics
import sys
import time

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.engine.compiled import auction
from matching.engine.compiled.finish import Duals, finish
from matching.engine.compiled.flow import Matching, grow, tiers
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.scan import Found, Scanner
from matching.engine.facts import FactTable
from matching.engine.optimum import duality_gap, worth
from tests.benchmarks.bench_large import RUNS, say
from tests.benchmarks.instances import large_round

SIZE = 32
LEAST_RATIO = 4


def ours(table: FactTable, found: Found) -> tuple[Duals, np.ndarray]:
    """As `Solver` does it, but with no look at other pairs: prices, and who sits where."""
    graph = Graph.of(table.mentees, table.mentors, found.rows, found.columns, found.points)
    matching = Matching.empty(graph.n, table.capacity)
    grow(graph, matching, table.priority, table.wanted)
    _, mentor_tier = tiers(graph, matching, table.priority, table.wanted)
    leave = np.full(graph.n, worth(table)[0])
    duals = Duals(leave[0] * mentor_tier.astype(np.int64), np.zeros_like(leave), -leave)
    mate = matching.mate.copy()
    duals.price[:] = auction.run(graph, table.capacity, duals, mate, auction.STEPS)
    matching = Matching.of(mate, table.capacity)
    finish(graph, duals, matching)
    return duals, matching.mate


def flow(table: FactTable, found: Found) -> np.ndarray:
    """Each mentee sends one unit through a mentor to one end, at a cost of -points: pairs used."""
    n, m, end = table.mentees, table.mentors, table.mentees + table.mentors
    graph = SimpleMinCostFlow()
    pairs = graph.add_arcs_with_capacity_and_unit_cost(
        found.rows, n + found.columns, np.ones_like(found.rows), -found.points
    )
    ends, free = np.full(m, end), np.zeros(m, np.int64)
    graph.add_arcs_with_capacity_and_unit_cost(np.arange(n, end), ends, table.capacity, free)
    graph.set_nodes_supplies(np.arange(end + 1), np.repeat([1, 0, -n], [n, m, 1]))
    if graph.solve_max_flow_with_min_cost() != graph.OPTIMAL:
        sys.exit("OR-Tools found no flow")
    return graph.flows(pairs) > 0


def proven(table: FactTable, duals: Duals, mate: np.ndarray) -> tuple[int, int]:
    """How many are matched, and their points; the gains hold for the pairs of the graph."""
    rows = np.flatnonzero(mate >= 0)
    points = table.of_pairs(rows, mate[rows])
    if duality_gap(points, mate, (duals.gain, duals.price), -duals.outside, table.capacity):
        sys.exit("the sparse result is not proven")
    return len(rows), int(points.sum())


def measure(n: int, m: int, places: float) -> None:
    table = large_round(n, m, places)
    found = Scanner(table, 2).top(SIZE, 0)
    own, other = list[float](), list[float]()
    for _ in range(RUNS):
        begin = time.perf_counter()
        duals, mate = ours(table, found)
        middle = time.perf_counter()
        used = flow(table, found)
        own.append(middle - begin)
        other.append(time.perf_counter() - middle)
        numbers = proven(table, duals, mate)
        if numbers != (int(used.sum()), int(found.points[used].sum())):
            sys.exit("different results")
    took, flows = statistics.median(own), statistics.median(other)
    goal = "pass" if flows >= LEAST_RATIO * took else "miss"
    row = f"{took:.2f} | {flows:.2f} | {flows / took:.1f} | {numbers[0]}"
    say(f"{places} n | {row} | {os.getloadavg()[0]:.1f} | {goal}")


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    small = large_round(300, 150, 1.05)
    ours(small, Scanner(small, 2).top(SIZE, 0))  # compiles, or loads the cache
    say(f"{n} x {m}, {SIZE} pairs each, same numbers asserted, one thread, median of {RUNS}")
    say(f"places | ours s | OR-Tools s | ratio | matched | load | goal: at least {LEAST_RATIO}")
    for places in (1.05, 1.75):
        measure(n, m, places)


if __name__ == "__main__":
    main()
