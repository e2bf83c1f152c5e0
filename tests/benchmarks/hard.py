"""Rounds that are made to be hard: ties everywhere, all wanting the same, nobody fitting.

Each is a name and what differs from the random round of `instances` with 1.1 places a mentee.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from matching.engine.facts import VETO, FactTable
from tests.benchmarks.instances import large_round

Make = Callable[[int, int], FactTable]
REFERENCE = "random, 1.1 n"


def hard_rounds() -> Iterator[tuple[str, Make]]:
    """The round that the others are compared with, and seventeen kinds of trouble."""
    yield REFERENCE, lambda n, m: large_round(n, m, 1.1)
    yield "random, as many places as people", lambda n, m: large_round(n, m, 1.0)
    yield "all pairs equal, 1.1 n", lambda n, m: _one_fact(n, m, 1.1, lambda rng, s: _same(s))
    yield "all pairs equal, 0.7 n", lambda n, m: _one_fact(n, m, 0.7, lambda rng, s: _same(s))
    yield "only the mentor counts, 1.1 n", lambda n, m: _one_fact(n, m, 1.1, _any)
    yield "only the mentor counts, 1.0 n", lambda n, m: _one_fact(n, m, 1.0, _any)
    yield "a product of two qualities, 1.1 n", lambda n, m: _product(n, m, 1.1)
    yield "a product of two qualities, 1.0 n", lambda n, m: _product(n, m, 1.0)
    yield "within 3 points of each other", _near_ties
    yield "0 or 1000 points", _two_values
    yield "all want the same 1 % of the mentors", lambda n, m: _wanted(n, m, m // 100)
    yield "all want the same ten mentors", lambda n, m: _wanted(n, m, 10)
    yield "nobody answered anything", lambda n, m: _skipped(n, m, 1.0)
    yield "half answered nothing", lambda n, m: _skipped(n, m, 0.5)
    yield "twelve languages, nobody speaks two", _languages
    yield "nobody fits anybody", lambda n, m: replace(large_round(n, m, 1.1), minimum=10_000)
    yield "a hundredth of the mentors, many places", _few_mentors
    yield "a third has priority, 0.7 n", _priority


def _same(size: int) -> np.ndarray:
    return np.full(size, 500)


def _any(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.integers(0, 5000, size)


def _facts(table: FactTable, ptr: object, col: object, weight: object, values: object) -> FactTable:
    rows = len(np.asarray(values))
    return replace(
        table,
        ptr=np.asarray(ptr, np.int64),
        col=np.asarray(col, np.int32),
        weight=np.asarray(weight, np.int16),
        values=np.asarray(values, np.int16),
        criterion=np.zeros(rows, np.int8),
        subject=np.arange(rows, dtype=np.int64),
    )


def _one_fact(
    n: int, m: int, places: float, values: Callable[[np.random.Generator, int], np.ndarray]
) -> FactTable:
    own = values(np.random.default_rng(1), m)[None]
    table = large_round(n, m, places)
    return _facts(table, np.arange(n + 1), np.zeros(n), np.ones(n), own)


def _product(n: int, m: int, places: float) -> FactTable:
    rng = np.random.default_rng(2)
    values = rng.integers(0, 101, m)[None]
    weight = rng.integers(1, 101, n)
    return _facts(large_round(n, m, places), np.arange(n + 1), np.zeros(n), weight, values)


def _near_ties(n: int, m: int) -> FactTable:
    """Four of twenty facts each, worth 0 to 3 points in all."""
    rng = np.random.default_rng(3)
    values = rng.random((20, m)) < 0.35
    col = rng.integers(0, 20, 3 * n)
    table = _facts(large_round(n, m, 1.1), 3 * np.arange(n + 1), col, np.ones(3 * n), values)
    return replace(table, base=np.full(n, 5000, np.int16))


def _two_values(n: int, m: int) -> FactTable:
    rng = np.random.default_rng(4)
    values = 1000 * (rng.random((200, m)) < 0.02)
    col = rng.integers(0, 200, n)
    return _facts(large_round(n, m, 1.1), np.arange(n + 1), col, np.ones(n), values)


def _wanted(n: int, m: int, count: int) -> FactTable:
    """Everybody's points with a few mentors are 1,000 higher."""
    table = large_round(n, m, 1.1)
    few = np.zeros((1, m), np.int16)
    few[0, np.random.default_rng(5).permutation(m)[:count]] = 1000
    return with_fact(table, few, np.zeros(n, np.int64))


def _skipped(n: int, m: int, part: float) -> FactTable:
    table = large_round(n, m, 1.1)
    silent = np.random.default_rng(6).random(n) < part
    own = np.repeat(~silent, np.diff(table.ptr))
    ptr = np.concatenate([[0], np.cumsum(np.diff(table.ptr) * ~silent)])
    silent_base = np.where(silent, 5000, 0).astype(np.int16)
    table = _facts(table, ptr, table.col[own], table.weight[own], table.values)
    return replace(table, base=silent_base)


def _languages(n: int, m: int) -> FactTable:
    rng = np.random.default_rng(7)
    other = np.arange(12)[:, None] != rng.integers(0, 12, m)
    return with_fact(large_round(n, m, 1.1), other * VETO, rng.integers(0, 12, n))


def _few_mentors(n: int, m: int) -> FactTable:
    return large_round(n, max(1, m // 100), 1.1)


def _priority(n: int, m: int) -> FactTable:
    first = np.random.default_rng(8).random(n) < 1 / 3
    return replace(large_round(n, m, 0.7), priority=first)


def with_fact(table: FactTable, values: np.ndarray, own: np.ndarray) -> FactTable:
    """`table` with more rows of values, and one more fact for each mentee among them."""
    n, rows = table.mentees, len(table.values)
    at = table.ptr[1:]
    return _facts(
        table,
        table.ptr + np.arange(n + 1),
        np.insert(table.col, at, rows + own),
        np.insert(table.weight, at, 1),
        np.concatenate([table.values, values]),
    )
