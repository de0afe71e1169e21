"""What several tests share: the example plan, small plans made on the spot, two independent evaluators."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from bagdar.equations import Solution, simulate
from bagdar.equations.expression import Cell, Expression, Number, Op, Sum
from bagdar.finding import has_errors
from bagdar.folder import read
from bagdar.header import Header
from bagdar.language import Names
from bagdar.period import Period
from bagdar.plan import AddFactor, Fixed, Indicator, LabelSet, Member, Plan, Role
from bagdar.quantity import Quantity
from bagdar.statement import split
from bagdar.unit import Unit

settings.register_profile("bagdar", deadline=None, derandomize=True, database=None)
settings.load_profile("bagdar")

KAZAKHSTAN = Path(__file__).parent.parent / "examples" / "kazakhstan"
# The equations of the example: those of the model it is built on, and its own.
EQUATIONS = [
    *sorted((KAZAKHSTAN.parent.parent / "src" / "bagdar" / "models" / "standard").glob("*.eq")),
    *sorted((KAZAKHSTAN / "equations").glob("*.eq")),
]
BASE = 2004


@pytest.fixture(scope="session")
def kazakhstan_folder() -> Path:
    """The example's folder."""
    return KAZAKHSTAN


@pytest.fixture(scope="session")
def kazakhstan() -> Plan:
    """The example plan, as read."""
    plan, findings = read(KAZAKHSTAN)
    assert plan is not None
    assert not has_errors(findings)
    return plan


@pytest.fixture(scope="session")
def kazakhstan_solution(kazakhstan: Plan) -> Solution:
    """The example plan, solved."""
    solution, findings = simulate(kazakhstan)
    assert not has_errors(findings)
    assert solution.solved
    return solution


# -- small plans ---------------------------------------------------------------------------------


def small_plan(
    equations: str,
    given: Mapping[str, Any] | None = None,
    solved: Mapping[str, Any] | None = None,
    **more: Any,
) -> Plan:
    """A plan with base 2004 whose `equations` are as in an `.eq` file.

    given, solved, and in `more` levers and reported: numbers of exogenous, endogenous, lever and statistic
    indicators, listed from the first period of history on, None where missing; by label for an indicator with
    dims. coefficients: a number each. In `more` also: past (periods of history before the base), years (of the
    horizon), beyond (periods read after it), sets (labels by set), flags and parents (by set), dims, units
    ((unit, price basis) by indicator), fixed, add_factors, and solver options.
    """
    past, years = more.get("past", 1), more.get("years", 3)
    header = Header(
        code="T",
        title=Names("т", "т", "t"),
        profile="generic",
        base=Period("A", BASE),
        horizon=(Period("A", BASE + 1), Period("A", BASE + years)),
        history=Period("A", BASE - past),
        terminal=Period("A", BASE + years + more.get("beyond", 0)),
        frequency="A",
        currency="KZT",
        plan_date=date(2005, 1, 1),
        tolerance=more.get("tolerance", 1e-10),
        iterations=more.get("iterations", 50),
        identity_tolerance=more.get("identity_tolerance", 1e-6),
    )
    sets = {
        code: _label_set(code, labels, more.get("flags", {}).get(code, {}), more.get("parents", {}).get(code, {}))
        for code, labels in more.get("sets", {}).items()
    }
    roles: dict[Role, Mapping[str, Any]] = {
        "exogenous": given or {},
        "endogenous": solved or {},
        "coefficient": more.get("coefficients", {}),
        "lever": more.get("levers", {}),
        "statistic": more.get("reported", {}),
        "missing": more.get("missing", {}),
    }
    numbers = {code: (role, told) for role, group in roles.items() for code, told in group.items()}
    indicators = {
        code: _indicator(code, role, more.get("dims", {}).get(code, ()), more.get("units", {}).get(code, ("1", "")))
        for code, (role, _) in numbers.items()
    }
    frame = Plan(header, sets, indicators)
    statements, findings = split(equations, "equations/model.eq")
    assert not findings
    return replace(
        frame,
        values={code: _quantity(frame, indicators[code], told) for code, (_, told) in numbers.items()},
        statements=statements,
        fixed=tuple(_fixed(*told) for told in more.get("fixed", ())),
        add_factors=tuple(AddFactor(c, (), Period("A", y), v) for c, y, v in more.get("add_factors", ())),
    )


def _label_set(
    code: str, labels: Iterable[str], flags: Mapping[str, Iterable[str]], parents: Mapping[str, str]
) -> LabelSet:
    members = tuple(
        Member(x, Names(), parents.get(x, ""), flags=frozenset(f for f, who in flags.items() if x in who))
        for x in labels
    )
    return LabelSet(code, members, tuple(flags))


def _indicator(code: str, role: Role, dims: tuple[str, ...], unit: tuple[str, str]) -> Indicator:
    parsed = Unit.parse(*unit)
    assert parsed is not None
    return Indicator(code, Names(), parsed, unit[0], unit[1], dims, role)


