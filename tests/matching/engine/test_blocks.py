"""A look in blocks: every step may happen twice, or too late."""

import os
import time

import numpy as np
import pytest

from matching.engine.blocks import DAY, PREFIX, Blocks, Look, Shared

LOOK = Look(
    rows=np.arange(5, 12, dtype=np.int32),
    threshold=np.arange(7) * 10**12,
    price=np.array([0, 10**15, 3]),
    columns=None,
    centre=-9,
    size=4,
    minimum=0,
)
PARTS = [slice(0, 4), slice(4, 8)]


@pytest.fixture
def blocks(tmp_path):
    made = Blocks(tmp_path)
    made.ask(1, LOOK, PARTS)
    return made


@pytest.mark.parametrize("columns", [None, np.array([2, 0], dtype=np.int32)])
def test_what_is_asked_of_a_block_is_read_back(tmp_path, columns):
    blocks, look = Blocks(tmp_path), LOOK._replace(columns=columns)
    blocks.ask(3, look, PARTS)
    for number, rows in enumerate(PARTS):
        for own, expected in zip(blocks.asked(3, number), look.part(rows), strict=True):
            assert np.array_equal(own, expected)
            assert getattr(own, "dtype", None) == getattr(expected, "dtype", None)


def test_a_block_is_taken_once(blocks):
    assert blocks.take(1, 0)
    assert not blocks.take(1, 0)
    assert blocks.taken(1) == {0}
    assert blocks.take(1, 1)
    assert blocks.taken(1) == {0, 1}


def test_an_answer_that_comes_twice_is_one_answer(blocks):
    assert blocks.answered(1) == set()
    for _ in range(2):
        blocks.answer(1, 1, {"rows": np.array([6])})
        assert blocks.answered(1) == {1}
        assert blocks.found(1, 1)["rows"].tolist() == [6]


def test_looks_with_alike_numbers_are_kept_apart(blocks):
    blocks.ask(11, LOOK, PARTS)
    blocks.answer(11, 0, {"rows": np.array([6])})
    assert blocks.take(11, 1)
    assert blocks.answered(1) == set()
    assert blocks.take(1, 1)
    blocks.forget(1)
    assert blocks.answered(11) == {0}


def test_who_comes_too_late_takes_nothing_and_does_no_harm(blocks, tmp_path):
    blocks.forget(1)
    assert not blocks.take(1, 0)
    assert not list(tmp_path.iterdir())
    tmp_path.rmdir()
    assert not blocks.take(1, 0)
    blocks.answer(1, 0, {"rows": np.array([6])})
    assert not tmp_path.exists()


def test_what_killed_runs_left_behind_goes_after_a_day(tmp_path):
    old, new, other = (tmp_path / name for name in (f"{PREFIX}a", f"{PREFIX}b", "other"))
    for folder in (old, new, other):
        folder.mkdir()
        (folder / "1.npz").touch()
    for folder in (old, other):
        os.utime(folder, (time.time() - DAY - 60,) * 2)
    Shared(tmp_path, lambda *look: None, 1, 1, 1).prepare()
    assert sorted(tmp_path.iterdir()) == sorted([new, other])
    Shared(other / "deeper" / "still", lambda *look: None, 1, 1, 1).prepare()
    assert (other / "deeper" / "still").is_dir()
