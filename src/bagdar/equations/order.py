"""The order in which a system is solved: which equation gives which unknown, and what must be solved together.

Each equation is matched with one unknown; strongly connected groups are blocks (Tarjan 1972), taken in
topological order (the decomposition of Steward 1962 and of Gilli 1992 for macro-econometric models). In each block a
small feedback set is sought: unknowns without which the others follow one from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Equations and unknowns (by their positions) that are solved together; equation i is matched with unknown i."""

    equations: tuple[int, ...]
    unknowns: tuple[int, ...]


def order(rows: Numbers, unknowns: Numbers, preferred: Sequence[int]) -> tuple[list[Block], list[int]]:
    """Blocks in solving order for equations of which `rows[k]` reads the unknown `unknowns[k]`.

    preferred: the unknown that each equation is written for, −1 if that one is given instead. Where all are
    distinct they are the matching; else a maximum matching is sought. Returns the blocks and the equations
    that no matching serves (then the system is structurally singular and there are no blocks).
    """
    count = len(preferred)
    matched = list(preferred)
    if -1 in matched or len(set(matched)) < count:
        matched = _matching(rows, unknowns, count)
        if -1 in matched:
            return [], [i for i, unknown in enumerate(matched) if unknown == -1]
    if not count:
        return [], []
    giver = np.full(max(int(unknowns.max(initial=-1)), *matched) + 1, -1)
    giver[matched] = np.arange(count)
    givers = giver[unknowns]
    needs: list[list[int]] = [[] for _ in range(count)]
    for row, other in zip(rows[givers >= 0].tolist(), givers[givers >= 0].tolist(), strict=True):
        needs[row].append(other)
    return [Block(tuple(b), tuple(matched[e] for e in b)) for b in _components(needs)], []


def _components(needs: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The strongly connected groups, each after those that it needs (Tarjan 1972), without recursion."""
    found: list[int] = [0] * len(needs)  # in which order each was met, from 1; beyond any once its group is known
    lowest, done = list(found), len(needs) + 1
    met, stack = 0, list[int]()
    for root in range(len(needs)):
        path = [] if found[root] else [(root, iter(needs[root]))]
        while path:
            i, waiting = path[-1]
            if not found[i]:
                met += 1
                found[i] = lowest[i] = met
                stack.append(i)
            for j in waiting:
                if not found[j]:
                    path.append((j, iter(needs[j])))
                    break
                lowest[i] = min(lowest[i], found[j])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[i])
                if lowest[i] == found[i]:
                    group = [stack.pop()]
                    while group[-1] != i:
                        group.append(stack.pop())
                    for j in group:
                        found[j] = done
                    yield sorted(group)


def _matching(rows: Numbers, unknowns: Numbers, count: int) -> list[int]:
    from scipy.sparse import csr_array  # noqa: PLC0415  # only where something is held
    from scipy.sparse.csgraph import maximum_bipartite_matching  # noqa: PLC0415

    width = int(unknowns.max(initial=-1)) + 1
    pairs = (rows.astype(np.int32), unknowns.astype(np.int32))
    graph = csr_array((np.ones(len(rows), dtype=np.int8), pairs), shape=(count, max(width, count)))
    return [int(u) for u in maximum_bipartite_matching(graph, perm_type="column")]


def feedback(size: int, needs: Iterable[tuple[int, int]], always: Iterable[int] = ()) -> tuple[list[int], list[int]]:
    """(the others in an order in which each needs only earlier ones and the set, the feedback set) of a block.

    needs: pairs (i, j): i is computed from j. `always` are in the set, and so is what needs itself. What only one
    other needs, or needs only one, is drawn into that one (Levy and Low 1988); else the one that most ways lead
    through goes into the set.
    """
    chosen = set(always)
    before: dict[int, set[int]] = {i: set() for i in range(size)}
    pairs = list(needs)
    for i, j in pairs:
        if i == j:
            chosen.add(i)
    for i, j in pairs:
        if i not in chosen and j not in chosen:
            before[i].add(j)
    _choose({i: set(b) for i, b in before.items() if i not in chosen}, chosen)
    graph = {i: before[i] - chosen for i in range(size) if i not in chosen}
    return list(TopologicalSorter(graph).static_order()), sorted(chosen)


def _choose(before: dict[int, set[int]], chosen: set[int]) -> None:
    """Add to `chosen` until nothing of the graph is left; the graph is used up."""
    after: dict[int, set[int]] = {i: set() for i in before}
    for i, others in before.items():
        for j in others:
            after[j].add(i)
    waiting = set(before)
    while before:
        while waiting:
            i = waiting.pop()
            if i in before and i in before[i]:
                chosen.add(i)
                waiting |= _remove(before, after, i)
            elif i in before and (len(before[i]) <= 1 or len(after[i]) <= 1):
                waiting |= _draw_in(before, after, i)
        if before:
            most = max(before, key=lambda i: (len(before[i]) * len(after[i]), -i))
            chosen.add(most)
            waiting |= _remove(before, after, most)


def _draw_in(before: dict[int, set[int]], after: dict[int, set[int]], i: int) -> set[int]:
    """Put what i needs in the place of i; its neighbours."""
    sources, targets = before[i], after[i]
    near = _remove(before, after, i)
    for j in targets:
        before[j] |= sources
    for j in sources:
        after[j] |= targets
    return near


def _remove(before: dict[int, set[int]], after: dict[int, set[int]], i: int) -> set[int]:
    """Take i out of the graph; its neighbours."""
    sources, targets = before.pop(i) - {i}, after.pop(i) - {i}
    for j in sources:
        after[j].discard(i)
    for j in targets:
        before[j].discard(i)
    return sources | targets
