"""Units: an algebra in which scale converts and a price basis never does."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.unit import ONE, Unit
from tests.strategies import parsed_unit, thorough, unit_texts, units

close = pytest.approx
exponents = st.fractions(-3, 3, max_denominator=4)


@thorough
@given(units, units)
def test_multiplying_and_dividing_by_a_unit_changes_nothing(one: Unit, other: Unit) -> None:
    back = (one * other) / other
    assert back.powers == one.powers
    assert back.scale == close(one.scale, rel=1e-14)
    on = (one / other) * other
    assert on.powers == one.powers
    assert on.scale == close(one.scale, rel=1e-14)


@thorough
@given(units, units, units)
def test_units_multiply_in_any_order(one: Unit, two: Unit, three: Unit) -> None:
    assert (one * two).powers == (two * one).powers
    assert (one * two).scale == (two * one).scale
    left, right = (one * two) * three, one * (two * three)
    assert left.powers == right.powers
    assert left.scale == close(right.scale, rel=1e-14)
    assert one * ONE == one
    assert one / ONE == one


@thorough
@given(units, exponents, exponents)
def test_powers_of_a_unit_add_and_multiply(one: Unit, first: Fraction, second: Fraction) -> None:
    assert (one**first * one**second).powers == (one ** (first + second)).powers
    assert ((one**first) ** second).powers == (one ** (first * second)).powers
    assert (one**first).scale == close(one.scale ** float(first), rel=1e-12)
    assert one**1 == one
    assert one**0 == ONE
    assert (one**2).powers == (one * one).powers


@thorough
@given(units)
def test_the_powers_are_sorted_and_none_is_zero(one: Unit) -> None:
    assert list(one.powers) == sorted(one.powers)
    assert all(power for _, power in one.powers)
    assert len({base for base, _ in one.powers}) == len(one.powers)
    assert (one / one).powers == ()


@thorough
@given(units, unit_texts(), unit_texts())
def test_factors_lead_on_and_back(one: Unit, first: str, second: str) -> None:
    scales = [Unit(parsed_unit(text).scale, one.powers) for text in (first, second)]
    there, on = one.factor_to(scales[0]), scales[0].factor_to(scales[1])
    assert there * scales[0].factor_to(one) == close(1)
    assert there * on == close(one.factor_to(scales[1]))


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("bn KZT", "mln KZT", 1000),
        ("mln KZT", "bn KZT", 0.001),
        ("trn KZT", "KZT", 1e12),
        ("thousand person", "person", 1000),
        ("kWh", "J", 3_600_000),
        ("mln kWh", "TJ", 3.6),
        ("PJ", "GJ", 1e6),
        ("Mt", "kg", 1e9),
        ("kt", "Mt", 0.001),
        ("thousand barrel", "m3", 158.987294928),
        ("%", "1", 0.01),
        ("1", "%", 100),
        ("mln KZT/person", "thousand KZT/person", 1000),
        ("bn KZT/Mt", "KZT/kg", 1),
        ("KZT/USD", "thousand KZT/thousand USD", 1),
        ("t/thousand KZT", "kg/KZT", 1),
        ("KZT/person/hour", "KZT/hour/person", 1),
        ("KZT * person", "person·KZT", 1),
        ("t^-1", "1/t", 1),
        ("thousand t^2", "kt t", 1),
    ],
)
def test_a_factor_is_what_the_units_mean(one: str, other: str, factor: float) -> None:
    assert parsed_unit(one).factor_to(parsed_unit(other)) == close(factor, rel=1e-14)


@pytest.mark.parametrize(
    ("one", "other"),
    [("KZT", "USD"), ("KZT", "t"), ("person", "hour"), ("KZT/USD", "USD/KZT"), ("t", "m3"), ("1", "KZT"), ("t", "t^2")],
)
def test_no_factor_leads_to_another_kind(one: str, other: str) -> None:
    left, right = parsed_unit(one), parsed_unit(other)
    assert not left.same_kind(right)
    assert not left.same_but_for_prices(right)
    with pytest.raises(ValueError, match="no factor"):
        left.factor_to(right)


BASES = ("current", "2004", "2010", "deflator 2004", "deflator 2010")


@pytest.mark.parametrize("other", BASES)
@pytest.mark.parametrize("one", BASES)
def test_a_price_basis_never_converts_by_scale(one: str, other: str) -> None:
    left, right = parsed_unit("bn KZT", one), parsed_unit("mln KZT", other)
    assert left.same_but_for_prices(right)
    if one == other:
        assert left.factor_to(right) == close(1000)
        return
    assert not left.same_kind(right)
    with pytest.raises(ValueError, match="no factor"):
        left.factor_to(right)


@thorough
@given(unit_texts(), st.sampled_from(["2004", "2010", "1995"]))
def test_volume_times_deflator_is_value(text: str, year: str) -> None:
    volume, value = parsed_unit(text, year), parsed_unit(text, "current")
    deflator = parsed_unit("1", f"deflator {year}")
    assert volume * deflator == value
    assert (value / deflator).powers == volume.powers
    assert (value / volume).powers == deflator.powers
    wrong = volume * parsed_unit("1", "deflator 2000")
    assert not wrong.same_kind(value)
    assert wrong.same_but_for_prices(value)


def test_money_at_current_prices_has_no_price_basis() -> None:
    assert parsed_unit("KZT", "current") == parsed_unit("KZT") == Unit(1.0, (("KZT", Fraction(1)),))
    assert parsed_unit("KZT", "2004").powers == (("KZT", Fraction(1)), ("prices(2004)", Fraction(-1)))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "/", "KZT/", "/KZT", "KZT//USD", "tenge", "kzt", "KZTT", "KZ", "bln KZT", "milliard", "m", "m4", "$",
        "₸", "тг", "KZT^", "KZT^x", "KZT^1.5", "KZT^^2", "2 KZT", "1000", "10%", "KZT at 2004 prices", "=1+1",
        "<b>KZT</b>", "KZT\x00", "bn, KZT", "person-hour",
    ],
)  # fmt: skip
def test_what_is_no_unit_is_none(text: str) -> None:
    assert Unit.parse(text) is None


@pytest.mark.parametrize(
    "basis", ["04", "20044", "deflator", "deflator  2004", "Deflator 2004", "constant", "2004 ", "base 2004"]
)
def test_what_is_no_price_basis_makes_no_unit(basis: str) -> None:
    assert Unit.parse("KZT", basis) is None


_PIECES = st.sampled_from(
    ["KZT", " ", "/", "t", "^", "2", "-", "1", "%", "bn", "mln", "·", "*", "m3", "person", "é", "^-3"]
)


@thorough
@given(st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=10).map("".join)), st.text(max_size=15))
def test_no_short_text_makes_reading_a_unit_fail(text: str, basis: str) -> None:
    for one in (Unit.parse(text), Unit.parse(text, basis), Unit.parse("KZT", basis)):
        assert one is None or (0 < one.scale < float("inf") and str(one))


@pytest.mark.parametrize(
    "text",
    [
        "kt^400",
        "kt^-400",
        "1/kt^-400",
        "trn " * 30,
        "t^" + "9" * 5000,
        "kt^" + "9" * 400,
        "kt^400/kt^400",
        "kg^60",
        "1/trn^20",
    ],
)
def test_a_unit_beyond_all_numbers_is_none(text: str) -> None:
    try:
        one = Unit.parse(text)
    except (ArithmeticError, ValueError) as problem:
        pytest.fail(f"{type(problem).__name__}: {problem}")
    assert one is None


def test_a_rational_power_is_read() -> None:
    assert Unit.parse("t^1/2") == Unit(1.0, (("t", Fraction(1, 2)),))
    assert Unit.parse("KZT/t^-3/10/hour") == parsed_unit("KZT") / parsed_unit("t") ** Fraction(-3, 10) / parsed_unit(
        "hour"
    )
    assert Unit.parse("t^2/1") == Unit.parse("t^2")


@pytest.mark.parametrize("text", ["t^1/0", "t^1/02", "t^1/2/3", "t/2", "1/2", "t^1/", "t^/2", "t^1/-2", "t^1/2000"])
def test_what_is_no_rational_power_is_none(text: str) -> None:
    assert Unit.parse(text) is None


@pytest.mark.parametrize("exponent", [400, -400, Fraction(-800, 3)])
def test_no_unit_has_a_scale_that_is_no_number(exponent: Fraction | int) -> None:
    with pytest.raises(OverflowError):
        parsed_unit("bn KZT") ** exponent


@thorough
@given(unit_texts(), exponents)
def test_a_power_that_is_shown_is_read_again(text: str, exponent: Fraction) -> None:
    powers = (parsed_unit(text) ** exponent).powers
    for base, power in powers:
        assert Unit.parse(str(Unit(1.0, ((base, power),)))) == Unit(1.0, ((base, power),))


@pytest.mark.parametrize(
    ("text", "basis", "shown"),
    [
        ("bn KZT", "current", "bn KZT"),
        ("KZT/USD", "", "KZT·USD^-1"),
        ("%", "", "%"),
        ("1", "deflator 2004", "prices(2004)"),
        ("t^2", "", "t^2"),
    ],
)
def test_a_unit_shows_its_scale_and_powers(text: str, basis: str, shown: str) -> None:
    assert str(parsed_unit(text, basis)) == shown


def test_a_rational_power_is_shown() -> None:
    assert str(parsed_unit("t") ** Fraction(1, 2)) == "t^1/2"
