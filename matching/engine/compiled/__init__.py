"""The compiled path for large rounds (numba): import it in a process of its own only."""
