"""A skill that takes years to learn, as the reference writes it down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bagdar.balances import Allocation
from bagdar.balances.limits import cause
from tests.balances.given import allocated, balance, given, plan_of, resource, use

REFERENCE = Path(__file__).parents[2] / "docs" / "reference.md"
WANTED = (100, 105, 109.75, 120)


def engineers() -> str:
    """The balance that the reference shows."""
    (text,) = re.findall(r"```toml balances/engineers\.toml\n(.*?)```", REFERENCE.read_text("utf-8"), re.S)
    return str(text)


def powered(*places: float) -> Allocation:
    """One engineer for a kWh: 100 are there, 5 and 10 graduate in the first two years, one in twenty retires.

    places: at school, by year; the last also for the years after it.
    """
    power = balance(resource("stations"), use("homes", quantity="homes", rank=1), unit="kWh")
    years = len(WANTED)
    school = [*places, *places[-1:] * (years - len(places))]
    plan = plan_of(
        {"engineers": engineers(), "power": power},
        {"homes": [None, *WANTED], "engineers": [0.1] + [None] * years, "school_places": [None, *school],
         "graduates_at_most": [None, 0.005, 0.01, 9, 9], "engineer_norm": 1.0, "retirement": 0.05},
        units={"homes": "kWh", "price": "KZT/kWh", "engineers": "thousand person", "school_places": "thousand person",
               "graduates_at_most": "thousand person", "engineer_norm": "person/kWh"},
        years=years,
    )  # fmt: skip
    return allocated(plan)


def test_with_enough_places_those_who_are_needed_begin_two_years_before() -> None:
    # 0.95 × 100 + 5, 0.95 × 100 + 10, 0.95 × 105 + 10, 0.95 × 109.75 + 15.7375.
    made = powered(1.0)
    assert given(made, "power.homes") == pytest.approx(WANTED)
    assert given(made, "engineers.engineers") == pytest.approx([person / 1000 for person in WANTED])
    assert given(made, "engineers.graduates") == pytest.approx([0.005, 0.01, 0.01, 0.0157375])
    assert given(made, "engineers.first_year")[:2] == pytest.approx([0.01, 0.0157375])
    assert given(made, "engineers.second_year")[:3] == pytest.approx([0.01, 0.01, 0.0157375])


def test_what_was_not_begun_in_time_is_missing_two_years_later_and_places_are_its_cause() -> None:
    # In the second year twenty places hold the ten who graduate in the third and ten more, who do in the fourth: that
    # has 0.95 × 109.75 + 10 engineers, and homes as many kWh.
    made = powered(0.02, 0.02, 1.0)
    assert given(made, "power.homes") == pytest.approx([100, 105, 109.75, 114.2625])
    (short,) = made.shortages()
    # An engineer more in the base year is 0.95³ of one in the third, whose place at school goes to one who graduates
    # in the fourth.
    limits = {(limit.level.key, limit.period): limit for limit in cause(made, short).limits}
    assert limits[("engineers", "places"), 1].more == pytest.approx(1000, rel=1e-6)
    assert limits[("engineers", "engineers"), -1].more == pytest.approx(1000 * 0.95**3, rel=1e-6)
