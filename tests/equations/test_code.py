"""The code made of shapes: its values against plain recursion, its slopes against differences, C against Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bagdar.equations.code import code
from bagdar.equations.engine import Layout, Reads
from bagdar.equations.expression import ARITY, ONE, ZERO, Cell, Expression, Number, Op, Sum, cells, expand, shift
from bagdar.equations.fallback import Fallback
from bagdar.equations.grammar import Parsed, parse
from bagdar.equations.native import Native
from bagdar.equations.shape import Shape, Slot, shape
from bagdar.statement import Statement
from tests.conftest import worth

X, Y = Cell("x"), Cell("y")
BEFORE = Cell("x", lag=1)
LABELS = {"": ("a", "b", "c"), "few": ("b",), "none": ()}
CELLS: list[Cell] = [X, Y, BEFORE, *(Cell("w", (label,)) for label in LABELS[""])]
INDEX: dict[tuple[str, tuple[str, ...]], int] = {("x", ()): 0, ("y", ()): 1}
INDEX |= {("w", (label,)): 2 + i for i, label in enumerate(LABELS[""])}


def members(group: str, flag: str) -> tuple[str, ...]:
    return LABELS[flag]


def expression(text: str) -> Expression:
    parsed = parse(Statement("left", "equation", f"left = {text}"))
    assert isinstance(parsed, Parsed), parsed
    return parsed.right


def at(point: dict[Cell, float]) -> Callable[[Cell], float]:
    return point.__getitem__


def places(made: Shape) -> list[int]:
    """The sizes of the loops, then the place of every cell that each slot reads."""
    runs = [LABELS[flag] for _, flag in made.loops]
    found = [len(run) for run in runs]
    for slot in made.slots:
        for chosen in product(*(runs[i] for i in slot.loops)):
            labels = dict(zip((f"#{i}" for i in slot.loops), chosen, strict=True))
            found.append(INDEX[slot.cell.code, tuple(labels.get(x, x) for x in slot.cell.labels)])
    return found


def layout(expressions: Sequence[Expression]) -> Layout:
    """Each expression as the right side of a level that stands in no table."""
    shapes = [shape(e, lambda code: False, lambda cell: True) for e in expressions]
    params = [places(one) for one in shapes]
    ends = np.cumsum([0, *map(len, params)]).astype(np.int64)
    loops = [len(one.loops) for one in shapes]
    slots = np.array([len(p) - n for p, n in zip(params, loops, strict=True)], np.int32)
    nothing = np.full(len(shapes), -1, np.int32)
    none = np.empty(0, np.int32)
    return Layout(
        len(INDEX),
        tuple(shapes),
        np.arange(len(shapes), dtype=np.int32),
        np.array([place for p in params for place in p], np.int32),
        ends,
        np.array([value for one in shapes for value in one.numbers], float),
        np.cumsum([0, *(len(one.numbers) for one in shapes)])[:-1].astype(np.int64),
        slots,
        nothing,
        nothing,
        np.zeros(len(shapes), np.int8),
        Reads(np.zeros(len(shapes) + 1, np.int64), none, none),
    )


def table(point: dict[Cell, float], reach: int = 1) -> NDArray[np.float64]:
    """The numbers of a point around period 1."""
    rows = np.full((2 + 2 * reach, len(INDEX)), np.nan)
    for cell, value in point.items():
        rows[reach + 1 - cell.lag, INDEX[cell.code, cell.labels]] = value
    return rows


ZEROTH, FIRST = np.array([0], np.int32), np.array([1], np.int32)


def compiled(e: Expression, point: dict[Cell, float]) -> float:
    """The value of an expression by the code that is made of it; NaN if it has none."""
    made = layout([e])
    return float(Fallback(made).values(table(point, made.reach), ZEROTH, FIRST)[0][0])


def slope(e: Expression, cell: Cell, point: dict[Cell, float]) -> float:
    """Its slope by a cell: the sum of those by all places where it is read."""
    made = layout([e])
    found = Fallback(made).slopes(table(point, made.reach), ZEROTH, FIRST)
    (one,) = made.shapes
    lags = [slot.cell.lag for slot in one.slots for _ in product(*(LABELS[one.loops[i][1]] for i in slot.loops))]
    read = zip(places(one)[len(one.loops) :], lags, found, strict=False)
    return math.fsum(by for place, lag, by in read if (place, lag) == (INDEX[cell.code, cell.labels], cell.lag))


def outcome(value: Callable[[], float]) -> float | str:
    try:
        found = value()
    except (ArithmeticError, ValueError):
        return "no value"
    return found if math.isfinite(found) else "no value"


# -- random expressions ----------------------------------------------------------------------------

numbers = st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 3.0]).map(Number)
leaves = st.one_of(st.sampled_from([X, X, X, Y, BEFORE, Cell("w", ("b",))]), numbers)
comparisons = st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"])


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def op(*names: str, count: int = 1) -> st.SearchStrategy[Expression]:
        return st.builds(Op, st.sampled_from(names), st.tuples(*[inner] * count))

    return st.one_of(
        op("add", "sub", "mul", "div", count=2),
        op("pow", count=2),
        st.builds(
            lambda base, n: Op("pow", (base, Number(n))), inner, st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
        ),
        op("neg", "abs", "exp", "log", "sqrt", "logistic"),
        op("min", "max", count=2),
        op("min", "max", count=3),
        st.builds(
            lambda name, a, b, then, other: Op("if", (Op(name, (a, b)), then, other)),
            comparisons,
            inner,
            inner,
            inner,
            inner,
        ),
        st.builds(
            lambda body, flag, product: Sum(Op("mul", (body, Cell("w", ("s",)))), "s", "sector", flag, product),
            inner,
            st.sampled_from(["", "few", "none"]),
            st.booleans(),
        ),
    )


expressions = st.recursive(leaves, grown, max_leaves=12)
# Never nearer to zero than the differences reach.
coordinates = st.integers(-150, 250).map(lambda n: n / 100 + 0.0037)
points = st.fixed_dictionaries(dict.fromkeys(CELLS, coordinates))


@settings(max_examples=600)
@given(expressions, points)
def test_a_compiled_expression_has_the_value_of_plain_recursion(e: Expression, point: dict[Cell, float]) -> None:
    plain = outcome(lambda: worth(e, at(point), members))
    code = outcome(lambda: compiled(e, point))
    if isinstance(plain, str) or isinstance(code, str):
        assert plain == code
    else:
        assert code == pytest.approx(plain, rel=1e-9, abs=1e-9, nan_ok=True)


@settings(max_examples=800)
@given(expressions, points)
def test_a_derivative_is_the_limit_of_differences(e: Expression, point: dict[Cell, float]) -> None:
    read = dict.fromkeys(cells(expand(e, {}, members)))
    cell = X if X in read or not read else next(iter(read))

    def near(step: float, taken: list[int]) -> float:
        return worth(e, at({**point, cell: point[cell] + step}), members, taken=taken)

    h = 1e-4
    branches: list[list[int]] = [[] for _ in range(5)]
    try:
        f = [near(k * h, branches[k + 2]) for k in range(-2, 3)]
        found = slope(e, cell, point)
    except (ArithmeticError, ValueError):
        return  # no value here, or none of the slope, as of a root at zero: other tests
    assume(all(b == branches[0] for b in branches))  # away from kinks
    assume(all(abs(value) < 1e4 for value in f))
    # Two central differences that agree show that the point is well scaled.
    coarse, fine = (f[4] - f[0]) / (4 * h), (f[3] - f[1]) / (2 * h)
    assume(abs(coarse - fine) < 1e-4 * (1 + abs(fine)))
    difference = fine + (fine - coarse) / 3
    assert found == pytest.approx(difference, rel=1e-5, abs=1e-6)


# -- each rule by hand -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("x + y", lambda x, y: 1.0),
        ("y - x", lambda x, y: -1.0),
        ("-x", lambda x, y: -1.0),
        ("x*y", lambda x, y: y),
        ("x*x*x", lambda x, y: 3 * x**2),
        ("x/y", lambda x, y: 1 / y),
        ("y/x", lambda x, y: -y / x**2),
        ("x**3", lambda x, y: 3 * x**2),
        ("x**2", lambda x, y: 2 * x),
        ("x**1", lambda x, y: 1.0),
        ("x**0", lambda x, y: 0.0),
        ("x**-1.5", lambda x, y: -1.5 * x**-2.5),
        ("y**x", lambda x, y: y**x * math.log(y)),
        ("x**x", lambda x, y: x**x * (math.log(x) + 1)),
        ("x**y", lambda x, y: y * x ** (y - 1)),
        ("exp(2*x)", lambda x, y: 2 * math.exp(2 * x)),
        ("log(y*x)", lambda x, y: 1 / x),
        ("sqrt(x)", lambda x, y: 0.5 / math.sqrt(x)),
        ("logistic(x)", lambda x, y: math.exp(-x) / (1 + math.exp(-x)) ** 2),
        ("abs(-x)", lambda x, y: 1.0),
        ("abs(x - 9)", lambda x, y: -1.0),
        ("min(x, 9, y)", lambda x, y: 1.0 if x < y else 0.0),
        ("max(2*x, y/9, x)", lambda x, y: 2.0),
        ("x**2 if x > 9 else 5*x", lambda x, y: 5.0),
        ("x**2 if y > 0 else 5*x", lambda x, y: 2 * x),
        ("dlog(x)", lambda x, y: 1 / x),
        ("pct(x)", lambda x, y: 100 / 0.8),
        ("diff(y)", lambda x, y: 0.0),
        ("lag(x)*x", lambda x, y: 0.8),
        ("7", lambda x, y: 0.0),
    ],
)
@pytest.mark.parametrize(("x", "y"), [(0.7, 1.3), (1.9, 0.4)])
def test_each_rule_gives_the_slope_found_by_hand(
    text: str, by_hand: Callable[[float, float], float], x: float, y: float
) -> None:
    found = slope(expression(text), X, {X: x, Y: y, BEFORE: 0.8})
    assert found == pytest.approx(by_hand(x, y), rel=1e-12, abs=1e-15)


def test_a_lagged_cell_is_another_variable() -> None:
    e = expression("lag(x)**2 + x")
    assert slope(e, X, {X: 5.0, BEFORE: 3.0}) == 1.0
    assert slope(e, BEFORE, {X: 5.0, BEFORE: 3.0}) == 6.0


def test_what_does_not_depend_on_a_cell_has_the_derivative_zero() -> None:
    assert slope(expression("exp(log(y)**2)/sqrt(y)"), X, {X: 1.0, Y: 2.0}) == 0.0


# -- kinks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kink"),
    [
        ("abs(x)", 0.0),
        ("abs(2 - x)", 2.0),
        ("min(x, 1)", 1.0),
        ("min(1, x)", 1.0),
        ("max(3*x, 3)", 1.0),
        ("max(1, x**2)", 1.0),
        ("min(x, 2 - x, 1)", 1.0),
        ("x if x < 1 else 2*x - 1", 1.0),
        ("x if x <= 1 else 2*x - 1", 1.0),
        ("x if x > 1 else 2*x - 1", 1.0),
        ("x if x >= 1 else 2*x - 1", 1.0),
    ],
)
def test_at_a_kink_the_derivative_is_one_sided(text: str, kink: float) -> None:
    e, h = expression(text), 1e-7
    f = [worth(e, at({X: kink + step})) for step in (-h, 0.0, h)]
    left, right = (f[1] - f[0]) / h, (f[2] - f[1]) / h
    found = slope(e, X, {X: kink})
    assert abs(left - right) > 0.5
    assert min(abs(found - left), abs(found - right)) < 1e-6


def test_where_three_meet_the_slope_is_that_of_one_of_them() -> None:
    assert slope(expression("max(x, x**2, 1)"), X, {X: 1.0}) in (0.0, 1.0, 2.0)


@pytest.mark.parametrize(("x", "by_hand"), [(0.999, 1.0), (1.001, 2.0)])
def test_beside_a_kink_the_branch_in_force_counts(x: float, by_hand: float) -> None:
    assert slope(expression("x if x < 1 else 2*x - 1"), X, {X: x}) == by_hand


# -- compiling -------------------------------------------------------------------------------------


def test_only_the_branch_that_is_taken_is_evaluated() -> None:
    e = expression("log(x) if x > 0 else 1/(1 + x)")
    assert compiled(e, {X: math.e}) == pytest.approx(1.0)
    assert compiled(e, {X: -3.0}) == -0.5
    assert slope(e, X, {X: -3.0}) == -0.25


def test_a_part_that_was_computed_in_one_branch_is_computed_again_in_another() -> None:
    e = expression("(exp(y) if x > 0 else 2) + (exp(y) if x < 0 else 3) + exp(y)")
    assert compiled(e, {X: 1.0, Y: 0.0}) == 5.0
    assert compiled(e, {X: -1.0, Y: 0.0}) == 4.0


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("log(x)", 0.0),
        ("log(x)", -1.0),
        ("sqrt(x)", -1.0),
        ("1/x", 0.0),
        ("x**0.5", -1.0),
        ("x**-1", 0.0),
        ("exp(x)", 1e4),
    ],
)
def test_an_operation_without_a_value_has_none(text: str, x: float) -> None:
    assert math.isnan(compiled(expression(text), {X: x}))


def test_a_missing_number_is_never_counted_with() -> None:
    for text in ("min(1, y)", "max(y, 1)", "1 if y < 1 else 2", "y**0", "0*y + min(1, x)", "logistic(y)"):
        assert math.isnan(compiled(expression(text), {X: 1.0})), text
    for text in ("x + y", "0*y", "log(y) - y", "exp(y)*x", "(x > 0) + 0*(y > 1)"):
        assert math.isnan(compiled(expression(text), {X: 1.0})), text


@pytest.mark.parametrize(
    ("z", "share"),
    [
        (-800.0, 0.0),
        (-30.0, math.exp(-30)),
        (0.0, 0.5),
        (1.0, 0.7310585786300049),
        (30.0, 1 - math.exp(-30)),
        (800.0, 1.0),
    ],
)
def test_the_logistic_function_never_overflows(z: float, share: float) -> None:
    assert compiled(expression("logistic(x)"), {X: z}) == pytest.approx(share, rel=1e-12, abs=1e-300)


def test_an_empty_sum_is_zero_and_an_empty_product_one() -> None:
    for text, value in (("sum(w[s] for s in sector.none)", ZERO), ("prod(w[s] for s in sector.none)", ONE)):
        assert expand(expression(text), {}, members) == value


def test_shifting_a_sum_shifts_all_it_reads() -> None:
    e = shift(expression("sum(w[s]*lag(x) for s in sector)"), 2)
    assert e == expression("sum(lag(w[s], 2)*lag(x, 3) for s in sector)")


@pytest.mark.parametrize("text", ["2*(x > 1)", "(x <= y) + x"])
def test_a_comparison_used_as_a_number_has_a_derivative(text: str) -> None:
    assert slope(expression(text), X, {X: 3.0, Y: 9.0}) == (0.0 if "2*" in text else 1.0)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{i} if x < {i} else" for i in range(60)) + " x",
        "max(" + ", ".join(f"{i}*x" for i in range(60)) + ")",
    ],
)
def test_many_branches_are_compiled(text: str) -> None:
    e = expression(text)
    assert [compiled(e, {X: 500.0}), slope(e, X, {X: 500.0})] in ([500.0, 1.0], [59 * 500.0, 59.0])


# -- both engines ----------------------------------------------------------------------------------


def grown_by(random: Random, depth: int) -> Expression:
    """A random expression of all operations."""
    if depth == 0 or random.random() < 0.1:
        leaf: list[Expression] = [X, Y, BEFORE, Cell("w", ("b",)), Number(random.choice([-1.5, 0.0, 0.5, 2.0]))]
        return random.choice(leaf)
    name = random.choice([*ARITY, "sum", "prod"])
    if name in ("sum", "prod"):
        body = Op("mul", (grown_by(random, depth - 1), Cell("w", ("s",))))
        return Sum(body, "s", "sector", random.choice(["", "few", "none"]), name == "prod")
    return Op(name, tuple(grown_by(random, depth - 1) for _ in range(ARITY[name] or random.choice([2, 3]))))


@pytest.mark.usefixtures("c_compiler")
def test_native_and_python_give_the_same_numbers() -> None:
    random = Random(20041231)
    expressions = [grown_by(random, random.choice([2, 3, 4, 5])) for _ in range(400)]
    made = layout(expressions)
    native, python = Native(made), Fallback(made)
    every, at = np.arange(len(expressions), dtype=np.int32), np.ones(len(expressions), np.int32)
    there = 0
    for _ in range(20):
        numbers = table({cell: random.choice([0.0, 1.0, random.uniform(-2, 3)]) for cell in CELLS})
        for one, other in (
            (native.values(numbers, every, at), python.values(numbers, every, at)),
            ((native.slopes(numbers, every, at),), (python.slopes(numbers, every, at),)),
        ):
            for a, b in zip(one, other, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-13, atol=0, equal_nan=True)
                there += int(np.isfinite(a).sum())
    assert there > 20_000


@pytest.mark.usefixtures("c_compiler")
def test_slopes_are_finite_whatever_the_value() -> None:
    """A share of nothing to a power below one: its slope is infinite and its effect none."""
    made = layout([expression("(x**0.5 + y**0.5)**2"), expression("x*y**0.3/x**0.2 + sqrt(x)")])
    for engine in (Native(made), Fallback(made)):
        slopes = engine.slopes(table({X: 0.0, Y: 4.0}), np.array([0, 1], np.int32), np.ones(2, np.int32))
        assert np.isfinite(slopes).all()
    assert slope(expression("(x**0.5 + y**0.5)**2"), Y, {X: 0.0, Y: 4.0}) == 1.0


def test_statements_that_look_alike_share_their_shape() -> None:
    one, other = (
        shape(expression(text), lambda code: False, lambda cell: True) for text in ("x*lag(y) + 2", "y*lag(w[b]) + 2")
    )
    assert one.text == other.text
    assert code(one, "c", "0") == code(other, "c", "0")
    assert shape(expression("x*lag(y) + 2"), lambda code: False, lambda cell: True).numbers == ()
    assert shape(expression("x*lag(y) + 2.5"), lambda code: False, lambda cell: True).numbers == (2.5,)
    tuned = [shape(expression(f"{b}*x - 1"), lambda code: False, lambda cell: True).text for b in (0.7, 0.8)]
    assert tuned[0] == tuned[1]
    assert shape(expression("x*y + 2"), lambda code: False, lambda cell: True).text != one.text
    assert shape(expression("x*lag(x) + 2"), lambda code: code == "x", lambda cell: True).slots == (Slot(X, ()),)
