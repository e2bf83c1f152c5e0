"""Time and memory of the fact table: python -m tests.benchmarks.bench_facts [mentees mentors]

A random programme of 100,000 x 20,000 people: 120 topics, 20 themes, 100 bonds, 15 sectors,
8 times in the week, 40 places, 12 languages. The peak is that of the whole process above what
it was with the problem alone.
"""

import resource
import statistics
import sys
import time
from typing import Any

import numpy as np

from matching.engine import Problem, fact_table, memory_needed
from tests.benchmarks.bench_engine import WEIGHTS

SIZE = 100_000, 20_000
REPEATS = 3
TOPICS, THEMES, BONDS, SECTORS, SLOTS, PLACES, LANGUAGES = 120, 20, 100, 15, 8, 40, 12
MOST_GOALS = 5
MIB = 2**20


def programme(n: int, m: int, seed: int = 0) -> Problem:
    """A random programme, made without a loop over people."""
    rng = np.random.default_rng(seed)
    count = rng.integers(1, MOST_GOALS + 1, n)
    rank = np.arange(MOST_GOALS)[None, :]
    wanted = (rng.integers(0, TOPICS, (n, 1)) + rank * rng.integers(1, 24, (n, 1))) % TOPICS
    chosen = rank < count[:, None]
    relation = np.where(rng.random((TOPICS, TOPICS)) < 0.05, 0.5, 0.0)
    np.fill_diagonal(relation, 1.0)
    knows = rng.random((m, TOPICS)) < 5 / TOPICS
    spots = np.round(rng.uniform((51, 4), (53, 7), (PLACES, 2)), 2)
    forbidden = rng.integers(0, (n, m), (n // 2, 2)).tolist()
    return Problem(
        weights=WEIGHTS,
        goal_ptr=np.concatenate([[0], np.cumsum(count)]),
        goal_topic=wanted[chosen],
        goal_weight=(count[:, None] - rank)[chosen],
        expertise=np.where(knows, rng.integers(1, 4, (m, TOPICS)), 0),
        topic_relation=relation,
        mentee_themes=rng.random((n, THEMES)) < 0.1,
        mentor_lived=rng.random((m, THEMES)) < 0.1,
        capacity=rng.multinomial(int(1.05 * n), np.ones(m) / m),
        priority=rng.random(n) < 0.1,
        barred=[(mentee, mentor, "forbidden") for mentee, mentor in forbidden],
        **_side("mentee", n, spots, rng),
        **_side("mentor", m, spots, rng),
    )


def _side(side: str, people: int, spots: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    spot = spots[rng.integers(0, PLACES, people)]
    spot[rng.random(people) < 0.1] = np.nan
    speaks = rng.random((people, LANGUAGES)) < 0.05
    speaks[:, 0] |= rng.random(people) < 0.9
    return {
        f"{side}_bonds": rng.random((people, BONDS)) < 0.04,
        f"{side}_sector": rng.integers(-1, SECTORS, people),
        f"{side}_slots": rng.random((people, SLOTS)) < 0.35,
        f"{side}_lat": spot[:, 0],
        f"{side}_lon": spot[:, 1],
        f"{side}_travel_km": rng.choice([5.0, 10.0, 25.0, 50.0, 100.0], people),
        f"{side}_online": rng.random(people) < 0.8,
        f"{side}_in_person": rng.random(people) < 0.8,
        f"{side}_languages": speaks,
        f"{side}_key": rng.permutation(people).astype(np.int64),
    }


def main() -> None:
    n, m = (int(size) for size in sys.argv[1:3]) if len(sys.argv) == 3 else SIZE
    problem = programme(n, m)
    before = _peak()
    seconds, processor = [], []
    for _ in range(REPEATS):
        fact_table.cache_clear()
        start, busy = time.perf_counter(), time.process_time()
        table = fact_table(problem)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    needed = memory_needed(problem) / MIB
    sys.stdout.write(
        "mentees x mentors | s | CPU s | rows | facts per mentee | peak MiB | bound MiB\n"
        f"{n} x {m} | {statistics.median(seconds):.2f} | {statistics.median(processor):.2f}"
        f" | {len(table.values)} | {len(table.col) / n:.1f} | {_peak() - before:.0f}"
        f" | {needed:.0f}\n"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
