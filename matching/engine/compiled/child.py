"""The process that solves one large round: arrays in by file, progress out by line, arrays out.

`python -m matching.engine.compiled.child FOLDER` reads `table.npz` and `task.json`, writes
`found.npz`, and prints one JSON object per step of progress. Nothing is ever unpickled.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from matching.engine.compiled.scan import Scanner
from matching.engine.compiled.solver import Solver
from matching.engine.large import ARRAYS, FOUND, TABLE, TASK


def main(folder: Path) -> None:
    """Solve what stands in `folder`."""
    task = json.loads((folder / TASK).read_text())
    with np.load(folder / TABLE, allow_pickle=False) as stored:
        table: Any = SimpleNamespace(**{name: stored[name] for name in ARRAYS})
    table.minimum = task["minimum"]
    found = Solver(table, Scanner(table, task["threads"]), _report).solve(floor=task["floor"])
    arrays: dict[str, Any] = {"mate": found.mate, "gain": found.gain, "price": found.price}
    for name, cover in (("cover", found.cover), ("above", found.above)):
        if cover is not None:
            arrays[f"{name}_mentee"] = cover.mentee_tier
            arrays[f"{name}_mentor"] = cover.mentor_tier
            arrays[f"{name}_minimum"] = np.array(cover.minimum)
    numbers = np.array([found.big, found.bonus, found.floor, found.gap], dtype=np.int64)
    np.savez(folder / FOUND, numbers=numbers, **arrays)


def _report(phase: str, fraction: float) -> None:
    sys.stdout.write(json.dumps({"phase": phase, "fraction": fraction}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
