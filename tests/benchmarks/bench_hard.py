"""Rounds that are made to be hard (see `hard`), against a random one of the same size.

`python -m tests.benchmarks.bench_hard [mentees mentors]`: the proven optimum of 100,000 x 20,000
with scoring; median of three, wall clock, two threads.
"""

import statistics
import sys
from functools import partial

from tests.benchmarks.bench_large import FACTS, RUNS, say, seconds, solved
from tests.benchmarks.hard import REFERENCE, hard_rounds
from tests.benchmarks.instances import large_round

MOST_RATIO, MOST_SECONDS = 6, 20


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    solved(large_round(300, 150, 1.05), True)  # compiles, or loads what was compiled
    say(f"{n} x {m}, D = {FACTS} where not said otherwise, 2 threads, median of {RUNS}")
    say(f"round | solve s | to the first | goal: at most {MOST_RATIO} and {MOST_SECONDS} s")
    reference = 0.0
    for name, make in hard_rounds():
        table = make(n, m)
        took = statistics.median(seconds(partial(solved, table, False)) for _ in range(RUNS))
        reference = took if name == REFERENCE else reference
        passed = took <= MOST_SECONDS and took <= MOST_RATIO * reference
        say(f"{name} | {took:.2f} | {took / reference:.1f} | {'pass' if passed else 'miss'}")


if __name__ == "__main__":
    main()
