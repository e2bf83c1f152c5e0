"""`make bench`: every benchmark, one after the other, each printing its own table."""

from tests.benchmarks import bench_cohort, bench_engine


def main() -> None:
    bench_engine.main()
    bench_cohort.main()


if __name__ == "__main__":
    main()
