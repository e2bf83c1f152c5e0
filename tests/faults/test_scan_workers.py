"""Two workers help with a large round: the result is the same, and a kill costs one block.

While the solver is stopped, the workers do all that was handed out, so that it is known who did
what; it goes on, and looks for the answers.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from . import servers

MENTEES, MENTORS = 16_000, 1_024
BLOCK_PAIRS = 128_000
BLOCKS = MENTEES * MENTORS // BLOCK_PAIRS
"""Of the first look; the mentors fill their strips of 256."""
LEASE = 2
LOST = r"block_lost look=(\d+) block=(\d+)"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server found"),
]


class Field:
    """Redis, two workers with a folder in common, and a solver; each with a log of its own."""

    def __init__(self, folder: Path, running: contextlib.ExitStack) -> None:
        self.folder, self.running = folder, running
        self.common = folder / "common"
        self.common.mkdir()
        self.redis = servers.Redis(folder)

    def product(self, name: str, **changes: str) -> servers.Product:
        own = self.folder / name
        own.mkdir()
        # The lock on solving stands there, and holds for all who share it.
        return servers.Product(own, TMPDIR=str(own), CELERY_BROKER_URL=self.redis.url, **changes)

    def shared(self, name: str) -> servers.Product:
        return self.product(
            name,
            SCAN_FOLDER=str(self.common),
            SCAN_LEAST_PAIRS="1",
            SCAN_BLOCK_PAIRS=str(BLOCK_PAIRS),
            SCAN_LEASE_SECONDS=str(LEASE),
        )

    def worker(self, name: str) -> SimpleNamespace:
        process = self.shared(name).process(
            "celery", "-A", "reenter", "worker", "-Q", "scan", "-n", f"{name}@%h",
            "--concurrency", "1", "--prefetch-multiplier", "1", "--loglevel", "info",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip
        self.running.callback(process.kill)
        return SimpleNamespace(process=process, log=self.folder / name / "celery.log")

    def solver(self, product: servers.Product) -> Path:
        """Start to solve; where the result will be."""
        result = product.folder / "result.json"
        size = str(MENTEES), str(MENTORS)
        process = product.process("tests.faults.scenario", "solve", *size, str(result))
        self.running.callback(process.kill)
        return result

    def stop_the_solver_at_its_first_look(self) -> int:
        deadline = time.monotonic() + 60
        while not self.files("1.npz"):  # at once: alone it takes a fraction of a second
            assert time.monotonic() < deadline, "waited in vain for the first look"
            time.sleep(0.001)
        solving = child("matching.engine.compiled.child", self.common)
        os.kill(solving, signal.SIGSTOP)
        return solving

    def files(self, pattern: str) -> set[str]:
        return {path.name for path in self.common.glob(f"*/{pattern}")}

    def taken_by(self, group: int) -> set[str]:
        """Blocks of the first look that a process of this group took."""
        found = set()
        for path in self.common.glob("*/1-*.taken"):
            with contextlib.suppress(ProcessLookupError, ValueError):
                if os.getpgid(int(path.read_text().rpartition(" ")[2])) == group:
                    found.add(path.stem)
        return found

    def in_hand(self, group: int) -> set[str]:
        """Those of them that have no answer yet."""
        return self.taken_by(group) - {name.removesuffix(".npz") for name in self.files("1-*.npz")}

    def wait_for_workers(self, solving: int, lost: int) -> None:
        """Until they did all blocks that the solver has not, but for so many."""
        left = BLOCKS - len(self.taken_by(os.getpgid(solving))) - lost
        assert left > BLOCKS // 2
        servers.wait_until(
            lambda: len(self.files("1-*.npz")) >= left, seconds=60, what="the workers' blocks"
        )


def child(module: str, folder: Path) -> int:
    """The id of the process that runs this module on a folder in `folder`."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_text().split("\0")
            if module in words and any(word.startswith(str(folder)) for word in words):
                return int(entry.name)
    raise AssertionError(f"no process runs {module}")


def finished(result: Path) -> dict:
    servers.wait_until(result.exists, seconds=60, what="the result")
    return json.loads(result.read_text())


