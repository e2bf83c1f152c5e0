"""One way of compiling: cached on disk, and without Python's lock, so that threads can share."""

from typing import Any

from numba import njit

compiled: Any = njit(cache=True, nogil=True)
inlined: Any = njit(cache=True, nogil=True, inline="always")
"""For inner loops: a call costs as much as the work in them."""
