"""The shape of a statement: what all cells of one equation share, apart from the places that they read.

``y[s] = sum(a[r, s]*x[r] for r in sector)`` is one shape for all s: three *slots*, one of which is read once, two as
often as the loop over r goes round. Sums stay loops, so that a sum against a table is one product of a row with a
vector however large the table is. A shape holds no names and no coefficients: statements that look alike have the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bagdar.equations.expression import Cell, Expression, Number, Op, Sum


@dataclass(frozen=True)
class Slot:
    """A cell as the statement reads it: set letters are still letters, those of loops are ``#0``, ``#1``, …

    `moves`: it may be an unknown of the equation's own block, so that slopes by it are wanted.
    """

    cell: Cell
    loops: tuple[int, ...]
    moves: bool = True


@dataclass(frozen=True)
class Shape:
    """A statement's right side with slots in place of cells and numbered loops in place of sums.

    body: cells are ``Cell(str(slot), lag=…)``, written numbers ``Cell("#0")``, …, sums have their loop's number as
    their letter. loops: (set, flag) of each loop. text: the body written out, the same for shapes that are the same.
    numbers: those written in this statement.
    """

    body: Expression
    slots: tuple[Slot, ...]
    loops: tuple[tuple[str, str], ...]
    text: str
    numbers: tuple[float, ...] = field(compare=False)


def shape(expression: Expression, timeless: Callable[[str], bool], moves: Callable[[Cell], bool]) -> Shape:
    """The shape of an expression as parsed; cells of indicators that are `timeless` lose their lag."""
    slots: dict[Cell, Slot] = {}
    loops: list[tuple[str, str]] = []
    numbers: dict[float, int] = {}

    def walk(e: Expression, inside: Mapping[str, int]) -> Expression:
        if isinstance(e, Cell):
            labels = tuple(f"#{inside[x]}" if x in inside else x for x in e.labels)
            cell = Cell(e.code, labels, 0 if timeless(e.code) else e.lag)
            used = tuple(dict.fromkeys(inside[x] for x in e.labels if x in inside))
            slots.setdefault(cell, Slot(cell, tuple(sorted(used)), moves(cell)))
            return Cell(str(list(slots).index(cell)), lag=cell.lag)
        if isinstance(e, Op):
            return _folded(Op(e.name, tuple(walk(arg, inside) for arg in e.args)))
        if isinstance(e, Sum):
            loops.append((e.group, e.flag))
            number = len(loops) - 1
            body = walk(e.body, {**inside, e.letter: number})
            return replace(e, letter=str(number), group="", flag="", body=body)
        return e

    def lifted(e: Expression) -> Expression:
        if isinstance(e, Number) and e.value not in _PLAIN:
            numbers.setdefault(e.value, len(numbers))
            return Cell(f"#{numbers[e.value]}")
        if isinstance(e, Op):
            return Op(e.name, tuple(map(lifted, e.args)))
        return replace(e, body=lifted(e.body)) if isinstance(e, Sum) else e

    body = lifted(walk(expression, {}))
    used = [",".join(map(str, slot.loops)) + ("!" if slot.moves else "") for slot in slots.values()]
    text = f"{_text(body)} {len(loops)} {';'.join(used)}"
    return Shape(body, tuple(slots.values()), tuple(loops), text, tuple(numbers))


# Numbers that stay where they stand: they say what an equation does more than how strongly.
_PLAIN = (0.0, 1.0, 2.0, 100.0)
_OF_NUMBERS: dict[str, Callable[..., float]] = {
    "neg": lambda a: -a,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "exp": math.exp,
    "log": math.log,
    "logistic": lambda a: 1 / (1 + math.exp(-a)),
}


def _folded(e: Op) -> Expression:
    """What is made of written numbers alone is a number, if it has a value."""
    if e.name in _OF_NUMBERS and all(isinstance(arg, Number) for arg in e.args):
        try:
            value = _OF_NUMBERS[e.name](*(arg.value for arg in e.args if isinstance(arg, Number)))
        except (ArithmeticError, ValueError):
            return e
        return Number(value) if math.isfinite(value) else e
    return e


def _text(e: Expression) -> str:
    if isinstance(e, Number):
        return repr(e.value)
    if isinstance(e, Cell):
        return f"[{e.code}@{e.lag}]"
    if isinstance(e, Sum):
        return f"({'prod' if e.product else 'sum'} {e.letter} {_text(e.body)})"
    return f"({e.name} {' '.join(map(_text, e.args))})"
