"""Fact tables of random rounds, small and hard ones, without people behind them."""

import numpy as np

from matching.engine.facts import VETO, FactTable


def table_of(ptr, col, weight, values, capacity, **changes):
    n, (rows, m) = len(ptr) - 1, np.shape(values)
    fields = {
        "base": np.zeros(n, np.int16),
        "gate": np.zeros(n, np.int16),
        "keep": np.ones(n, bool),
        "priority": np.zeros(n, bool),
        "wanted": np.zeros(m, bool),
        "minimum": 0,
        "barred": np.empty((0, 2), np.int64),
        "criterion": np.zeros(rows, np.int8),
        "subject": np.arange(rows, dtype=np.int64),
        "half": np.zeros(1, np.int16),
        "mentee_skipped": np.zeros((n, 1), bool),
        "mentor_skipped": np.zeros((m, 1), bool),
    }
    return FactTable(
        ptr=np.asarray(ptr, np.int64),
        col=np.asarray(col, np.int32),
        weight=np.asarray(weight, np.int16),
        values=np.asarray(values, np.int16),
        capacity=np.asarray(capacity, np.int64),
        **(fields | changes),
    )


def random_table(seed):
    """Up to 24 x 24, with gates, vetoes, bars, priority, minimum and many ties."""
    rng = np.random.default_rng(seed)
    n, m = (int(size) for size in rng.integers(1, 25, 2))
    rows = 6
    values = rng.integers(0, [2, 21, 5][seed % 3], (rows, m))
    values[0, rng.random(m) < 0.3] = VETO
    counts = rng.integers(0, 5, n)
    chosen = [rng.permutation(rows)[:count] for count in counts]
    col = np.concatenate([*chosen, []]).astype(np.int32)
    weight = rng.integers(1, [3, 40, 100][seed // 3 % 3], len(col))
    weight[col == 0] = 1
    gate = [0 if (own == 0).any() else int(rng.integers(0, min(len(own), 2) + 1)) for own in chosen]
    barred = np.stack([rng.integers(0, n, 5), rng.integers(0, m, 5)], axis=1)
    return table_of(
        np.concatenate([[0], np.cumsum(counts)]),
        col,
        weight,
        values,
        rng.integers(1, [2, 4, 9][seed % 3], m),
        base=rng.integers(0, 50, n).astype(np.int16),
        gate=np.zeros(n, np.int16) if seed % 2 else np.array(gate, np.int16),
        keep=rng.random(n) < 0.7,
        priority=(rng.random(n) < 0.3) & (seed % 4 < 2),
        wanted=(rng.random(m) < 0.4) & (seed % 5 > 2),
        minimum=int(rng.choice([0, 30, 300])),
        barred=np.unique(barred, axis=0),
    )


def random_round(n, m, seed, places=1.05, facts=8, rows=60):
    """A larger round: every mentee weighs some of the facts, mentors differ in a fifth of them."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 21, (rows, m)) * (rng.random((rows, m)) < 0.2)
    col = np.concatenate([rng.permutation(rows)[:facts] for _ in range(n)])
    weight = rng.integers(1, 50, n * facts)
    total = max(m, round(places * n))
    capacity = rng.multinomial(total - m, np.full(m, 1 / m)) + 1
    return table_of(np.arange(n + 1) * facts, col, weight, values, capacity)
