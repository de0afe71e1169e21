"""The order of solving, against plain reachability and plain matching."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import structural_rank

from bagdar.equations.order import Block, feedback
from bagdar.equations.order import order as order_of

System = tuple[list[list[int]], list[int]]


def order(reads: Sequence[Sequence[int]], preferred: Sequence[int]) -> tuple[list[Block], list[int]]:
    """The blocks of equations that read the unknowns `reads[i]`."""
    pairs = [(i, unknown) for i, some in enumerate(reads) for unknown in some]
    rows, unknowns = np.array(pairs, np.int64).reshape(-1, 2).T
    return order_of(rows, unknowns, preferred)


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Equations, each reading the unknown it is written for and some others."""
    count = draw(st.integers(1, 9))
    preferred = draw(st.permutations(range(count)))
    others = st.lists(st.integers(0, count - 1), max_size=3)
    reads = [draw(st.permutations(list({preferred[i], *draw(others)}))) for i in range(count)]
    return reads, list(preferred)


@st.composite
def held_systems(draw: st.DrawFn) -> System:
    """Equations whose own unknowns are partly given (−1) or taken by others: a matching must be found."""
    count = draw(st.integers(1, 8))
    reads = [draw(st.lists(st.integers(0, count - 1), max_size=4, unique=True)) for _ in range(count)]
    preferred = [draw(st.sampled_from([-1, *some])) for some in reads]
    preferred[draw(st.integers(0, count - 1))] = -1
    return reads, preferred


def reaches(reads: Sequence[Sequence[int]], matched: dict[int, int]) -> list[list[bool]]:
    """Whether equation i needs what equation j gives, directly or not (Warshall)."""
    count = len(reads)
    giver = {unknown: equation for equation, unknown in matched.items()}
    needs = [[i == j or j in {giver[u] for u in reads[i] if u in giver} for j in range(count)] for i in range(count)]
    for k in range(count):
        for i in range(count):
            for j in range(count):
                needs[i][j] = needs[i][j] or (needs[i][k] and needs[k][j])
    return needs


def is_solvable_in_order(reads: Sequence[Sequence[int]], blocks: Sequence[Block]) -> None:
    """Each block needs only itself and earlier blocks, and holds exactly the equations that need each other."""
    matched = {e: u for block in blocks for e, u in zip(block.equations, block.unknowns, strict=True)}
    assert sorted(matched) == list(range(len(reads)))
    assert len(set(matched.values())) == len(reads)
    known: set[int] = set()
    for block in blocks:
        known |= set(block.unknowns)
        for e in block.equations:
            assert set(reads[e]) & set(matched.values()) <= known
    needs = reaches(reads, matched)
    together = {frozenset(j for j in range(len(reads)) if needs[i][j] and needs[j][i]) for i in range(len(reads))}
    assert {frozenset(block.equations) for block in blocks} == together


@settings(max_examples=200)
@given(systems())
def test_blocks_are_what_must_be_solved_together_and_come_after_what_they_need(system: System) -> None:
    reads, preferred = system
    blocks, unserved = order(reads, preferred)
    assert unserved == []
    is_solvable_in_order(reads, blocks)
    for block in blocks:
        assert [preferred[e] for e in block.equations] == list(block.unknowns)


@settings(max_examples=200)
@given(held_systems())
def test_where_an_own_unknown_is_given_another_is_found_if_there_is_one(system: System) -> None:
    reads, preferred = system
    count = len(reads)
    rows = [i for i, unknowns in enumerate(reads) for _ in unknowns]
    columns = [u for unknowns in reads for u in unknowns]
    graph = csr_array(([1] * len(rows), (rows, columns)), shape=(count, count))
    rank = int(structural_rank(graph)) if rows else 0
    blocks, unserved = order(reads, preferred)
    if rank < count:
        assert blocks == []
        assert len(unserved) == count - rank
    else:
        assert unserved == []
        is_solvable_in_order(reads, blocks)
        for block in blocks:
            assert all(u in reads[e] for e, u in zip(block.equations, block.unknowns, strict=True))


def test_a_chain_written_backwards_is_solved_forwards() -> None:
    count = 2000
    reads = [[i, i + 1] if i + 1 < count else [i] for i in range(count)]
    blocks, _ = order(reads, list(range(count)))
    assert [block.equations for block in blocks] == [(i,) for i in reversed(range(count))]


def test_a_circle_is_one_block() -> None:
    count = 500
    blocks, _ = order([[i, (i + 1) % count] for i in range(count)], list(range(count)))
    (block,) = blocks
    assert sorted(block.equations) == list(range(count))
    assert block.equations == block.unknowns


def test_an_equation_that_reads_itself_stays_alone() -> None:
    blocks, _ = order([[0], [1, 0, 1]], [0, 1])
    assert blocks == [Block((0,), (0,)), Block((1,), (1,))]


def test_nothing_to_solve_is_no_block() -> None:
    assert order([], []) == ([], [])


def test_an_equation_that_reads_no_unknown_is_unserved() -> None:
    assert order([[0], []], [0, -1]) == ([], [1])


@pytest.mark.parametrize("reads", [[[0], [0]], [[1], [1]]])
def test_two_equations_for_one_unknown_leave_one_unserved(reads: list[list[int]]) -> None:
    blocks, unserved = order(reads, [reads[0][0], -1])
    assert blocks == []
    assert len(unserved) == 1


# -- feedback sets ---------------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], list[int]]:
    size = draw(st.integers(1, 9))
    node = st.integers(0, size - 1)
    return size, draw(st.lists(st.tuples(node, node), max_size=25)), draw(st.lists(node, max_size=2))


def circles(size: int, needs: Sequence[tuple[int, int]], without: set[int]) -> bool:
    """Whether a circle is left: nodes that need others of those left, again and again (Kahn)."""
    left = set(range(size)) - without
    while free := {i for i in left if not any(a == i and b in left for a, b in needs)}:
        left -= free
    return bool(left)


@settings(max_examples=300)
@given(graphs())
def test_without_its_feedback_set_a_block_has_no_circle_and_is_in_order(
    graph: tuple[int, list[tuple[int, int]], list[int]],
) -> None:
    size, needs, always = graph
    others, chosen = feedback(size, needs, always)
    assert sorted([*others, *chosen]) == list(range(size))
    assert set(always) <= set(chosen)
    for at, i in enumerate(others):
        assert all(b in chosen or b in others[:at] for a, b in needs if a == i)
    smallest = next(
        k
        for k in range(size + 1)
        if any(not circles(size, needs, set(some) | set(always)) for some in combinations(range(size), k))
    )
    assert len(set(chosen) - set(always)) <= smallest + 1


def test_a_circle_has_a_feedback_set_of_one() -> None:
    assert len(feedback(300, [(i, (i + 1) % 300) for i in range(300)])[1]) == 1
