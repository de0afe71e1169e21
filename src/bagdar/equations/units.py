"""Units of equations: identities and checks must balance in kind, in price basis and in scale.

Behavioural equations are not held to it: they may take logarithms of anything. A number written in a
product or quotient frees the scale (``1000*x`` converts), but never the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from bagdar.equations.expression import Cell, Expression, Number, Op, Sum
from bagdar.equations.grammar import Parsed
from bagdar.equations.model import Model
from bagdar.finding import Finding, finding
from bagdar.plan import Indicator, Plan
from bagdar.unit import ONE, Unit

_SAME = ("add", "sub", "min", "max", "lt", "le", "gt", "ge", "eq", "ne")


@dataclass(frozen=True)
class _Measured:
    """A unit; `free` if a written number leaves its scale open, `anything` for a written zero or number alone."""

    unit: Unit
    free: bool = False
    anything: bool = False


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
            measured = _measure(parsed.right, plan.indicators)
            if parsed.left is not None:
                _check_left(plan, parsed, measured)
        except _Clash as clash:
            prices = clash.left.same_but_for_prices(clash.right) and not clash.left.same_kind(clash.right)
            rule = "price_bases_mixed_in_an_equation" if prices else "unit_clash_in_an_equation"
            statement = parsed.statement
            text = " ".join(statement.text.split())
            facts = {"left": str(clash.left), "right": str(clash.right), "text": text}
            findings.append(finding(rule, statement.home, f"equation:{statement.code}", **facts))
    return findings


def _check_left(plan: Plan, parsed: Parsed, right: _Measured) -> None:
    assert parsed.left is not None
    left = _Measured(plan.indicators[parsed.left.code].unit)
    if parsed.transform in ("log", "dlog", "pct"):
        left = _Measured(ONE, free=True)
    _agree(left, right)


def _agree(left: _Measured, right: _Measured) -> _Measured:
    """The unit of two things that are added or compared; raises `_Clash` if they differ."""
    if left.anything:
        return right
    if right.anything:
        return left
    if not left.unit.same_kind(right.unit):
        raise _Clash(left.unit, right.unit)
    ratio = left.unit.scale / right.unit.scale
    if not (left.free or right.free) and abs(ratio - 1) > 1e-9:
        raise _Clash(left.unit, right.unit)
    return _Measured(left.unit if not left.free else right.unit, left.free and right.free)


def _measure(e: Expression, indicators: Mapping[str, Indicator]) -> _Measured:
    if isinstance(e, Number):
        return _Measured(ONE, free=True, anything=True)
    if isinstance(e, Cell):
        return _Measured(indicators[e.code].unit)
    if isinstance(e, Sum):
        body = _measure(e.body, indicators)
        return _Measured(ONE, free=True) if e.product and body.unit != ONE else body
    return _measure_op(e, [_measure(arg, indicators) for arg in e.args])


def _measure_op(e: Op, args: list[_Measured]) -> _Measured:
    name = e.name
    if name in _SAME:
        result = args[0]
        for arg in args[1:]:
            result = _agree(result, arg)
        return result
    if name in ("neg", "abs"):
        return args[0]
    if name == "if":
        return _agree(args[1], args[2])
    if name in ("mul", "div"):
        unit = args[0].unit * args[1].unit if name == "mul" else args[0].unit / args[1].unit
        return _Measured(unit, args[0].free or args[1].free, args[0].anything and args[1].anything)
    if name == "sqrt":
        return _Measured(args[0].unit ** Fraction(1, 2), args[0].free)
    if name == "pow" and isinstance(e.args[1], Number):
        exponent = Fraction(e.args[1].value).limit_denominator(1000)
        return _Measured(args[0].unit ** exponent, args[0].free)
    # What is left takes pure numbers only: exp, log, logistic, and powers with a variable exponent.
    for arg in args:
        if arg.unit.powers and not arg.anything:
            raise _Clash(arg.unit, ONE)
    return _Measured(ONE, free=True)
