"""A binary heap in two arrays, the smallest key first."""

from matching.engine.compiled.jit import compiled


@compiled
def push(key, node, first, size, new_key, new_node):
    """Add to the heap of `size` entries that begins at `first`."""
    at = size
    while at > 0:
        parent = (at - 1) // 2
        if key[first + parent] <= new_key:
            break
        key[first + at], node[first + at] = key[first + parent], node[first + parent]
        at = parent
    key[first + at], node[first + at] = new_key, new_node


@compiled
def sink(key, node, first, size, at, new_key, new_node):
    """Put an entry in the place `at`, or as far below it as it belongs."""
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and key[first + child + 1] < key[first + child]:
            child += 1
        if new_key <= key[first + child]:
            break
        key[first + at], node[first + at] = key[first + child], node[first + child]
        at = child
    key[first + at], node[first + at] = new_key, new_node


@compiled
def pop(key, node, first, size):
    """Take the root away from `size` entries."""
    if size > 1:
        sink(key, node, first, size - 1, 0, key[first + size - 1], node[first + size - 1])


@compiled
def remove(key, node, first, size, wanted):
    """Take the entry of `wanted` away from `size` entries."""
    at = 0
    while node[first + at] != wanted:
        at += 1
    last_key, last_node = key[first + size - 1], node[first + size - 1]
    size -= 1
    if at == size:
        return
    while at > 0 and key[first + (at - 1) // 2] > last_key:
        parent = (at - 1) // 2
        key[first + at], node[first + at] = key[first + parent], node[first + parent]
        at = parent
    sink(key, node, first, size, at, last_key, last_node)
