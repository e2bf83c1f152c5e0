"""One look at all pairs in blocks of rows, so that other processes, on any machine, can help.

They share a folder, and nothing else:

    table.npz       the fact table of the run
    3.npz           look 3, the third version of the prices: what is asked of each block
    3-17.taken      who works on block 17 of it; made only once
    3-17.npz        what was found in it; whole as soon as it is there

So every step may happen twice: who comes second takes nothing, or writes the same once more.
Nothing is ever unpickled.
"""

import contextlib
import os
import shutil
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np

PREFIX = "reenter-run-"
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Shared:
    """How rounds of `least_pairs` and more are shared out.

    folder: one that every worker sees. hand_out(run, look, blocks): asks workers to do the blocks
    0..blocks-1 of a look of the run whose folder is called `run`; it may come to nothing, for what
    nobody takes the solver does itself. block_pairs: size of a block. lease: seconds after which a
    block that somebody took counts as lost; longer than a block takes.
    """

    folder: Path
    hand_out: Callable[[str, int, int], None]
    least_pairs: int
    block_pairs: int
    lease: float

    def prepare(self) -> None:
        """Make the folder; remove what runs left behind that were killed a day ago or more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob(f"{PREFIX}*"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - old.stat().st_mtime > DAY:
                    shutil.rmtree(old, ignore_errors=True)


class Look(NamedTuple):
    """The pairs of `rows` with points - price > threshold, the best `size` of each row.

    rows (k,) int32, threshold (k,) int64, price (m,) int64. columns: int32, or None for all.
    centre: the level at which prices are taken (see `compiled.scan`).
    """

    rows: Any
    threshold: Any
    price: Any
    columns: Any
    centre: int
    size: int
    minimum: int

    def part(self, rows: slice) -> "Look":
        """The same for some of the rows."""
        return self._replace(rows=self.rows[rows], threshold=self.threshold[rows])


class Blocks:
    """The looks of one run, in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, number: int, look: Look, parts: Sequence[slice]) -> None:
        """Write down look `number`, its rows in `parts`."""
        arrays = {"price": look.price, "numbers": np.array([look.centre, look.size, look.minimum])}
        if look.columns is not None:
            arrays["columns"] = look.columns
        for block, rows in enumerate(parts):
            part = look.part(rows)
            arrays |= {f"rows{block}": part.rows, f"threshold{block}": part.threshold}
        self._write(f"{number}.npz", arrays)

    def asked(self, number: int, block: int) -> Look:
        """What is asked of one block; FileNotFoundError when the look is over."""
        with np.load(self.folder / f"{number}.npz", allow_pickle=False) as stored:
            columns = stored.get("columns")
            rows, threshold = stored[f"rows{block}"], stored[f"threshold{block}"]
            return Look(rows, threshold, stored["price"], columns, *stored["numbers"].tolist())

    def take(self, number: int, block: int) -> bool:
        """Whether the caller is the first who takes this block, of a look that is not over."""
        if not (self.folder / f"{number}.npz").exists():
            return False
        try:
            with (self.folder / f"{number}-{block}.taken").open("x") as file:
                file.write(f"{socket.gethostname()} {os.getpid()}")
        except (FileExistsError, FileNotFoundError):
            return False
        return True

    def answer(self, number: int, block: int, found: dict[str, Any]) -> None:
        """Write down what was found; when the run is over, to no effect."""
        with contextlib.suppress(FileNotFoundError):
            self._write(f"{number}-{block}.npz", found)

    def answered(self, number: int) -> set[int]:
        """The blocks of a look that have an answer."""
        return self._numbers(number, "npz")

    def taken(self, number: int) -> set[int]:
        """The blocks of a look that somebody took."""
        return self._numbers(number, "taken")

    def _numbers(self, look: int, ending: str) -> set[int]:
        return {int(path.stem.split("-")[1]) for path in self.folder.glob(f"{look}-*.{ending}")}

    def found(self, number: int, block: int) -> dict[str, Any]:
        """The answer for one block."""
        with np.load(self.folder / f"{number}-{block}.npz", allow_pickle=False) as stored:
            return dict(stored)

    def forget(self, number: int) -> None:
        """Remove a look that is over. First what is asked: nobody takes a block after that."""
        for path in [self.folder / f"{number}.npz", *self.folder.glob(f"{number}-*")]:
            path.unlink(missing_ok=True)

    def _write(self, name: str, arrays: dict[str, Any]) -> None:
        """All or nothing: readers see the file only when it is whole."""
        unfinished = self.folder / f"{uuid4().hex}.unfinished"
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(unfinished, self.folder / name)
