"""The checker of a large round: `python -m tests.benchmarks.bench_verify [mentees mentors]`.

`verify_facts` computes all points of 100,000 x 20,000 again, in NumPy alone, to check pairs and
proof; with the worst pair made as good as possible, also that no higher one will do. Once each,
as it takes most of a minute. The round is solved by another process; this one only checks.
"""

import os
import resource
import sys
import time

from matching.engine.large import solve_large
from matching.engine.verify_facts import verify_facts
from tests.benchmarks.instances import FACTS, large_round

PLACES = 1.05


def measure(n: int, m: int, floor: bool) -> None:
    table = large_round(n, m, PLACES)
    found = solve_large(table, floor, lambda phase, fraction: None)
    begin, busy = time.perf_counter(), time.process_time()
    if not verify_facts(table, found):
        sys.exit("the result is not proven")
    took, busy = time.perf_counter() - begin, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    row = f"{took:.1f} | {busy:.1f} | {peak} | {os.getloadavg()[0]:.1f}"
    sys.stdout.write(f"{'first' if floor else 'off'} | {row}\n")
    sys.stdout.flush()


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 20_000)
    sys.stdout.write(f"{n} x {m}, D = {FACTS}, {PLACES} n, once each\n")
    sys.stdout.write("floor | check s | check CPU s | peak MiB | load\n")
    for floor in (False, True):
        measure(n, m, floor)


if __name__ == "__main__":
    main()
