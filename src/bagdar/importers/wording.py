"""Expressions as Bagdar's own text, as a planner would write it: ``dlog(x)``, ``lag(x, 2)``, ``a if c else b``."""

from __future__ import annotations

import textwrap

from bagdar.equations.expression import ONE, Cell, Expression, Number, Op, shift

_WIDTH = 110
# How tightly an operator binds; what binds less stands in brackets.
_IF, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(7)
_SIGNS = {
    "add": (" + ", _SUM), "sub": (" - ", _SUM), "mul": ("*", _PRODUCT), "div": ("/", _PRODUCT), "pow": ("**", _POWER),
    "lt": (" < ", _COMPARE), "le": (" <= ", _COMPARE), "gt": (" > ", _COMPARE), "ge": (" >= ", _COMPARE),
    "eq": (" == ", _COMPARE), "ne": (" != ", _COMPARE),
}  # fmt: skip


def statement(code: str, transform: str, right: Expression) -> str:
    """The equation of `code` as lines of an `.eq` file."""
    left = f"{transform}({code})" if transform else code
    text = f"{left} = {worded(right)}"
    return "\n".join(
        textwrap.wrap(text, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    )


def comment(text: str) -> str:
    """`text` as comment lines."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "\n".join(
        textwrap.wrap(
            plain, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False, break_on_hyphens=False
        )
    )


def worded(expression: Expression) -> str:
    """The expression as text."""
    return _worded(expression)[0]


def _worded(expression: Expression) -> tuple[str, int]:
    """(text, how tightly its outermost operator binds)."""
    if isinstance(expression, Number):
        return _number(expression.value)
    if isinstance(expression, Cell):
        return _cell(expression), _ATOM
    assert isinstance(expression, Op)  # no importer makes sums over sets
    if growth := _growth(expression):
        return growth, _ATOM
    name, args = expression.name, expression.args
    if name == "neg":
        return "-" + _within(args[0], _SIGN + 1), _SIGN
    if name == "if":
        condition, yes, no = args
        return f"{_within(yes, _COMPARE)} if {_within(condition, _COMPARE)} else {_within(no, _COMPARE)}", _IF
    if name in _SIGNS:
        sign, tight = _SIGNS[name]
        left, right = (tight, tight + 1) if name != "pow" else (_ATOM, _ATOM)
        if tight == _COMPARE:
            left = right
        return _within(args[0], left) + sign + _within(args[1], right), tight
    return f"{name}({', '.join(worded(arg) for arg in args)})", _ATOM


def _within(expression: Expression, tight: int) -> str:
    text, own = _worded(expression)
    return text if own >= tight else f"({text})"


def _number(value: float) -> tuple[str, int]:
    text = repr(value)
    text = text.removesuffix(".0")
    return text, _ATOM if not text.startswith("-") else _SIGN


def _cell(cell: Cell) -> str:
    if not cell.lag:
        return cell.code
    function, count = ("lag", cell.lag) if cell.lag > 0 else ("lead", -cell.lag)
    return f"{function}({cell.code})" if count == 1 else f"{function}({cell.code}, {count})"


def _growth(expression: Op) -> str:
    """``diff``, ``dlog`` or ``pct`` where that is what the expression is; else ''."""
    match expression:
        case Op(name="sub", args=(Op(name="log", args=(now,)), Op(name="log", args=(before,)))):
            name = "dlog"
        case Op(name="mul", args=(Number(value=100.0), Op(name="sub", args=(Op(name="div", args=(now, before)), one)))):
            if one != ONE:
                return ""
            name = "pct"
        case Op(name="sub", args=(now, before)):
            name = "diff"
        case _:
            return ""
    if isinstance(now, Number) or before != shift(now, 1):
        return ""
    return f"{name}({worded(now)})"
