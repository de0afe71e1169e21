"""The order in which a system is solved: which equation gives which unknown, and what must be solved together.

Each equation is matched with one unknown; strongly connected groups are blocks (Tarjan 1972), taken in
topological order (the decomposition of Steward 1962 and of Gilli 1992 for macro-econometric models).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching


@dataclass(frozen=True)
class Block:
    """Equations and unknowns (by their positions) that are solved together; equation i is matched with unknown i."""

    equations: tuple[int, ...]
    unknowns: tuple[int, ...]


def order(reads: Sequence[Sequence[int]], preferred: Sequence[int]) -> tuple[list[Block], list[int]]:
    """Blocks in solving order for equations that read the unknowns `reads[i]`.

    preferred: the unknown that each equation is written for, −1 if that one is given instead. Where all are
    distinct they are the matching; else a maximum matching is sought. Returns the blocks and the equations
    that no matching serves (then the system is structurally singular and there are no blocks).
    """
    count = len(reads)
    matched = list(preferred)
    if -1 in matched or len(set(matched)) < count:
        matched = _matching(reads, count)
        if -1 in matched:
            return [], [i for i, unknown in enumerate(matched) if unknown == -1]
    giver = {unknown: equation for equation, unknown in enumerate(matched)}
    edges = [(giver[u], i) for i, unknowns in enumerate(reads) for u in unknowns if u in giver]
    if not count:
        return [], []
    graph = _sparse(edges, (count, count))
    number, found = connected_components(graph, directed=True, connection="strong")
    label: list[int] = found.tolist()
    members: list[list[int]] = [[] for _ in range(number)]
    for equation, block in enumerate(label):
        members[block].append(equation)
    before: dict[int, set[int]] = {block: set() for block in range(number)}
    for a, b in edges:
        if label[a] != label[b]:
            before[label[b]].add(label[a])
    return [
        Block(tuple(members[b]), tuple(matched[e] for e in members[b]))
        for b in TopologicalSorter(before).static_order()
    ], []


def _matching(reads: Sequence[Sequence[int]], count: int) -> list[int]:
    entries = [(i, u) for i, unknowns in enumerate(reads) for u in unknowns]
    width = max((u for _, u in entries), default=-1) + 1
    graph = _sparse(entries, (count, max(width, count)))
    return [int(u) for u in maximum_bipartite_matching(graph, perm_type="column")]


def _sparse(entries: list[tuple[int, int]], shape: tuple[int, int]) -> csr_array:
    rows = np.array([a for a, _ in entries], dtype=np.int32)
    columns = np.array([b for _, b in entries], dtype=np.int32)
    return csr_array((np.ones(len(entries), dtype=np.int8), (rows, columns)), shape=shape)
