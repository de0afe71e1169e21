"""Expressions as Python functions of the numbers of all cells in all periods.

Each becomes straight-line code with one name a subexpression, so that depth costs nothing and what
occurs twice is computed once; only the branch of an ``if`` that is taken is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from bagdar.equations.expression import Cell, Expression, Number, Op, distinct

# x[t][i]: the number of cell i in period t; missing is NaN, which never gets out (see `simulate`).
Numbers = list[list[float]]
Function = Callable[[Numbers, int], tuple[float, ...]]

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_COMPARE = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def compile_expressions(
    expressions: Sequence[Expression], index: Mapping[tuple[str, tuple[str, ...]], int]
) -> Function:
    """A function ``f(x, t)`` that returns the values of `expressions` in period t.

    It raises ArithmeticError or ValueError where an operation has no value: a logarithm of a negative, a
    division by zero, an overflow, a missing number.
    """
    emitter = _Emitter(index)
    names = [emitter.emit(e) for e in expressions]
    returned = "(" + "".join(f"{name}, " for name in names) + ")"
    # Before the first period there is nothing, where a list would count from its end.
    longest = max((cell.lag for e in expressions for cell in distinct(e)), default=0)
    guard = [f"    if t < {longest}: raise Missing"] if longest > 0 else []
    source = "\n".join([*emitter.functions, "def f(x, t):", *guard, *emitter.lines, f"    return {returned}"])
    scope: dict[str, object] = dict(_FUNCTIONS)
    exec(compile(source, "<equation>", "exec"), scope)  # names and numbers only, all ours
    function: Function = scope["f"]  # type: ignore[assignment]
    return function


class _Emitter:
    """Writes the lines of one function; a branch of an ``if`` becomes a function of its own, called only if taken."""

    def __init__(self, index: Mapping[tuple[str, tuple[str, ...]], int], functions: list[str] | None = None) -> None:
        self.index = index
        self.functions: list[str] = [] if functions is None else functions
        self.lines: list[str] = []
        self.known: dict[Expression, str] = {}

    def emit(self, e: Expression) -> str:
        """Write the code of `e` and return the name of its value."""
        if isinstance(e, Number):
            return repr(e.value) if e.value >= 0 else f"({e.value!r})"
        if e not in self.known:
            code = self.code(e)
            name = f"v{len(self.known)}"
            self.known[e] = name
            self.lines.append(f"    {name} = {code}")
        return self.known[e]

    def code(self, e: Expression) -> str:
        if isinstance(e, Cell):
            when = "t" if e.lag == 0 else f"t - {e.lag}" if e.lag > 0 else f"t + {-e.lag}"
            return f"value(x[{when}][{self.index[e.code, e.labels]}])"
        assert isinstance(e, Op)  # sums are expanded before
        if e.name == "if":
            test = self.emit(e.args[0])
            return f"{self.branch(e.args[1])}(x, t) if {test} else {self.branch(e.args[2])}(x, t)"
        args = [self.emit(arg) for arg in e.args]
        if e.name in _COMPARE:
            return f"1.0 if {args[0]} {_COMPARE[e.name]} {args[1]} else 0.0"
        if e.name in _INFIX:
            return f"{args[0]} {_INFIX[e.name]} {args[1]}"
        return f"-{args[0]}" if e.name == "neg" else f"{e.name}({', '.join(args)})"

    def branch(self, e: Expression) -> str:
        inner = _Emitter(self.index, self.functions)
        value = inner.emit(e)
        name = f"b{len(self.functions)}"
        self.functions.append("\n".join([f"def {name}(x, t):", *inner.lines, f"    return {value}"]))
        return name


def _value(number: float) -> float:
    if math.isnan(number):  # NaN
        raise MissingNumberError
    return number


def _pow(base: float, exponent: float) -> float:
    if base < 0 and exponent != int(exponent):
        raise ValueError("a negative number has no real power")
    return float(base**exponent)


def _sign(z: float) -> float:
    return 1.0 if z >= 0 else -1.0


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


class MissingNumberError(ArithmeticError):
    """A cell that an expression reads holds no number."""


_FUNCTIONS = {
    "Missing": MissingNumberError,
    "value": _value,
    "pow": _pow,
    "sign": _sign,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "logistic": _logistic,
    "__builtins__": {"min": min, "max": max, "abs": abs},
}
