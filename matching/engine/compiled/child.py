"""The process that solves one large round: arrays in by file, progress out by line, arrays out.

`python -m matching.engine.compiled.child FOLDER` reads `table.npz` and `task.json`, writes
`found.npz`, and prints one JSON object per step of progress, and for what it shares out with
others. Nothing is ever unpickled.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.shared import SharedScanner
from matching.engine.compiled.solver import Solver
from matching.engine.large import FOUND, TASK, read_table
from matching.engine.optimum import Patience

BEAT = 2.0
"""Seconds after which the last step is told again: a phase may take minutes."""
SCORED = 0.2
"""The fraction at which the first look at all pairs, the phase "score", is over."""


class Teller:
    """Says how far the solver is, from any of its threads."""

    def __init__(self, mentees: int) -> None:
        self.mentees, self.scored = mentees, 0
        self._last: dict[str, Any] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._beat, daemon=True).start()

    def phase(self, phase: str, fraction: float) -> None:
        """A step of the solver."""
        self._say_step(phase, fraction)

    def rows(self, count: int) -> None:
        """Rows of a scan that are done: in the first look, that is how far it is."""
        with self._lock:
            self.scored += count
            done = self.scored / self.mentees
        if done < 1:
            self._say_step("score", round(SCORED * done, 2))

    def look(self, look: int, blocks: int) -> None:
        """A scan that others may help with."""
        self._say({"look": look, "blocks": blocks})

    def again(self, look: int, block: int) -> None:
        """A block that somebody took and did not give back."""
        self._say({"look": look, "again": block})

    def _say_step(self, phase: str, fraction: float) -> None:
        step = {"phase": phase, "fraction": fraction}
        if step != self._last:
            self._last = step
            self._say(step)

    def _say(self, what: dict[str, Any]) -> None:
        with self._lock:
            sys.stdout.write(json.dumps(what) + "\n")
            sys.stdout.flush()

    def _beat(self) -> None:
        while not threading.Event().wait(BEAT):
            if self._last:
                self._say(self._last)


def main(folder: Path) -> None:
    """Solve what stands in `folder`."""
    task, table = json.loads((folder / TASK).read_text()), read_table(folder)
    teller = Teller(len(table.base))
    scanner = _scanner(folder, table, task, teller)
    solver = Solver(table, scanner, teller.phase)
    found = solver.solve(task["floor"], Patience(task["gap"], task["seconds"]))
    arrays: dict[str, Any] = {"mate": found.mate, "gain": found.gain, "price": found.price}
    for name, cover in (("cover", found.cover), ("above", found.above)):
        if cover is not None:
            arrays[f"{name}_mentee"] = cover.mentee_tier
            arrays[f"{name}_mentor"] = cover.mentor_tier
            arrays[f"{name}_minimum"] = np.array(cover.minimum)
    numbers = np.array([found.big, found.bonus, found.floor, found.gap], dtype=np.int64)
    np.savez(folder / FOUND, numbers=numbers, **arrays)


def _scanner(folder: Path, table: Any, task: dict[str, Any], teller: Teller) -> Scanner:
    if "block_pairs" not in task:
        return Scanner(table, task["threads"], teller.rows)
    return SharedScanner(table, task["threads"], teller.rows, folder, task["block_pairs"],
                         task["lease"], teller.look, teller.again)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
