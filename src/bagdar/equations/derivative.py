"""Exact derivatives of expressions.

At a kink (``min``, ``max``, ``abs``, ``if``) the derivative is that of the branch in force: one-sided.
"""

from __future__ import annotations

from collections.abc import Callable

from bagdar.equations.expression import ONE, ZERO, Cell, Expression, Number, Op

HALF = Number(0.5)


def derivative(expression: Expression, cell: Cell) -> Expression:
    """D expression / d cell, for an expanded expression (no sums over sets left)."""
    if isinstance(expression, Cell):
        return ONE if expression == cell else ZERO
    if not isinstance(expression, Op) or cell not in expression.reads:
        return ZERO
    name, args = expression.name, expression.args
    if name == "if":
        test, then, other = args
        return _if(test, derivative(then, cell), derivative(other, cell))
    inner = [derivative(arg, cell) for arg in args]
    if all(d == ZERO for d in inner):
        return ZERO
    if name in ("min", "max"):
        return _extreme(name, args, inner)
    return _RULES[name](expression, args, inner)


def _extreme(name: str, args: tuple[Expression, ...], inner: list[Expression]) -> Expression:
    """Of the first argument that is the least (greatest)."""
    best, slope = args[0], inner[0]
    for arg, d in zip(args[1:], inner[1:], strict=True):
        test = Op("le" if name == "min" else "ge", (best, arg))
        slope = _if(test, slope, d)
        best = Op(name, (best, arg))
    return slope


def _power(e: Expression, a: tuple[Expression, ...], d: list[Expression]) -> Expression:
    base, exponent = a
    result: Expression = ZERO
    if d[0] != ZERO:
        lowered = Number(exponent.value - 1) if isinstance(exponent, Number) else sub(exponent, ONE)
        raised = base if lowered == ONE else ONE if lowered == ZERO else Op("pow", (base, lowered))
        result = mul(mul(exponent, raised), d[0])
    if d[1] != ZERO:
        result = add(result, mul(mul(e, Op("log", (base,))), d[1]))
    return result


_RULES: dict[str, Callable[[Op, tuple[Expression, ...], list[Expression]], Expression]] = {
    # A comparison counts as one or zero: flat but for its edge.
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), lambda e, a, d: ZERO),
    "add": lambda e, a, d: add(d[0], d[1]),
    "sub": lambda e, a, d: sub(d[0], d[1]),
    "neg": lambda e, a, d: neg(d[0]),
    "mul": lambda e, a, d: add(mul(d[0], a[1]), mul(a[0], d[1])),
    "div": lambda e, a, d: sub(div(d[0], a[1]), div(mul(e, d[1]), a[1])),
    "pow": _power,
    "abs": lambda e, a, d: mul(Op("sign", a), d[0]),
    "exp": lambda e, a, d: mul(e, d[0]),
    "log": lambda e, a, d: div(d[0], a[0]),
    "sqrt": lambda e, a, d: div(mul(HALF, d[0]), e),
    "logistic": lambda e, a, d: mul(mul(e, sub(ONE, e)), d[0]),
}


def add(a: Expression, b: Expression) -> Expression:
    """A + b, without zeros."""
    return b if a == ZERO else a if b == ZERO else Op("add", (a, b))


def sub(a: Expression, b: Expression) -> Expression:
    """A − b, without zeros."""
    return a if b == ZERO else neg(b) if a == ZERO else Op("sub", (a, b))


def neg(a: Expression) -> Expression:
    """−a, without double signs."""
    if isinstance(a, Number):
        return Number(-a.value) if a.value else ZERO
    return a.args[0] if isinstance(a, Op) and a.name == "neg" else Op("neg", (a,))


def mul(a: Expression, b: Expression) -> Expression:
    """A · b, without zeros and ones."""
    if ZERO in (a, b):
        return ZERO
    return b if a == ONE else a if b == ONE else Op("mul", (a, b))


def div(a: Expression, b: Expression) -> Expression:
    """A / b, without zeros."""
    return ZERO if a == ZERO else a if b == ONE else Op("div", (a, b))


def _if(test: Expression, then: Expression, other: Expression) -> Expression:
    return then if then == other else Op("if", (test, then, other))
