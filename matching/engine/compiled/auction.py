"""Near-optimal prices by auction (Bertsekas 1988; forward and reverse: Bertsekas and Castanon
1992), for mentors with several places, from coarse steps to fine ones.

A mentee who is not matched has the value `outside[i]`. Numbers are points times SCALE. A pair of a
mentee stands within `step` of the best they could have at the prices; a mentor with a free
place has price 0 in the end, which plain scaling does not give and the reverse half restores.
"""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.compiled import heap
from matching.engine.compiled.finish import Duals
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.jit import compiled

SCALE = 256
STEPS = (1000 * SCALE, 200 * SCALE, 40 * SCALE, 8 * SCALE, 384, 75, 16, 4, 1)
"""In units of 1 / SCALE of a point. Without the fine steps hard instances take minutes."""
COARSE_STEPS = STEPS[:4]
FINE_STEPS = STEPS[4:]
FAR = np.int64(-(2**62))


class Auction(NamedTuple):
    """Prices (m,), points per pair and outside worth (n,), all times SCALE; who sits where.

    The bids for the places of mentor j are a heap in bid[slot[j] : slot[j] + load[j]], the lowest
    first, with the bidders in `who`. own (n,): what each mentee's own pair is worth.
    """

    price: Any
    value: Any
    row_value: Any
    outside: Any
    mate: Any
    own: Any
    slot: Any
    room: Any
    load: Any
    bid: Any
    who: Any
    queue: Any


@compiled
def _best_two(i, graph, now):
    """Index of the best pair of a mentee at the prices, its worth, and the next best worth."""
    best, second, edge = FAR, now.outside[i], -1
    for e in range(graph.start[i], graph.start[i + 1]):
        worth = now.value[e] - now.price[graph.column[e]]
        if worth > best:
            if best > second:
                second = best
            best, edge = worth, e
        elif worth > second:
            second = worth
    return edge, best, second


@compiled
def _own_and_others(i, graph, now):
    """What a mentee has, and the best of everything else."""
    own, others = FAR, now.outside[i]
    for e in range(graph.start[i], graph.start[i + 1]):
        worth = now.value[e] - now.price[graph.column[e]]
        if graph.column[e] == now.mate[i]:
            own = worth
        elif worth > others:
            others = worth
    return own, others


@compiled
def _keep(graph, now, step):
    """Keep matches that are good enough for the new step; queue the rest, and say how many."""
    now.load[:] = 0
    end = 0
    for i in range(now.mate.shape[0]):
        own, others = _own_and_others(i, graph, now)
        j = now.mate[i]
        if j >= 0 and own >= others - step:
            offer = own + now.price[j] - others + step
            heap.push(now.bid, now.who, now.slot[j], now.load[j], offer, i)
            now.load[j] += 1
            now.own[i] = own + now.price[j]
        elif j >= 0 or others > now.outside[i] + step:
            now.mate[i] = -1
            now.queue[end] = i
            end += 1
    for j in range(now.price.shape[0]):
        if now.load[j] and now.load[j] == now.room[j]:
            now.price[j] = max(now.price[j], now.bid[now.slot[j]])
    return end


@compiled
def _forward(graph, now, end, step):
    """Whoever is in the queue bids, until everybody is matched or better off outside."""
    while end > 0:
        end -= 1
        i = now.queue[end]
        edge, best, second = _best_two(i, graph, now)
        if edge < 0 or best <= now.outside[i]:
            continue
        j = graph.column[edge]
        first, offer = now.slot[j], now.price[j] + best - second + step
        now.mate[i], now.own[i] = j, now.value[edge]
        if now.load[j] < now.room[j]:
            heap.push(now.bid, now.who, first, now.load[j], offer, i)
            now.load[j] += 1
        else:
            loser = now.who[first]
            heap.sink(now.bid, now.who, first, now.room[j], 0, offer, i)
            now.mate[loser] = -1
            now.queue[end] = loser
            end += 1
        if now.load[j] == now.room[j]:
            now.price[j] = now.bid[first]


@compiled
def _most_gaining(j, graph, now):
    """Index of the pair whose mentee would gain most at mentor j for nothing, that, the next."""
    best, second, edge = FAR, FAR, -1
    for e in range(graph.begin[j], graph.begin[j + 1]):
        i = graph.row[e]
        k = now.mate[i]
        if k == j:
            continue
        has = now.outside[i] if k < 0 else now.own[i] - now.price[k]
        gain = now.row_value[e] - has
        if gain > best:
            best, second, edge = gain, best, e
        elif gain > second:
            second = gain
    return edge, best, second


@compiled
def _reverse(graph, now, step):
    """Mentors with a free place and a price lower it until somebody gains, or to nothing."""
    m = now.price.shape[0]
    queued = np.zeros(m, np.bool_)
    queue = np.empty(m, np.int32)
    end = 0
    for j in range(m):
        if now.load[j] < now.room[j] and now.price[j] > 0:
            queue[end] = j
            queued[j] = True
            end += 1
    while end > 0:
        end -= 1
        j = queue[end]
        queued[j] = False
        while now.load[j] < now.room[j] and now.price[j] > 0:
            edge, best, second = _most_gaining(j, graph, now)
            if best <= step:
                now.price[j] = 0
                break
            now.price[j] = max(np.int64(0), min(now.price[j], second - step))
            left = _attract(graph.row[edge], j, now.row_value[edge], now)
            if left >= 0 and now.price[left] > 0 and not queued[left]:
                queue[end] = left
                queued[left] = True
                end += 1


@compiled
def _attract(i, j, worth, now):
    """Mentee i takes a place of mentor j at its price; returns the mentor they leave, or -1."""
    left = now.mate[i]
    if left >= 0:
        heap.remove(now.bid, now.who, now.slot[left], now.load[left], i)
        now.load[left] -= 1
    heap.push(now.bid, now.who, now.slot[j], now.load[j], now.price[j], i)
    now.load[j] += 1
    now.mate[i], now.own[i] = j, worth
    return left


def run(graph: Graph, capacity: Any, duals: Duals, mate: Any, steps: tuple[int, ...]) -> Any:
    """Prices (m,) in whole points, close to optimal for the graph; `mate` is changed along.

    Starts from the prices and the outside worth of `duals`.
    """
    ends = np.concatenate([[0], np.cumsum(capacity)]).astype(np.int64)
    now = Auction(
        price=duals.price * SCALE,
        value=graph.points * SCALE,
        row_value=graph.row_points * SCALE,
        outside=duals.outside * SCALE,
        mate=mate,
        own=np.zeros(graph.n, dtype=np.int64),
        slot=ends[:-1].copy(),
        room=capacity.astype(np.int32),
        load=np.zeros(graph.m, dtype=np.int32),
        bid=np.empty(int(ends[-1]), dtype=np.int64),
        who=np.empty(int(ends[-1]), dtype=np.int32),
        queue=np.empty(graph.n + 1, dtype=np.int32),
    )
    for step in steps:
        _forward(graph, now, _keep(graph, now, step), step)
        _reverse(graph, now, step)
    # All points are whole, so are the optimal prices: half a point down takes the last steps off.
    return (now.price + SCALE // 2) // SCALE
