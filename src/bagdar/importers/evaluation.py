"""Expressions on whole series at once: what an equation comes to in every period for which there are numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.expression import Cell, Expression, Number, Op

Series = NDArray[np.float64]

_FUNCTIONS: dict[str, Callable[..., Series]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "pow": np.power,
    "neg": np.negative,
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "if": lambda condition, yes, no: np.asarray(np.where(condition > 0, yes, no), float),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
}


def evaluate(expression: Expression, series: Mapping[str, Series], length: int) -> Series:
    """The expression in each of `length` periods, NaN where a number is missing or there is no value."""
    with np.errstate(all="ignore"):
        values = np.array(_evaluate(expression, series, length), float)
    there = np.isfinite(values)
    for cell in _cells(expression):
        there &= ~np.isnan(_shifted(cell, series, length))  # a comparison with nothing is nothing
    return np.where(there, values, np.nan)


def _evaluate(expression: Expression, series: Mapping[str, Series], length: int) -> Series:
    match expression:
        case Number(value=value):
            return np.full(length, value)
        case Cell():
            return _shifted(expression, series, length)
        case Op(name=name, args=args):
            values = [_evaluate(arg, series, length) for arg in args]
            if name in ("min", "max"):
                return np.asarray((np.min if name == "min" else np.max)(values, axis=0))
            return np.asarray(_FUNCTIONS[name](*values), float)
    raise AssertionError(expression)  # no importer makes sums over sets


def _shifted(cell: Cell, series: Mapping[str, Series], length: int) -> Series:
    shifted = np.full(length, np.nan)
    found = series.get(cell.code)
    if found is None or abs(cell.lag) >= length:
        return shifted
    if cell.lag >= 0:
        shifted[cell.lag :] = found[: length - cell.lag]
    else:
        shifted[: cell.lag] = found[-cell.lag :]
    return shifted


def _cells(expression: Expression) -> dict[Cell, None]:
    if isinstance(expression, Cell):
        return {expression: None}
    return expression.reads if isinstance(expression, Op) else {}
