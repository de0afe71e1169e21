"""Equations in Python, where nothing can be compiled: the same code of the same shapes, slower."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.code import code
from bagdar.equations.engine import Layout, Numbers, Stop, Table
from bagdar.equations.schedule import COMPUTED, JUDGED, Schedule
from bagdar.equations.shape import Shape
from bagdar.quantity import STATUSES

Rows = list[Any]  # memoryviews of floats, which a type checker does not know
Value = Callable[[Rows, int, list[int], list[float]], tuple[float, float]]
Functions = tuple[Value, Callable[[Rows, int, list[int], list[float], list[float]], None]]


class Fallback:
    """The equations of a layout as Python functions."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.functions: list[Functions] = [_functions(shape.text, shape) for shape in layout.shapes]
        bounds = layout.at.tolist()
        params = layout.params.tolist()
        self.params = [params[a:b] for a, b in pairwise(bounds)]
        written = layout.numbers.tolist()
        self.numbers = [written[at:] for at in layout.numbers_at.tolist()]
        self.left, self.add = layout.left.tolist(), layout.add.tolist()
        self.shape, self.transform = layout.shape.tolist(), layout.transform.tolist()
        self.slots = layout.slots.tolist()

    def rows(self, table: Table) -> Rows:
        """The table's rows, which change with it."""
        return [memoryview(row) for row in table]

    def right(self, rows: Rows, i: int, t: int) -> tuple[float, float]:
        """The right side of equation i as written, in row t, and its largest term."""
        found: tuple[float, float] = self.functions[self.shape[i]][0](rows, t, self.params[i], self.numbers[i])
        return found

    def computed(self, rows: Rows, i: int, t: int) -> tuple[float, float]:
        """What equation i gives in row t, and its largest term."""
        r, largest = self.right(rows, i, t)
        kind = self.transform[i]
        before = rows[t - 1][self.left[i]] if kind >= 2 else 0.0
        if self.add[i] >= 0:
            r += rows[t][self.add[i]]
        v = _finite(_level(kind, r, before))
        if kind == 3:
            largest = _larger(largest, before)
        elif kind or self.add[i] >= 0:
            largest = abs(v)
        return v, largest

    def judged(self, rows: Rows, i: int, t: int) -> float:
        """What the add-factor of equation i must be in row t."""
        r, _ = self.right(rows, i, t)
        kind, left = self.transform[i], rows[t][self.left[i]]
        before = rows[t - 1][self.left[i]] if kind >= 2 else 0.0
        match kind:
            case 1:
                left = _loga(left)
            case 2:
                left = _loga(left) - _loga(before)
            case 3:
                left -= before
            case 4:
                left = 100 * (_over(left, before) - 1)
        return _finite(left - r)

    def gradient(self, rows: Rows, i: int, t: int) -> list[float]:
        """The slopes of what equation i gives in row t by each slot, by its add-factor, by its left cell before."""
        count, add = self.slots[i], self.add[i] >= 0
        g = [0.0] * (count + 2)
        self.functions[self.shape[i]][1](rows, t, self.params[i], self.numbers[i], g)
        g[count] = 1.0 if add else 0.0
        kind = self.transform[i]
        if kind == 0:
            return g
        r = self.right(rows, i, t)[0] + (rows[t][self.add[i]] if add else 0.0)
        before, by = rows[t - 1][self.left[i]] if kind >= 2 else 0.0, 1.0
        match kind:
            case 1:
                by = _expo(r)
            case 2:
                by, g[count + 1] = before * _expo(r), _expo(r)
            case 3:
                g[count + 1] = 1.0
            case 4:
                by, g[count + 1] = before / 100, 1 + r / 100
        return [*(_slope(one * by) for one in g[: count + add]), *g[count + add :]]

    def values(self, table: Table, equations: Numbers, periods: Numbers, judge: bool = False) -> tuple[Table, Table]:
        """See `Engine`."""
        rows, reach = self.rows(table), self.layout.reach
        pairs = zip(equations.tolist(), (periods + reach).tolist(), strict=True)
        if judge:
            return np.array([self.judged(rows, i, t) for i, t in pairs]), np.zeros(len(equations))
        told = np.array([self.computed(rows, i, t) for i, t in pairs]).reshape(-1, 2)
        return told[:, 0], told[:, 1]

    def slopes(self, table: Table, equations: Numbers, periods: Numbers) -> Table:
        """See `Engine`."""
        rows, reach = self.rows(table), self.layout.reach
        pairs = zip(equations.tolist(), (periods + reach).tolist(), strict=True)
        return np.array([g for i, t in pairs for g in self.gradient(rows, i, t)], float)

    def fill(self, table: Table, equations: Numbers, periods: Numbers, status: NDArray[np.int8]) -> NDArray[np.bool_]:
        """See `Engine`."""
        rows, reads, derived = self.rows(table), self.layout.reads, STATUSES.index("derived")
        done = np.zeros(len(equations), bool)
        pairs = list(zip(equations.tolist(), (periods + self.layout.reach).tolist(), strict=True))
        new = True
        while new:
            new = False
            for k, (i, t) in enumerate(pairs):
                value = self.computed(rows, i, t)[0] if math.isnan(rows[t][self.left[i]]) else math.nan
                if math.isnan(value):
                    continue
                rows[t][self.left[i]] = value
                status[t, self.left[i]] = max([derived, *(int(status[t - lag, cell]) for cell, lag in reads.of(i))])
                done[k] = new = True
        return done

    def solve(self, table: Table, schedule: Schedule, first: int, last: int) -> Stop:
        """See `Engine`: it computes what is given outright, and leaves all that is solved together to the caller."""
        rows, reach, order = self.rows(table), self.layout.reach, schedule.order
        for block in range(first, last):
            if order.kind[block] not in (COMPUTED, JUDGED):
                return Stop(block, "large", 0)
            row = order.start[block]
            i, t = int(order.equation[row]), int(order.period[row]) + reach
            value = self.computed(rows, i, t)[0] if order.kind[block] == COMPUTED else self.judged(rows, i, t)
            if math.isnan(value):
                return Stop(block, "no_value", 0, ((0, math.inf),))
            rows[int(order.unknown_period[row]) + reach][int(order.unknown[row])] = value
        return Stop(last, "solved", 0)


