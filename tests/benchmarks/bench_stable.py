"""Stable matching of a large round: `python -m tests.benchmarks.bench_stable [mentees mentors]`.

Deferred acceptance on lists of 32 mentors each, which are sorted beforehand; then over all pairs,
with new lists for those who came to the end of theirs. Medians of three; the matching is checked
for blocking pairs over all pairs, once for each number of places.
"""

import statistics
import sys
import time
from collections import defaultdict

from matching.engine.compiled.deferred import SIZE, Deferred
from matching.engine.compiled.scan import Scanner
from matching.engine.facts import FactTable
from matching.engine.stable import blocking_pairs
from tests.benchmarks.bench_large import RUNS, say, seconds
from tests.benchmarks.instances import FACTS, large_round

PLACES = (1.75, 1.05, 0.7)
MOST_SECONDS = 0.1


def deferred(table: FactTable, took: dict[str, list[float]]) -> Deferred:
    work = Deferred(Scanner(table, 2), SIZE)
    for step in ("list", "along_lists", "over_all_pairs"):
        busy = time.process_time()
        took[step].append(seconds(getattr(work, step)))
        took[f"{step} CPU"].append(time.process_time() - busy)
    return work


def measure(n: int, m: int, places: float) -> None:
    table, took = large_round(n, m, places), defaultdict(list)
    for _ in range(RUNS):
        work = deferred(table, took)
    lists, _, along, busy, rest, _ = (statistics.median(took[step]) for step in took)
    mate = work.seats.mate
    blocking = len(blocking_pairs(table, mate))
    goal = "pass" if along <= MOST_SECONDS and not blocking else "miss"
    row = (
        f"{places} n",
        f"{lists:.2f}",
        f"{along:.3f}",
        f"{busy:.3f}",
        f"{rest:.2f}",
        f"{(mate >= 0).sum()}",
    )
    say(" | ".join([*row, f"{blocking}", goal]))


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    deferred(large_round(300, 150, 1.05), defaultdict(list))  # compiles, or loads the cache
    say(
        f"{n} x {m}, D = {FACTS}, lists of {SIZE}, median of {RUNS}; goal {MOST_SECONDS} s on lists"
    )
    say(
        "places | lists s | on lists s | CPU s | over all pairs s | matched | blocking pairs | goal"
    )
    for places in PLACES:
        measure(n, m, places)


if __name__ == "__main__":
    main()
