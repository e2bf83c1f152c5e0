"""`make bench`: every benchmark, one after the other, each printing its own table."""

from tests.benchmarks import bench_cohort, bench_engine, bench_facts


def main() -> None:
    bench_facts.main()
    bench_engine.main()
    bench_cohort.main()


if __name__ == "__main__":
    main()
