"""What is known about the pairs that no solve has looked at, so that few are looked at again.

Every pair outside the graph satisfies  points <= level[i] + price[j]  for the prices of the last
look. After a solve it can only be wrong about a pair whose `price` fell by more than
`gain[i] - level[i]`: those rows and columns are looked at again, and nothing else.
"""

from typing import Any

import numpy as np

from matching.engine.compiled.scan import Found, Scanner, joined

MORE = 8
MARGIN = 200
"""Points below a mentee's gain down to which pairs are taken into the graph in passing."""


class Bound:
    """`level` (n,) and `price` (m,) as above; see `look`."""

    def __init__(self, scanner: Scanner, level: Any) -> None:
        self.scanner = scanner
        self.level = level
        self.price = np.zeros(scanner.m, dtype=np.int64)
        self.looked: tuple[int, int] = (0, 0)

    def look(self, price: Any, gain: Any, minimum: int) -> Found:
        """Pairs for the graph, every pair with points - price > gain among them unless a
        mentee has more than MORE of those. Nothing to add to the graph, or only pairs that are
        in order, means that the prices are right for all pairs."""
        slack, drop = gain - self.level, np.maximum(self.price - price, 0)
        limit = _cheapest(slack, drop)
        rows, columns = np.flatnonzero(slack < limit), np.flatnonzero(drop >= limit)
        rest = np.flatnonzero(slack >= limit)
        self.looked = len(rows), len(columns)
        below = drop[drop < limit].max(initial=0)
        parts = [self._rows(rows, price, gain[rows] - MARGIN, minimum)]
        self.level[rest] += below
        if len(columns):
            parts.append(self._columns(rest, columns, price, minimum))
        self.price = price.copy()
        return joined(parts)

    def _rows(self, rows: Any, price: Any, threshold: Any, minimum: int) -> Found:
        found = self.scanner.violators(rows, price, threshold, MORE, minimum)
        self.level[rows] = threshold
        self._raise(found)
        return found

    def _columns(self, rows: Any, columns: Any, price: Any, minimum: int) -> Found:
        found = self.scanner.column_violators(rows, columns, price, self.level[rows], MORE, minimum)
        self._raise(found)
        return found

    def _raise(self, found: Found) -> None:
        """Who had more than fits in the list is known only down to the least of it."""
        self.level[found.full] = found.least


def _cheapest(slack: Any, drop: Any) -> int:
    """The drop from which columns are looked at whole, and rows below it."""
    n, m = len(slack), len(drop)
    choices = np.unique(np.concatenate([[1], np.quantile(drop, np.linspace(0, 1, 33)) + 1]))
    choices = choices.astype(np.int64)
    rows = np.searchsorted(np.sort(slack), choices)
    columns = m - np.searchsorted(np.sort(drop), choices)
    cost = rows * m + columns * (n - rows)
    return int(choices[np.argmin(cost)])
