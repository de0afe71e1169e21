"""Units of equations: identities and checks must balance in kind, in price basis and in scale.

Behavioural equations are not held to it: they may take logarithms of anything. A number written in a
product or quotient frees the scale if it can be a conversion (``1000*x``, ``x/12``), but never the
kind. The logarithm of an amount keeps its unit in mind, so that a difference of logarithms is seen to
be a pure number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from bagdar.equations.expression import Cell, Expression, Number, Op, Sum
from bagdar.equations.grammar import Parsed
from bagdar.equations.model import Model
from bagdar.finding import Finding, finding
from bagdar.plan import Plan
from bagdar.unit import ONE, Unit

_COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")


@dataclass(frozen=True)
class _Measured:
    """A unit. `free`: a written number, one that converts, leaves its scale open. `anything`: a written number alone.

    `logged`: this is the logarithm of something in `unit`.
    """

    unit: Unit
    free: bool = False
    anything: bool = False
    logged: bool = False


PURE = _Measured(ONE, free=True)


class _Clash(Exception):  # noqa: N818  # never leaves this module: it carries two units out of the recursion
    def __init__(self, left: Unit, right: Unit) -> None:
        self.left, self.right = left, right


def unit_clashes(plan: Plan, model: Model) -> list[Finding]:
    """A finding for each identity or check whose two sides, or two terms of a sum, differ in unit."""
    findings = []
    for parsed in model.parsed:
        if parsed.statement.behaviour:
            continue
        try:
            _check(plan, parsed)
        except OverflowError:  # a power of a unit beyond all measure
            text = " ".join(parsed.statement.text.split())
            facts = {"left": "…^…", "right": "1", "text": text}
            address = f"equation:{parsed.statement.code}"
            findings.append(finding("unit_clash_in_an_equation", parsed.statement.home, address, **facts))
        except _Clash as clash:
            prices = clash.left.same_but_for_prices(clash.right) and not clash.left.same_kind(clash.right)
            rule = "price_bases_mixed_in_an_equation" if prices else "unit_clash_in_an_equation"
            statement = parsed.statement
            text = " ".join(statement.text.split())
            facts = {"left": str(clash.left), "right": str(clash.right), "text": text}
            findings.append(finding(rule, statement.home, f"equation:{statement.code}", **facts))
    return findings


def _check(plan: Plan, parsed: Parsed) -> None:
    right = _measure(parsed.right, plan)
    if parsed.left is None:
        return
    left = _Measured(plan.indicators[parsed.left.code].unit)
    if parsed.transform == "log":
        left = replace(left, free=True, logged=True)
    elif parsed.transform in ("dlog", "pct"):
        left = PURE
    _agree(left, right)


def _agree(left: _Measured, right: _Measured) -> _Measured:
    """The unit of two things that are added or compared; raises `_Clash` if they differ."""
    if left.anything or right.anything:
        return right if left.anything else left
    if left.logged != right.logged:
        _pure(left if left.logged else right)  # the logarithm of an amount beside a number
    elif not left.unit.same_kind(right.unit) or (
        not (left.free or right.free) and abs(left.unit.scale / right.unit.scale - 1) > 1e-9
    ):
        raise _Clash(left.unit, right.unit)
    return replace(right if left.free else left, free=left.free and right.free)


def _pure(one: _Measured) -> None:
    if one.unit.powers and not one.anything:
        raise _Clash(one.unit, ONE)


def _measure(e: Expression, plan: Plan) -> _Measured:
    if isinstance(e, Number):
        return _Measured(ONE, free=_converts(e.value), anything=True)
    if isinstance(e, Cell):
        return _Measured(plan.indicators[e.code].unit)
    if isinstance(e, Sum):
        body = _measure(e.body, plan)
        return replace(body, unit=body.unit ** len(plan.sets[e.group].select(e.flag))) if e.product else body
    args = [_measure(arg, plan) for arg in e.args]
    return _RULES[e.name](e, args)


def _converts(number: float) -> bool:
    """Whether a written number may turn one scale into another: a power of ten, alone or times 2, 4 or 12."""
    parts = (abs(number) / periods for periods in (1, 2, 4, 12)) if number else iter(())
    return any(abs(math.log10(part) - round(math.log10(part))) < 1e-12 for part in parts)


def _same(_: Op, args: list[_Measured]) -> _Measured:
    result = args[0]
    for arg in args[1:]:
        result = _agree(result, arg)
    return result


def _plus(e: Op, args: list[_Measured]) -> _Measured:
    left, right = args
    if left.logged != right.logged:  # a number beside a logarithm is the logarithm of a factor
        _pure(right if left.logged else left)
        return left if left.logged else _negative(e, [right]) if e.name == "sub" else right
    if not left.logged:
        return _agree(left, right)
    # log a ± log b is the logarithm of a product or quotient.
    unit = left.unit * right.unit if e.name == "add" else left.unit / right.unit
    return _Measured(unit, free=True, logged=bool(unit.powers))


def _negative(_: Op, args: list[_Measured]) -> _Measured:
    one = args[0]
    return replace(one, unit=one.unit**-1) if one.logged else one


def _comparison(e: Op, args: list[_Measured]) -> _Measured:
    _same(e, args)
    return PURE


def _times(e: Op, args: list[_Measured]) -> _Measured:
    left, right = args
    if left.logged or right.logged:  # an elasticity times a logarithm: a power that nobody can follow
        return PURE
    unit = left.unit * right.unit if e.name == "mul" else left.unit / right.unit
    return _Measured(unit, left.free or right.free, left.anything and right.anything)


def _power(e: Op, args: list[_Measured]) -> _Measured:
    base, exponent = args
    if isinstance(e.args[1], Number):
        return replace(base, unit=base.unit ** Fraction(e.args[1].value).limit_denominator(1000))
    _pure(base)
    _pure(exponent)
    return PURE


def _exponential(_: Op, args: list[_Measured]) -> _Measured:
    if args[0].logged:
        return _Measured(args[0].unit, free=True)
    _pure(args[0])
    return PURE


def _logistic(_: Op, args: list[_Measured]) -> _Measured:
    _pure(args[0])
    return PURE


_RULES: dict[str, Callable[[Op, list[_Measured]], _Measured]] = {
    **dict.fromkeys(_COMPARISONS, _comparison),
    "add": _plus,
    "sub": _plus,
    "min": _same,
    "max": _same,
    "neg": _negative,
    "abs": lambda e, args: args[0],
    "if": lambda e, args: _agree(args[1], args[2]),
    "mul": _times,
    "div": _times,
    "pow": _power,
    "sqrt": lambda e, args: replace(args[0], unit=args[0].unit ** Fraction(1, 2)),
    "log": lambda e, args: _Measured(args[0].unit, free=True, logged=bool(args[0].unit.powers)),
    "exp": _exponential,
    "logistic": _logistic,
}
