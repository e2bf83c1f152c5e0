"""From any prices to the exact optimum of a graph: shortest paths in reduced costs, forward from
mentees without a mentor, backward from free places that still have a price.

Numbers are whole points. Kept true throughout: `gain[i] >= points - price[j]` for every pair of the
graph, equal on matches; `gain[i] >= outside[i]`, equal for who is unmatched and at rest. At the end
also: a mentor with a free place has price 0. Then the matching is optimal (complementary
slackness; Ahuja, Magnanti and Orlin 1993, ch. 9 and 12).
"""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.compiled import heap
from matching.engine.compiled.flow import Matching, leave, sit
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.jit import compiled

FAR = np.int64(2**62)


class Duals(NamedTuple):
    """price (m,), gain (n,), outside (n,): int64 points; outside is the worth of no mentor."""

    price: Any
    gain: Any
    outside: Any


class Search(NamedTuple):
    """What a shortest-path search needs, made once; every search leaves it clean.

    `dist` to each mentor, reached `via` a mentee; backward also `to` which mentor that one goes.
    """

    dist: Any
    via: Any
    to: Any
    done: Any
    touched: Any
    key: Any
    node: Any

    @classmethod
    def of(cls, m: int) -> "Search":
        room = 4 * m + 64
        return cls(
            dist=np.full(m, FAR, dtype=np.int64),
            via=np.full(m, -1, dtype=np.int32),
            to=np.full(m, -1, dtype=np.int32),
            done=np.zeros(m, dtype=np.bool_),
            touched=np.empty(m, dtype=np.int32),
            key=np.empty(room, dtype=np.int64),
            node=np.empty(room, dtype=np.int32),
        )


@compiled
def set_gains(graph, duals):
    """The best that each mentee could have at the prices."""
    for i in range(duals.gain.shape[0]):
        best = duals.outside[i]
        for e in range(graph.start[i], graph.start[i + 1]):
            best = max(best, graph.points[e] - duals.price[graph.column[e]])
        duals.gain[i] = best


@compiled
def _loosen(graph, duals, seats):
    """Undo matches that are not the best their mentee could have."""
    for i in range(duals.gain.shape[0]):
        j = seats.mate[i]
        if j < 0:
            continue
        tight = False
        for e in range(graph.start[i], graph.start[i + 1]):
            same = graph.column[e] == j
            tight = tight or (same and graph.points[e] - duals.price[j] == duals.gain[i])
        if not tight:
            leave(i, seats)


@compiled
def _take_tight(graph, duals, seats):
    """Whoever is unmatched takes a free place that is as good as their best."""
    for i in range(duals.gain.shape[0]):
        if seats.mate[i] >= 0 or duals.gain[i] == duals.outside[i]:
            continue
        for e in range(graph.start[i], graph.start[i + 1]):
            j = graph.column[e]
            best = graph.points[e] - duals.price[j] == duals.gain[i]
            if best and seats.load[j] < seats.room[j]:
                sit(i, j, seats)
                break


@compiled
def _reach(j, cost, by, target, search, count, size):
    """Note a shorter way to mentor j; returns how many are touched and stand in the heap."""
    if search.dist[j] == FAR:
        search.touched[count] = j
        count += 1
    search.dist[j], search.via[j], search.to[j] = cost, by, target
    if size == search.key.shape[0]:
        size = _compact(search, size)
    heap.push(search.key, search.node, 0, size, cost, j)
    return count, size + 1


@compiled
def _compact(search, size):
    """Drop entries that are out of date."""
    kept = 0
    for at in range(size):
        key, node = search.key[at], search.node[at]
        if not search.done[node] and key == search.dist[node]:
            heap.push(search.key, search.node, 0, kept, key, node)
            kept += 1
    return kept


@compiled
def _nearest(search, size):
    """The nearest mentor that is not done, or -1; and the size of the heap after it."""
    while size > 0:
        j, near = search.node[0], search.key[0]
        heap.pop(search.key, search.node, 0, size)
        size -= 1
        if not search.done[j] and near == search.dist[j]:
            search.done[j] = True
            return j, size
    return -1, size


@compiled
def _settle(sign, limit, search, count, duals, seats):
    """Move the prices of what was passed by what is left of the way, and the gains against it."""
    for at in range(count):
        j = search.touched[at]
        if search.dist[j] < limit:
            change = sign * (limit - search.dist[j])
            duals.price[j] += change
            for place in range(seats.slot[j], seats.slot[j] + seats.load[j]):
                duals.gain[seats.holder[place]] -= change


