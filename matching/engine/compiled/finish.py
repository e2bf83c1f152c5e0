"""From any prices to the exact optimum of a graph: shortest paths in reduced costs, forward from
mentees without a mentor, backward from free places that still have a price.

Numbers are whole points. Kept true throughout: `gain[i] >= points - price[j]` for every pair of the
graph, equal on matches; `gain[i] >= outside[i]`, equal for who is unmatched and at rest. At the end
also: a mentor with a free place has price 0. Then the matching is optimal (complementary
slackness; Ahuja, Magnanti and Orlin 1993, ch. 9 and 12).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.compiled import heap
from matching.engine.compiled.flow import Matching, leave, sit
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.jit import compiled

FAR = np.int64(2**62)


@dataclass(eq=False)
class Search:
    """What a shortest-path search needs, made once; every search leaves it clean."""

    dist: Any
    via: Any
    to: Any
    done: Any
    touched: Any
    key: Any
    node: Any

    @classmethod
    def of(cls, graph: Graph) -> "Search":
        m, room = graph.m, 4 * graph.m + 64
        return cls(
            dist=np.full(m, FAR, dtype=np.int64),
            via=np.full(m, -1, dtype=np.int32),
            to=np.full(m, -1, dtype=np.int32),
            done=np.zeros(m, dtype=np.bool_),
            touched=np.empty(m, dtype=np.int32),
            key=np.empty(room, dtype=np.int64),
            node=np.empty(room, dtype=np.int32),
        )

    @property
    def arrays(self) -> tuple[Any, ...]:
        return self.dist, self.via, self.to, self.done, self.touched, self.key, self.node


@compiled
def set_gains(start, column, points, price, outside, gain):
    """The best that each mentee could have at the prices."""
    for i in range(gain.shape[0]):
        best = outside[i]
        for e in range(start[i], start[i + 1]):
            best = max(best, points[e] - price[column[e]])
        gain[i] = best


@compiled
def loosen(start, column, points, price, gain, mate, slot, load, holder, where):
    """Undo matches that are not the best their mentee could have."""
    for i in range(mate.shape[0]):
        j = mate[i]
        if j < 0:
            continue
        tight = False
        for e in range(start[i], start[i + 1]):
            if column[e] == j and points[e] - price[j] == gain[i]:
                tight = True
        if not tight:
            leave(i, mate, slot, load, holder, where)


@compiled
def take_tight(start, column, points, price, gain, outside, mate, slot, load, holder, where):
    """Whoever is unmatched takes a free place that is as good as their best."""
    for i in range(mate.shape[0]):
        if mate[i] >= 0 or gain[i] == outside[i]:
            continue
        for e in range(start[i], start[i + 1]):
            j = column[e]
            if points[e] - price[j] == gain[i] and load[j] < slot[j + 1] - slot[j]:
                sit(i, j, mate, slot, load, holder, where)
                break


@compiled
def _reach(j, cost, by, target, dist, via, to, done, touched, key, node, count, size):
    """Note a shorter way to mentor j; returns how many are touched and stand in the heap."""
    if dist[j] == FAR:
        touched[count] = j
        count += 1
    dist[j], via[j], to[j] = cost, by, target
    if size == key.shape[0]:
        size = _compact(key, node, size, dist, done)
    heap.push(key, node, 0, size, cost, j)
    return count, size + 1


@compiled
def _compact(key, node, size, dist, done):
    """Drop entries that are out of date."""
    kept = 0
    for at in range(size):
        if not done[node[at]] and key[at] == dist[node[at]]:
            heap.push(key, node, 0, kept, key[at], node[at])
            kept += 1
    return kept


@compiled
def _nearest(key, node, size, dist, done):
    """The nearest mentor that is not done, or -1; and the size of the heap after it."""
    while size > 0:
        j, near = node[0], key[0]
        heap.pop(key, node, 0, size)
        size -= 1
        if not done[j] and near == dist[j]:
            return j, size
    return -1, size


@compiled
def _shift(sign, limit, dist, touched, count, price, gain, slot, load, holder):
    """Move the prices of what was passed by what is left of the way, and the gains against it."""
    for at in range(count):
        j = touched[at]
        if dist[j] < limit:
            change = sign * (limit - dist[j])
            price[j] += change
            for place in range(slot[j], slot[j] + load[j]):
                gain[holder[place]] -= change


@compiled
def _clean(dist, done, touched, count):
    for at in range(count):
        dist[touched[at]] = FAR
        done[touched[at]] = False


@compiled
def forward(root, start, column, points, price, gain, outside, mate, slot, load, holder, where,
            dist, via, to, done, touched, key, node):  # fmt: skip
    """Match `root`, or leave unmatched who loses least by it; all else stays as good as can be."""
    count, size = 0, 0
    limit, end, out = gain[root] - outside[root], -1, root
    for e in range(start[root], start[root + 1]):
        cost = gain[root] + price[column[e]] - points[e]
        if cost < limit and cost < dist[column[e]]:
            count, size = _reach(column[e], cost, root, -1, dist, via, to, done, touched, key,
                                 node, count, size)  # fmt: skip
    while True:
        j, size = _nearest(key, node, size, dist, done)
        if j < 0 or dist[j] >= limit:
            break
        done[j] = True
        if load[j] < slot[j + 1] - slot[j]:
            limit, end, out = dist[j], j, -1
            break
        for place in range(slot[j], slot[j] + load[j]):
            i = holder[place]
            if dist[j] + gain[i] - outside[i] < limit:
                limit, end, out = dist[j] + gain[i] - outside[i], j, i
            for e in range(start[i], start[i + 1]):
                cost = dist[j] + gain[i] + price[column[e]] - points[e]
                if cost < limit and cost < dist[column[e]]:
                    count, size = _reach(column[e], cost, i, -1, dist, via, to, done, touched,
                                         key, node, count, size)  # fmt: skip
    gain[root] -= limit
    _shift(1, limit, dist, touched, count, price, gain, slot, load, holder)
    if out >= 0 and out != root:
        leave(out, mate, slot, load, holder, where)
    j = end
    while j >= 0:
        i = via[j]
        before = mate[i]
        if before >= 0:
            leave(i, mate, slot, load, holder, where)
        sit(i, j, mate, slot, load, holder, where)
        j = before if i != root else -1
    _clean(dist, done, touched, count)


@compiled
def backward(root, begin, row, row_points, price, gain, outside, mate, slot, load, holder, where,
             dist, via, to, done, touched, key, node):  # fmt: skip
    """Fill a free place of `root`, or bring a price down to nothing where it leaves one."""
    count, size = _reach(root, np.int64(0), -1, -1, dist, via, to, done, touched, key, node, 0, 0)
    limit, end, taken = price[root], root, -1
    while True:
        j, size = _nearest(key, node, size, dist, done)
        if j < 0 or dist[j] >= limit:
            break
        done[j] = True
        for e in range(begin[j], begin[j + 1]):
            i = row[e]
            k = mate[i]
            cost = dist[j] + gain[i] + price[j] - row_points[e]
            if k == j or cost >= limit:
                continue
            if k < 0:
                limit, end, taken = cost, j, i
            elif cost < dist[k]:
                count, size = _reach(k, cost, i, j, dist, via, to, done, touched, key, node,
                                     count, size)  # fmt: skip
                if cost + price[k] < limit:
                    limit, end, taken = cost + price[k], k, -1
    _shift(-1, limit, dist, touched, count, price, gain, slot, load, holder)
    _pull(root, end, via, to, touched, mate, slot, load, holder, where)
    if taken >= 0:
        sit(taken, end, mate, slot, load, holder, where)
    _clean(dist, done, touched, count)


@compiled
def _pull(root, end, via, to, path, mate, slot, load, holder, where):
    """Everybody on the way from `end` to `root` moves one mentor on, the nearest to root first."""
    length = 0
    turned = -1
    j = end
    # `to` leads from the end to the root; turn it round.
    while j != root:
        after = to[j]
        to[j] = turned
        turned = j
        j = after
        length += 1
    target = root
    j = turned
    while j >= 0:
        i = via[j]
        leave(i, mate, slot, load, holder, where)
        sit(i, target, mate, slot, load, holder, where)
        target = j
        j = to[j]


@compiled
def _all(start, column, points, begin, row, row_points, price, gain, outside, mate, slot, load,
         holder, where, dist, via, to, done, touched, key, node):  # fmt: skip
    """Both kinds of search until nothing is left to do; returns how many there were."""
    searches = 0
    for j in range(price.shape[0]):
        while price[j] > 0 and load[j] < slot[j + 1] - slot[j]:
            backward(j, begin, row, row_points, price, gain, outside, mate, slot, load, holder,
                     where, dist, via, to, done, touched, key, node)  # fmt: skip
            searches += 1
    for i in range(gain.shape[0]):
        if mate[i] < 0 and gain[i] > outside[i]:
            forward(i, start, column, points, price, gain, outside, mate, slot, load, holder,
                    where, dist, via, to, done, touched, key, node)  # fmt: skip
            searches += 1
    return searches


def finish(graph: Graph, matching: Matching, price: Any, gain: Any, outside: Any) -> int:
    """Make `matching`, `price` (m,) and `gain` (n,) optimal for the graph; counts the searches.

    Works from every matching and every prices >= 0; the nearer they are, the faster.
    """
    pairs = graph.start, graph.column, graph.points
    mentors = graph.begin, graph.row, graph.row_points
    set_gains(*pairs, price, outside, gain)
    loosen(*pairs, price, gain, *matching.arrays)
    take_tight(*pairs, price, gain, outside, *matching.arrays)
    return int(
        _all(*pairs, *mentors, price, gain, outside, *matching.arrays, *Search.of(graph).arrays)
    )
