"""10,000 generated rounds on which all must agree: `python -m tests.benchmarks.bench_agree`.

Both of our ways, SciPy's dense assignment and OR-Tools' minimum-cost flow, and for the smallest
brute force: how many are matched, with priority, in wanted places, worst pair and total. Half of
each kind puts the worst pair first. `make test` runs a sample.
"""

import os
import sys
import time

from tests.benchmarks.bench_large import say
from tests.matching.engine.compiled.agreement import KINDS, disagreements

COUNTS = {
    "up to 6 x 4, brute force too": 2_000,
    "up to 24 x 24": 2_000,
    "answers of people": 1_400,
    "up to 300 x 120": 1_000,
}
OTHERS = 200
"""Of each kind of the hard rounds."""


def check(name: str, count: int) -> int:
    """Differences among so many rounds of one kind; says which they are."""
    begin, wrong = time.perf_counter(), 0
    for seed in range(count):
        found = disagreements(KINDS[name](seed), floor=seed % 2 > 0)
        if found:
            wrong += 1
            say(f"{name}, seed {seed}: {', '.join(found)}")
    say(f"{name} | {count} | {wrong} | {time.perf_counter() - begin:.0f}")
    return wrong


def main() -> None:
    part = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    say("kind | rounds | differences | seconds")
    counts = {name: COUNTS.get(name, OTHERS) // part for name in KINDS}
    wrong = sum(check(name, count) for name, count in counts.items())
    say(f"all | {sum(counts.values())} | {wrong} | load {os.getloadavg()[0]:.1f}")
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
