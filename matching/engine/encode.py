"""`fact_table`: all answers of a problem as facts, once per problem, in bounded memory."""

from functools import lru_cache

import numpy as np

from matching.engine.answers import PAIRS_AT_ONCE, groups, sets_of
from matching.engine.arrays import IntArray, freeze
from matching.engine.criteria import FUNCTIONS, Block, languages, maximum_points
from matching.engine.errors import SIZE, ProblemError
from matching.engine.facts import MUST_HAVE_ONLY, FactTable, sorted_pairs
from matching.engine.places import whereabouts
from matching.engine.problem import CRITERIA, Problem

MOST_BYTES = 2 * 2**30
"""More memory than this is refused, unless the caller allows more."""

BYTES_PER_VALUE = 6
"""The rows of each criterion, the table joined from them, and a copy on the way."""
BYTES_PER_FACT = 100
BYTES_PER_PERSON = 300
BYTES_PER_PAIR_AT_ONCE = 80


@lru_cache(maxsize=2)
def fact_table(problem: Problem, most_bytes: int = MOST_BYTES) -> FactTable:
    """The facts of `problem`; kept for the last two problems, which never change.

    Raises `ProblemError` before it starts when it would need more than `most_bytes`. O(D m) for
    D rows: one per goal topic, theme, bond and sector, and one per group of mentees
    with equal times, with equal whereabouts, and with equal languages.
    """
    needed = memory_needed(problem)
    if needed > most_bytes:
        raise ProblemError(
            SIZE,
            None,
            f"the round would need {needed / 2**20:.0f} MiB, more than {most_bytes / 2**20:.0f}",
        )
    most = maximum_points(problem.weights)
    blocks = [
        _lean(FUNCTIONS[name](problem, points)) for name, points in zip(CRITERIA, most, strict=True)
    ]
    must_haves = _lean(languages(problem, 0))
    return _join(problem, most, blocks, must_haves)


def memory_needed(problem: Problem) -> int:
    """Bytes that `fact_table` takes at most beside the problem itself; O(n log n + m)."""
    n, m = problem.mentees, problem.mentors
    where = whereabouts(problem, "mentee")
    kinds = [*where.spot.T, where.reach, where.in_person, where.online]
    rows = (
        len(np.unique(problem.goal_topic))
        + problem.mentee_themes.shape[1]
        + problem.mentee_bonds.shape[1]
        + len(np.unique(problem.mentee_sector))
        + len(sets_of(problem.mentee_slots)[0])
        + len(sets_of(problem.mentee_languages)[0])
        + len(groups(n, kinds)[0])
        + 2
    )
    facts = (
        2 * len(problem.goal_topic)
        + int(problem.mentee_themes.sum())
        + int(problem.mentee_bonds.sum())
        + 6 * n
        + 2 * len(problem.barred)
    )
    scratch = min(PAIRS_AT_ONCE, n * m) + n + m
    return (
        BYTES_PER_VALUE * rows * m
        + BYTES_PER_FACT * facts
        + BYTES_PER_PERSON * (n + m)
        + BYTES_PER_PAIR_AT_ONCE * scratch
    )


def _lean(block: Block) -> Block:
    """Without facts that can give nobody points, decide nothing, or weigh nothing."""
    gate = np.zeros(len(block.fact), dtype=np.bool_) if block.gate is None else block.gate
    alive = np.asarray(block.values.any(axis=1))
    useful = (block.weight > 0) & (alive[block.fact] | gate)
    rows, fact = np.unique(block.fact[useful], return_inverse=True)
    whole = len(rows) == len(block.values)
    return Block(
        values=block.values if whole else block.values[rows],
        subject=block.subject[rows],
        mentee=block.mentee[useful],
        fact=fact,
        weight=block.weight[useful],
        mentee_skipped=block.mentee_skipped,
        mentor_skipped=block.mentor_skipped,
        gate=gate[useful],
        keep=block.keep,
    )


def _join(problem: Problem, most: list[int], blocks: list[Block], must_haves: Block) -> FactTable:
    everything = [*blocks, must_haves]
    numbers = [*range(len(blocks)), MUST_HAVE_ONLY]
    heights = [len(block.values) for block in everything]
    starts = np.cumsum([0, *heights])
    mentee = np.concatenate([block.mentee for block in everything])
    gate = np.concatenate([block.gate for block in everything])
    order = np.lexsort((~gate, mentee))
    fact = np.concatenate(
        [block.fact + start for block, start in zip(everything, starts, strict=False)]
    )
    weight = np.concatenate([block.weight for block in everything])
    half = np.array(most, dtype=np.int16) // 2
    skipped = np.stack([block.mentee_skipped for block in blocks], axis=1)
    table = FactTable(
        base=(skipped @ half).astype(np.int16),
        ptr=np.searchsorted(mentee[order], np.arange(problem.mentees + 1)).astype(np.int64),
        col=fact[order].astype(np.int32),
        weight=weight[order].astype(np.int16),
        gate=np.bincount(mentee[gate], minlength=problem.mentees).astype(np.int16),
        keep=_keep(problem, blocks),
        values=np.concatenate([block.values for block in everything]),
        capacity=problem.capacity,
        priority=problem.priority,
        wanted=np.zeros(problem.mentors, dtype=np.bool_),
        minimum=problem.minimum_points,
        barred=sorted_pairs(_barred(problem)),
        criterion=np.repeat(numbers, heights).astype(np.int8),
        subject=np.concatenate([block.subject for block in everything]),
        half=half,
        mentee_skipped=skipped,
        mentor_skipped=np.stack([block.mentor_skipped for block in blocks], axis=1),
    )
    for name in ("base", "ptr", "col", "weight", "values", "gate", "keep", "barred"):
        freeze(getattr(table, name))
    return table


def _keep(problem: Problem, blocks: list[Block]) -> np.ndarray:
    found = [block.keep for block in blocks if block.keep is not None]
    return found[0] if found else np.ones(problem.mentees, dtype=np.bool_)


def _barred(problem: Problem) -> IntArray:
    pairs = [(mentee, mentor) for mentee, mentor, _ in problem.barred]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
