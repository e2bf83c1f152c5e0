"""The compiled solver, scoring included, against SciPy's dense assignment alone.

`python -m tests.benchmarks.bench_scipy [mentees mentors]`: 10,000 x 5,000 with 1.05 places a
mentee, each way in a process of its own. SciPy gets the matrix ready made, a column per place;
only its assignment is timed, once, as it takes most of a minute. Ours: the median of three.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.engine.facts import FactTable
from matching.engine.verify_facts import verify_facts
from tests.benchmarks.instances import large_round

LEAST_SPEED, LEAST_MEMORY = 50, 15
PLACES = 1.05
RUNS = 3
ROWS_AT_ONCE = 500
IMPOSSIBLE = 10**9


def ours(table: FactTable) -> dict[str, Any]:
    """All pairs scored and the optimum proven, from the facts on."""
    from matching.engine.compiled.scan import Scanner
    from matching.engine.compiled.solver import Solver

    def solved(table: FactTable) -> Any:
        return Solver(table, Scanner(table, 2)).solve(floor=False)

    solved(large_round(300, 150, PLACES))  # compiles, or loads what was compiled
    loaded, took, busy = peak(), [], time.process_time()
    for _ in range(RUNS):
        begin = time.perf_counter()
        found = solved(table)
        took.append(time.perf_counter() - begin)
    busy = (time.process_time() - busy) / RUNS
    numbers = {"seconds": statistics.median(took), "cpu": busy, "peak": peak(), "loaded": loaded}
    if not verify_facts(table, found):
        sys.exit("the result is not proven")
    return numbers | {"result": result(table, found.mate)}


def dense(table: FactTable) -> dict[str, Any]:
    """SciPy minimizes, so that it need not copy the matrix; everybody can be matched here."""
    loaded, column = peak(), np.repeat(np.arange(table.mentors), table.capacity)
    cost = np.empty((table.mentees, len(column)))
    for first in range(0, table.mentees, ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        points, possible = table.block(rows, slice(None))
        cost[rows] = np.where(possible, -points, IMPOSSIBLE)[:, column]
    begin, busy = time.perf_counter(), time.process_time()
    rows, place = linear_sum_assignment(cost)
    took, busy = time.perf_counter() - begin, time.process_time() - busy
    if (cost[rows, place] == IMPOSSIBLE).any():
        sys.exit("SciPy could not match everybody")
    numbers = {"seconds": took, "cpu": busy, "peak": peak(), "loaded": loaded}
    return numbers | {"result": result(table, column[place])}


def peak() -> int:
    """The most that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def result(table: FactTable, mate: np.ndarray) -> tuple[int, int]:
    """How many are matched, and their points."""
    rows = np.flatnonzero(mate >= 0)
    return len(rows), int(table.of_pairs(rows, mate[rows]).sum())


def measure(way: str, n: int, m: int) -> dict[str, Any]:
    """Numbers of one way, in this process; `above`: MiB more than the table and the libraries."""
    found = {"ours": ours, "dense": dense}[way](large_round(n, m, PLACES))
    return found | {"above": found["peak"] - found["loaded"]}


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 5_000)
    sys.stdout.write(f"{n} x {m}, {PLACES} n, ours in 2 threads: median of {RUNS}; SciPy: once\n")
    sys.stdout.write("way | seconds | CPU s | peak MiB | above table and libraries, MiB | load\n")
    found = {}
    for way in ("ours", "dense"):
        command = [sys.executable, "-m", "tests.benchmarks.bench_scipy", str(n), str(m), way]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found[way] = own = json.loads(run.stdout)
        row = f"{own['seconds']:.2f} | {own['cpu']:.2f} | {own['peak']} | {own['above']}"
        sys.stdout.write(f"{way} | {row} | {os.getloadavg()[0]:.1f}\n")
    if found["ours"]["result"] != found["dense"]["result"]:
        sys.exit(f"different results: {found}")
    goals = ("seconds", LEAST_SPEED), ("peak", LEAST_MEMORY), ("above", LEAST_MEMORY)
    for what, least in goals:
        ratio = found["dense"][what] / found["ours"][what]
        verdict = "pass" if ratio >= least else "miss"
        sys.stdout.write(f"{what}: {ratio:.1f} to 1, at least {least}: {verdict}\n")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        sys.stdout.write(json.dumps(measure(sys.argv[3], int(sys.argv[1]), int(sys.argv[2]))))
    else:
        main()
