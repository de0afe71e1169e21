"""The plain balance: what must be produced of every product so that final use is met, where nothing is scarce.

    output = technical @ output + final use

Summed round by round (Neumann series; Miller & Blair 2009, chapter 2.4): each round is what the last one's output
takes, one product of a sparse matrix and a vector. Where rounds hardly shrink, BiCGSTAB (van der Vorst 1992).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import bicgstab

from bagdar.balances.frame import Floats

CLOSED = 1e-9
MOST_ROUNDS = 400
# A round that is less than this share of the one before shrinks fast enough.
_FAST = 0.95


def plain_balance(technical: csr_array, final_use: Floats) -> tuple[Floats, float] | None:
    """(output of each product, the largest part of final use that is left over or lacking, as a share of all).

    technical: shape (products, products), what of the row's product a unit of the column's takes. None where no
    output meets final use, since products take more than they give.
    """
    scale = float(np.abs(final_use).sum()) or 1.0
    output, part, size = final_use.copy(), final_use, scale
    for _ in range(MOST_ROUNDS):
        part = technical @ part
        output += part
        before, size = size, float(np.abs(part).sum())
        if size <= CLOSED * scale or size > _FAST * before:
            break
    if size > CLOSED * scale:
        rest: Any = eye_array(len(final_use), format="csr") - technical
        output, failed = bicgstab(rest, final_use, x0=output, rtol=CLOSED, maxiter=MOST_ROUNDS)
        if failed:
            return None
    left = float(np.abs(technical @ output + final_use - output).sum()) / scale
    made = np.isfinite(output).all() and left <= 1e3 * CLOSED and (output >= -1e-6 * scale).all()
    return (output, left) if made else None
