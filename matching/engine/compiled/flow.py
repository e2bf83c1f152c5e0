"""How many can be matched: augmenting paths with places (Hopcroft and Karp 1973), and which
part of the graph is over-demanded (Dulmage and Mendelsohn 1958)."""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.compiled.graph import Graph
from matching.engine.compiled.jit import compiled

UNSEEN = -1


class Matching(NamedTuple):
    """Who is with whom: `mate` (n,) or -1, and `load` of the `room` places of each mentor.

    Mentor j keeps their mentees in holder[slot[j] : slot[j] + load[j]]; where[i] is the index of
    mentee i in it.
    """

    mate: Any
    slot: Any
    room: Any
    load: Any
    holder: Any
    where: Any

    @classmethod
    def empty(cls, n: int, capacity: Any, spare: int = 0) -> "Matching":
        """Nobody matched yet; `spare` keeps space for so many more places of each mentor."""
        ends = np.concatenate([[0], np.cumsum(capacity + spare)]).astype(np.int64)
        return cls(
            mate=np.full(n, -1, dtype=np.int32),
            slot=ends[:-1].copy(),
            room=capacity.astype(np.int32),
            load=np.zeros(len(capacity), dtype=np.int32),
            holder=np.full(int(ends[-1]), -1, dtype=np.int32),
            where=np.full(n, -1, dtype=np.int64),
        )

    @classmethod
    def of(cls, mate: Any, capacity: Any, spare: int = 0) -> "Matching":
        """The places as they are when everybody sits with their mate."""
        new = cls.empty(len(mate), capacity, spare)
        _seat_all(mate, new)
        return new


class _Layers(NamedTuple):
    """Breadth-first levels of mentees and mentors, and how far each was tried on the way back."""

    mentee: Any
    mentor: Any
    edge: Any
    place: Any
    queue: Any

    @classmethod
    def of(cls, n: int, m: int) -> "_Layers":
        return cls(
            mentee=np.empty(n, dtype=np.int32),
            mentor=np.empty(m, dtype=np.int32),
            edge=np.empty(n, dtype=np.int64),
            place=np.empty(m, dtype=np.int32),
            queue=np.empty(n + 1, dtype=np.int32),
        )


@compiled
def _seat_all(mate, seats):
    for i in range(mate.shape[0]):
        if mate[i] >= 0:
            sit(i, mate[i], seats)


@compiled
def sit(i, j, seats):
    """Give mentee i a free place with mentor j."""
    at = seats.slot[j] + seats.load[j]
    seats.holder[at] = i
    seats.where[i] = at
    seats.load[j] += 1
    seats.mate[i] = j


@compiled
def leave(i, seats):
    """Take mentee i away from their mentor."""
    j = seats.mate[i]
    last = seats.slot[j] + seats.load[j] - 1
    moved = seats.holder[last]
    seats.holder[seats.where[i]] = moved
    seats.where[moved] = seats.where[i]
    seats.load[j] -= 1
    seats.mate[i] = -1
    seats.where[i] = -1


@compiled
def _send_away(chosen, seats):
    for i in range(chosen.shape[0]):
        if chosen[i] and seats.mate[i] >= 0:
            leave(i, seats)


@compiled
def _greedy(graph, chosen, seats):
    """A free place for whoever can have one at once."""
    for i in range(seats.mate.shape[0]):
        if not chosen[i] or seats.mate[i] >= 0:
            continue
        for e in range(graph.start[i], graph.start[i + 1]):
            j = graph.column[e]
            if seats.load[j] < seats.room[j]:
                sit(i, j, seats)
                break


