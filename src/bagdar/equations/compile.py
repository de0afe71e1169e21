"""Expressions as Python functions of the numbers of all cells in all periods.

Each becomes straight-line code with one name a subexpression, so that depth costs nothing and what
occurs twice is computed once; only the branch of an ``if`` that is taken is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from bagdar.equations.expression import Cell, Expression, Number, Op, cells

# x[t][i]: the number of cell i in period t; missing is NaN, which never gets out (see `simulate`).
Numbers = list[list[float]]
Function = Callable[[Numbers, int], tuple[float, ...]]

_INFIX = {
    "add": "+", "sub": "-", "mul": "*", "div": "/",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
}  # fmt: skip


def compile_expressions(
    expressions: Sequence[Expression], index: Mapping[tuple[str, tuple[str, ...]], int]
) -> Function:
    """A function ``f(x, t)`` that returns the values of `expressions` in period t.

    It raises ArithmeticError or ValueError where an operation has no value: a logarithm of a negative, a
    division by zero, an overflow, a missing number.
    """
    emitter = _Emitter(index)
    names = [emitter.emit(e, {}, 1) for e in expressions]
    returned = "(" + "".join(f"{name}, " for name in names) + ")"
    # Before the first period there is nothing, where a list would count from its end.
    longest = max((cell.lag for e in expressions for cell in cells(e)), default=0)
    guard = [f"    if t < {longest}: raise Missing"] if longest > 0 else []
    source = "\n".join(["def f(x, t):", *guard, *emitter.lines, f"    return {returned}"])
    scope: dict[str, object] = dict(_FUNCTIONS)
    exec(compile(source, "<equation>", "exec"), scope)  # names and numbers only, all ours
    function: Function = scope["f"]  # type: ignore[assignment]
    return function


class _Emitter:
    def __init__(self, index: Mapping[tuple[str, tuple[str, ...]], int]) -> None:
        self.index = index
        self.lines: list[str] = []
        self.count = 0

    def emit(self, e: Expression, known: dict[Expression, str], depth: int) -> str:
        """Write the code of `e` and return the name of its value."""
        if isinstance(e, Number):
            return repr(e.value) if e.value >= 0 else f"({e.value!r})"
        if e in known:
            return known[e]
        known[e] = name = self.operation(e, known, depth)
        return name

    def operation(self, e: Expression, known: dict[Expression, str], depth: int) -> str:
        if isinstance(e, Cell):
            when = "t" if e.lag == 0 else f"t - {e.lag}" if e.lag > 0 else f"t + {-e.lag}"
            return self.assign(f"value(x[{when}][{self.index[e.code, e.labels]}])", depth)
        assert isinstance(e, Op)  # sums are expanded before
        if e.name == "if":
            return self.branch(e, known, depth)
        args = [self.emit(arg, known, depth) for arg in e.args]
        if e.name in _INFIX:
            return self.assign(f"{args[0]} {_INFIX[e.name]} {args[1]}", depth)
        if e.name == "neg":
            return self.assign(f"-{args[0]}", depth)
        return self.assign(f"{e.name}({', '.join(args)})", depth)

    def branch(self, e: Op, known: dict[Expression, str], depth: int) -> str:
        test = self.emit(e.args[0], known, depth)
        self.count += 1
        name = f"v{self.count}"
        for head, arg in ((f"if {test}:", e.args[1]), ("else:", e.args[2])):
            self.lines.append("    " * depth + head)
            value = self.emit(arg, dict(known), depth + 1)
            self.lines.append("    " * (depth + 1) + f"{name} = {value}")
        return name

    def assign(self, code: str, depth: int) -> str:
        self.count += 1
        self.lines.append("    " * depth + f"v{self.count} = {code}")
        return f"v{self.count}"


def _value(number: float) -> float:
    if math.isnan(number):  # NaN
        raise MissingNumberError
    return number


def _pow(base: float, exponent: float) -> float:
    if base < 0 and exponent != int(exponent):
        raise ValueError("a negative number has no real power")
    return float(base**exponent)


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


class MissingNumberError(ArithmeticError):
    """A cell that an expression reads holds no number."""


_FUNCTIONS = {
    "Missing": MissingNumberError,
    "value": _value,
    "pow": _pow,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "logistic": _logistic,
    "__builtins__": {"min": min, "max": max, "abs": abs},
}