def _quantity(frame: Plan, indicator: Indicator, told: Any) -> Quantity:
    axes = frame.dims(indicator)
    values = np.full([len(axis) for axis in axes.values()], np.nan)
    for labels in product(*(axes[dim] for dim in list(axes)[: len(indicator.dims)])):
        place: Any = tuple(axis.index(label) for axis, label in zip(axes.values(), labels, strict=False))
        cell = told if not labels else told.get(labels[0] if len(labels) == 1 else labels, [])
        if indicator.role == "coefficient":
            values[place] = cell
        else:
            values[(*place, slice(0, len(cell)))] = [np.nan if v is None else v for v in cell]
    present = ~np.isnan(values)
    return Quantity(tuple(axes), tuple(axes.values()), np.where(present, values, 0.0), present, indicator.unit)


def _fixed(code: str, year: int, value: float, instrument: str = "", when: int = 0) -> Fixed:
    swapped = (instrument, (), Period("A", when or year)) if instrument else None
    return Fixed(code, (), Period("A", year), value, swapped)


# -- what an expression is worth, found another way -------------------------------------------------

Value = Callable[[Cell], float]
Members = Callable[[str, str], Sequence[str]]


def worth(
    e: Expression,
    value: Value,
    members: Members = lambda group, flag: (),
    letters: Mapping[str, str] | None = None,
    taken: list[int] | None = None,
) -> float:
    """The value of `e`, cell by cell; `taken` collects which branch each kink took.

    Raises ArithmeticError or ValueError where an operation has no value.
    """
    if isinstance(e, Number):
        return e.value
    if isinstance(e, Cell):
        return value(replace(e, labels=tuple((letters or {}).get(x, x) for x in e.labels)))
    if isinstance(e, Sum):
        bodies = [
            worth(e.body, value, members, {**(letters or {}), e.letter: x}, taken) for x in members(e.group, e.flag)
        ]
        return math.prod(bodies) if e.product else math.fsum(bodies)
    taken = taken if taken is not None else []
    if e.name == "if":
        holds = worth(e.args[0], value, members, letters, taken) != 0.0
        taken.append(int(holds))
        return worth(e.args[1 if holds else 2], value, members, letters, taken)
    return _operate(e, [worth(arg, value, members, letters, taken) for arg in e.args], taken)


def _operate(e: Op, a: list[float], taken: list[int]) -> float:
    if e.name in ("min", "max"):
        best = min(a) if e.name == "min" else max(a)
        taken.append(a.index(best))
        return best
    if e.name == "abs":
        taken.append(int(a[0] >= 0))
        return math.fabs(a[0])
    known: dict[str, Callable[..., float]] = {
        "add": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "pow": math.pow,
        "neg": lambda x: -x,
        "exp": math.exp,
        "log": math.log,
        "sqrt": math.sqrt,
        "logistic": lambda x: 0.5 * (1.0 + math.tanh(0.5 * x)),
        "lt": lambda x, y: float(x < y),
        "le": lambda x, y: float(x <= y),
        "gt": lambda x, y: float(x > y),
        "ge": lambda x, y: float(x >= y),
        "eq": lambda x, y: float(x == y),
        "ne": lambda x, y: float(x != y),
    }
    return float(known[e.name](*a))


# -- what an equation's text says, read by Python itself ---------------------------------------------

Series = NDArray[np.float64]


def spoken(text: str, names: Mapping[str, Any]) -> Series:
    """`text` as Python reads it, `names` being arrays over the periods; NaN where there is no value."""
    tree = ast.parse("(" + text + "\n)", mode="eval")
    tree = ast.fix_missing_locations(_Elementwise().visit(tree))
    scope = {"__builtins__": {}, **_SPOKEN, **names}
    with np.errstate(all="ignore"):
        length = max(len(v) for v in names.values() if isinstance(v, np.ndarray) and v.ndim)
        return np.broadcast_to(np.asarray(eval(compile(tree, "<text>", "eval"), scope), float), (length,))


class _Elementwise(ast.NodeTransformer):
    """``a if c else b`` as ``where(c, a, b)``: numpy's choice, period by period."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:  # the name is ast's
        self.generic_visit(node)
        return ast.Call(ast.Name("where", ast.Load()), [node.test, node.body, node.orelse], [])


def _lag(x: Series, n: int = 1) -> Series:
    moved = np.full(len(x), np.nan)
    if n > 0:
        moved[n:] = x[:-n]
    else:
        moved[:n] = x[-n:]
    return moved


def _prod(terms: Iterable[Series]) -> Series | float:
    total: Series | float = 1.0
    for term in terms:
        total = total * term
    return total


_SPOKEN: dict[str, Callable[..., Any]] = {
    "where": np.where,
    "min": lambda *a: np.minimum.reduce(np.broadcast_arrays(*a)),
    "max": lambda *a: np.maximum.reduce(np.broadcast_arrays(*a)),
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "lag": _lag,
    "lead": lambda x, n=1: _lag(x, -n),
    "diff": lambda x: x - _lag(x),
    "dlog": lambda x: np.log(x) - np.log(_lag(x)),
    "pct": lambda x: 100 * (x / _lag(x) - 1),
    "sum": sum,
    "prod": _prod,
}