@compiled
def _layer(graph, chosen, seats, layers):
    """Breadth first from the unmatched; the level at which a free place was found, or UNSEEN."""
    level, mentor_level, queue = layers.mentee, layers.mentor, layers.queue
    level[:] = UNSEEN
    mentor_level[:] = UNSEEN
    head, tail, found = 0, 0, UNSEEN
    for i in range(level.shape[0]):
        if chosen[i] and seats.mate[i] < 0:
            level[i] = 0
            queue[tail] = i
            tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        if found != UNSEEN and level[i] >= found:
            break
        for e in range(graph.start[i], graph.start[i + 1]):
            j = graph.column[e]
            if mentor_level[j] != UNSEEN:
                continue
            mentor_level[j] = level[i] + 1
            if seats.load[j] < seats.room[j]:
                found = level[i] + 1
            for at in range(seats.slot[j], seats.slot[j] + seats.load[j]):
                other = seats.holder[at]
                if level[other] == UNSEEN:
                    level[other] = level[i] + 1
                    queue[tail] = other
                    tail += 1
    return found


@compiled
def _augment(root, graph, seats, layers):
    """Match `root` by a path to a free place along the levels, if one is left."""
    level, edge, path = layers.mentee, layers.edge, layers.queue
    depth = 0
    path[0] = root
    while depth >= 0:
        i = path[depth]
        if edge[i] >= graph.start[i + 1]:
            level[i] = UNSEEN
            depth -= 1
            continue
        j = graph.column[edge[i]]
        if layers.mentor[j] != level[i] + 1:
            edge[i] += 1
        elif seats.load[j] < seats.room[j]:
            _shift_along(path, depth, graph, seats, layers)
            return
        elif layers.place[j] >= seats.load[j]:
            edge[i] += 1
        else:
            other = seats.holder[seats.slot[j] + layers.place[j]]
            layers.place[j] += 1
            if level[other] == layers.mentor[j]:
                depth += 1
                path[depth] = other


@compiled
def _shift_along(path, depth, graph, seats, layers):
    """Everybody on the path moves to the mentor they reached, the last one first."""
    for back in range(depth, -1, -1):
        mover = path[back]
        if seats.mate[mover] >= 0:
            leave(mover, seats)
        sit(mover, graph.column[layers.edge[mover]], seats)
        layers.mentee[mover] = UNSEEN


@compiled
def _grow(graph, chosen, seats, layers):
    """Phases of shortest paths until no free place can be reached."""
    while _layer(graph, chosen, seats, layers) != UNSEEN:
        layers.edge[:] = graph.start[:-1]
        layers.place[:] = 0
        for i in range(seats.mate.shape[0]):
            if chosen[i] and seats.mate[i] < 0 and layers.mentee[i] == 0:
                _augment(i, graph, seats, layers)


@compiled
def _reach(sources, graph, seats, seen, mentor_seen):
    """Everybody on an alternating path from `sources`."""
    queue = np.empty(seen.shape[0], np.int32)
    head, tail = 0, 0
    for i in sources:
        seen[i] = True
        queue[tail] = i
        tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(graph.start[i], graph.start[i + 1]):
            j = graph.column[e]
            if mentor_seen[j]:
                continue
            mentor_seen[j] = True
            for at in range(seats.slot[j], seats.slot[j] + seats.load[j]):
                other = seats.holder[at]
                if not seen[other]:
                    seen[other] = True
                    queue[tail] = other
                    tail += 1


@compiled
def _way_to(root, graph, wanted, seats, via, to):
    """A mentor whose place is not wanted, by moves of one mentee each that end at `root`, or -1.

    Whom a search has left behind leads nowhere, or is on a way that was used: later searches pass
    them over.
    """
    queue = np.empty(wanted.shape[0], np.int32)
    queue[0] = root
    head, tail = 0, 1
    while head < tail:
        j = queue[head]
        head += 1
        for e in range(graph.begin[j], graph.begin[j + 1]):
            i = graph.row[e]
            k = seats.mate[i]
            if k < 0 or k == root or via[k] != UNSEEN:
                continue
            via[k], to[k] = i, j
            if not wanted[k]:
                via[queue[head:tail]] = UNSEEN
                return k
            queue[tail] = k
            tail += 1
    return -1


