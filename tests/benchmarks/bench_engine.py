"""Time and peak memory of one round: python -m tests.benchmarks.bench_engine

Random programmes of three sizes, each in a process of its own. The bare matrix
product beside them (people x answers x people) is the least that any dense
scoring could cost on the same machine at the same moment.
"""

import json
import resource
import statistics
import subprocess
import sys
import time

import numpy as np

from matching.engine import Problem, rank_weights, solve, verify_solution

SIZES = ((191, 120), (1000, 500), (2000, 1000))
REPEATS = 3
TOPICS, THEMES, BONDS, SECTORS, SLOTS, LANGUAGES = 40, 20, 40, 15, 21, 8
WEIGHTS = dict(
    zip(
        ("goals", "lived", "bonds", "sector", "availability", "place"),
        (0.4, 0.2, 0.1, 0.1, 0.1, 0.1),
        strict=True,
    )
)


def programme(n: int, m: int, seed: int = 0) -> Problem:
    """A random programme: 1 to 5 goals, 3 to 7 topics, a fifth of questions skipped."""
    rng = np.random.default_rng(seed)
    goals = [rng.permutation(TOPICS)[: rng.integers(1, 6)] for _ in range(n)]
    relation = np.where(rng.random((TOPICS, TOPICS)) < 0.1, 0.5, 0.0)
    np.fill_diagonal(relation, 1.0)
    expertise = np.zeros((m, TOPICS), dtype=int)
    for mentor in range(m):
        chosen = rng.permutation(TOPICS)[: rng.integers(3, 8)]
        expertise[mentor, chosen] = rng.integers(1, 4, len(chosen))
    languages = [rng.random((size, LANGUAGES)) < 0.1 for size in (n, m)]
    for speaks in languages:
        speaks[:, 0] |= rng.random(len(speaks)) < 0.9
    fields = {
        "weights": WEIGHTS,
        "goal_ptr": np.cumsum([0] + [len(own) for own in goals]),
        "goal_topic": np.concatenate(goals),
        "goal_weight": np.array([w for own in goals for w in rank_weights(len(own))]),
        "expertise": expertise,
        "topic_relation": relation,
        "mentee_themes": _answers(rng, n, THEMES),
        "mentor_lived": _answers(rng, m, THEMES),
        "mentee_languages": languages[0],
        "mentor_languages": languages[1],
        "capacity": rng.integers(1, 4, m),
        "priority": rng.random(n) < 0.1,
    }
    return Problem(**fields, **_side("mentee", n, rng), **_side("mentor", m, rng))


def _answers(rng: np.random.Generator, people: int, width: int) -> np.ndarray:
    return (rng.random((people, width)) < 0.15) & (rng.random((people, 1)) < 0.8)


def _side(side: str, people: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    nowhere = rng.random(people) < 0.2
    return {
        f"{side}_bonds": _answers(rng, people, BONDS),
        f"{side}_sector": rng.integers(-1, SECTORS, people),
        f"{side}_slots": _answers(rng, people, SLOTS),
        f"{side}_lat": np.where(nowhere, np.nan, rng.uniform(51, 53, people)),
        f"{side}_lon": np.where(nowhere, np.nan, rng.uniform(4, 7, people)),
        f"{side}_travel_km": rng.integers(5, 80, people).astype(float),
        f"{side}_online": rng.random(people) < 0.8,
        f"{side}_in_person": rng.random(people) < 0.8,
        f"{side}_key": rng.choice(2**62, people, replace=False),
    }


def measure(n: int, m: int) -> dict[str, float]:
    """Seconds (median) and MiB for one size, in this process."""
    before = _peak()
    problem = programme(n, m)
    seconds, processor, product = [], [], []
    for _ in range(REPEATS):
        problem = Problem.from_dict(problem.to_dict())
        start, busy = time.perf_counter(), time.process_time()
        solution = solve(problem)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
        product.append(_bare_product(n, m))
    peak = _peak()
    start = time.perf_counter()
    proven = verify_solution(problem, solution)
    return {
        "solve": statistics.median(seconds),
        "cpu": statistics.median(processor),
        "check": time.perf_counter() - start,
        "product": statistics.median(product),
        "peak": peak - before,
        "matched": solution.matched,
        "proven": proven,
    }


def _bare_product(n: int, m: int) -> float:
    width = TOPICS + THEMES + BONDS + SLOTS + LANGUAGES
    left, right = np.ones((n, width)), np.ones((width, m))
    start = time.perf_counter()
    left @ right
    return time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one line per size."""
    write = sys.stdout.write
    write("mentees x mentors | solve s | CPU s | / product | check s | peak MiB | matched\n")
    for n, m in SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.bench_engine", str(n), str(m)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(run.stdout)
        if not found["proven"]:
            sys.exit(f"{n} x {m}: the result is not proven")
        write(
            f"{n} x {m} | {found['solve']:.3f} | {found['cpu']:.3f}"
            f" | {found['solve'] / found['product']:.0f} | {found['check']:.3f}"
            f" | {found['peak']:.0f} | {found['matched']}\n"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        main()