@lru_cache(maxsize=10_000)
def _functions(text: str, shape: Shape) -> Functions:
    scope: dict[str, object] = dict(_VOCABULARY)
    exec(compile(code(shape, "python", ""), "<equation>", "exec"), scope)  # names and numbers only, all ours
    return scope["f"], scope["g"]  # type: ignore[return-value]


# -- the vocabulary, as in `driver.c` --------------------------------------------------------------


def _finite(v: float) -> float:
    return v if abs(v) <= _LARGEST else math.nan


def _level(kind: int, r: float, before: float) -> float:
    match kind:
        case 1:
            return _expo(r)
        case 2:
            return before * _expo(r)
        case 3:
            return before + r
        case 4:
            return before * (1 + r / 100)
    return r


def _over(a: float, b: float) -> float:
    return math.nan if b == 0 else a / b


def _expo(a: float) -> float:
    try:
        return math.exp(a)
    except OverflowError:
        return math.nan


def _loga(a: float) -> float:
    return math.log(a) if a > 0 else math.nan


def _root(a: float) -> float:
    return math.sqrt(a) if a >= 0 else math.nan


def _power(a: float, b: float) -> float:
    if math.isnan(a) or math.isnan(b):
        return math.nan
    try:
        return _finite(math.pow(a, b))
    except (OverflowError, ValueError):
        return math.nan


def _logistic(a: float) -> float:
    if a >= 0:
        return 1 / (1 + math.exp(-a))
    e = math.exp(a)
    return e / (1 + e)


def _compare(holds: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    return lambda a, b: math.nan if a != a or b != b else float(holds(a, b))  # noqa: PLR0124


def _least(a: float, b: float) -> float:
    return math.nan if a != a or b != b else b if b < a else a  # noqa: PLR0124


def _most(a: float, b: float) -> float:
    return math.nan if a != a or b != b else b if b > a else a  # noqa: PLR0124


def _larger(m: float, v: float) -> float:
    return abs(v) if abs(v) > m else m


def _slope(v: float) -> float:
    return v if abs(v) <= _LARGEST else 0.0


def _rate(b: float, a: float) -> float:
    return _slope(b / a) if a else 0.0


def _by_base(b: float, a: float, c: float) -> float:
    return 0.0 if c == 0 else _slope(b * c * _power(a, c - 1))


def _by_exponent(b: float, v: float, a: float) -> float:
    return _slope(b * v * math.log(a)) if a > 0 else 0.0


_LARGEST = 1.7976931348623157e308
_VOCABULARY: dict[str, object] = {
    "NAN": math.nan,
    "fabs": abs,
    "over": _over,
    "expo": _expo,
    "loga": _loga,
    "root": _root,
    "power": _power,
    "logistic": _logistic,
    "lt": _compare(lambda a, b: a < b),
    "le": _compare(lambda a, b: a <= b),
    "gt": _compare(lambda a, b: a > b),
    "ge": _compare(lambda a, b: a >= b),
    "eq": _compare(lambda a, b: a == b),
    "ne": _compare(lambda a, b: a != b),
    "least": _least,
    "most": _most,
    "larger": _larger,
    "nonzero": lambda a: 1.0 if a == 0 else a,
    "side": lambda a: 1.0 if a >= 0 else -1.0,
    "rate": _rate,
    "by_base": _by_base,
    "by_exponent": _by_exponent,
    "__builtins__": {"range": range},
}
