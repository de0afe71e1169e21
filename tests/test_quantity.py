"""Quantities: labels must match, missing is never zero, no NaN, units in every sum."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.quantity import STATUSES, MismatchError, Quantity, empty
from tests.strategies import numbers, parsed_unit, quantities, quantity, thorough

if TYPE_CHECKING:
    from collections.abc import Callable

KZT, BN, MLN = (parsed_unit(text) for text in ("KZT", "bn KZT", "mln KZT"))
DIMS = {"sector": ("farm", "mine", "shop"), "period": ("2024", "2025")}
CELLS = list(product(*DIMS.values()))
ONE_CELL = {"sector": ("farm",)}
tables = quantities(DIMS, KZT)
wide = quantities(DIMS)


def cells(one: Quantity) -> dict[tuple[str, ...], float | None]:
    """Every cell by its labels, read through `get` alone."""
    return {labels: one.get(*labels) for labels in product(*one.labels)}


def both(left: float | None, right: float | None, do: Callable[[float, float], float]) -> float | None:
    return None if left is None or right is None else do(left, right)


# -- missing -----------------------------------------------------------------------------------------


def test_a_missing_value_is_never_zero() -> None:
    one = quantity({"sector": ("farm", "mine")}, [None, 0.0])
    assert one.get("farm") is None
    assert one.get("mine") == 0.0
    assert one != quantity({"sector": ("farm", "mine")}, [0.0, 0.0])
    assert one != quantity({"sector": ("farm", "mine")}, [None, None])


def test_a_cell_that_does_not_exist_is_missing() -> None:
    one = quantity({"sector": ("farm",)}, [1.0])
    assert one.get("sea") is None
    assert one.get() is None
    assert one.get("farm", "farm") is None
    assert one.position(("sea",)) is None
    assert one.position(("farm",)) == (0,)


def test_what_stands_under_a_missing_cell_is_not_kept() -> None:
    dims, labels = ("sector",), (("farm", "mine"),)
    for under in (7.0, math.nan, math.inf):
        one = Quantity(dims, labels, np.array([under, 1.0]), np.array([False, True]), KZT)
        assert one.values.tolist() == [0.0, 1.0]
        assert one == quantity({"sector": ("farm", "mine")}, [None, 1.0], KZT)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_value_that_is_not_a_number_is_accepted(bad: float) -> None:
    with pytest.raises(MismatchError, match="not finite"):
        quantity({"sector": ("farm", "mine")}, [bad, 1.0])
    with pytest.raises(MismatchError, match="not finite"):
        quantity({"sector": ("farm",)}, [1.0]).with_cell((0,), bad, 0, (-1, -1, -1))


def test_an_empty_quantity_holds_nothing() -> None:
    one = empty(DIMS, KZT)
    assert set(cells(one).values()) == {None}
    assert one.values.shape == (3, 2)
    assert one.unit == KZT


@thorough
@given(tables, tables)
def test_a_sum_with_a_missing_term_is_missing(left: Quantity, right: Quantity) -> None:
    for operation, do in (
        (Quantity.__add__, lambda a, b: a + b),
        (Quantity.__sub__, lambda a, b: a - b),
        (Quantity.__mul__, lambda a, b: a * b),
    ):
        got = cells(operation(left, right))
        assert got == {c: both(left.get(*c), right.get(*c), do) for c in CELLS}


@thorough
@given(tables, quantities(DIMS, KZT, numbers.filter(lambda v: abs(v) > 1e-3)))
def test_a_quotient_with_a_missing_part_is_missing(left: Quantity, right: Quantity) -> None:
    got = left / right
    assert cells(got) == {c: both(left.get(*c), right.get(*c), lambda a, b: a / b) for c in CELLS}
    assert got.unit.powers == ()


def test_a_present_zero_divides_nothing() -> None:
    one = quantity({"sector": ("farm", "mine")}, [1.0, 2.0])
    with pytest.raises(MismatchError, match="zero"):
        one / quantity({"sector": ("farm", "mine")}, [0.0, 1.0])
    assert cells(one / quantity({"sector": ("farm", "mine")}, [None, 4.0])) == {("farm",): None, ("mine",): 0.5}


@thorough
@given(tables)
def test_a_total_is_missing_where_any_part_is(one: Quantity) -> None:
    total = one.sum("sector")
    assert total.dims == ("period",)
    assert total.labels == (DIMS["period"],)
    for year in DIMS["period"]:
        parts = [one.get(sector, year) for sector in DIMS["sector"]]
        got = total.get(year)
        if None in parts:
            assert got is None
        else:
            assert got == pytest.approx(math.fsum(p for p in parts if p is not None), rel=1e-12, abs=1e-6)


@thorough
@given(quantities({**DIMS, "land": ("north", "south")}, KZT))
def test_a_total_is_the_same_in_either_order_of_dims(one: Quantity) -> None:
    first, second = one.sum("sector").sum("period"), one.sum("period").sum("sector")
    assert first.dims == second.dims == ("land",)
    for land in ("north", "south"):
        left, right = first.get(land), second.get(land)
        assert (left is None) == (right is None) == any(one.get(*labels, land) is None for labels in CELLS)
        assert left is None or left == pytest.approx(right, rel=1e-9, abs=1e-6)


# -- labels ------------------------------------------------------------------------------------------


@thorough
@given(wide, st.permutations(DIMS["sector"]), st.permutations(DIMS["period"]), st.booleans())
def test_aligning_moves_cells_and_changes_none(
    one: Quantity, sectors: list[str], years: list[str], turned: bool
) -> None:
    order = ("period", "sector") if turned else ("sector", "period")
    axes = {"sector": tuple(sectors), "period": tuple(years)}
    other = empty({dim: axes[dim] for dim in order}, KZT)
    moved = one.align(other)
    assert (moved.dims, moved.labels) == (other.dims, other.labels)
    for sector, year in CELLS:
        labels = (year, sector) if turned else (sector, year)
        assert moved.get(*labels) == one.get(sector, year)
        at, there = one.position((sector, year)), moved.position(labels)
        assert at is not None
        assert there is not None
        assert moved.status[there] == one.status[at]
        assert moved.homes[there].tolist() == one.homes[at].tolist()
    assert moved.align(one) == one
    assert moved.unit == one.unit


@thorough
@given(tables, tables, st.permutations(DIMS["sector"]))
def test_a_sum_pairs_labels_and_not_positions(left: Quantity, right: Quantity, order: list[str]) -> None:
    shuffled = right.select("sector", order)
    assert left + shuffled == left + right
    assert left - shuffled == left - right
    assert left * shuffled == left * right


@pytest.mark.parametrize(
    "operation", [Quantity.align, Quantity.__add__, Quantity.__sub__, Quantity.__mul__, Quantity.__truediv__]
)
def test_labels_that_do_not_match_stop_with_both_sides_shown(operation: Callable[..., Quantity]) -> None:
    left = quantity({"sector": ("farm", "mine", "sea")}, [1.0, 2.0, 3.0])
    right = quantity({"sector": ("farm", "mine", "air", "rail")}, [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(MismatchError) as caught:
        operation(left, right)
    said = str(caught.value)
    assert "sector" in said
    sides = {frozenset(part.replace(",", "").split()[2:]) for part in said.split(": ", 1)[1].split("; ")[:2]}
    assert sides == {frozenset({"sea"}), frozenset({"air", "rail"})}


def test_a_label_that_only_one_side_has_stops_too() -> None:
    left, right = quantity({"sector": ("farm", "mine")}, [1.0, 2.0]), quantity({"sector": ("farm",)}, [1.0])
    with pytest.raises(MismatchError, match="only left mine; only right nothing"):
        left.align(right)
    with pytest.raises(MismatchError, match="only left nothing; only right mine"):
        right.align(left)


def test_many_labels_are_shown_as_some_and_a_count() -> None:
    many = [f"s{i:02d}" for i in range(20)]
    with pytest.raises(MismatchError, match=r"only left s01, s02, s03, s04, s05, s06 and 13 more;"):
        quantity({"sector": many}, [1.0] * 20).align(quantity({"sector": ("s00",)}, [1.0]))


def test_dims_that_differ_stop_with_both_shown() -> None:
    left, right = quantity({"sector": ("farm",)}, [1.0]), quantity({"land": ("farm",)}, [1.0])
    with pytest.raises(MismatchError, match=r"\('sector',\) and \('land',\)"):
        left.align(right)
    assert left.rename("sector", "land").align(right) == right
    calls: list[Callable[[], Quantity]] = [
        lambda: left.sum("land"),
        lambda: left.rename("land", "sea"),
        lambda: left.select("land", ()),
    ]
    for call in calls:
        with pytest.raises(MismatchError, match="no dim land"):
            call()


def test_selecting_keeps_the_order_asked_for_and_stops_at_an_unknown_label() -> None:
    one = quantity({"sector": ("farm", "mine", "shop")}, [1.0, None, 3.0])
    assert one.select("sector", ("shop", "mine")) == quantity({"sector": ("shop", "mine")}, [3.0, None])
    with pytest.raises(MismatchError, match="sector has no sea, sky; it has farm, mine, shop"):
        one.select("sector", ("farm", "sea", "sky"))
    with pytest.raises(MismatchError, match="repeats"):
        one.select("sector", ("farm", "farm"))


def test_a_label_never_stands_twice() -> None:
    with pytest.raises(MismatchError, match="a label of sector repeats: farm, farm"):
        quantity({"sector": ("farm", "farm")}, [1.0, 2.0])


# -- units -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "total"),
    [
        (("bn KZT", 1.0), ("mln KZT", 500.0), ("bn KZT", 1.5)),
        (("mln KZT", 500.0), ("bn KZT", 1.0), ("mln KZT", 1500.0)),
        (("%", 50.0), ("1", 0.25), ("%", 75.0)),
        (("thousand t", 2.0), ("Mt", 0.5), ("thousand t", 502.0)),
    ],
)
def test_a_sum_of_two_scales_is_in_the_left_ones(
    left: tuple[str, float], right: tuple[str, float], total: tuple[str, float]
) -> None:
    one, other = (quantity(ONE_CELL, [value], unit) for unit, value in (left, right))
    assert (one + other).unit == parsed_unit(total[0])
    assert (one + other).get("farm") == pytest.approx(total[1], rel=1e-15)
    assert ((one + other) - other).get("farm") == pytest.approx(left[1], rel=1e-12)


@pytest.mark.parametrize(
    ("operation", "result"),
    [(Quantity.__add__, 8.0), (Quantity.__sub__, 4.0), (Quantity.__mul__, 12.0), (Quantity.__truediv__, 3.0)],
)
def test_two_numbers_without_dims_combine(operation: Callable[[Quantity, Quantity], Quantity], result: float) -> None:
    assert operation(quantity({}, 6.0), quantity({}, 2.0)).get() == result


def test_the_total_over_the_last_dim_is_one_number() -> None:
    assert quantity({"sector": ("farm", "mine")}, [1.0, 2.0]).sum("sector").get() == 3.0
    assert quantity({"sector": ("farm", "mine")}, [1.0, None]).sum("sector").get() is None


def test_another_kind_of_unit_is_never_added() -> None:
    money, mass = quantity(ONE_CELL, [1.0], "bn KZT"), quantity(ONE_CELL, [1.0], "Mt")
    mixes: list[Callable[[], Quantity]] = [
        lambda: money + mass,
        lambda: money - mass,
        lambda: money.to(mass.unit),
    ]
    for mix in mixes:
        with pytest.raises(MismatchError) as caught:
            mix()
        assert str(money.unit) in str(caught.value)
        assert str(mass.unit) in str(caught.value)
    assert (money / mass).unit == money.unit / mass.unit
    assert (money * mass).unit == money.unit * mass.unit


def test_prices_never_convert_by_scale_but_by_a_deflator() -> None:
    volume = quantity(ONE_CELL, [100.0], parsed_unit("bn KZT", "2004"))
    value = quantity(ONE_CELL, [120.0], parsed_unit("bn KZT", "current"))
    deflator = quantity(ONE_CELL, [1.2], parsed_unit("1", "deflator 2004"))
    mixes: list[Callable[[], Quantity]] = [
        lambda: volume + value,
        lambda: value - volume,
        lambda: volume.to(value.unit),
    ]
    for mix in mixes:
        with pytest.raises(MismatchError, match="a price basis needs a deflator"):
            mix()
    assert volume * deflator == value
    assert (value - volume * deflator).get("farm") == 0.0


@thorough
@given(tables)
def test_another_scale_is_the_same_amount(one: Quantity) -> None:
    for unit, factor in ((BN, 1e-9), (MLN, 1e-6), (KZT, 1.0)):
        got = one.to(unit)
        assert got.unit == unit
        for cell in CELLS:
            held, shown = one.get(*cell), got.get(*cell)
            assert (held is None) == (shown is None)
            assert shown is None or shown == pytest.approx((held or 0.0) * factor, rel=1e-14)
        assert got.homes.tolist() == one.homes.tolist()
        assert got.status.tolist() == one.status.tolist()


def test_a_power_of_a_quantity_is_of_the_power_of_its_unit() -> None:
    one = quantity({"sector": ("farm", "mine")}, [4.0, 9.0], "m3")
    assert cells(one**2) == {("farm",): 16.0, ("mine",): 81.0}
    assert (one**2).unit == parsed_unit("m3^2")
    root = one ** Fraction(1, 2)
    assert cells(root) == {("farm",): 2.0, ("mine",): 3.0}
    assert root.unit.powers == (("m3", Fraction(1, 2)),)


# -- status ------------------------------------------------------------------------------------------


def test_a_result_is_only_as_sure_as_its_least_sure_part() -> None:
    assert STATUSES == ("actual", "operational", "derived", "estimate", "assumption", "plan")
    sure = quantity({"sector": ("farm", "mine")}, [1.0, 2.0], status=[0, 3])
    unsure = quantity({"sector": ("farm", "mine")}, [1.0, 2.0], status=[4, 1])
    for got in (sure + unsure, sure - unsure, sure * unsure, sure / unsure):
        assert got.status.tolist() == [4, 3]
    table = quantity({"sector": ("farm", "mine"), "period": ("2024",)}, [[1.0], [2.0]], status=[1, 3])
    assert table.sum("sector").status.tolist() == [3]
    assert (sure**2).status.tolist() == [0, 3]


# -- one cell, equality, immutability ----------------------------------------------------------------


@thorough
@given(wide, st.sampled_from(CELLS), st.none() | numbers, st.integers(0, len(STATUSES) - 1))
def test_replacing_a_cell_replaces_that_cell_only(
    one: Quantity, labels: tuple[str, str], value: float | None, status: int
) -> None:
    at = one.position(labels)
    assert at is not None
    before = cells(one)
    got = one.with_cell(at, value, status, (3, 14, 15))
    assert cells(got) == before | {labels: value}
    assert got.homes[at].tolist() == [3, 14, 15]
    assert got.status[at] == status
    assert cells(one) == before
    others = np.ones(one.present.shape, bool)
    others[at] = False
    assert got.homes[others].tolist() == one.homes[others].tolist()
    assert got.status[others].tolist() == one.status[others].tolist()
    assert got.unit == one.unit
    back = got.with_cell(at, before[labels], int(one.status[at]), one.homes[at].tolist())
    assert back == one


@thorough
@given(wide)
def test_equality_ignores_homes(one: Quantity) -> None:
    moved = Quantity(one.dims, one.labels, one.values, one.present, one.unit, one.status, one.homes + 1)
    assert moved == one
    assert Quantity(one.dims, one.labels, one.values, one.present, one.unit, one.status) == one


def test_equality_sees_all_else() -> None:
    one = quantity({"sector": ("farm", "mine")}, [1.0, None], KZT, status=[0, 0])
    assert one == quantity({"sector": ("farm", "mine")}, [1.0, None], KZT, status=[0, 5])
    for other in (
        quantity({"sector": ("farm", "mine")}, [1.5, None], KZT),
        quantity({"sector": ("farm", "mine")}, [1.0, 0.0], KZT),
        quantity({"sector": ("farm", "sea")}, [1.0, None], KZT),
        quantity({"land": ("farm", "mine")}, [1.0, None], KZT),
        quantity({"sector": ("mine", "farm")}, [None, 1.0], KZT),
        quantity({"sector": ("farm", "mine")}, [1.0, None], BN),
        quantity({"sector": ("farm", "mine")}, [1.0, None], parsed_unit("KZT", "2004")),
        quantity({"sector": ("farm", "mine")}, [1.0, None], KZT, status=[1, 0]),
        "a text",
    ):
        assert one != other
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_a_quantity_cannot_be_changed() -> None:
    values, present = np.array([1.0, 2.0]), np.array([True, True])
    one = Quantity(("sector",), (("farm", "mine"),), values, present, KZT)
    for array in (one.values, one.present, one.status, one.homes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    for name in ("values", "dims", "unit"):
        with pytest.raises(AttributeError):
            setattr(one, name, None)
    values[0], present[1] = 99.0, False
    assert cells(one) == {("farm",): 1.0, ("mine",): 2.0}


@thorough
@given(tables, tables)
def test_no_operation_touches_its_operands(left: Quantity, right: Quantity) -> None:
    before = cells(left), cells(right), left.status.tolist(), right.homes.tolist()
    _ = left + right, left - right, left * right, left.sum("sector"), left.to(BN), left.rename("sector", "land")
    _ = left.align(right), left.select("sector", ("mine",)), left**2, repr(left)
    assert (cells(left), cells(right), left.status.tolist(), right.homes.tolist()) == before


def test_a_quantity_shows_its_dims_unit_and_first_cells() -> None:
    one = quantity({"sector": ("farm", "mine")}, [1.5, None], "t")
    assert repr(one) == "Quantity [sector: 2] in t, 1 of 2 cells\n  farm: 1.5"


def test_a_shape_that_does_not_fit_its_labels_stops() -> None:
    with pytest.raises(MismatchError, match="does not fit"):
        Quantity(("sector",), (("farm", "mine"),), np.zeros(3), np.ones(3, bool), KZT)
    with pytest.raises(MismatchError, match="does not fit"):
        Quantity(("sector", "land"), (("farm",),), np.zeros(1), np.ones(1, bool), KZT)
    with pytest.raises(MismatchError, match="does not fit"):
        Quantity(("sector",), (("farm",),), np.zeros(1), np.ones(1, bool), KZT, np.zeros(2, np.int8))


_ARRAYS: dict[str, Any] = {"values": np.zeros(2), "present": np.ones(2, bool)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"homes": np.zeros((7, 7), np.int32)},
        {"homes": np.zeros(2, np.int32)},
        {"values": np.zeros(1)},
        {"values": np.zeros(3)},
        {"present": np.ones(1, bool)},
        {"status": np.zeros(1, np.int8)},
    ],
)
def test_every_array_must_have_the_shape_of_the_labels(wrong: dict[str, Any]) -> None:
    try:
        Quantity(("sector",), (("farm", "mine"),), unit=KZT, **(_ARRAYS | wrong))
    except MismatchError:
        return
    except ValueError as problem:
        pytest.fail(str(problem))
    pytest.fail("accepted")


@pytest.mark.parametrize("name", ["status", "homes"])
def test_what_the_caller_does_to_its_arrays_changes_nothing(name: str) -> None:
    given_arrays: dict[str, Any] = {"status": np.zeros(2, np.int8), "homes": np.zeros((2, 3), np.int32)}
    one = Quantity(("sector",), (("farm", "mine"),), np.ones(2), np.ones(2, bool), KZT, **given_arrays)
    before = getattr(one, name).tolist()
    given_arrays[name][0] = 5
    assert getattr(one, name).tolist() == before


def test_two_dims_never_share_a_name() -> None:
    one = quantity({"sector": ("farm",), "land": ("north",)}, [[1.0]])
    with pytest.raises(MismatchError):
        one.rename("sector", "land")
    with pytest.raises(MismatchError, match="repeats"):
        Quantity(("land", "land"), (("a",), ("a",)), np.ones((1, 1)), np.ones((1, 1), bool), KZT)
    assert one.rename("sector", "sector") == one


def test_a_total_of_no_parts_is_zero() -> None:
    one = quantity({"sector": (), "period": ("2024",)}, np.zeros((0, 1)))
    try:
        total = one.sum("sector")
    except ValueError as problem:
        pytest.fail(str(problem))
    assert cells(total) == {("2024",): 0.0}
    assert quantity({"sector": ()}, np.zeros(0)).sum("sector").get() == 0.0
    assert (one + one).align(one) == one


def test_a_negative_power_leaves_a_missing_cell_missing() -> None:
    one = quantity({"sector": ("farm", "mine")}, [2.0, None])
    try:
        got = one**-1
    except RuntimeWarning as problem:
        pytest.fail(str(problem))
    assert cells(got) == {("farm",): 0.5, ("mine",): None}
    with pytest.raises(MismatchError, match="not finite"):
        quantity({"sector": ("farm",)}, [0.0]) ** -1
    with pytest.raises(MismatchError, match="not finite"):
        quantity({"sector": ("farm",)}, [-4.0]) ** Fraction(1, 2)


def test_a_number_without_dims_does_all_that_others_do() -> None:
    one = quantity({}, 6.0, "bn KZT")
    assert one.with_cell((), None, 3, (1, 2, 3)).get() is None
    assert one.with_cell((), 7.0, 3, (1, 2, 3)).homes.tolist() == [1, 2, 3]
    assert one.to(MLN).get() == 6000.0
    assert (one**2).get() == 36.0
    assert one.align(one) == one
    assert empty({}, KZT).get() is None
    assert repr(one).startswith("Quantity [] in bn KZT, 1 of 1 cells")
    for array in (one.values, one.present, one.status, one.homes):
        assert not array.flags.writeable
