"""How far the end of the horizon reaches back: the first three years of a plan and of the same plan made longer.

An economy of one good, in which capacity takes years to build and wears out. Its demand grows; what was begun before
the horizon is ready in its first years (`additions_limit`). In steady growth, of each unit of capacity K

    output = K,  demand = (1 - inputs - building * renewed * (1 + growth)^gestation) * K,
    renewed = 1 - (1 - wear)/(1 + growth)

so that what is there at the start can be given exactly, or a few per cent too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from bagdar.balances import Allocation, Options
from tests.balances.given import allocated, balance, capacity, given, met, plan_of, resource, use

INPUTS, BUILDING, LONG = 0.3, 0.5, 20
ITEMS = ("people", "made", "building", "ovens")


@dataclass(frozen=True)
class Economy:
    """`growth` of demand by year, the last one for ever; `enough`: what of the capacity needed is there at first."""

    growth: Sequence[float] = (0.03,)
    gestation: int = 2
    wear: float = 0.06
    enough: float = 1.0

    def rate(self, year: int) -> float:
        return self.growth[min(year, len(self.growth) - 1)]

    def solved(self, years: int, options: Options, closed: bool = True) -> Allocation:
        """The allocation for so many years; `closed` if the plan says what is demanded in the year after them."""
        demand = [100.0]
        for year in range(years + closed):
            demand.append(demand[-1] * (1 + self.rate(year)))
        factor = 1 + self.rate(0)
        renewed = 1 - (1 - self.wear) / factor
        there = 100 / (1 - INPUTS - BUILDING * renewed * factor**self.gestation) * self.enough
        begun = [
            there * renewed * factor ** (year + 1) if year < self.gestation else 1e4 for year in range(years + closed)
        ]
        items = (
            resource("made"),
            use("inputs", norm="inputs", of="made"),
            use("people", quantity="people", rank=1),
            use("building", norm="building", of="new", lead=self.gestation),
            capacity("ovens", quantity="ovens", of="made", loss="wear", additions="new", additions_limit="begun"),
        )
        labour = balance(
            resource("there"), use("work", norm="labour_norm", of="steel.made"), kind="labour", unit="person", price=""
        )
        plan = plan_of(
            {"steel": balance(*items), "labour": labour},
            {"people": demand, "ovens": [there] + [None] * (len(demand) - 1), "begun": [None, *begun],
             "inputs": INPUTS, "building": BUILDING, "wear": self.wear, "labour_norm": 1.0},
            units={"labour_norm": "person/t"},
            years=years,
            beyond=int(closed),
        )  # fmt: skip
        return allocated(plan, options)

    def moved(self, years: int, closing: float, item: str, closed: bool = True, epsilon: float = 0.0) -> float:
        """By what share at most the first three years of so long a plan differ from those of a long one."""
        options = Options("epsilon" if epsilon else "exact", epsilon, closing)
        short, long = (np.array(given(self.solved(n, options, closed), f"steel.{item}")[:3]) for n in (years, LONG))
        return float(np.abs(short / long - 1).max())


@pytest.mark.parametrize("years", [3, 5, 10])
@pytest.mark.parametrize("economy", [Economy(), Economy((0.0,)), Economy((0.08,), 1), Economy((0.05,), 3, 0.1)])
@pytest.mark.parametrize("closed", [True, False])
def test_in_steady_growth_a_longer_horizon_changes_nothing(economy: Economy, years: int, closed: bool) -> None:
    """Nor does it matter whether the plan says what is demanded after it: else that has grown like everything."""
    for item in ITEMS:
        assert economy.moved(years, economy.rate(0), item, closed) < 1e-6, item


def test_in_steady_growth_the_closing_period_is_the_next_year() -> None:
    short, long = (Economy().solved(years, Options("exact", growth=0.03)) for years in (5, 6))
    assert met(short) == pytest.approx({1: 1.0})
    for item in ("made", "ovens", "new", "people"):
        level = short.framed.levels["steel", item]
        assert level.columns is not None
        closing = short.answer.x.reshape(-1, short.framed.frame.levels)[-1, level.columns]
        assert closing == pytest.approx(np.array([given(long, f"steel.{item}")[-1]]), rel=1e-9)


@pytest.mark.parametrize("years", [3, 5, 10])
def test_the_way_epsilon_changes_them_by_less_than_a_hundredth(years: int) -> None:
    for item in ITEMS:
        assert Economy().moved(years, 0.03, item, epsilon=1e-4) < 0.01, item


@pytest.mark.parametrize("closing", [0.0, 0.06])
def test_with_another_growth_than_demand_has_the_end_reaches_back_further(closing: float) -> None:
    """Not a third of a plan of three years, nor a hundredth of what is made in one of eight, is right."""
    assert Economy().moved(3, closing, "building") > 0.15
    assert Economy().moved(8, closing, "made") < 0.005
    assert Economy().moved(12, closing, "building") < 0.01


@pytest.mark.parametrize("growth", [(0.06, 0.06, 0.06, 0.02), (0.02, 0.02, 0.02, 0.06)])
def test_when_the_growth_of_demand_changes_people_get_the_same_from_twice_the_years_on(
    growth: tuple[float, ...],
) -> None:
    """The closing growth is the later one. What people get is right; when to build what they need is not said.

    Building early or late costs almost the same labour (a part in fifty thousand), so that a longer plan may build
    in pulses of two years where a shorter one builds evenly.
    """
    economy = Economy(growth)
    assert economy.moved(6, growth[-1], "people") < 0.01
    assert economy.moved(12, growth[-1], "made") < 0.01
    assert economy.moved(12, growth[-1], "building") < 0.01


def test_when_growth_slows_building_is_not_settled_by_eight_years() -> None:
    slowing = Economy((0.06, 0.06, 0.06, 0.02))
    assert slowing.moved(8, 0.02, "people") < 1e-6
    assert slowing.moved(8, 0.02, "building") > 0.5
    short, long = (slowing.solved(years, Options("exact", growth=0.02)) for years in (8, 12))
    # Pulses, and what they save: the long plan made to build as the short one does takes hardly more labour.
    assert np.ptp(given(short, "steel.building")[:4]) < 0.5 < 5 < np.ptp(given(long, "steel.building")[:4])


@pytest.mark.parametrize("enough", [0.95, 0.99])
def test_where_demand_cannot_be_met_three_gestations_are_needed_and_one_is_not_enough(enough: float) -> None:
    """A ton for building now is tons for people later: how many depends on how many years the plan counts."""
    short = Economy(enough=enough)
    assert short.moved(3, 0.03, "people") > 0.01
    assert short.moved(5, 0.03, "people") > 0.01
    assert short.moved(6, 0.03, "people") < 0.01
    assert short.moved(12, 0.03, "building") < 0.001


def test_those_who_are_in_training_at_the_end_graduate_after_it() -> None:
    """Welders are needed for 10 t a year, for ever; each is two years at school, and a tenth of a teacher's work.

    Who begins in the last two years graduates in the two after them: without them nobody could be at work then.
    """
    plan = plan_of(
        {
            "steel": balance(resource("made"), use("builders", quantity="builders", rank=1)),
            "school": balance(resource("pupils", quantity="pupils", limit="pupils"), use("taught", of="pupils"),
                              kind="labour", unit="person", price=""),
            "teachers": balance(resource("there"), use("teaching", norm="teachers_norm", of="school.pupils"),
                                kind="labour", unit="person", price=""),
            "welders": balance(resource("graduates", of="school.pupils", lag=2),
                               use("steel", norm="labour_norm", of="steel.made"),
                               kind="labour", unit="person", price=""),
        },
        {"builders": [None, None, *[10] * 6], "pupils": [10, 10, *[99] * 6], "labour_norm": 1.0, "teachers_norm": 0.1},
        units={"pupils": "person", "labour_norm": "person/t"},
        past=2,
        years=6,
    )  # fmt: skip
    made = allocated(plan, Options("exact"))
    assert given(made, "steel.builders") == pytest.approx([10] * 6)
    assert given(made, "school.pupils") == pytest.approx([10] * 6)


def test_what_must_follow_the_last_year_may_be_more_than_steady_growth_has() -> None:
    """20 t made in the last year are cleaned in the next, when 10 are made: cleaning, on which heat hangs, is 20 then.

    In steady growth it would be 10. Both at once would be a clash that is no one's.
    """
    items = (resource("made", quantity="made"), use("people", quantity="people", rank=1))
    clean = (
        resource("workers", quantity="workers"),
        use("cleaning", of="steel.made", lag=1),
        use("washing", quantity="washing", rank=2),
    )
    plan = plan_of(
        {"steel": balance(*items), "clean": balance(*clean),
         "heat": balance(resource("given", of="clean.cleaning"), use("homes", quantity="homes", rank=3))},
        {"made": [10, 20, 20, 10], "people": [None, 20, 20, 10], "workers": [None, 30, 30, 30],
         "washing": [None, 5, 5, 5], "homes": [None, 10, 20, 10]},
        years=2,
        beyond=1,
    )  # fmt: skip
    made = allocated(plan, Options("exact"))
    assert given(made, "clean.cleaning") == pytest.approx([10, 20])
    assert met(made) == pytest.approx({1: 1.0, 2: 1.0, 3: 1.0})


@pytest.mark.parametrize("limited", ["graduates", "waste", "heat", ""])
def test_a_limit_that_nothing_reaches_changes_nothing_after_the_horizon(limited: str) -> None:
    """What hangs on one year after the other is another in each year: 10 of 2003 in 2005, 1 of 2004 in 2006."""
    limit: dict[str, dict[str, str]] = {
        item: {"limit": "limit"} if item == limited else {} for item in ("graduates", "waste")
    }
    clean = (
        resource("water", quantity="water"),
        resource("graduates", of="steel.made", lag=2, **limit["graduates"]),
        use("waste", of="steel.made", lag=2, **limit["waste"]),
    )
    steel = (resource("made", quantity="made"), use("people", quantity="people", rank=1))
    heat = (resource("burnt", of="clean.waste"), use("homes", quantity="homes", rank=2))
    plan = plan_of(
        {"steel": balance(*steel), "clean": balance(*clean)}
        | ({"heat": balance(*heat)} if limited == "heat" else {}),
        {"made": [10, 1, 10], "people": [None, None, 10], "water": [None, None, 99], "limit": [None, None, 99],
         "homes": [None, None, 1]},
        past=2,
    )  # fmt: skip
    assert given(allocated(plan), "steel.people") == pytest.approx([10])


@pytest.mark.parametrize("years", [2, 3, 5])
def test_what_may_come_of_a_year_after_the_horizon_limits_its_last_year_too(years: int) -> None:
    """Of what is made half comes out a year later, and no more than 5 may."""
    items = (
        resource("made", quantity="made"),
        use("people", quantity="people", rank=1),
        resource("scrap", norm="half", of="made", lag=1, limit="limit"),
    )
    lines: dict[str, Any] = {
        "made": [10, *[30] * years],
        "people": [None, *[40] * years],
        "limit": [None, *[5] * years],
    }
    plan = plan_of({"steel": balance(*items)}, lines | {"half": 0.5}, years=years)
    assert given(allocated(plan), "steel.made") == pytest.approx([10] * years)
