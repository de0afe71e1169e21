"""Behavioural equations of ModelFlow and of the World Bank's MFMod: add-factor, dummy, held value.

By their convention an equation of Y is normalised to ``Y = (… Y_A …)*(1 - Y_D) + Y_X*Y_D``: Y_A is its add-factor,
and where the dummy Y_D is 1, Y is held at Y_X. Bagdar has both built in: the add-factor of an equation marked
``@behaviour``, and the change ``fix``. So the equation is brought back to the transform that it was written in
(``y``, ``log(y)``, ``dlog(y)``, ``diff(y)``, ``pct(y)``), its add-factor in `add_factors.csv`: a planner changes it
there, or fixes Y, as in any plan. Two things do not fit and stay as they are written:

- an add-factor that is no summand of the transform (``Y = Z*(c + Y_A)``): Y_A remains a given series, and the
  equation's own add-factor, 0, is there to fix Y;
- a dummy that is not 0 throughout the horizon: Y_D and Y_X remain given series.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bagdar.equations.expression import Cell, Expression, Number, Op, cells, shift

HUNDRED = Number(100.0)


@dataclass(frozen=True)
class Behaviour:
    """An equation in its transform; its add-factor is `scale` times the series `add`, or nothing if that is ''."""

    transform: str
    right: Expression
    add: str = ""
    scale: float = 1.0


def without_switch(code: str, right: Expression) -> Expression | None:
    """``W`` of ``W*(1 - Y_D) + Y_X*Y_D``, in any order; None if the right side is something else."""
    dummy, held = Cell(f"{code}_D"), Cell(f"{code}_X")
    if not (isinstance(right, Op) and right.name == "add"):
        return None
    off = Op("sub", (Number(1.0), dummy))
    for own, other in (right.args, right.args[::-1]):
        if other not in (Op("mul", (held, dummy)), Op("mul", (dummy, held))):
            continue
        match own:
            case Op(name="mul", args=(inside, factor)) if factor == off:
                return inside
            case Op(name="mul", args=(factor, inside)) if factor == off:
                return inside
    return None


def behaviour(code: str, transform: str, right: Expression, add_factor: str = "") -> Behaviour:
    """The equation in the transform in which `code`'s add-factor is a summand, if there is one."""
    add = Cell(add_factor or f"{code}_A")
    if add not in cells(right):
        return Behaviour(transform, right)
    forms = [*(_transforms(Cell(code), right) if transform == "" else []), (transform, right)]
    for name, side in forms:
        split = _summand(side, add)
        if split is not None and split[1] is not None:
            return Behaviour(name, split[1], add.code, split[0])
    return Behaviour(transform, right)


def _transforms(own: Cell, right: Expression) -> list[tuple[str, Expression]]:
    """The transforms of which a level equation is the inverse."""
    before = shift(own, 1)
    match right:
        case Op(name="exp", args=(inside,)):
            return [("log", inside)]
        case Op(name="mul", args=(first, Op(name="exp", args=(inside,)))) if first == before:
            return [("dlog", inside)]
        case Op(name="mul", args=(Op(name="exp", args=(inside,)), second)) if second == before:
            return [("dlog", inside)]
    growth, step = _percentage(right, before), _step(right, before)
    return ([("pct", growth)] if growth is not None else []) + ([("diff", step)] if step is not None else [])


def _step(right: Expression, before: Expression) -> Expression | None:
    """``d`` of ``lag(y) + d``."""
    parts = list(_terms(right))
    if (1, before) not in parts or len(parts) < 2:
        return None
    parts.remove((1, before))
    return _added(parts)


def _added(parts: list[tuple[int, Expression]]) -> Expression:
    """The terms added up, each with its sign."""
    sign, result = parts[0]
    if sign < 0:
        result = Op("neg", (result,))
    for sign, part in parts[1:]:
        result = Op("add" if sign > 0 else "sub", (result, part))
    return result


def _percentage(right: Expression, before: Expression) -> Expression | None:
    """``g`` of ``lag(y) + g*lag(y)/100``, where each summand of g may have been multiplied out."""
    terms = list(_terms(right))
    if (1, before) not in terms or len(terms) < 2:
        return None
    terms.remove((1, before))
    parts = [(sign, _without_factor(term, before)) for sign, term in terms]
    found = [(sign, part) for sign, part in parts if part is not None]
    return _added(found) if len(found) == len(parts) else None


def _without_factor(term: Expression, before: Expression) -> Expression | None:
    """``g`` of ``g*lag(y)/100``."""
    match term:
        case Op(name="div", args=(Op(name="mul", args=(first, second)), divisor)) if divisor == HUNDRED:
            return first if second == before else second if first == before else None
        case Op(name="mul", args=(Op(name="div", args=(first, divisor)), second)) if divisor == HUNDRED:
            return first if second == before else second if first == before else None
        case Op(name="mul", args=(first, Op(name="div", args=(second, divisor)))) if divisor == HUNDRED:
            return first if second == before else None
    return None


def _terms(expression: Expression, sign: int = 1) -> list[tuple[int, Expression]]:
    match expression:
        case Op(name="add", args=(first, second)):
            return [*_terms(first, sign), *_terms(second, sign)]
        case Op(name="sub", args=(first, second)):
            return [*_terms(first, sign), *_terms(second, -sign)]
    return [(sign, expression)]


def _summand(expression: Expression, add: Cell) -> tuple[float, Expression | None] | None:
    """(factor, rest) if the expression is factor*add + rest with a written factor; the rest is None if that is all."""
    if expression == add:
        return 1.0, None
    match expression:
        case Op(name="add" | "sub" as name, args=(first, second)):
            if (add in cells(first)) == (add in cells(second)):
                return None
            return _of_sum(name, first, second, add)
        case Op(name="neg", args=(inside,)):
            return _scaled(_summand(inside, add), -1.0, lambda rest: Op("neg", (rest,)))
        case Op(name="mul", args=(Number(value=value) as factor, inside)):
            return _scaled(_summand(inside, add), value, lambda rest: Op("mul", (factor, rest)))
        case Op(name="mul", args=(inside, Number(value=value) as factor)):
            return _scaled(_summand(inside, add), value, lambda rest: Op("mul", (rest, factor)))
        case Op(name="div", args=(inside, Number(value=value) as divisor)) if value:
            return _scaled(_summand(inside, add), 1 / value, lambda rest: Op("div", (rest, divisor)))
    return None


def _of_sum(name: str, first: Expression, second: Expression, add: Cell) -> tuple[float, Expression | None] | None:
    """The same of a sum or difference in which the add-factor stands on one side."""
    on_first = add in cells(first)
    split = _summand(first if on_first else second, add)
    if split is None:
        return None
    factor, rest = split
    if on_first:
        if rest is None:
            return factor, second if name == "add" else Op("neg", (second,))
        return factor, Op(name, (rest, second))
    factor = factor if name == "add" else -factor
    return factor, first if rest is None else Op(name, (first, rest))


def _scaled(
    split: tuple[float, Expression | None] | None, factor: float, outside: Callable[[Expression], Expression]
) -> tuple[float, Expression | None] | None:
    if split is None:
        return None
    return factor * split[0], None if split[1] is None else outside(split[1])
