"""How far an answer of a linear program is from being one: residuals from the arrays alone, whoever solved it."""

from __future__ import annotations

import numpy as np

from bagdar.balances.frame import Floats, LinearProgram


def residuals(program: LinearProgram, cost: Floats, x: Floats, prices: Floats) -> tuple[float, float, float]:
    """(primal residual, dual residual, gap), each as a share, from the arrays alone.

    A row is off by its violation over the sum of what it adds up, |A||x| and its bound; a bound by its own size; a
    reduced cost of the wrong sign over the sum of what it adds up; the objectives by the larger of them.
    """
    size = abs(program.matrix)
    made = program.matrix @ x
    low, high = program.row_low, program.row_high
    bound = np.maximum(size_of(low), size_of(high))
    off = np.maximum(np.maximum(low - made, made - high), 0) / (1 + size @ np.abs(x) + bound)
    past = np.maximum(np.maximum(program.low - x, x - program.high), 0) / (1 + np.abs(x))
    # A price above 0 belongs to a lower bound that binds, one below 0 to an upper one; of a bound that is not there
    # it is 0, and the reduced costs then tell what was wrong with it.
    prices = _priced(prices, low, high)
    reduced = cost - program.matrix.T @ prices
    right = _priced(reduced, program.low, program.high)
    weight = 1 + np.abs(cost) + size.T @ np.abs(prices)
    bought = _worth(right, program.low, program.high) + _worth(prices, low, high)
    reached = float(cost @ x)
    spread = float(np.abs(cost) @ np.abs(x))
    gap = abs(reached - bought) / (1 + max(abs(reached), abs(bought), spread))
    return max(_most(off), _most(past)), _most(np.abs(reduced - right) / weight), gap


def _priced(prices: Floats, low: Floats, high: Floats) -> Floats:
    """The prices of the bounds that there are."""
    return np.where(np.isinf(low), 0, np.maximum(prices, 0)) + np.where(np.isinf(high), 0, np.minimum(prices, 0))


def _worth(prices: Floats, low: Floats, high: Floats) -> float:
    """What bounds are worth at their prices: the lower one at a price above 0, else the upper one."""
    above, below = np.where(np.isinf(low), 0, low), np.where(np.isinf(high), 0, high)
    return float(np.maximum(prices, 0) @ above + np.minimum(prices, 0) @ below)


def size_of(bound: Floats) -> Floats:
    """How large a bound is; 0 if it is none."""
    return np.where(np.isinf(bound), 0, np.abs(bound))


def _most(numbers: Floats) -> float:
    return float(numbers.max(initial=0))
