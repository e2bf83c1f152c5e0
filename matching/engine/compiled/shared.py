"""A scanner that shares its large scans out in blocks, with the same result as a scan alone."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matching.engine.blocks import Blocks, Look
from matching.engine.compiled.scan import Found, Scanner, joined, strips_of

POLL = 0.02
"""Seconds between two looks at who answered, when there is nothing left to do."""


class BlockScanner(Scanner):
    """A scanner that answers for one block of somebody else's scan."""

    def block(self, look: Look) -> Found:
        """What `look` asks."""
        columns, strips = look.columns, None
        if columns is not None:
            strips = strips_of(self.table.values[:, columns], columns)
        return self._collect(look.rows, look.price, look.threshold, look.centre, look.size,
                             look.minimum, strips)  # fmt: skip


class SharedScanner(Scanner):
    """Workers take the blocks of a scan from its front, the solver itself from its end.

    Rows do not depend on each other, so the joined blocks equal one whole scan, in the same order.
    A block that was taken and not answered within `lease` seconds is lost: it is done again here.
    ask(look, blocks): called for each scan that is shared out. again(look, block): for each lost
    block. block_pairs: scans of no more than this stay here.
    """

    def __init__(
        self,
        table: Any,
        threads: int,
        report: Callable[[int], None],
        folder: Path,
        block_pairs: int,
        lease: float,
        ask: Callable[[int, int], None],
        again: Callable[[int, int], None],
    ) -> None:
        super().__init__(table, threads, report)
        self.blocks = Blocks(folder)
        self.block_pairs, self.lease = block_pairs, lease
        self._ask, self._again = ask, again
        self._looks = 0

    def _collect(
        self,
        rows: Any,
        price: Any,
        threshold: Any,
        centre: int,
        size: int,
        minimum: int,
        strips: Any = None,
    ) -> Found:
        names = self._columns if strips is None else strips[1]
        step = max(1, self.block_pairs // len(names))
        if len(rows) <= step:
            return super()._collect(rows, price, threshold, centre, size, minimum, strips)
        columns = None if strips is None else names[names >= 0]
        look = Look(rows, threshold, price, columns, centre, size, minimum)
        parts = [slice(first, first + step) for first in range(0, len(rows), step)]
        self._looks += 1
        self.blocks.ask(self._looks, look, parts)
        self._ask(self._looks, len(parts))
        found = self._gather(look, parts, strips)
        self.blocks.forget(self._looks)
        return joined(found)

    def _gather(self, look: Look, parts: list[slice], strips: Any) -> list[Found]:
        """What was found in each part. An answer that comes twice counts once."""
        found: dict[int, Found] = {}
        taken: dict[int, float] = {}
        while len(found) < len(parts):
            fresh = self.blocks.answered(self._looks) - found.keys()
            for block in fresh:
                found[block] = Found(**self.blocks.found(self._looks, block))
                self.report(len(look.rows[parts[block]]))
            own = self._next([block for block in range(len(parts)) if block not in found], taken)
            if own is not None:
                part = look.part(parts[own])
                found[own] = super()._collect(part.rows, part.price, part.threshold, part.centre,
                                              part.size, part.minimum, strips)  # fmt: skip
            elif not fresh:
                time.sleep(POLL)
        return [found[block] for block in range(len(parts))]

    def _next(self, left: list[int], taken: dict[int, float]) -> int | None:
        """The last block that nobody took, or one that somebody took and lost."""
        now = time.monotonic()
        for block in self.blocks.taken(self._looks):
            taken.setdefault(block, now)
        for block in reversed(left):
            if block not in taken and self.blocks.take(self._looks, block):
                return block
        for block in left:
            if now - taken.get(block, now) > self.lease:
                self._again(self._looks, block)
                return block
        return None