def blocks(log: Path, event: str) -> Counter:
    found = re.findall(rf"scan_block_{event} run=\S+ look=(\d+) block=(\d+)", log.read_text())
    return Counter((int(look), int(block)) for look, block in found)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The result of one machine."""
    with contextlib.ExitStack() as running:
        field = Field(tmp_path_factory.mktemp("alone"), running)
        yield finished(field.solver(field.product("alone")))


@pytest.fixture
def field(tmp_path):
    with contextlib.ExitStack() as running:
        made = Field(tmp_path, running)
        made.redis.start()
        running.callback(made.redis.stop)
        yield made


def test_two_workers_give_the_same_result_and_do_each_block_once(field, alone):
    """Every task comes twice, as a broker may do."""
    workers = [field.worker("one"), field.worker("two")]
    product = field.shared("solver")
    result = field.solver(product)
    solving = field.stop_the_solver_at_its_first_look()
    run = next(field.common.iterdir()).name
    product.scenario("scan_again", run, str(BLOCKS))
    let_both_begin(field, *(worker.process.running.pid for worker in workers))
    field.wait_for_workers(solving, lost=0)
    os.kill(solving, signal.SIGCONT)
    told = finished(result)

    assert alone["gap"] == told["gap"] == 0
    assert told["digest"] == alone["digest"]
    done = [blocks(worker.log, "done") for worker in workers]
    assert all(done)
    assert max((done[0] + done[1]).values()) == 1
    fractions = [fraction for phase, fraction in told["steps"] if phase == "score"]
    assert len(set(fractions)) > 5
    assert fractions == sorted(fractions)
    assert not list(field.common.iterdir())


def let_both_begin(field, one, two):
    """Who is first waits for the other: it might do everything alone."""
    while not (field.taken_by(one) or field.taken_by(two)):
        time.sleep(0.001)
    first, second = (one, two) if field.taken_by(one) else (two, one)
    os.killpg(first, signal.SIGSTOP)
    servers.wait_until(lambda: field.taken_by(second), seconds=60, what="the second worker")
    os.killpg(first, signal.SIGCONT)


def test_a_worker_that_is_killed_costs_its_block_and_nothing_else(field, alone):
    victim, other = field.worker("victim"), field.worker("other")
    product = field.shared("solver")
    result = field.solver(product)
    solving = field.stop_the_solver_at_its_first_look()
    lost = kill_with_a_block_in_hand(field, victim, other)
    field.wait_for_workers(solving, lost=3)  # one in hand, and at most two fetched beforehand
    os.kill(solving, signal.SIGCONT)
    told = finished(result)

    assert told["digest"] == alone["digest"]
    log = (product.folder / "tests.faults.scenario.log").read_text()
    assert [(int(look), int(block)) for look, block in re.findall(LOST, log)] == [lost]
    done = blocks(victim.log, "done") + blocks(other.log, "done")
    assert max(done.values()) == 1
    assert lost not in done


def kill_with_a_block_in_hand(field, victim, other):
    """Kill it, with its children, while it works on a block; which one that is.

    The other one waits meanwhile: it might have done everything before this one is there.
    """
    os.killpg(other.process.running.pid, signal.SIGSTOP)
    group = victim.process.running.pid
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if field.in_hand(group):
            os.killpg(group, signal.SIGSTOP)
            time.sleep(0.1)
            stuck = field.in_hand(group)
            if stuck:
                victim.process.kill()
                os.killpg(other.process.running.pid, signal.SIGCONT)
                assert len(stuck) == 1
                look, block = stuck.pop().split("-")
                return int(look), int(block)
            os.killpg(group, signal.SIGCONT)
        time.sleep(0.001)
    raise AssertionError("the worker never had a block in hand")


def test_without_a_queue_the_solver_does_it_alone(field, alone):
    field.redis.stop()
    product = field.shared("solver")
    told = finished(field.solver(product))
    assert told["digest"] == alone["digest"]
    assert "broker_unavailable" in (product.folder / "tests.faults.scenario.log").read_text()
