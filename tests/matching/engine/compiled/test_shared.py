"""A scan that is shared out gives what a scan alone gives, pair by pair, in the same order."""

import shutil
import threading

import numpy as np
import pytest

from matching.engine import verify_facts
from matching.engine.blocks import Blocks, Look, Shared
from matching.engine.compiled.scan import Found, Scanner
from matching.engine.compiled.shared import BlockScanner, SharedScanner
from matching.engine.compiled.solver import Solver
from matching.engine.helper import Helper
from matching.engine.large import solve_large, write_run
from tests.matching.engine.compiled.tables import random_round

PAIRS = 20_000


def nothing(*args):
    pass


class Workers:
    """Threads that do the even blocks of each look; the last block of all they take and lose."""

    def __init__(self, table, folder, lose):
        self.table, self.folder, self.lose = table, folder, lose
        self.asked, self.lost = [], []

    def ask(self, look, blocks):
        self.asked.append(blocks)
        threading.Thread(target=self._work, args=(look, blocks)).start()

    def again(self, look, block):
        self.lost.append((look, block))

    def _work(self, look, count):
        blocks, scanner = Blocks(self.folder), BlockScanner(self.table, threads=1)
        for block in range(0, count, 2):
            if not blocks.take(look, block):
                continue
            if not (self.lose and block == 0):
                blocks.answer(look, block, vars(scanner.block(blocks.asked(look, block))))

    def scanner(self):
        return SharedScanner(self.table, 2, nothing, self.folder, PAIRS, 0.3, self.ask, self.again)


def same(one, other):
    for name, array in vars(one).items():
        assert np.array_equal(array, vars(other)[name]), name
        assert array.dtype == vars(other)[name].dtype, name
    return True


@pytest.mark.parametrize("lose", [False, True])
def test_all_scans_are_equal(tmp_path, lose):
    rng = np.random.default_rng(1)
    table = random_round(900, 520, seed=1)
    workers = Workers(table, tmp_path, lose)
    shared, alone = workers.scanner(), Scanner(table, 2)
    price = rng.integers(0, 3000, 520) + (np.arange(520) % 5 == 0) * 10**12
    threshold = rng.integers(0, 9000, 900) - (np.arange(900) % 3 == 0) * 10**12
    rows, columns = np.arange(900), np.arange(517, 30, -2)
    assert same(shared.top(16, 0), alone.top(16, 0))
    found = shared.violators(rows, price, threshold, 8, 0)
    assert same(found, alone.violators(rows, price, threshold, 8, 0))
    asked = rows, columns, price, threshold, 8, 0
    assert same(shared.column_violators(*asked), alone.column_violators(*asked))
    assert len(workers.asked) == 5  # two of them at two levels of thresholds
    assert min(workers.asked) > 2
    assert all(block == 0 for _, block in workers.lost)
    assert not list(tmp_path.glob("*.npz"))


def test_a_block_that_was_taken_and_lost_is_done_again_once(tmp_path):
    table, again = random_round(200, 300, seed=4), []

    def take_the_first(look, blocks):
        assert Blocks(tmp_path).take(look, 0)
        assert blocks > 2

    scanner = SharedScanner(table, 1, nothing, tmp_path, PAIRS, 0.2, take_the_first,
                            lambda *block: again.append(block))  # fmt: skip
    assert same(scanner.top(8, 0), Scanner(table, 1).top(8, 0))
    assert again == [(1, 0)]


@pytest.mark.parametrize("floor", [True, False])
def test_the_same_optimum_as_alone_where_nobody_helps(tmp_path, floor):
    table = random_round(700, 300, seed=1, places=1.05)
    shared = SharedScanner(table, 2, nothing, tmp_path, PAIRS, 9, nothing, nothing)
    one, other = Solver(table, shared).solve(floor), Solver(table, Scanner(table, 2)).solve(floor)
    assert same_optimum(one, other)
    assert verify_facts(table, one)


def same_optimum(one, other):
    return one.to_dict() == other.to_dict()


def test_a_helper_does_a_block_once_and_ends_with_the_run(tmp_path):
    table, folder = random_round(300, 300, seed=1, places=1.05), tmp_path / "run"
    folder.mkdir()
    write_run(folder, table)
    blocks, price = Blocks(folder), np.arange(300)
    rows = np.arange(300, dtype=np.int32)
    look = Look(rows, np.full(300, 900), price, None, 10_000, 8, 0)
    blocks.ask(1, look, [slice(0, 200), slice(200, 300)])
    helper = Helper(folder)
    assert helper.scan(1, 1)
    assert not helper.scan(1, 1)
    assert helper.alive
    assert blocks.answered(1) == {1}
    expected = BlockScanner(table, 1).block(look.part(slice(200, 300)))
    assert len(expected.rows) > 100
    assert same(Found(**blocks.found(1, 1)), expected)

    shutil.rmtree(folder)
    assert not helper.scan(1, 0)
    helper._process.wait(timeout=20)
    assert not helper.alive
    assert not helper.scan(1, 0)
    helper.close()


def test_the_whole_way_gives_the_same_optimum(tmp_path):
    """Whether the helpers are in time or not."""
    table, asked, helpers = random_round(3000, 300, seed=1, places=1.05), [], []

    def hand_out(run, look, blocks):
        helpers[:] = helpers or [Helper(tmp_path / run)]
        asked.append([helpers[0].scan(look, block) for block in range(blocks)])

    shared = Shared(tmp_path, hand_out, least_pairs=1, block_pairs=PAIRS, lease=30)
    found = solve_large(table, True, nothing, shared=shared)
    helpers[0].close()
    assert same_optimum(found, solve_large(table, True, nothing))
    assert len(asked[0]) == 77  # as many as 3,000 rows in blocks of 20,000 // 512
    assert not list(tmp_path.iterdir())


def test_smaller_rounds_are_not_shared(tmp_path):
    table = random_round(300, 120, seed=5)

    def hand_out(run, look, blocks):
        raise AssertionError("nobody is to be asked")

    shared = Shared(tmp_path, hand_out, least_pairs=300 * 120 + 1, block_pairs=100, lease=1)
    assert verify_facts(table, solve_large(table, True, nothing, shared=shared))
    assert not list(tmp_path.iterdir())
