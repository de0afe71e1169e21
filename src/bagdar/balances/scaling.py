"""Units in which a linear program's numbers are about one (Curtis & Reid 1972), powers of two: nothing is rounded."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csc_array

from bagdar.balances.frame import Floats, Ints, LinearProgram
from bagdar.balances.residuals import size_of

_PASSES = 20
_LARGEST_POWER = 300


def units(program: LinearProgram) -> tuple[Floats, Floats]:
    """(a unit of each row, one of each level): in them coefficients and finite bounds are about one.

    The logarithms of all that are not 0 have the least squares: each row and each level in turn takes the mean of
    its own, a bound counting as much as a coefficient.
    """
    matrix = coo_array(program.matrix)
    there = matrix.data != 0
    row, column, size = matrix.row[there], matrix.col[there], np.log2(np.abs(matrix.data[there]))
    rows, columns = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    row_size, row_known = _sizes(program.row_low, program.row_high)
    column_size, column_known = _sizes(program.low, program.high)
    row_count = np.bincount(row, minlength=len(rows)) + row_known
    column_count = np.bincount(column, minlength=len(columns)) + column_known
    for _ in range(_PASSES):
        told = np.bincount(row, size + columns[column], len(rows)) + row_size
        rows, before = told / np.maximum(row_count, 1), rows
        told = np.bincount(column, rows[row] - size, len(columns)) + column_size
        columns = told / np.maximum(column_count, 1)
        if np.abs(rows - before).max(initial=0) < 1:
            break
    rows, columns = (np.exp2(np.clip(np.round(part), -_LARGEST_POWER, _LARGEST_POWER)) for part in (rows, columns))
    return rows, columns


def _sizes(low: Floats, high: Floats) -> tuple[Floats, Ints]:
    """(the logarithm of the larger finite bound that is not 0, whether there is one)."""
    size = np.maximum(size_of(low), size_of(high))
    known = size > 0
    return np.log2(size, out=np.zeros(len(size)), where=known), known.astype(np.int64)


def in_units(program: LinearProgram, rows: Floats, columns: Floats) -> LinearProgram:
    """The program with its rows and levels in these units."""
    matrix = csc_array(program.matrix, copy=True)
    matrix.data = matrix.data / rows[matrix.indices] * np.repeat(columns, np.diff(matrix.indptr))
    return LinearProgram(
        matrix, program.low / columns, program.high / columns, program.row_low / rows, program.row_high / rows
    )
