"""The schedule of a solution: which unknowns there are, and by which equations, in which blocks, they are found.

Where nothing looks ahead and no instrument stands in for another period's cell, periods are solved one after the
other, and those in which the same is held have the same order, which is found once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.engine import Layout, Numbers, Place, Table
from bagdar.equations.order import Block, feedback, order
from bagdar.equations.program import Program

# Kinds of blocks: solved together, left side computed outright, add-factor computed outright, left to `newton`.
TOGETHER, COMPUTED, JUDGED, LARGE = 0, 1, 2, 3
# A block with a larger feedback set is factorised as a sparse matrix. Up to sets of 800 the dense system was four to
# five times as fast; with the set its table, as wide, grows too.
LARGEST_SET = 1000

# What is unknown in place of the left cell of (period index, equation): its add-factor, an instrument, or (…, −1)
# nothing.
Instead = Mapping[Place, Place]


@dataclass(frozen=True)
class Order:
    """Blocks in the order of solving, as tables that `driver.c` reads.

    Rows of block n are ``start[n]`` to ``start[n + 1]``: an equation in a period, with the unknown it is matched with;
    the last ``feedback[n]`` are its feedback set, the others stand in the order in which they give their unknowns.
    lefts: which unknown of its block a row's left cell is. column: for each slope of each row, from
    ``column_at[n]`` on, which unknown of its block it is by. −1: none. unserved: (period, equation) that give nothing.
    """

    start: NDArray[np.int64]
    column_at: NDArray[np.int64]
    feedback: Numbers
    kind: NDArray[np.int8]
    equation: Numbers
    period: Numbers
    unknown_period: Numbers
    unknown: Numbers
    lefts: Numbers
    column: Numbers
    unserved: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """The order, and what Newton's method needs beside: the size of each row's unknown and of its left cell.

    near: where to start from, a table laid out as the system's.
    """

    order: Order
    scale: Table
    left_scale: Table
    near: Table | None
    tolerance: float
    iterations: int


def ordered(program: Program, active: Numbers, periods: range, instead: Instead) -> Order:
    """The order of solving the equations `active` in `periods`."""
    key = ("order", periods, frozenset(instead.items()), active.tobytes())
    return program.found(key, lambda: _joined([*_parts(program, active, periods, instead)]))


def _parts(program: Program, active: Numbers, periods: range, instead: Instead) -> Iterator[Order]:
    """The order of each group of periods that are solved as one system."""
    layout, reads = program.layout, program.layout.reads
    given = np.zeros(layout.width, bool)
    given[layout.left[active]] = True
    given[[cell for _, cell in instead.values() if cell >= 0]] = True
    _, at = reads.each(active)
    ahead = bool(((reads.lag[at] < 0) & (reads.cell[at] >= 0) & given[reads.cell[at]]).any())
    crossing = any(place[0] != t for (t, _), place in instead.items())
    for group in [periods] if ahead or crossing else [range(t, t + 1) for t in periods]:
        first = group[0]
        held = {(t - first, i): (at - first, cell) for (t, i), (at, cell) in instead.items() if t in group}
        key = (len(group), frozenset(held.items()), active.tobytes())
        yield _later(program.found(key, partial(_of_group, layout, active, len(group), held)), first)


def _of_group(layout: Layout, active: Numbers, span: int, instead: Instead) -> Order:
    return _Orderer(layout, active, span, instead).order()


def _later(order: Order, by: int) -> Order:
    unserved = tuple((t + by, i) for t, i in order.unserved)
    return replace(order, period=order.period + by, unknown_period=order.unknown_period + by, unserved=unserved)


def _joined(parts: list[Order]) -> Order:
    def all_of(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    rows = np.cumsum([0, *(len(part.equation) for part in parts)])
    columns = np.cumsum([0, *(len(part.column) for part in parts)])
    start = [part.start[:-1] + by for part, by in zip(parts, rows, strict=False)]
    column_at = [part.column_at + by for part, by in zip(parts, columns, strict=False)]
    return Order(
        np.concatenate([*start, rows[-1:]]).astype(np.int64),
        np.concatenate(column_at).astype(np.int64),
        all_of("feedback"),
        all_of("kind"),
        all_of("equation"),
        all_of("period"),
        all_of("unknown_period"),
        all_of("unknown"),
        all_of("lefts"),
        all_of("column"),
        tuple(place for part in parts for place in part.unserved),
    )


class _Orderer:
    """Orders the equations `active` of some periods, numbered from 0, that are solved as one system."""

    def __init__(self, layout: Layout, active: Numbers, span: int, instead: Instead) -> None:
        self.layout, width = layout, layout.width
        self.equation = np.tile(active, span)
        self.period = np.repeat(np.arange(span, dtype=np.int32), len(active))
        at, cell = self.period.copy(), layout.left[self.equation].copy()
        row = {i: k for k, i in enumerate(active.tolist())}
        self.preferred = np.arange(len(at))
        for (t, i), (unknown_at, unknown) in instead.items():
            k = t * len(active) + row[i]
            at[k], cell[k] = unknown_at, unknown
            if unknown < 0 or (unknown_at, unknown) != (t, int(layout.add[i])):
                self.preferred[k] = -1
        self.unknown_period, self.unknown = at, cell
        # The number of each unknown, by its place.
        position = np.full(span * width, -1)
        there = np.flatnonzero(cell >= 0)
        position[at[there].astype(np.int64) * width + cell[there]] = there
        self.rows, self.read = self.entries(position, span)
        self.left_read = position[self.period.astype(np.int64) * width + layout.left[self.equation]]

    def entries(self, position: NDArray[np.int64], span: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each slope of each row: its row, and which unknown it is by."""
        reads = self.layout.reads
        row, at = reads.each(self.equation)
        cell, when = reads.cell[at], self.period[row] - reads.lag[at]
        known = (cell >= 0) & (when >= 0) & (when < span)
        place = np.where(known, when, 0).astype(np.int64) * self.layout.width + np.where(known, cell, 0)
        return row, np.where(known, position[place], -1)

    def order(self) -> Order:
        """The tables; those of nothing, with the equations that no unknown is left for, if there are such."""
        lefts = self.left_read >= 0
        rows = np.concatenate([self.rows[self.read >= 0], np.flatnonzero(lefts)])
        unknowns = np.concatenate([self.read[self.read >= 0], self.left_read[lefts]])
        blocks, unserved = order(rows, unknowns, self.preferred.tolist())
        if unserved:
            none = np.empty(0, np.int32)
            empty = np.zeros(1, np.int64), none.astype(np.int64), none, none.astype(np.int8)
            told = tuple((int(self.period[k]), int(self.equation[k])) for k in unserved)
            return Order(*empty, none, none, none, none, none, none, told)
        count = len(self.equation)
        self.matched, self.giver, self.block = (np.full(count, -1) for _ in range(3))
        for number, block in enumerate(blocks):
            self.matched[list(block.equations)] = block.unknowns
            self.block[list(block.equations)] = number
        self.giver[self.matched] = np.arange(count)
        # The row that gives what each slope is by, and whether that is in the same block.
        self.gives = np.where(self.read >= 0, self.giver[self.read], -1)
        self.inside = (self.gives >= 0) & (self.block[self.gives] == self.block[self.rows])
        sequence, sets, kinds = self.inner_order(blocks)
        return self.tables(np.array(sequence, np.int64), np.array(sets, np.int32), np.array(kinds, np.int8))

    def inner_order(self, blocks: list[Block]) -> tuple[list[int], list[int], list[int]]:
        """The rows in the order of solving, and for each block how large its feedback set and of what kind it is."""
        same = self.unknown_period[self.matched] == self.period
        own = same & (self.unknown[self.matched] == self.layout.left[self.equation])
        judged = same & (self.unknown[self.matched] == self.layout.add[self.equation])
        looped = np.zeros(len(self.matched), bool)
        looped[self.rows[self.inside & (self.gives == self.rows)]] = True
        needs = self.needs()
        sequence, sets, kinds = list[int](), list[int](), list[int]()
        for block in blocks:
            one = block.equations[0]
            if len(block.equations) == 1:
                kind = COMPUTED if own[one] and not looped[one] else JUDGED if judged[one] else TOGETHER
                others, chosen = ([], [one]) if kind == TOGETHER else ([one], [])
            else:
                others, chosen = _feedback(block.equations, needs, own)
                kind = TOGETHER if len(chosen) <= LARGEST_SET else LARGE
            sequence += [*others, *chosen]
            sets.append(len(chosen))
            kinds.append(kind)
        return sequence, sets, kinds

    def needs(self) -> dict[int, list[int]]:
        """For each row of a block with others, the rows of the block that give what it reads."""
        pairs = np.unique(np.column_stack([self.rows[self.inside], self.gives[self.inside]]), axis=0)
        found: dict[int, list[int]] = {}
        for row, giver in pairs.tolist():
            found.setdefault(row, []).append(giver)
        return found

    def tables(self, sequence: NDArray[np.int64], sets: Numbers, kinds: NDArray[np.int8]) -> Order:
        """The order as tables."""
        sizes = np.bincount(self.block, minlength=len(kinds)).astype(np.int64)
        start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        place = np.empty_like(sequence)
        place[sequence] = np.arange(len(sequence)) - np.repeat(start[:-1], sizes)
        # Slopes are kept of blocks that are solved together, row by row in the order of solving.
        kept = np.isin(kinds, (TOGETHER, LARGE))[self.block[self.rows]]
        rows = self.rows[kept]
        by_row = np.argsort(start[self.block[rows]] + place[rows], kind="stable")
        column = np.where(self.inside[kept], place[self.gives[kept]], -1)[by_row]
        counts = np.bincount(self.block[rows], minlength=len(kinds))
        left_giver = np.where(self.left_read >= 0, self.giver[self.left_read], -1)
        lefts = np.where((left_giver >= 0) & (self.block[left_giver] == self.block), place[left_giver], -1)
        unknown = self.matched[sequence]
        return Order(
            start,
            (np.cumsum(counts) - counts).astype(np.int64),
            sets,
            kinds,
            self.equation[sequence].astype(np.int32),
            self.period[sequence].astype(np.int32),
            self.unknown_period[unknown].astype(np.int32),
            self.unknown[unknown].astype(np.int32),
            lefts[sequence].astype(np.int32),
            column.astype(np.int32),
        )


def _feedback(
    rows: tuple[int, ...], needs: Mapping[int, list[int]], own: NDArray[np.bool_]
) -> tuple[list[int], list[int]]:
    """The rows of a block outside its feedback set, in order, and those of it."""
    local = {row: i for i, row in enumerate(rows)}
    pairs = [(local[row], local[other]) for row in rows for other in needs.get(row, ())]
    # A row that gives something else than its left cell says nothing of it outright.
    others, chosen = feedback(len(rows), pairs, [local[row] for row in rows if not own[row]])
    return [rows[i] for i in others], [rows[i] for i in chosen]
