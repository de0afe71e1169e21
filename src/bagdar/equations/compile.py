"""Expressions as Python functions of the numbers of all cells in all periods.

What occurs twice is computed once, under a name; the rest is written out, and what is nested too deep gets a name
too, so that depth costs nothing. Only the branch of an ``if`` that is taken is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import CodeType

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
    division by zero, an overflow. Where a number is missing it raises too, or a value that needs it is NaN.
    """
    emitter = _Emitter(index, any(map(_hides, expressions)), [], {})
    body = emitter.body(expressions)
    # Before the first period there is nothing, where a list would count from its end.
    longest = max((cell.lag for e in expressions for cell in distinct(e)), default=0)
    guard = [f"    if t < {longest}: raise Missing"] if longest > 0 else []
    source = "\n".join([*emitter.functions, "def f(x, t):", *guard, *body])
    scope: dict[str, object] = _FUNCTIONS | {name: place for place, name in emitter.places.items()}
    exec(_code(source), scope)  # names and numbers only, all ours
    function: Function = scope["f"]  # type: ignore[assignment]
    return function


@lru_cache(maxsize=10_000)
def _code(source: str) -> CodeType:
    """Cells of one equation differ in the places that they read alone: they share their code."""
    return compile(source, "<equation>", "exec")


# Operations after which a missing number (NaN) may have left no trace: min(1, NaN) is 1, NaN**0 is 1.
_HIDING = {*_COMPARE, "if", "min", "max", "pow", "sign", "logistic"}
_DEEPEST = 40


def _hides(e: Expression) -> bool:
    """Whether an operation in `e` may lose a missing number."""
    return isinstance(e, Op) and (e.name in _HIDING or any(map(_hides, e.args)))


class _Emitter:
    """Writes the lines of one function; a branch of an ``if`` becomes a function of its own, called only if taken."""

    def __init__(
        self,
        index: Mapping[tuple[str, tuple[str, ...]], int],
        guarded: bool,
        functions: list[str],
        places: dict[int, str],
    ) -> None:
        self.index, self.guarded, self.functions, self.places = index, guarded, functions, places
        self.lines: list[str] = []
        self.periods: dict[int, str] = {}
        self.known: dict[Expression, str] = {}
        self.uses: dict[Expression, int] = {}

    def body(self, expressions: Sequence[Expression]) -> list[str]:
        """The lines that return the values of `expressions`."""
        for e in expressions:
            self.count(e)
        values = "".join(f"{self.emit(e)[0]}, " for e in expressions)
        periods = [f"    {name} = x[t - {lag}]" for lag, name in self.periods.items()]
        return [*periods, *self.lines, f"    return ({values})"]

    def count(self, e: Expression) -> None:
        """How often each part of `e` is needed; a part of a part that is needed twice, once."""
        self.uses[e] = self.uses.get(e, 0) + 1
        if isinstance(e, Op) and self.uses[e] == 1:
            for arg in e.args[:1] if e.name == "if" else e.args:
                self.count(arg)

    def emit(self, e: Expression) -> tuple[str, int]:
        """The code of `e`, and how deep it is nested."""
        if isinstance(e, Number):
            return (repr(e.value) if e.value >= 0 else f"({e.value!r})"), 0
        if e in self.known:
            return self.known[e], 0
        code, depth = self.code(e)
        if depth < _DEEPEST and (self.uses[e] == 1 or (isinstance(e, Cell) and not self.guarded)):
            return code, depth
        name = f"v{len(self.known)}"
        self.known[e] = name
        self.lines.append(f"    {name} = {code}")
        return name, 0

    def code(self, e: Expression) -> tuple[str, int]:
        if isinstance(e, Cell):
            period = self.periods.setdefault(e.lag, f"x{len(self.periods)}")
            place = self.index[e.code, e.labels]
            cell = f"{period}[{self.places.setdefault(place, f'i{len(self.places)}')}]"
            return (f"value({cell})" if self.guarded else cell), 0
        assert isinstance(e, Op)  # sums are expanded before
        if e.name == "if":
            test, depth = self.emit(e.args[0])
            return f"({self.branch(e.args[1])}(x, t) if {test} else {self.branch(e.args[2])}(x, t))", depth + 1
        written = [self.emit(arg) for arg in e.args]
        args, depth = [code for code, _ in written], 1 + max(depth for _, depth in written)
        if e.name in _COMPARE:
            return f"(1.0 if {args[0]} {_COMPARE[e.name]} {args[1]} else 0.0)", depth
        if e.name in _INFIX:
            return f"({args[0]} {_INFIX[e.name]} {args[1]})", depth
        return (f"(-{args[0]})" if e.name == "neg" else f"{e.name}({', '.join(args)})"), depth

    def branch(self, e: Expression) -> str:
        inner = _Emitter(self.index, self.guarded, self.functions, self.places)
        lines = inner.body([e])
        name = f"b{len(self.functions)}"
        self.functions.append("\n".join([f"def {name}(x, t):", *lines[:-1], f"{lines[-1]}[0]"]))
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


_FUNCTIONS: dict[str, object] = {
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
