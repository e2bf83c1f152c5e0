"""Large random rounds with D = 283 facts, made of arrays only: what the solver alone is timed on.

120 topics in 12 areas (the first far more wanted), 100 bonds, 15 sectors, 40 places and 8 times;
1 to 5 weighted goals and 0 to 8 bonds a mentee, 2 to 8 topics a mentor, and as many barred pairs
as half of the mentees.
"""

from typing import Any

import numpy as np

from matching.engine.facts import FactTable

TOPICS, BONDS, SECTORS, PLACES, TIMES = 120, 100, 15, 40, 8
FACTS = TOPICS + BONDS + SECTORS + PLACES + TIMES


def large_round(n: int, m: int, places: float, seed: int = 0) -> FactTable:
    """A round of n mentees and m mentors with `places` times n places in all."""
    rng = np.random.default_rng(seed)
    values = _mentors(rng, m)
    rows, col, weight = _mentees(rng, n, values)
    order = np.argsort(rows, kind="stable")
    barred = np.stack([rng.integers(0, n, n // 2), rng.integers(0, m, n // 2)], axis=1)
    return FactTable(
        base=np.zeros(n, np.int16),
        ptr=np.searchsorted(rows[order], np.arange(n + 1)).astype(np.int64),
        col=col[order].astype(np.int32),
        weight=weight[order].astype(np.int16),
        gate=np.zeros(n, np.int16),
        keep=np.ones(n, bool),
        values=values,
        capacity=_capacity(rng, n, m, places),
        priority=np.zeros(n, bool),
        wanted=np.zeros(m, bool),
        minimum=0,
        barred=np.unique(barred, axis=0),
        criterion=np.zeros(FACTS, np.int8),
        subject=np.arange(FACTS, dtype=np.int64),
        half=np.zeros(1, np.int16),
        mentee_skipped=np.zeros((n, 1), bool),
        mentor_skipped=np.zeros((m, 1), bool),
    )


def _popular(count: int) -> Any:
    wanted = 1 / np.arange(1, count + 1) ** 0.8
    return wanted / wanted.sum()


def _capacity(rng: Any, n: int, m: int, places: float) -> Any:
    total = round(places * n)
    if total < m:
        return (rng.permutation(m) < total).astype(np.int64)
    return rng.multinomial(total - m, np.full(m, 1 / m)).astype(np.int64) + 1


def _mentors(rng: Any, m: int) -> Any:
    area = rng.integers(0, 12, TOPICS)
    relation = np.where(area[:, None] == area, 0.5, 0.0)
    np.fill_diagonal(relation, 1)
    known, best = rng.integers(2, 9, m), np.zeros((TOPICS, m))
    for place in range(8):
        topic = rng.choice(TOPICS, m, p=_popular(TOPICS))
        level = rng.choice([0.5, 0.75, 1.0], m) * (place < known)
        np.maximum(best, relation[:, topic] * level, out=best)
    named, bonds = rng.integers(0, 9, m), np.zeros((BONDS, m))
    for place in range(8):
        bond = rng.choice(BONDS, m, p=_popular(BONDS))
        bonds[bond, np.arange(m)] += place < named
    sector = np.arange(SECTORS)[:, None] == rng.integers(0, SECTORS, m)
    near = np.rint(1000 * rng.random((PLACES, m)) ** 2)
    times = rng.random((TIMES, m)) < 0.4
    parts = [np.rint(20 * best), bonds > 0, sector, near, times]
    return np.concatenate(parts).astype(np.int16)


def _mentees(rng: Any, n: int, values: Any) -> tuple[Any, Any, Any]:
    everybody, found = np.arange(n), []
    goals, wanted = rng.integers(1, 6, n), np.full((n, 5), -1)
    for place in range(5):
        topic = rng.choice(TOPICS, n, p=_popular(TOPICS))
        new = (place < goals) & ~(wanted == topic[:, None]).any(axis=1)
        wanted[:, place] = topic
        share = 400 * (goals - place) // (goals * (goals + 1))
        found.append((everybody[new], topic[new], share[new]))
    number, liked = rng.integers(0, 9, n), np.full((n, 8), -1)
    rarity = np.log1p(values.shape[1] / (1 + values[TOPICS : TOPICS + BONDS].sum(axis=1)))
    worth = np.floor(250 * rarity / rarity.mean()).clip(1, 250)
    for place in range(8):
        bond = rng.choice(BONDS, n, p=_popular(BONDS))
        new = (place < number) & ~(liked == bond[:, None]).any(axis=1)
        liked[:, place] = bond
        found.append((everybody[new], TOPICS + bond[new], worth[bond[new]]))
    first = TOPICS + BONDS
    found.append((everybody, first + rng.integers(0, SECTORS, n), np.full(n, 1000)))
    found.append((everybody, first + SECTORS + rng.integers(0, PLACES, n), np.ones(n)))
    free = rng.random((n, TIMES)) < 0.25
    rows, time = np.nonzero(free)
    each = 1000 // np.maximum(free.sum(axis=1), 1)
    found.append((rows, first + SECTORS + PLACES + time, each[rows]))
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))
