"""The first round of a fresh process: `python -m tests.benchmarks.bench_cold [mentees mentors]`.

1,000 x 500 without a compiled cache of numba: this size is solved by NumPy and SciPy, and the parts
of SciPy that are loaded when they are needed count too. One process goes before, so that Python's
own bytecode is there. Median of three.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

BEGIN = time.perf_counter()

from matching.engine import solve  # noqa: E402
from tests.benchmarks.bench_engine import programme  # noqa: E402

LOADED = time.perf_counter()
MOST_SECONDS = 0.5
RUNS = 3


def measure(n: int, m: int) -> dict[str, float]:
    """Seconds to load the engine, and from a problem in memory to its solution; CPU of that."""
    problem = programme(n, m)
    begin, busy = time.perf_counter(), time.process_time()
    solution = solve(problem)
    took, busy = time.perf_counter() - begin, time.process_time() - busy
    if solution.optimum.gap or "numba" in sys.modules:
        sys.exit("not proven, or not without the compiler")
    return {"load": LOADED - BEGIN, "solve": took, "cpu": busy}


def process(n: int, m: int) -> dict[str, float]:
    """The same in a process of its own, with the seconds of all of it."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_cold", str(n), str(m), "here"]
    with tempfile.TemporaryDirectory() as nothing:
        env = os.environ | {"NUMBA_CACHE_DIR": nothing, "PYTHONDONTWRITEBYTECODE": ""}
        begin = time.perf_counter()
        run = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(run.stdout) | {"whole": time.perf_counter() - begin}


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (1_000, 500)
    runs = [process(n, m) for _ in range(1 + RUNS)][1:]
    load, took, busy, whole = (
        statistics.median(run[what] for run in runs) for what in ("load", "solve", "cpu", "whole")
    )
    goal = f"{MOST_SECONDS} {'pass' if took <= MOST_SECONDS else 'miss'}"
    say = sys.stdout.write
    say(f"{n} x {m}, a fresh process each time, median of {RUNS}\n")
    say("loading s | solve s | solve CPU s | whole process s | load | goal for solve\n")
    row = f"{load:.2f} | {took:.2f} | {busy:.2f} | {whole:.2f}"
    say(f"{row} | {os.getloadavg()[0]:.1f} | {goal}\n")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        sys.stdout.write(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        main()
