"""The residual graph of a matching, seen between mentors.

A mentee who is not matched sits at an extra last column, "outside", with value
0 and room for everybody; so everybody always has a seat. Moving one holder of
seat j to seat k changes the total by at most

    gain[j, k] = max over mentees i seated at j of value[i, k] - value[i, j].

A matching is optimal exactly when this graph has no cycle, and no path that
ends in a free seat, of positive gain. Longest paths from a start value of 0
are then the smallest prices that support it (Shapley and Shubik 1971;
Leonard 1983).
"""

import numpy as np

from matching.engine.arrays import IntArray

IMPOSSIBLE = -(2**60)
REACHABLE = -(2**59)


def with_outside(value: IntArray) -> IntArray:
    """Append the outside column. `value` is positive for allowed pairs and 0 for all others."""
    n, m = value.shape
    extended = np.zeros((n, m + 1), dtype=np.int64)
    np.copyto(extended[:, :m], value)
    extended[:, :m][value == 0] = IMPOSSIBLE
    return extended


def shift_gains(extended: IntArray, seat: IntArray) -> IntArray:
    """gain[j, k] as above, shape (m+1, m+1); IMPOSSIBLE where nobody at j may sit at k.

    `seat` (n,) holds the column of each mentee, m for outside. O(n m).
    """
    n, columns = extended.shape
    gains = np.full((columns, columns), IMPOSSIBLE, dtype=np.int64)
    if not n:
        return gains
    order = np.argsort(seat, kind="stable")
    seats, starts = np.unique(seat[order], return_index=True)
    change = extended - extended[np.arange(n), seat][:, None]
    gains[seats] = np.maximum.reduceat(change[order], starts, axis=0)
    return gains


def longest_paths(gains: IntArray, start: IntArray) -> tuple[IntArray, IntArray]:
    """Largest start value plus path gain at each node, and the node before it (-1: a start).

    Bellman-Ford, relaxing only from nodes that changed. Raises ArithmeticError
    on a cycle of positive gain, which an optimal matching does not have.
    """
    distance = start.copy()
    before = np.full(len(start), -1, dtype=np.int64)
    active = np.flatnonzero(start > REACHABLE)
    for _ in range(len(start) + 1):
        if not len(active):
            return distance, before
        reached = distance[active, None] + gains[active]
        source = reached.argmax(axis=0)
        best = reached[source, np.arange(len(start))]
        better = best > distance
        distance[better] = best[better]
        before[better] = active[source[better]]
        active = np.flatnonzero(better)
    raise ArithmeticError("the matching is not optimal: a cycle of moves raises its total")


def seats_of(mentor_of: IntArray, outside: int) -> IntArray:
    """Column of each mentee in the extended matrix."""
    return np.where(mentor_of < 0, outside, mentor_of)


def smallest_prices(
    value: IntArray, capacity: IntArray, mentor_of: IntArray
) -> tuple[IntArray, IntArray]:
    """The smallest integer prices (u, p) >= 0 that prove `mentor_of` optimal.

    u_i + p_j >= value_ij for every allowed pair, equal on the pairs of the
    matching; p_j = 0 where a place is free, u_i = 0 where i is unmatched. They
    do not depend on which of several optimal matchings is given. O(n m + r m^2)
    for r rounds of relaxation. Raises ArithmeticError if it is not optimal.
    """
    n, m = value.shape
    extended = with_outside(value)
    seat = seats_of(mentor_of, m)
    gains = shift_gains(extended, seat)
    prices, _ = longest_paths(gains, np.zeros(m + 1, dtype=np.int64))
    load = np.bincount(seat, minlength=m + 1)
    free = np.append(load[:m] < capacity, True)
    if prices[free].any():
        raise ArithmeticError("the matching is not optimal: a free place is wanted")
    return extended[np.arange(n), seat] - prices[seat], prices[:m]
