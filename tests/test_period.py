"""Periods: written and read back, ordered, counted from, never mixed."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.period import Frequency, Period, periods
from tests.strategies import FREQUENCIES, PER_YEAR, thorough
from tests.strategies import periods as any_period

# Written out by a plain loop, year by year: what the package must count to.
WRITTEN: dict[Frequency, list[str]] = {
    "A": [f"{year}" for year in range(1998, 2012)],
    "H": [f"{year}H{part}" for year in range(1998, 2012) for part in (1, 2)],
    "Q": [f"{year}Q{part}" for year in range(1998, 2012) for part in (1, 2, 3, 4)],
    "M": [f"{year}M{part:02d}" for year in range(1998, 2012) for part in range(1, 13)],
}


def period(text: str) -> Period:
    parsed = Period.parse(text)
    assert parsed is not None, text
    return parsed


@thorough
@given(any_period())
def test_what_a_period_prints_is_what_it_reads(one: Period) -> None:
    assert Period.parse(str(one)) == one


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_periods_print_as_they_were_written(frequency: Frequency) -> None:
    parsed = [period(text) for text in WRITTEN[frequency]]
    assert [str(p) for p in parsed] == WRITTEN[frequency]
    assert {p.frequency for p in parsed} == {frequency}
    assert [p.year for p in parsed] == [int(text[:4]) for text in WRITTEN[frequency]]


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_each_period_follows_the_one_before(frequency: Frequency) -> None:
    listed = [period(text) for text in WRITTEN[frequency]]
    for before, after in pairwise(listed):
        assert before + 1 == after
        assert after - before == 1
        assert before < after
        assert before <= after
        assert after > before
        assert after >= before
    assert periods(listed[0], listed[-1]) == tuple(listed)
    assert sorted([*listed[5:], *listed[:5]]) == listed


@thorough
@given(st.sampled_from(FREQUENCIES), st.data())
def test_counting_forth_and_back_ends_where_it_began(frequency: Frequency, data: st.DataObject) -> None:
    one, other = data.draw(any_period(frequency)), data.draw(any_period(frequency))
    assert one + (other - one) == other
    assert (one - other) == -(other - one)
    assert (one < other) == (other - one > 0) == (other > one)
    assert (one <= other) == (other - one >= 0) == (other >= one)
    assert (one == other) == (hash(one) == hash(other) and other - one == 0)


@thorough
@given(any_period("M", 3000), st.integers(-1000, 1000))
def test_a_year_is_as_many_periods_as_its_frequency_says(one: Period, years: int) -> None:
    for frequency, count in PER_YEAR.items():
        start = period("2005" + {"A": "", "H": "H1", "Q": "Q1", "M": "M01"}[frequency])
        assert (start + years * count).year == 2005 + years
    if 0 <= one.year + years <= 9999:
        later = one + 12 * years
        assert str(later) == f"{one.year + years:04d}{str(one)[4:]}"


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert periods(period("2005"), period("2004")) == ()
    assert periods(period("2005"), period("2005")) == (period("2005"),)


@pytest.mark.parametrize(("one", "other"), [p for p in product(FREQUENCIES, repeat=2) if p[0] != p[1]])
def test_two_frequencies_never_mix(one: Frequency, other: Frequency) -> None:
    left, right = period(WRITTEN[one][0]), period(WRITTEN[other][0])
    assert left != right
    for mix in (
        lambda: left - right,
        lambda: left < right,
        lambda: left <= right,
        lambda: left > right,
        lambda: left >= right,
        lambda: periods(left, right),
        lambda: sorted([left, right]),
    ):
        with pytest.raises(ValueError, match="two frequencies") as caught:
            mix()
        assert str(left) in str(caught.value)
        assert str(right) in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "205", "20055", "2005 ", " 2005", "2005\n", "2005H", "2005H0", "2005H3", "2005Q0", "2005Q5", "2005q1",
        "2005M1", "2005M00", "2005M13", "2005M012", "2005W01", "2005Q1M1", "2005-01", "2005.0", "-2005", "+2005",
        "2005H1H1", "MMV", "2005²", "Q1", "None", "nan", "2005\x00",
    ],
)  # fmt: skip
def test_what_is_no_period_is_none(text: str) -> None:
    assert Period.parse(text) is None


@thorough
@given(st.one_of(st.text(), st.from_regex(r"\d{3,5}[HQM]?\d{0,3}", fullmatch=True)))
def test_no_text_makes_reading_a_period_fail(text: str) -> None:
    parsed = Period.parse(text)
    if parsed is not None and text.isascii():
        assert str(parsed) == text
