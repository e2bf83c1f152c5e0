"""What is known about the pairs that no solve has looked at, so that few are looked at again.

Every pair outside the graph satisfies  points <= level[i] + price[j]  for the highest `price` of
each mentor since their pairs were last looked at whole. It can only be wrong about a pair whose
price fell below that by more than `gain[i] - level[i]`: those rows and columns are looked at
again, and nothing else.
"""

from typing import Any

import numpy as np

from matching.engine.compiled.scan import STRIP, Found, Scanner, joined

MORE = 8
FEW = 24
"""So many columns are faster one by one than as a strip."""
MARGIN = 200
"""Points below a mentee's gain down to which pairs are taken into the graph in passing."""


class Bound:
    """`level` (n,) and `price` (m,) as above; see `look`.

    A look gives at most `more` pairs of a mentee, down to `margin` points below their gain.
    """

    def __init__(
        self, scanner: Scanner, level: Any, price: Any, more: int = MORE, margin: int = MARGIN
    ) -> None:
        self.scanner = scanner
        self.level, self.price = level, price
        self.more, self.margin = more, margin
        self.looked: tuple[int, int] = (0, 0)

    def look(self, price: Any, gain: Any, minimum: int) -> Found:
        """Pairs for the graph, every pair with points - price > gain among them unless a
        mentee has more than `more` of those. Nothing to add to the graph, or only pairs that are
        in order, means that the prices are right for all pairs."""
        self.looked = 0, 0
        slack, drop = gain - self.level, self.price - price
        if not slack.size or not drop.size or drop.max() <= slack.min():
            return joined([])
        limit = _cheapest(slack, drop)
        rows, columns = np.flatnonzero(slack < limit), np.flatnonzero(drop >= limit)
        self.looked = len(rows), len(columns)
        parts = []
        if len(rows):
            parts.append(self._rows(rows, price, gain[rows] - self.margin, minimum))
        if len(columns):
            rest = np.flatnonzero(slack >= limit)
            parts.append(self._columns(rest, columns, price, minimum))
        return joined(parts)

    def _rows(self, rows: Any, price: Any, threshold: Any, minimum: int) -> Found:
        found = self.scanner.violators(rows, price, threshold, self.more, minimum)
        np.maximum(self.price, price, out=self.price)
        self.level[rows] = threshold
        self._raise(found)
        return found

    def _columns(self, rows: Any, columns: Any, price: Any, minimum: int) -> Found:
        level = self.level[rows]
        if len(columns) <= FEW:
            found = self.scanner.column_pairs(rows, columns, price, level, minimum)
        else:
            found = self.scanner.column_violators(rows, columns, price, level, self.more, minimum)
            self._raise(found)
        self.price[columns] = price[columns]
        return found

    def _raise(self, found: Found) -> None:
        """Who had more than fits in the list is known only down to the least of it."""
        self.level[found.full] = found.least


def _cheapest(slack: Any, drop: Any) -> int:
    """The drop from which columns are looked at whole, and rows with less slack than that."""
    n, m = len(slack), len(drop)
    short, fallen = slack[slack < drop.max()], drop[drop > max(slack.min(), 0)]
    if not len(fallen):
        return 1
    choices = np.unique(np.quantile(fallen, np.linspace(0, 1, 33)).astype(np.int64) + 1)
    choices = np.append(1, choices)
    rows = np.searchsorted(np.sort(short), choices)
    columns = len(fallen) - np.searchsorted(np.sort(fallen), choices)
    alone, strips = columns * STRIP // FEW, -(-columns // STRIP) * STRIP
    cost = rows * m + np.where(columns <= FEW, alone, strips) * (n - rows)
    return int(choices[np.argmin(cost)])