@compiled
def _move_along(end, root, seats, via, to):
    """Everybody on the way moves one mentor on; each leaves before another takes the place."""
    mover = via[end]
    leave(mover, seats)
    while to[end] != root:
        end = to[end]
        after = via[end]
        leave(after, seats)
        sit(mover, end, seats)
        mover = after
    sit(mover, root, seats)


@compiled
def _fill(graph, wanted, seats):
    """Fill wanted places from places that are not, until no way leads from one to the other."""
    m = wanted.shape[0]
    via, to = np.empty(m, np.int32), np.empty(m, np.int32)
    moved = True
    while moved:
        moved = False
        via[:] = UNSEEN
        for root in range(m):
            while wanted[root] and seats.load[root] < seats.room[root]:
                end = _way_to(root, graph, wanted, seats, via, to)
                if end < 0:
                    break
                _move_along(end, root, seats, via, to)
                via[end] = UNSEEN
                moved = True


@compiled
def _reach_back(graph, wanted, seats, seen, mentor_seen):
    """Everybody on an alternating path from a wanted place that is free."""
    queue = np.empty(wanted.shape[0], np.int32)
    head, tail = 0, 0
    for j in range(wanted.shape[0]):
        if wanted[j] and seats.load[j] < seats.room[j]:
            mentor_seen[j] = True
            queue[tail] = j
            tail += 1
    while head < tail:
        j = queue[head]
        head += 1
        for e in range(graph.begin[j], graph.begin[j + 1]):
            i = graph.row[e]
            seen[i] = True
            k = seats.mate[i]
            if k >= 0 and not mentor_seen[k]:
                mentor_seen[k] = True
                queue[tail] = k
                tail += 1


def grow(graph: Graph, matching: Matching, priority: Any, wanted: Any) -> None:
    """Make `matching` as large as the graph allows, with as many with priority as possible, and as
    many wanted places filled.

    First those with priority, as if nobody else were there: later paths never take a match away
    from anybody. Then the same from the other side: wanted places are filled by moves that match
    the same mentees (Mendelsohn and Dulmage 1958).
    """
    layers = _Layers.of(graph.n, graph.m)
    if priority.any():
        _send_away(~priority, matching)
        _greedy(graph, priority, matching)
        _grow(graph, priority, matching, layers)
    everybody = np.ones(graph.n, dtype=np.bool_)
    _greedy(graph, everybody, matching)
    _grow(graph, everybody, matching, layers)
    if wanted.any():
        _fill(graph, wanted, matching)


def tiers(graph: Graph, matching: Matching, priority: Any, wanted: Any) -> tuple[Any, Any]:
    """The over-demanded part: 0 outside it, 1 inside, 2 where only people with priority are; and
    -1 where wanted places are more than the mentees who are possible.

    int8 arrays for mentees and mentors. From a mentee of tier t no pair of the graph leads to a
    mentor of a lower tier; all places of tiers 1 and 2 are taken, from the same tier; nobody up to
    tier 0, and nobody with priority in tier 1, is unmatched; all wanted places from tier 0 are
    taken, and everybody in tier -1 has one of its own. That proves the matching largest.
    """
    mentee = np.zeros(graph.n, dtype=np.int8)
    mentor = np.zeros(graph.m, dtype=np.int8)
    for tier, people in ((1, matching.mate < 0), (2, (matching.mate < 0) & priority)):
        seen = np.zeros(graph.n, dtype=np.bool_)
        mentor_seen = np.zeros(graph.m, dtype=np.bool_)
        _reach(np.flatnonzero(people), graph, matching, seen, mentor_seen)
        mentee[seen], mentor[mentor_seen] = tier, tier
    seen, mentor_seen = np.zeros(graph.n, dtype=np.bool_), np.zeros(graph.m, dtype=np.bool_)
    _reach_back(graph, wanted, matching, seen, mentor_seen)
    mentee[seen], mentor[mentor_seen] = -1, -1
    return mentee, mentor
