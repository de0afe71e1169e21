"""What the left side of a foreign equation determines: any expression there is solved for its first series."""

from __future__ import annotations

from collections.abc import Callable

from bagdar.equations.expression import ONE, Cell, Expression, Number, Op, cells, shift
from bagdar.importers.formula import Misread
from bagdar.importers.wording import worded

HUNDRED = Number(100.0)


def determined(left: Expression) -> Cell:
    """The series that an equation determines: the first on its left side, unlagged. Raises `Misread`."""
    for cell in cells(left):
        if cell.lag == 0:
            return Cell(cell.code)
    raise Misread("foreign_left_side_unusable", found=worded(left)[:60])


def solved(left: Expression, right: Expression) -> tuple[str, Expression]:
    """(transform of Bagdar's left side, right side) of ``left = right``. Raises `Misread`.

    A level, ``log``, ``dlog``, ``diff`` and ``pct`` stay as they are; of anything else the inverse is taken, so that
    ``y/z = a`` becomes ``y = a*z``.
    """
    own = determined(left)
    before = shift(own, 1)
    ratio = Op("sub", (Op("div", (own, before)), ONE))
    forms: list[tuple[Expression, str, Expression]] = [
        (own, "", right),
        (Op("log", (own,)), "log", right),
        (Op("sub", (Op("log", (own,)), Op("log", (before,)))), "dlog", right),
        (Op("sub", (own, before)), "diff", right),
        (Op("mul", (HUNDRED, ratio)), "pct", right),
        (ratio, "pct", Op("mul", (HUNDRED, right))),
        (Op("log", (Op("div", (own, Op("sub", (ONE, own)))),)), "", Op("logistic", (right,))),
    ]
    for form, transform, side in forms:
        if left == form:
            return transform, side
    return "", _inverse(left, right, own)


# What becomes of the right side when the operator is taken off the left: where the unknown is its first argument,
# and where it is its second.
_TAKEN_OFF: dict[str, tuple[Callable[[Expression, Expression], Expression], ...]] = {
    "add": (lambda right, other: Op("sub", (right, other)),) * 2,
    "sub": (lambda right, other: Op("add", (right, other)), lambda right, other: Op("sub", (other, right))),
    "mul": (lambda right, other: Op("div", (right, other)),) * 2,
    "div": (lambda right, other: Op("mul", (other, right)), lambda right, other: Op("div", (other, right))),
    "pow": (lambda right, other: Op("pow", (right, Op("div", (ONE, other)))),),
    "neg": (lambda right, _: Op("neg", (right,)),),
    "log": (lambda right, _: Op("exp", (right,)),),
    "exp": (lambda right, _: Op("log", (right,)),),
    "sqrt": (lambda right, _: Op("pow", (right, Number(2.0))),),
    "logistic": (lambda right, _: Op("log", (Op("div", (right, Op("sub", (ONE, right)))),)),),
}


def _inverse(left: Expression, right: Expression, own: Cell) -> Expression:
    """`own` from ``left = right``, where it stands on the left only once."""
    shown = worded(left)[:60]
    if sum(cell == own for cell in cells(left)) != 1:
        raise Misread("foreign_left_side_unusable", found=shown)
    while left != own:
        assert isinstance(left, Op)
        at = next(i for i, arg in enumerate(left.args) if own in cells(arg))
        inverses = _TAKEN_OFF.get(left.name, ())
        if at >= len(inverses):
            raise Misread("foreign_left_side_unusable", found=shown)
        right = inverses[at](right, left.args[1 - at] if len(left.args) == 2 else ONE)
        left = left.args[at]
    return right
