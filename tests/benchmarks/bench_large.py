"""The compiled solver against one bare matrix product over the same pairs, in one process.

`python -m tests.benchmarks.bench_large [mentees mentors]`: the proven optimum of 100,000 x 20,000
with 1.75, 1.05 and 0.7 places a mentee; medians of three, taken in turns with the product.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import numpy as np

from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.solver import Solver
from matching.engine.facts import FactTable
from matching.engine.large import solve_large
from tests.benchmarks.instances import FACTS, large_round

GOALS = {1.75: 0.5, 1.05: 0.9, 0.7: 0.9}
MOST_MIB = 717
RUNS = 3
SAMPLE = 6144


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def product_seconds(n: int, m: int) -> float:
    """One bare product of n x FACTS with FACTS x m, from a sample of its rows."""
    rng = np.random.default_rng(0)
    rows = min(n, SAMPLE)
    left, right = rng.random((rows, FACTS), np.float32), rng.random((FACTS, m), np.float32)
    out = np.empty((rows, m), np.float32)
    np.matmul(left, right, out=out)
    return seconds(lambda: np.matmul(left, right, out=out)) * n / rows


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def solved(table: FactTable, floor: bool) -> None:
    Solver(table, Scanner(table, 2)).solve(floor)


def measure(n: int, m: int, places: float, floor: bool) -> None:
    table, solve, product = large_round(n, m, places), [], []
    for _ in range(RUNS):
        product.append(product_seconds(n, m))
        solve.append(seconds(partial(solved, table, floor)))
    took, bare = statistics.median(solve), statistics.median(product)
    goal = "" if floor else f"{GOALS[places]} {'pass' if took <= GOALS[places] * bare else 'miss'}"
    row = (f"{places} n", "first" if floor else "off", f"{took:.2f}", f"{bare:.2f}")
    say(" | ".join([*row, f"{took / bare:.2f}", goal]))


def memory(n: int, m: int, places: float) -> None:
    """Peak of the process that solves for this one."""
    solve_large(large_round(n, m, places), True, lambda phase, fraction: None)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    goal = "pass" if peak <= MOST_MIB else "miss"
    say(f"{places} n, floor first: peak {peak} MiB, at most {MOST_MIB}: {goal}")


def main() -> None:
    if sys.argv[1:2] == ["memory"]:
        memory(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
        return
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    solved(large_round(300, 150, 1.05), True)  # compiles, or loads what was compiled
    say(f"{n} x {m}, D = {FACTS}, 2 threads, median of {RUNS}")
    say("places | floor | solve s | product s | ratio | goal")
    for places in GOALS:
        for floor in (False, True):
            measure(n, m, places, floor)
    for places in GOALS:  # a process starts with the peak of the one it comes from: a small one
        arguments = ["memory", str(n), str(m), str(places)]
        subprocess.run([sys.executable, "-m", __spec__.name, *arguments], check=True)


if __name__ == "__main__":
    main()
