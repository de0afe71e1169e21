"""“2.8 times” read and written in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import thorough

from bagdar.language import LANGUAGES, Language
from bagdar.statistics.times import parse_rise, parse_times, write_times


@pytest.mark.parametrize(
    "text",
    [
        "2,8 есе",
        "2,8 есе жоғары",
        "в 2,8 р.",
        "в 2,8 раза",
        "В  2,8 РАЗА больше",
        "2.8 times",
        "2.8x",
        "2.8 times as much",
    ],
)
def test_28_times_is_an_index_of_280(text: str) -> None:
    told = parse_times(text)
    assert told is not None
    assert told.ratio == 2.8
    assert told.percent == pytest.approx(280)
    assert (told.low, told.high) == pytest.approx((2.75, 2.85))


@pytest.mark.parametrize("text", ["на 80 %", "на 80 % больше", "+80 %", "80 %-ға артық", "80%-ға өсті", "by 80 %"])
def test_a_rise_by_80_per_cent_is_18_times(text: str) -> None:
    told = parse_rise(text)
    assert told is not None
    assert told.ratio == pytest.approx(1.8)
    assert parse_times(text) is None


@pytest.mark.parametrize(
    "text", ["2 times more", "3 times less", "на 2 раза больше", "80 %", "80 %-ға", "2,8", "есе", ""]
)
def test_what_can_be_read_two_ways_or_states_no_multiple_is_not_read(text: str) -> None:
    assert parse_times(text) is None
    assert parse_rise(text) is None


@pytest.mark.parametrize("text", ["в 2 раза меньше", "в 2 раза ниже", "2 есе кем", "2 есе төмен"])
def test_twice_less_is_the_half(text: str) -> None:
    told = parse_times(text)
    assert told is not None
    assert told.ratio == 0.5
    assert (told.low, told.high) == pytest.approx((0.4, 1 / 1.5))


def test_less_by_half_is_the_half_too() -> None:
    for text in ("на 50 % меньше", "−50 %", "50 %-ға кем"):
        told = parse_rise(text)
        assert told is not None
        assert told.ratio == 0.5
        assert told.low < 0.5 < told.high


def test_russian_counts_by_fractions_and_by_the_last_digit() -> None:
    written = [write_times(n, "ru", 0) for n in (1, 2, 5, 11, 21, 24)]
    assert written == ["в 1 раз", "в 2 раза", "в 5 раз", "в 11 раз", "в 21 раз", "в 24 раза"]
    assert write_times(2.0, "ru") == "в 2,0 раза"
    assert [write_times(2.832, code) for code in LANGUAGES] == ["2,8 есе", "в 2,8 раза", "2.8 times"]


def test_a_printed_multiple_agrees_with_what_rounds_to_it_and_with_nothing_else() -> None:
    told = parse_times("2,9 есе")
    assert told is not None
    assert told.agrees(59.5 / 20.4)
    assert told.agrees(2.95)
    assert not told.agrees(2.96)
    assert not told.agrees(2.84)


@given(ratio=st.floats(0.05, 999), language=st.sampled_from(LANGUAGES), decimals=st.integers(0, 3))
@thorough
def test_what_is_written_reads_back_as_a_multiple_that_agrees(ratio: float, language: Language, decimals: int) -> None:
    told = parse_times(write_times(ratio, language, decimals))
    assert told is not None
    assert told.agrees(ratio)
