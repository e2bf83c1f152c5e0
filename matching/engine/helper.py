"""A worker's side of a shared look: the compiled engine stays in a process of its own."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class Helper:
    """The process that does blocks of one run for this one; started afresh, not forked."""

    def __init__(self, folder: Path) -> None:
        """folder: of the run. The process reads the table once and keeps it."""
        self.folder = folder
        command = [sys.executable, "-m", "matching.engine.compiled.helper", str(folder)]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process: Any = subprocess.Popen(command, **pipes)  # noqa: S603

    @property
    def alive(self) -> bool:
        """Whether the process is still there; it ends with the run."""
        return self._process.poll() is None

    def scan(self, look: int, block: int) -> bool:
        """Do one block; False when somebody else has it, or the run is over."""
        try:
            self._process.stdin.write(f"{look} {block}\n")
            self._process.stdin.flush()
            return bool(json.loads(self._process.stdout.readline() or "false"))
        except BrokenPipeError:
            return False

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
