"""The cheapest relief of a shortage: which limits to raise, and by how much, so that nobody else loses anything.

A linear program with a raise for every limit: cost is what the raise is worth where every limit's balance has a
price, else the sum of raises as shares of their limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, eye_array, hstack, vstack

from bagdar.balances.allocation import Allocation, Shortage
from bagdar.balances.frame import LinearProgram
from bagdar.balances.highs import Session
from bagdar.balances.levels import Level
from bagdar.balances.limits import keeping

# A limit that is raised by less than this share of itself is none that anyone would raise.
_WORTH_TELLING = 1e-5


@dataclass(frozen=True)
class Measure:
    """A limit to be raised from `amount` by `more`, in its balance's unit."""

    level: Level
    cell: int
    period: int
    amount: float
    more: float


@dataclass(frozen=True)
class Relief:
    """The measures, the largest first; their cost in the plan's currency, or None if some limit has no price."""

    shortage: Shortage
    measures: tuple[Measure, ...]
    cost: float | None


def relief(allocation: Allocation, shortage: Shortage) -> Relief | None:
    """The cheapest way to meet a shortage in full; None if no limit's raise meets it."""
    frame, framed = allocation.framed.frame, allocation.framed
    assert shortage.level.columns is not None
    named = shortage.period * frame.levels + int(shortage.level.columns[shortage.cell])
    kept = keeping(allocation, named)
    low, high = kept.low.copy(), kept.high.copy()
    ranked = np.tile(frame.rank > 0, frame.count)
    demand = frame.demand[: frame.count].ravel()
    # A ranked use that cannot arrive is limited too; one that is served in full is not.
    # What should have been begun before the horizon is no limit that anybody could raise.
    ready = np.zeros((frame.count, frame.levels), bool)
    for key, level in framed.levels.items():
        if level.columns is not None:
            ready[framed.begun.get(key, 0) :, level.columns] = True
    limits = np.flatnonzero(np.isfinite(high) & ~(ranked & (high >= demand)) & ready.ravel())
    low[named] = shortage.demanded
    prices = framed.prices[: frame.count].ravel()[limits]
    priced = bool(np.isfinite(prices).all())
    size = np.maximum(np.abs(high[limits]), 1e-6 * (1 + np.abs(high[limits]).max(initial=0)))
    cost = np.concatenate([np.zeros(len(low)), prices if priced else 1 / size])
    bound = high[limits]
    high[limits] = np.where(ranked[limits], demand[limits], np.inf)
    count, width = len(limits), len(low)
    picks = csc_array((np.ones(count), (np.arange(count), limits)), shape=(count, width))
    matrix = vstack(
        [hstack([kept.matrix, csc_array((kept.matrix.shape[0], count))]), hstack([picks, -eye_array(count)])],
        format="csc",
    )
    program = LinearProgram(
        csc_array(matrix),
        np.concatenate([low, np.zeros(count)]),
        np.concatenate([high, np.full(count, np.inf)]),
        np.concatenate([kept.row_low, np.full(count, -np.inf)]),
        np.concatenate([kept.row_high, bound]),
    )
    scale = float(np.abs(cost).max(initial=0)) or 1.0
    answer = Session(program, "simplex").solve(cost / scale)
    if not answer.solved:
        return None
    raised = answer.x[width:]
    chosen = [k for k in np.argsort(-raised * cost[width:]) if raised[k] > _WORTH_TELLING * size[k]]
    measures = []
    for k in chosen:
        level, cell = framed.owners[int(limits[k]) % frame.levels]
        period = int(limits[k]) // frame.levels
        measures.append(Measure(level, cell, period, float(bound[k]), float(raised[k])))
    return Relief(shortage, tuple(measures), answer.objective * scale if priced else None)
