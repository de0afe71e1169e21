"""The plain balance: how much of each product there must be when what is made with it is known, and nothing is short.

Output covers its own use as an input and final use, `x = A x + d` (Leontief 1936). What final use takes directly,
what that takes, and so on adds up to it (Waugh 1950); where that sum is slow, BiCGSTAB finds it (van der Vorst 1992).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, bicgstab

from bagdar.balances.frame import Floats

TOLERANCE = 1e-9
# Rounds of inputs of inputs: each is one pass over the matrix, as half of a step of BiCGSTAB is.
_ROUNDS, _STEPS = 100, 1_000
# The share of a round that the next one comes to, above which the sum is slow.
_SLOW = 0.85
_SEEN = 10


def plain_balance(technical: Any, final_use: Floats, tolerance: float = TOLERANCE) -> tuple[Floats | None, float]:
    """(output of each product, residual): what is missing or too much in all, as a share of all final use.

    technical: what of each product (row) one unit of another (column) takes, a sparse or dense matrix.
    Output is None if there is none that covers its own inputs and final use: making some product takes, directly or
    through others, at least as much of it as there is then (Hawkins & Simon 1949).
    """
    matrix = _narrow(csr_array(technical))
    whole = float(np.abs(final_use).sum())
    if whole == 0:
        return np.zeros(len(final_use)), 0.0
    output = _in_rounds(matrix, final_use, tolerance * whole)
    residual = _missing(matrix, output, final_use) / whole
    if not residual <= tolerance:
        output = _solved(matrix, final_use, output, tolerance)
        residual = _missing(matrix, output, final_use) / whole
    plain = final_use.min() >= 0 and (not matrix.nnz or matrix.data.min() >= 0)
    impossible = plain and output.min() < -tolerance * np.abs(output).max()
    return (output if residual <= 10 * tolerance and not impossible else None), residual


def _narrow(matrix: csr_array) -> csr_array:
    """The matrix with short places where they do: a pass over it reads a quarter less."""
    if matrix.indices.dtype == np.int32 or max(matrix.nnz, *matrix.shape) > np.iinfo(np.int32).max:
        return matrix
    places = (matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32))
    return csr_array((matrix.data, *places), shape=matrix.shape)


def _in_rounds(matrix: csr_array, final_use: Floats, least: float) -> Floats:
    """Final use, its inputs, their inputs …, until a round comes to `least`, or the sum is seen to be slow."""
    output, needed = final_use.copy(), final_use
    sizes = [float(np.abs(final_use).sum())]
    for done in range(1, _ROUNDS):
        needed = matrix @ needed
        output += needed
        sizes.append(float(np.abs(needed).sum()))
        if sizes[-1] <= least or (done >= _SEEN and sizes[-1] > _SLOW**_SEEN * sizes[-1 - _SEEN]):
            break
    return output


def _solved(matrix: csr_array, final_use: Floats, output: Floats, tolerance: float) -> Floats:
    count = len(final_use)
    left: Any = LinearOperator((count, count), matvec=lambda x: x - matrix @ x, dtype=np.float64)
    # Its norm is another than ours: of N numbers it is at most as large, and at least a share of 1/sqrt(N).
    found, _ = bicgstab(left, final_use, x0=output, rtol=tolerance / np.sqrt(count), maxiter=_STEPS)
    return np.asarray(found)


def _missing(matrix: csr_array, output: Floats, final_use: Floats) -> float:
    return float(np.abs(final_use + matrix @ output - output).sum())
