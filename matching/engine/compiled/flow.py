"""How many can be matched: augmenting paths with places (Hopcroft and Karp 1973), and which
part of the graph is over-demanded (Dulmage and Mendelsohn 1958).

Mentors keep their mentees in `holder[slot[j] : slot[j] + load[j]]`; `where[i]` is the index of
mentee i in it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.compiled.graph import Graph
from matching.engine.compiled.jit import compiled

UNSEEN = -1


@dataclass(eq=False)
class Matching:
    """Who is with whom: `mate` (n,) or -1, and the places of the mentors."""

    mate: Any
    slot: Any
    load: Any
    holder: Any
    where: Any

    @classmethod
    def empty(cls, n: int, capacity: Any) -> "Matching":
        return cls(
            mate=np.full(n, -1, dtype=np.int32),
            slot=np.concatenate([[0], np.cumsum(capacity)]).astype(np.int64),
            load=np.zeros(len(capacity), dtype=np.int32),
            holder=np.full(int(capacity.sum()), -1, dtype=np.int32),
            where=np.full(n, -1, dtype=np.int64),
        )

    @classmethod
    def of(cls, mate: Any, capacity: Any) -> "Matching":
        """The places as they are when everybody sits with their mate."""
        new = cls.empty(len(mate), capacity)
        new.mate[:] = mate
        _seat_all(new.mate, new.slot, new.load, new.holder, new.where)
        return new

    @property
    def arrays(self) -> tuple[Any, ...]:
        return self.mate, self.slot, self.load, self.holder, self.where


@compiled
def _seat_all(mate, slot, load, holder, where):
    for i in range(mate.shape[0]):
        if mate[i] >= 0:
            sit(i, mate[i], mate, slot, load, holder, where)


@compiled
def sit(i, j, mate, slot, load, holder, where):
    """Give mentee i a free place with mentor j."""
    at = slot[j] + load[j]
    holder[at] = i
    where[i] = at
    load[j] += 1
    mate[i] = j


@compiled
def leave(i, mate, slot, load, holder, where):
    """Take mentee i away from their mentor."""
    j = mate[i]
    last = slot[j] + load[j] - 1
    moved = holder[last]
    holder[where[i]] = moved
    where[moved] = where[i]
    load[j] -= 1
    mate[i] = -1
    where[i] = -1


@compiled
def _greedy(start, column, chosen, mate, slot, load, holder, where):
    """A free place for whoever can have one at once, the least chosen mentors first."""
    for i in range(mate.shape[0]):
        if not chosen[i] or mate[i] >= 0:
            continue
        for e in range(start[i], start[i + 1]):
            j = column[e]
            if load[j] < slot[j + 1] - slot[j]:
                sit(i, j, mate, slot, load, holder, where)
                break


@compiled
def _levels(start, column, chosen, mate, slot, load, holder, level, mentor_level, queue):
    """Breadth first from the unmatched; returns the level at which a free place was found."""
    level[:] = UNSEEN
    mentor_level[:] = UNSEEN
    head, tail = 0, 0
    for i in range(mate.shape[0]):
        if chosen[i] and mate[i] < 0:
            level[i] = 0
            queue[tail] = i
            tail += 1
    found = UNSEEN
    while head < tail:
        i = queue[head]
        head += 1
        if found != UNSEEN and level[i] >= found:
            break
        for e in range(start[i], start[i + 1]):
            j = column[e]
            if mentor_level[j] != UNSEEN:
                continue
            mentor_level[j] = level[i] + 1
            if load[j] < slot[j + 1] - slot[j]:
                found = level[i] + 1
            for at in range(slot[j], slot[j] + load[j]):
                other = holder[at]
                if level[other] == UNSEEN:
                    level[other] = level[i] + 1
                    queue[tail] = other
                    tail += 1
    return found


@compiled
def _augment(root, start, column, mate, slot, load, holder, where, level, mentor_level, edge,
             place, path):  # fmt: skip
    """One path from `root` to a free place along the levels; True when found."""
    depth = 0
    path[0] = root
    while depth >= 0:
        i = path[depth]
        if edge[i] >= start[i + 1]:
            level[i] = UNSEEN
            depth -= 1
            continue
        j = column[edge[i]]
        if mentor_level[j] != level[i] + 1:
            edge[i] += 1
            continue
        if load[j] < slot[j + 1] - slot[j]:
            for back in range(depth, -1, -1):
                mover = path[back]
                to = column[edge[mover]]
                if mate[mover] >= 0:
                    leave(mover, mate, slot, load, holder, where)
                sit(mover, to, mate, slot, load, holder, where)
                level[mover] = UNSEEN
            return True
        if place[j] >= load[j]:
            edge[i] += 1
            continue
        other = holder[slot[j] + place[j]]
        place[j] += 1
        if level[other] == mentor_level[j]:
            depth += 1
            path[depth] = other
    return False


@compiled
def _grow(start, column, chosen, mate, slot, load, holder, where):
    """Phases of shortest paths until no free place can be reached."""
    n, m = mate.shape[0], load.shape[0]
    level = np.empty(n, np.int32)
    mentor_level = np.empty(m, np.int32)
    queue = np.empty(n, np.int32)
    path = np.empty(n + 1, np.int32)
    while True:
        found = _levels(start, column, chosen, mate, slot, load, holder, level, mentor_level,
                        queue)  # fmt: skip
        if found == UNSEEN:
            return
        edge = start[:-1].copy()
        place = np.zeros(m, np.int32)
        for i in range(n):
            if chosen[i] and mate[i] < 0 and level[i] == 0:
                _augment(i, start, column, mate, slot, load, holder, where, level, mentor_level,
                         edge, place, path)  # fmt: skip


@compiled
def _reach(sources, start, column, slot, load, holder, seen, mentor_seen):
    """Everybody on an alternating path from `sources`."""
    queue = np.empty(seen.shape[0], np.int32)
    head, tail = 0, 0
    for i in sources:
        if not seen[i]:
            seen[i] = True
            queue[tail] = i
            tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(start[i], start[i + 1]):
            j = column[e]
            if mentor_seen[j]:
                continue
            mentor_seen[j] = True
            for at in range(slot[j], slot[j] + load[j]):
                other = holder[at]
                if not seen[other]:
                    seen[other] = True
                    queue[tail] = other
                    tail += 1


def grow(graph: Graph, matching: Matching, priority: Any) -> None:
    """Make `matching` as large as the graph allows, with as many with priority as possible.

    First those with priority alone: later paths never take a match away from anybody.
    """
    steps = [priority] if priority.any() else []
    for chosen in (*steps, np.ones(graph.n, dtype=np.bool_)):
        _greedy(graph.start, graph.column, chosen, *matching.arrays)
        _grow(graph.start, graph.column, chosen, *matching.arrays)


def tiers(graph: Graph, matching: Matching, priority: Any) -> tuple[Any, Any]:
    """The over-demanded part: 0 outside it, 1 inside, 2 where only people with priority are.

    int8 arrays for mentees and mentors. From a mentee of tier t no pair of the graph leads to a
    mentor of a lower tier; all places of tiers 1 and 2 are taken, from the same tier; nobody
    in tier 0, and nobody with priority in tier 1, is unmatched. That proves the matching largest.
    """
    mentee = np.zeros(graph.n, dtype=np.int8)
    mentor = np.zeros(graph.m, dtype=np.int8)
    for tier, people in ((1, matching.mate < 0), (2, (matching.mate < 0) & priority)):
        seen = np.zeros(graph.n, dtype=np.bool_)
        mentor_seen = np.zeros(graph.m, dtype=np.bool_)
        _reach(np.flatnonzero(people), graph.start, graph.column, matching.slot, matching.load,
               matching.holder, seen, mentor_seen)  # fmt: skip
        mentee[seen], mentor[mentor_seen] = tier, tier
    return mentee, mentor
