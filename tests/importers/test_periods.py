"""Periods in the forms in which other programs write them."""

from __future__ import annotations

from datetime import date

import pytest

from bagdar.importers.periods import in_order, read_entry, read_period
from bagdar.period import Period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2020", "2020"), ("2020.0", "2020"), (" 2020 ", "2020"), ("2020A", "2020"), ("2020Q1", "2020Q1"),
        ("2020q3", "2020Q3"), ("2020 Q3", "2020Q3"), ("2020M1", "2020M01"), ("2020m12", "2020M12"),
        ("2020H2", "2020H2"), ("2020S1", "2020H1"),
    ],
)  # fmt: skip
def test_a_label_is_a_period(text: str, period: str) -> None:
    assert str(read_period(text)) == period


@pytest.mark.parametrize(
    "text", ["", "x", "20", "0", "12", "2020Q5", "2020Q0", "2020M13", "2020Q", "2020-13-01", "9" * 40]
)
def test_other_labels_are_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("labels", "periods"),
    [
        (["2020-03-31", "2020-06-30", "2020-09-30"], ["2020Q1", "2020Q2", "2020Q3"]),
        (["2020-01-01", "2021-01-01"], ["2020", "2021"]),
        (["2020-06-30T00:00:00.000Z", "2020-12-31T00:00:00.000Z"], ["2020H1", "2020H2"]),
        (["2020-01-31", "2020-02-29", "2020-03-31"], ["2020M01", "2020M02", "2020M03"]),
        (["1072915200000", "1080777600000"], ["2004Q1", "2004Q2"]),
        (["2020-05-05"], ["2020"]),
    ],
)
def test_dates_are_as_far_apart_as_they_stand(labels: list[str], periods: list[str]) -> None:
    read = [read_period(label) for label in labels]
    told = in_order(x for x in read if x is not None)
    assert [str(told[x]) for x in read if x is not None] == periods


def test_a_date_is_of_the_frequency_of_its_neighbours() -> None:
    day = date(2020, 5, 5)
    assert str(in_order([day], "Q")[day]) == "2020Q2"
    period = Period.parse("2019M12")
    assert period is not None
    assert str(in_order([day, period])[day]) == "2020M05"


@pytest.mark.parametrize(
    ("entry", "period"),
    [
        (2020, "2020"),
        ("2020Q1", "2020Q1"),
        ({"freqstr": "Q-DEC", "qyear": 2004, "month": 3, "day": 31}, "2004Q1"),
        ({"freqstr": "A-DEC", "year": 2020, "qyear": 2020, "month": 12}, "2020"),
        ({"freqstr": "Y-DEC", "year": 2020, "month": 12}, "2020"),
        ({"freqstr": "M", "year": 2020, "month": 7}, "2020M07"),
        ({"freqstr": "W-SUN", "year": 2020, "month": 7}, "None"),
        ({"freqstr": "Q-DEC", "month": 3}, "None"),
        ({"freqstr": "Q-DEC", "year": "x", "month": 30}, "None"),
        (None, "None"),
        ([], "None"),
    ],
)
def test_pandas_own_account_of_a_period_is_read(entry: object, period: str) -> None:
    assert str(read_entry(entry)) == period
