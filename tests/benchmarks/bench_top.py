"""The 32 best possible mentors of everybody, against one bare matrix product over the same pairs.

`python -m tests.benchmarks.bench_top [mentees mentors]`: 100,000 x 20,000 with barred pairs and
twelve groups of mentees that 15 % of the mentors each are impossible for, other ones for each
group; medians of three, taken in turns.
"""

import os
import statistics
import sys

import numpy as np

from matching.engine.compiled.scan import Scanner
from matching.engine.facts import VETO, FactTable
from tests.benchmarks.bench_large import FACTS, RUNS, product_seconds, say, seconds
from tests.benchmarks.hard import with_fact
from tests.benchmarks.instances import large_round

SIZE = 32
MOST_RATIO = 0.25
GROUPS, IMPOSSIBLE = 12, 0.15


def masked_round(n: int, m: int) -> FactTable:
    rng = np.random.default_rng(0)
    vetoes = (rng.random((GROUPS, m)) < IMPOSSIBLE) * VETO
    return with_fact(large_round(n, m, 1.05), vetoes, rng.integers(0, GROUPS, n))


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    Scanner(masked_round(300, 150)).top(SIZE, 0)  # compiles, or loads what was compiled
    say(f"{n} x {m}, D = {FACTS} + {GROUPS}, {SIZE} each, 2 threads, median of {RUNS}")
    say("strips s | pass s | pass CPU s | product s | pass / product | load | goal")
    table = masked_round(n, m)
    strips, passes, busy, product = [], [], [], []
    for _ in range(RUNS):
        product.append(product_seconds(n, m))
        strips.append(seconds(lambda: Scanner(table, 2)))
        scanner, begin = Scanner(table, 2), os.times()
        passes.append(seconds(lambda scanner=scanner: scanner.top(SIZE, 0)))
        busy.append(os.times().user - begin.user)
    build, took, cpu, bare = (statistics.median(s) for s in (strips, passes, busy, product))
    goal = f"{MOST_RATIO} {'pass' if took <= MOST_RATIO * bare else 'miss'}"
    row = (f"{value:.2f}" for value in (build, took, cpu, bare, took / bare))
    say(" | ".join([*row, f"{os.getloadavg()[0]:.1f}", goal]))


if __name__ == "__main__":
    main()