@compiled
def _clean(search, count):
    for at in range(count):
        search.dist[search.touched[at]] = FAR
        search.done[search.touched[at]] = False


@compiled
def _relax(i, base, limit, graph, duals, search, count, size):
    """The mentors that mentee i could go to, from a distance of `base`."""
    for e in range(graph.start[i], graph.start[i + 1]):
        j = graph.column[e]
        cost = base + duals.gain[i] + duals.price[j] - graph.points[e]
        if cost < limit and cost < search.dist[j]:
            count, size = _reach(j, cost, i, -1, search, count, size)
    return count, size


@compiled
def forward(root, graph, duals, seats, search):
    """Match `root`, or leave unmatched who loses least by it; all else stays as good as can be."""
    limit, end, out = duals.gain[root] - duals.outside[root], -1, root
    count, size = _relax(root, np.int64(0), limit, graph, duals, search, 0, 0)
    while True:
        j, size = _nearest(search, size)
        if j < 0 or search.dist[j] >= limit:
            break
        if seats.load[j] < seats.room[j]:
            limit, end, out = search.dist[j], j, -1
            break
        base = search.dist[j]
        for place in range(seats.slot[j], seats.slot[j] + seats.load[j]):
            i = seats.holder[place]
            if base + duals.gain[i] - duals.outside[i] < limit:
                limit, end, out = base + duals.gain[i] - duals.outside[i], j, i
            count, size = _relax(i, base, limit, graph, duals, search, count, size)
    duals.gain[root] -= limit
    _settle(1, limit, search, count, duals, seats)
    if out >= 0 and out != root:
        leave(out, seats)
    j = end
    while j >= 0:
        i = search.via[j]
        before = seats.mate[i]
        if before >= 0:
            leave(i, seats)
        sit(i, j, seats)
        j = before if i != root else -1
    _clean(search, count)


@compiled
def backward(root, graph, duals, seats, search):
    """Fill a free place of `root`, or bring a price down to nothing where it leaves one."""
    limit, end, taken = duals.price[root], root, -1
    count, size = _reach(root, np.int64(0), -1, -1, search, 0, 0)
    while True:
        j, size = _nearest(search, size)
        if j < 0 or search.dist[j] >= limit:
            break
        base = search.dist[j] + duals.price[j]
        for e in range(graph.begin[j], graph.begin[j + 1]):
            i = graph.row[e]
            k = seats.mate[i]
            cost = base + duals.gain[i] - graph.row_points[e]
            if k == j or cost >= limit:
                continue
            if k < 0:
                limit, end, taken = cost, j, i
            elif cost < search.dist[k]:
                count, size = _reach(k, cost, i, j, search, count, size)
                if cost + duals.price[k] < limit:
                    limit, end, taken = cost + duals.price[k], k, -1
    _settle(-1, limit, search, count, duals, seats)
    _pull(root, end, seats, search)
    if taken >= 0:
        sit(taken, end, seats)
    _clean(search, count)


@compiled
def _pull(root, end, seats, search):
    """Everybody on the way from `end` to `root` moves one mentor on, the nearest to root first."""
    before, j = -1, end
    while j != root:  # `to` leads from the end to the root: turn it round
        after = search.to[j]
        search.to[j] = before
        before, j = j, after
    target, j = root, before
    while j >= 0:
        i = search.via[j]
        leave(i, seats)
        sit(i, target, seats)
        target, j = j, search.to[j]


@compiled
def _all(graph, duals, seats, search):
    """Both kinds of search until nothing is left to do; returns how many there were."""
    searches = 0
    for j in range(duals.price.shape[0]):
        while duals.price[j] > 0 and seats.load[j] < seats.room[j]:
            backward(j, graph, duals, seats, search)
            searches += 1
    for i in range(duals.gain.shape[0]):
        if seats.mate[i] < 0 and duals.gain[i] > duals.outside[i]:
            forward(i, graph, duals, seats, search)
            searches += 1
    return searches


def finish(graph: Graph, duals: Duals, matching: Matching) -> int:
    """Make `matching`, prices and gains optimal for the graph; counts the searches.

    Works from every matching and all prices >= 0; the nearer they are, the faster.
    """
    set_gains(graph, duals)
    _loosen(graph, duals, matching)
    _take_tight(graph, duals, matching)
    return int(_all(graph, duals, matching, Search.of(graph.m)))
