"""Balancing a table to row and column totals: RAS and GRAS.

A balance is never silently wrong: totals that contradict each other, a row that cannot reach its total
and iterations that did not arrive are named as problems of the result, with how far off it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Kind = Literal["not_finite", "negative_cell", "totals_differ", "unreachable_row", "unreachable_column", "not_converged"]


@dataclass(frozen=True)
class Problem:
    """Why a table misses its totals: the row or column it is about (-1: the whole), and by how much."""

    kind: Kind
    index: int = -1
    amount: float = 0.0


@dataclass(frozen=True)
class Balanced:
    """A balanced table.

    `matrix` has the shape of the prior; `row_residual` and `column_residual` are its sums less the totals
    asked for, in the units of the table; `converged` says that both are within tolerance.
    """

    matrix: Array
    iterations: int
    row_residual: Array
    column_residual: Array
    problems: tuple[Problem, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether every total is met."""
        return not self.problems


def ras(prior: ArrayLike, rows: ArrayLike, columns: ArrayLike, tolerance: float = 1e-12, limit: int = 5000) -> Balanced:
    """The table nearest to a non-negative `prior` that has these row and column totals.

    Biproportional scaling x_ij = r_i a_ij s_j (Stone 1961; Miller and Blair 2009, section 7.4). `prior` is
    m × n, `rows` m, `columns` n; `tolerance` is relative to the largest total. A negative cell is a
    problem of the result: use `gras`.
    """
    a = np.asarray(prior, dtype=np.float64)
    negative = [Problem("negative_cell", int(i), float(a[i, j])) for i, j in np.argwhere(a < 0)]
    if negative:
        return _result(a, np.asarray(rows, float), np.asarray(columns, float), 0, negative)
    return gras(a, rows, columns, tolerance, limit)


def gras(
    prior: ArrayLike, rows: ArrayLike, columns: ArrayLike, tolerance: float = 1e-12, limit: int = 5000
) -> Balanced:
    """The table nearest to a `prior` with cells of both signs that has these row and column totals.

    x_ij = r_i p_ij s_j - n_ij / (r_i s_j), where p holds the positive cells and n the negative ones with
    their sign turned (Junius and Oosterhaven 2003, with the target of Lenzen, Wood and Gallego 2007;
    multipliers by the closed form of the latter, r = (u + √(u² + 4pn)) / 2p, or -n/u without positive
    cells). Signs and zeros of the prior are kept. Shapes and tolerance as in `ras`.
    """
    a = np.asarray(prior, dtype=np.float64)
    u, v = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    if not (np.isfinite(a).all() and np.isfinite(u).all() and np.isfinite(v).all()):
        return _result(np.nan_to_num(a), np.nan_to_num(u), np.nan_to_num(v), 0, [Problem("not_finite")])
    scale = max(float(np.abs(u).max(initial=0)), float(np.abs(v).max(initial=0)), np.finfo(float).tiny)
    left = _emptied(a, u, v)
    problems = _contradictions(left, u, v, tolerance * scale)
    if problems:
        return _result(a, u, v, 0, problems)
    p, n = np.maximum(left, 0.0), np.maximum(-left, 0.0)
    r, s = np.ones(len(u)), np.ones(len(v))
    for done in range(1, limit + 1):
        r = _multipliers(p @ s, n @ (1 / s), u)
        s = _multipliers(r @ p, (1 / r) @ n, v)
        x = r[:, None] * p * s - n / (r[:, None] * s)
        if np.abs(x.sum(1) - u).max(initial=0) <= tolerance * scale:
            return _result(x, u, v, done, [])
    gap = float(np.abs(x.sum(1) - u).max())
    return _result(x, u, v, limit, [Problem("not_converged", int(np.abs(x.sum(1) - u).argmax()), gap)])


def _multipliers(p: Array, n: Array, total: Array) -> Array:
    """The positive root of p r² - total r - n = 0; 1 where a line is empty and is to stay so.

    Of the two forms of the root the one that adds numbers of one sign: the other loses all digits where 4pn is
    small beside total².
    """
    root = np.sqrt(total**2 + 4 * p * n)
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = np.where(total >= 0, (total + root) / (2 * p), 2 * n / (root - total))
    return np.where((p == 0) & (n == 0), 1.0, positive)


def _emptied(a: Array, u: Array, v: Array) -> Array:
    """`a` without the lines that only emptying brings to their total of zero; that may leave others to empty."""
    left = a.copy()
    while True:
        empty = ((u == 0) & (left >= 0).all(1))[:, None] | ((v == 0) & (left >= 0).all(0))
        if not left[empty].any():
            return left
        left[empty] = 0.0


def _contradictions(a: Array, u: Array, v: Array, within: float) -> list[Problem]:
    problems = []
    if abs(u.sum() - v.sum()) > within * max(a.shape):
        problems.append(Problem("totals_differ", amount=float(u.sum() - v.sum())))
    for kind, totals, cells in (("unreachable_row", u, a), ("unreachable_column", v, a.T)):
        for i, total in enumerate(totals):
            up, down = bool((cells[i] > 0).any()), bool((cells[i] < 0).any())
            # A total of zero is reached by a line of both signs; one without negative cells has been emptied.
            if (total > 0 and not up) or (total < 0 and not down) or (total == 0 and down and not up):
                problems.append(Problem(kind, i, float(total)))  # type: ignore[arg-type]
    return problems


def _result(x: Array, u: Array, v: Array, iterations: int, problems: list[Problem]) -> Balanced:
    return Balanced(x, iterations, x.sum(1) - u, x.sum(0) - v, tuple(problems))
