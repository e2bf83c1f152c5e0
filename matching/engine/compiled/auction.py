"""Near-optimal prices by auction (Bertsekas 1988; forward and reverse: Bertsekas and Castanon
1992), for mentors with several places, from coarse steps to fine ones.

A mentee who is not matched has the value `outside[i]`. Numbers are points times SCALE. A pair of a
mentee stands within `step` of the best they could have at the prices; a mentor with a free
place has price 0 in the end, which plain scaling does not give and the reverse half restores.
"""

from typing import Any

import numpy as np

from matching.engine.compiled import heap
from matching.engine.compiled.graph import Graph
from matching.engine.compiled.jit import compiled

SCALE = 256
STEPS = (1000 * SCALE, 200 * SCALE, 40 * SCALE, 8 * SCALE, 384, 75, 16, 4, 1)
"""In units of 1 / SCALE of a point. Without the fine steps hard instances take minutes."""
COARSE_STEPS = STEPS[:4]
FINE_STEPS = STEPS[4:]
FAR = np.int64(-(2**62))


@compiled
def _best_two(i, start, column, value, price, outside):
    """Index of the best pair of a mentee at the prices, its value, and the next best value."""
    best, second, edge = FAR, outside[i], np.int64(-1)
    for e in range(start[i], start[i + 1]):
        worth = value[e] - price[column[e]]
        if worth > best:
            if best > second:
                second = best
            best, edge = worth, e
        elif worth > second:
            second = worth
    return edge, best, second


@compiled
def _seat_kept(start, column, value, price, outside, slot, load, bid, who, mate, queue, step):
    """Keep matches that are good enough for the new step; queue the rest. Returns the queue's end."""
    n, m = mate.shape[0], price.shape[0]
    load[:] = 0
    end = 0
    for i in range(n):
        edge, best, second = _best_two(i, start, column, value, price, outside)
        j = mate[i]
        if j < 0:
            if edge >= 0 and best > outside[i] + step:
                queue[end] = i
                end += 1
            continue
        own, others = FAR, outside[i]
        for e in range(start[i], start[i + 1]):
            worth = value[e] - price[column[e]]
            if column[e] == j:
                own = worth
            elif worth > others:
                others = worth
        if own < max(best, outside[i]) - step:
            mate[i] = -1
            queue[end] = i
            end += 1
        else:
            heap.push(bid, who, slot[j], load[j], own + price[j] - others + step, i)
            load[j] += 1
    for j in range(m):
        if load[j] and load[j] == slot[j + 1] - slot[j]:
            price[j] = max(price[j], bid[slot[j]])
    return end


@compiled
def _forward(start, column, value, price, outside, slot, load, bid, who, mate, queue, end, step):
    """Whoever is in the queue bids, until everybody is matched or better off outside."""
    while end > 0:
        end -= 1
        i = queue[end]
        edge, best, second = _best_two(i, start, column, value, price, outside)
        if edge < 0 or best <= outside[i]:
            continue
        j = column[edge]
        offer = price[j] + best - second + step
        mate[i] = j
        first, room = slot[j], slot[j + 1] - slot[j]
        if load[j] < room:
            heap.push(bid, who, first, load[j], offer, i)
            load[j] += 1
            if load[j] == room:
                price[j] = bid[first]
            continue
        loser = who[first]
        heap.sink(bid, who, first, room, 0, offer, i)
        price[j] = bid[first]
        mate[loser] = -1
        queue[end] = loser
        end += 1


@compiled
def _reverse(start, column, value, begin, row, row_value, price, outside, slot, load, bid, who,
             mate, own, step):  # fmt: skip
    """Mentors with a free place and a price lower it until somebody gains, or to nothing."""
    m = price.shape[0]
    queue = np.empty(m, np.int32)
    queued = np.zeros(m, np.bool_)
    end = 0
    for j in range(m):
        if load[j] < slot[j + 1] - slot[j] and price[j] > 0:
            queue[end] = j
            queued[j] = True
            end += 1
    while end > 0:
        end -= 1
        j = queue[end]
        queued[j] = False
        while load[j] < slot[j + 1] - slot[j] and price[j] > 0:
            best, second, who_gains, worth = FAR, FAR, -1, np.int64(0)
            for e in range(begin[j], begin[j + 1]):
                i = row[e]
                if mate[i] == j:
                    continue
                now = outside[i] if mate[i] < 0 else own[i] - price[mate[i]]
                gain = row_value[e] - now
                if gain > best:
                    best, second, who_gains, worth = gain, best, i, row_value[e]
                elif gain > second:
                    second = gain
            if best <= step:
                price[j] = 0
                break
            price[j] = max(np.int64(0), min(price[j], second - step))
            old = mate[who_gains]
            if old >= 0:
                heap.remove(bid, who, slot[old], load[old], who_gains)
                load[old] -= 1
                if price[old] > 0 and not queued[old]:
                    queue[end] = old
                    queued[old] = True
                    end += 1
            heap.push(bid, who, slot[j], load[j], price[j], who_gains)
            load[j] += 1
            mate[who_gains] = j
            own[who_gains] = worth


@compiled
def _own_values(start, column, value, mate, own):
    for i in range(mate.shape[0]):
        for e in range(start[i], start[i + 1]):
            if column[e] == mate[i]:
                own[i] = value[e]


def run(graph: Graph, capacity: Any, outside: Any, price: Any, mate: Any, steps: Any) -> Any:
    """Prices (m,) in whole points, close to optimal for the graph; `mate` is changed along.

    outside (n,): points, may be very negative. price: where to start, points.
    """
    value, row_value = graph.points * SCALE, graph.row_points * SCALE
    scaled, stay = price * SCALE, outside * SCALE
    slot = np.concatenate([[0], np.cumsum(capacity)]).astype(np.int64)
    load = np.zeros(graph.m, dtype=np.int32)
    bid = np.empty(int(slot[-1]), dtype=np.int64)
    who = np.empty(int(slot[-1]), dtype=np.int32)
    queue = np.empty(graph.n + 1, dtype=np.int32)
    own = np.zeros(graph.n, dtype=np.int64)
    pairs = graph.start, graph.column, value
    for step in steps:
        end = _seat_kept(*pairs, scaled, stay, slot, load, bid, who, mate, queue, step)
        _forward(*pairs, scaled, stay, slot, load, bid, who, mate, queue, end, step)
        _own_values(*pairs, mate, own)
        _reverse(*pairs, graph.begin, graph.row, row_value, scaled, stay, slot, load, bid, who,
                 mate, own, step)  # fmt: skip
    # All points are whole, so are the optimal prices: half a point down takes the last steps off.
    return (scaled + SCALE // 2) // SCALE
