"""The largest rounds: workers on other machines help to look at all pairs, block by block."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Lock

from django.conf import settings

from matching.engine import Shared
from matching.engine.blocks import PREFIX
from matching.engine.helper import Helper
from reenter.common.queue import hand_over

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 60

_helpers: dict[str, Helper] = {}
"""By run; at most one, for the last run that this worker helped."""
_one_at_a_time = Lock()


class ScanQueue:
    """Asks workers for blocks. Without a broker the solver does them itself, and it is left alone
    for a while: to find out takes seconds each time."""

    def __init__(self) -> None:
        self._not_before = 0.0

    def hand_out(self, run: str, look: int, blocks: int) -> None:
        """Ask for all blocks of a look."""
        from ..tasks import scan_block

        if time.monotonic() < self._not_before:
            return
        for block in range(blocks):
            if not hand_over(scan_block, run, look, block):
                self._not_before = time.monotonic() + PAUSE_SECONDS
                return


def shared_solving() -> Shared | None:
    """How rounds are shared out with workers; None when there is no folder in common."""
    if not settings.SCAN_FOLDER:
        return None
    return Shared(
        folder=Path(settings.SCAN_FOLDER),
        hand_out=ScanQueue().hand_out,
        least_pairs=settings.SCAN_LEAST_PAIRS,
        block_pairs=settings.SCAN_BLOCK_PAIRS,
        lease=settings.SCAN_LEASE_SECONDS,
    )


def block_scan(run: str, look: int, block: int) -> bool:
    """Do one block of the run whose folder has this name; False when it needs nobody any more.

    It may be asked twice, late, or at two workers at once: a block is taken by one of them.
    """
    folder = Path(settings.SCAN_FOLDER) / run
    known = bool(settings.SCAN_FOLDER) and folder.name == run and run.startswith(PREFIX)
    if not known or not folder.is_dir():
        return False
    with _one_at_a_time:
        logger.info("scan_block_begun run=%s look=%s block=%s", run, look, block)
        done = _helper(run, folder).scan(look, block)
    if done:
        logger.info("scan_block_done run=%s look=%s block=%s", run, look, block)
    return done


def _helper(run: str, folder: Path) -> Helper:
    """The process for this run; that of another run ends."""
    if run not in _helpers or not _helpers[run].alive:
        for known in list(_helpers):
            _helpers.pop(known).close()
        _helpers[run] = Helper(folder)
    return _helpers[run]
