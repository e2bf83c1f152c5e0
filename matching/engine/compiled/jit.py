"""One way of compiling: cached on disk, and without Python's lock, so that threads can share."""

from numba import njit

compiled = njit(cache=True, nogil=True)
inlined = njit(cache=True, nogil=True, inline="always")
"""For inner loops: a call costs as much as the work in them."""
