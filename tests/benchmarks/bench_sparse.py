"""The sparse half of the solver alone, against OR-Tools' minimum-cost flow on the same pairs.

`python -m tests.benchmarks.bench_sparse [mentees mentors]`: lists of the 32 best of each mentee of
100,000 x 20,000, no other pair is looked at; both make their graph of the same arrays and find as
many pairs with the same total, in one thread. Medians of three, taken in turns.
"""

import os
import statistics
import sys

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.engine.compiled import auction
from matching.engine.compiled.finish import Duals, finish
from matching.engine.compiled.flow import Matching, grow, tiers
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.scan import Found, Scanner
from matching.engine.facts import FactTable
from matching.engine.optimum import duality_gap, worth
from tests.benchmarks.bench_large import RUNS, say, seconds
from tests.benchmarks.instances import large_round

SIZE = 32
LEAST_RATIO = 4


class Sparse:
    """The pairs of `found` and no others: most matched, then the highest total, two ways.

    Both end with `numbers`: how many are matched, and their points.
    """

    def __init__(self, table: FactTable, found: Found) -> None:
        self.table, self.found = table, found
        self.numbers = -1, -1

    def ours(self) -> None:
        """As `Solver` does it, with the proof for these pairs, but with no look at others."""
        table, found = self.table, self.found
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
        rows = np.flatnonzero(matching.mate >= 0)
        points = table.of_pairs(rows, matching.mate[rows])
        proof = (duals.gain, duals.price), leave, table.capacity
        if duality_gap(points, matching.mate, *proof):
            sys.exit("the sparse result is not proven")
        self.numbers = len(rows), int(points.sum())

    def flow(self) -> None:
        """Each mentee sends one unit, through a mentor to one end, at a cost of -points."""
        table, found = self.table, self.found
        n, m, end = table.mentees, table.mentors, table.mentees + table.mentors
        graph = SimpleMinCostFlow()
        pairs = graph.add_arcs_with_capacity_and_unit_cost(
            found.rows, n + found.columns, np.ones_like(found.rows), -found.points
        )
        mentors = np.arange(n, end)
        ends, free = np.full(m, end), np.zeros(m, np.int64)
        graph.add_arcs_with_capacity_and_unit_cost(mentors, ends, table.capacity, free)
        graph.set_nodes_supplies(np.arange(end + 1), np.repeat([1, 0, -n], [n, m, 1]))
        if graph.solve_max_flow_with_min_cost() != graph.OPTIMAL:
            sys.exit("OR-Tools found no flow")
        used = graph.flows(pairs) > 0
        self.numbers = int(used.sum()), int(found.points[used].sum())


def measure(n: int, m: int, places: float) -> None:
    table = large_round(n, m, places)
    work = Sparse(table, Scanner(table, 2).top(SIZE, 0))
    times: dict[str, list[float]] = {"ours": [], "flow": []}
    numbers = set()
    for _ in range(RUNS):
        for way, took in times.items():
            took.append(seconds(getattr(work, way)))
            numbers.add(work.numbers)
    if len(numbers) > 1:
        sys.exit(f"different results: {numbers}")
    ours, flow = (statistics.median(took) for took in times.values())
    goal = "pass" if flow >= LEAST_RATIO * ours else "miss"
    (matched, _), load = numbers.pop(), os.getloadavg()[0]
    row = f"{ours:.2f}", f"{flow:.2f}", f"{flow / ours:.1f}", f"{matched}", f"{load:.1f}", goal
    say(" | ".join([f"{places} n", *row]))


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    small = large_round(300, 150, 1.05)
    Sparse(small, Scanner(small, 2).top(SIZE, 0)).ours()  # compiles, or loads the cache
    say(f"{n} x {m}, {SIZE} pairs each, same numbers asserted, one thread, median of {RUNS}")
    say(f"places | ours s | OR-Tools s | ratio | matched | load | goal: at least {LEAST_RATIO}")
    for places in (1.05, 1.75):
        measure(n, m, places)


if __name__ == "__main__":
    main()
