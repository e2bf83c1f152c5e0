"""The process in which a worker does its blocks of one run; it ends with its worker or the run.

`python -m matching.engine.compiled.helper FOLDER` reads a line "look block" at a time, does that
block if nobody took it, and answers `true` when it did and `false` otherwise.
"""

import json
import select
import sys
from pathlib import Path

from matching.engine.blocks import Blocks
from matching.engine.compiled.shared import BlockScanner
from matching.engine.large import read_table

LOOK_AGAIN = 5.0
"""Seconds after which a helper with nothing to do looks whether the run is over."""


def main(folder: Path) -> None:
    """Help the run of this folder, with one thread: there is a helper for each worker process."""
    scanner, blocks = BlockScanner(read_table(folder), threads=1), Blocks(folder)
    while folder.exists():
        if not select.select([sys.stdin], [], [], LOOK_AGAIN)[0]:
            continue
        line = sys.stdin.readline()
        if not line:
            break
        number, block = (int(part) for part in line.split())
        done = blocks.take(number, block)
        if done:
            look = blocks.asked(number, block)
            blocks.answer(number, block, vars(scanner.block(look)))
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
