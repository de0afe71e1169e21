"""The naive forecast's past errors, by hand."""

from __future__ import annotations

import pytest

from bagdar.equations import simulate
from bagdar.period import Period
from bagdar.policy.naive import naive_errors, naive_path, spreads
from tests.conftest import small_plan


def years(first: int, *values: float) -> dict[Period, float]:
    return {Period("A", first + i): value for i, value in enumerate(values)}


def test_a_level_goes_on_growing_as_it_grew_and_a_rate_stays() -> None:
    known = years(2003, 100, 110)
    assert list(naive_path(known, Period("A", 2004), 2, rate=False).values()) == pytest.approx([121, 133.1])
    assert list(naive_path(known, Period("A", 2004), 2, rate=True).values()) == [110, 110]


def test_quarters_keep_their_season() -> None:
    known = {Period("Q", 4 * 2003 + i): value for i, value in enumerate([10, 20, 30, 40, 11, 22, 33, 44])}
    said = naive_path(known, Period("Q", 4 * 2004 + 3), 4, rate=False)
    assert list(said.values()) == pytest.approx([12.1, 24.2, 36.3, 48.4])


def test_errors_are_gathered_by_distance_from_every_origin() -> None:
    # From 2002, after growth of 10 %, one ahead was right and two ahead 133.1 was said; from 2003 133.1 again.
    errors = naive_errors(years(2001, 100, 110, 121, 120), 3, rate=False)
    assert errors[0] == pytest.approx((0.0, 120 / 133.1 - 1))
    assert errors[1] == pytest.approx((120 / 133.1 - 1,))
    assert errors[2] == ()
    assert naive_errors(years(2001, 5, 7, 4), 1, rate=True) == ((2, -3),)


def test_a_past_that_an_origin_did_not_know_changes_nothing() -> None:
    longer, shorter = years(2000, 90, 100, 110, 121, 120), years(2001, 100, 110, 121, 120)
    assert set(naive_errors(shorter, 1, rate=False)[0]) <= set(naive_errors(longer, 1, rate=False)[0])


def test_a_band_is_the_plan_give_or_take_the_quantile_and_says_of_how_many_errors() -> None:
    plan = small_plan("", {"rate": [5, 6, 4, 7, 7, 7, 7, 7]}, past=4, units={"rate": ("%", "")})
    solution, _ = simulate(plan)
    band = spreads(solution, plan.indicators["rate"])
    # One year ahead: +1, −2, +3, 0; four fifths of four errors are all within 3. Two ahead: −1, +1, +3. Three: two.
    assert [(str(one.period), one.low, one.high, one.count) for one in band] == [
        ("2005", 4, 10, 4),
        ("2006", 4, 10, 3),
    ]


def test_a_level_that_was_zero_has_no_naive_path() -> None:
    known = {Period("A", 2000): 5.0, Period("A", 2001): 0.0, Period("A", 2002): 3.0, Period("A", 2003): 4.0}
    assert naive_path(known, Period("A", 2001), 2, rate=False) == {}
    assert naive_errors(known, 2, rate=False) == ((), ())
