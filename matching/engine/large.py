"""Large rounds: the compiled solver, in a process of its own, one at a time.

The process is started afresh and not forked, so that no thread or lock of this one is taken
along, and it gives its memory back when it ends. This module itself needs NumPy only.
"""

import fcntl
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from matching.engine.blocks import PREFIX, Shared
from matching.engine.errors import SIZE, ProblemError
from matching.engine.facts import FactTable
from matching.engine.optimum import Cover, Optimum, Patience, worth

logger = logging.getLogger(__name__)

Report = Callable[[str, float], None]

TABLE, TASK, FOUND = "table.npz", "task.json", "found.npz"
ARRAYS = (
    *("base", "ptr", "col", "weight", "gate", "keep", "values"),
    *("capacity", "priority", "wanted", "barred"),
)
LOCK = Path(tempfile.gettempdir()) / "reenter-engine.lock"
WAIT_SECONDS = 0.5
"""How often who waits for another solve looks again, and can be cancelled."""
START_MB = 260
"""What the process holds before it has read anything."""


def available() -> bool:
    """Whether the compiler is installed; it is not imported here."""
    return find_spec("numba") is not None


def megabytes_needed(table: FactTable) -> int:
    """An upper bound of what solving `table` holds at once, in MiB."""
    pairs = 40 * table.mentees
    places = int(np.minimum(table.capacity, table.mentees + 1).sum())
    by_pair, by_place, by_person = 64 * pairs, 24 * places, 200 * (table.mentees + table.mentors)
    held = 3 * table.values.nbytes + 12 * len(table.col) + by_pair + by_place + by_person
    return START_MB + held // 2**20


def free_megabytes() -> int:
    """What the machine can give now, in MiB; memory that only caches files counts as free."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) // 1024
    raise ProblemError(SIZE, None, "cannot be compared with the memory of this machine")


def solve_large(
    table: FactTable,
    floor: bool,
    report: Report,
    *,
    most_megabytes: int | None = None,
    threads: int | None = None,
    shared: Shared | None = None,
    patience: Patience | None = None,
) -> Optimum:
    """The same result as `solve_dense`, up to ties, for as many people as fit in memory.

    Every mentor in `table` has a place. report may raise to cancel: the process is then stopped.
    It is called every few seconds, with the same step while nothing changes. shared: workers who
    may help with a round of `shared.least_pairs` or more, which changes nothing in the result.
    patience: when to stop with a result that is near enough; the gap then says how near.
    Raises ProblemError when more than `most_megabytes` (default: what is free now) would be
    needed, or without the compiler.
    """
    if not available():
        raise ProblemError(SIZE, None, "needs the compiled engine; install numba")
    worth(table)  # refuses here what the process could not count
    needed = megabytes_needed(table)
    most = free_megabytes() if most_megabytes is None else most_megabytes
    if needed > most:
        raise ProblemError(SIZE, None, f"needs {needed} MiB, and {most} are there for it")
    if shared and table.mentees * table.mentors < shared.least_pairs:
        shared = None
    task: dict[str, Any] = {"floor": floor, "threads": threads or os.cpu_count()}
    task |= asdict(patience or Patience())
    with _one_at_a_time(report), _folder(shared) as folder:
        if shared:
            task |= {"block_pairs": shared.block_pairs, "lease": shared.lease}
        write_run(folder, table, **task)
        _run(folder, report, shared)
        return _read(folder / FOUND)


def write_run(folder: Path, table: FactTable, **task: Any) -> None:
    """What the processes of a run read: the arrays of `table`, and how it is to be solved."""
    np.savez(folder / TABLE, **{field: getattr(table, field) for field in ARRAYS})
    (folder / TASK).write_text(json.dumps(task | {"minimum": table.minimum}))


def read_table(folder: Path) -> Any:
    """The arrays of ARRAYS and the minimum, as they were written for the run of this folder."""
    with np.load(folder / TABLE, allow_pickle=False) as stored:
        table = SimpleNamespace(**{name: stored[name] for name in ARRAYS})
    table.minimum = json.loads((folder / TASK).read_text())["minimum"]
    return table


@contextmanager
def _folder(shared: Shared | None) -> Iterator[Path]:
    """A new folder that goes when the run is over, among those that workers see if `shared`."""
    if shared:
        shared.prepare()
    place = tempfile.TemporaryDirectory(
        prefix=PREFIX, dir=shared.folder if shared else None, ignore_cleanup_errors=True
    )
    with place as name:
        yield Path(name)


def _run(folder: Path, report: Report, shared: Shared | None) -> None:
    command = [sys.executable, "-m", "matching.engine.compiled.child", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        for line in process.stdout or ():
            step = json.loads(line)
            if "phase" in step:
                report(step["phase"], step["fraction"])
            elif "blocks" in step and shared:
                shared.hand_out(folder.name, step["look"], step["blocks"])
            else:
                logger.warning("block_lost look=%s block=%s", step["look"], step["again"])
        if process.wait():
            raise RuntimeError(f"the solving process ended with code {process.returncode}")
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def _one_at_a_time(report: Report) -> Iterator[None]:
    """Two solves at once would halve each other's cores and double the memory."""
    with LOCK.open("w") as lock:
        while True:
            report("wait", 0.0)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(WAIT_SECONDS)
            else:
                break
        yield


def _read(path: Path) -> Optimum:
    with np.load(path, allow_pickle=False) as stored:
        big, bonus, floor, gap = stored["numbers"].tolist()

        def cover(name: str) -> Any:
            if f"{name}_minimum" not in stored:
                return None
            tiers = stored[f"{name}_mentee"], stored[f"{name}_mentor"]
            return Cover(int(stored[f"{name}_minimum"]), *tiers)

        return Optimum(stored["mate"], stored["gain"], stored["price"], big, bonus, floor,
                       cover("cover"), cover("above"), gap)  # fmt: skip
