"""`make bench`: every benchmark, one after the other, each printing its own table."""

import subprocess
import sys

BENCHMARKS = (
    *("bench_facts", "bench_engine", "bench_large", "bench_live", "bench_hard", "bench_stable"),
    *("bench_top", "bench_sparse", "bench_scipy", "bench_cold", "bench_verify", "bench_agree"),
    *("bench_cohort", "bench_board", "bench_handbook", "bench_pdf"),
)


def main() -> None:
    for name in BENCHMARKS:  # each with a database of its own, so each in a process of its own
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
