"""Toyland's balances, by hand: a power station fails, and it is worked out on paper who goes without.

The plan of 2022. Output is 80 of agriculture, 80 of industry, 64 of services. Electricity, in mln kWh:

    needed by the sectors      1/5 × 80 + 1/2 × 80 + 1/4 × 64 = 72
    with what is lost          72 / (1 − 1/5) = 90, of which the stations can give 86 and the line to the neighbour 5

The variant `station_fails` leaves the stations 73.75 (86 less 12.25):

    there is                   73.75 + 5 = 78.75, of which 4/5 arrive: 63
    lacking                    72 − 63 = 9

Households come first (rank 1), then the state (2), then foreigners (3). What a unit of exports takes:

    of agriculture             5/4 of output, for of 5 units one is seed: 5/4 × 1/5 = 1/4 kWh a TOY
    of industry                1/2, and for the grain in it 1/4 × 5/4 × 1/5 = 1/16: 9/16 kWh a TOY

A million of either is worth a million: most is exported if those of industry go, which take most electricity.

    exports of industry        9 / (9/16) = 16 less: 12 of 28

One more kWh at the station is 4/5 on arrival: 4/5 / (9/16) = 64/45 more exports. To export all, 9/(4/5) = 11.25 mln kWh
more are needed. The shortage returns to the model (`exports` is capped by `goods.exports`):

    output                     industry 1/4 × 64 + 28 + 8 + 12 = 64, agriculture 5/4 × (1/4 × 64 + 28 + 1 + 15) = 75
    at work                    1/5 × 75 + 1/4 × 64 + 1/2 × 64 = 15 + 16 + 32 = 63 of 70
    income                     2 × 63 = 126, so that in 2023 households consume 40 + 1/2 × 126 + 4 = 107, not 112
    GDP                        112 + 17 + (15 + 12) = 156, not 172
    electricity needed         5/4 × (1/5 × 75 + 1/2 × 64 + 1/4 × 64) = 5/4 × 63 = 78.75, of which 5 are imported
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bagdar.balances.allocation import Allocation, options_of
from bagdar.balances.limits import cause
from bagdar.balances.loop import Settled, settle
from bagdar.balances.reading import read_balances
from bagdar.balances.relief import relief
from bagdar.change import apply
from bagdar.checks import check
from bagdar.equations import Solution, simulate
from bagdar.folder import read
from tests.balances.given import given, met

TOYLAND = Path(__file__).parent.parent.parent / "examples" / "toyland"
SECTORS = ("agriculture", "industry", "services")
YEARS = (2021, 2022, 2023)


@cache
def _solved(variant: str = "") -> Solution:
    plan, found = read(TOYLAND)
    assert plan is not None
    assert found == []
    if variant:
        plan, found = apply(plan, plan.variants[variant])
        assert found == []
    solution, found = simulate(plan)
    assert found == []
    return solution


@cache
def _settled(variant: str = "") -> Settled:
    solution = _solved(variant)
    settled, found = settle(solution, options_of(solution.plan, ranks="exact"))
    assert found == []
    assert settled is not None
    return settled


def _cell(allocation: Allocation, level: str, sector: str, year: int) -> float:
    found: float = given(allocation, level)[YEARS.index(year)][SECTORS.index(sector)]
    return found


def test_as_the_plan_stands_every_balance_closes() -> None:
    readings = {r.balance.code: r for r in read_balances(_solved().plan, _solved().values)}
    assert set(readings) == {"basket", "goods", "labour", "power"}
    for code in ("basket", "goods"):
        assert readings[code].free == ()
        assert np.abs(readings[code].gap[1:]).max() < 1e-12
    # Who is not at work: 3, 4, 2 and 3 thousand.
    assert readings["labour"].gap[1:].ravel() == pytest.approx([3, 4, 2, 3])
    # What the stations give is what is left to them, and its losses with it.
    assert [item.code for item in readings["power"].free] == ["own"]
    assert [item.code for item in readings["power"].unknown] == ["lost_of_own"]


def test_as_the_plan_stands_everybody_is_served_and_nothing_changes() -> None:
    settled = _settled()
    assert settled.caps == {}
    assert met(settled.first) == pytest.approx({1: 1, 2: 1, 3: 1})
    assert settled.first.shortages() == ()
    for sector, outputs in {"agriculture": (75, 80, 85), "industry": (76, 80, 84), "services": (60, 64, 68)}.items():
        assert [_cell(settled.first, "goods.output", sector, year) for year in YEARS] == pytest.approx(outputs)
    assert given(settled.first, "power.own") == pytest.approx([85, 86, 86])
    assert given(settled.first, "power.imported") == pytest.approx([0, 4, 9])
    assert given(settled.first, "power.sectors") == pytest.approx([68, 72, 76])
    assert given(settled.first, "labour.workers") == pytest.approx([64, 68, 72])
    lost = np.add(given(settled.first, "power.lost_of_own"), given(settled.first, "power.lost_of_imported"))
    assert lost == pytest.approx([17, 18, 19])


def test_when_a_station_fails_industry_exports_12_of_28() -> None:
    first = _settled("station_fails").first
    (short,) = first.shortages()
    assert (short.item.code, YEARS[short.period]) == ("exports", 2022)
    assert (short.demanded, short.delivered, short.amount) == pytest.approx((28, 12, 16))
    assert _cell(first, "goods.exports", "industry", 2022) == pytest.approx(12)
    assert _cell(first, "goods.exports", "agriculture", 2022) == pytest.approx(15)
    assert _cell(first, "goods.output", "industry", 2022) == pytest.approx(64)
    assert _cell(first, "goods.output", "agriculture", 2022) == pytest.approx(75)
    assert given(first, "power.own")[1] == pytest.approx(73.75)
    assert given(first, "power.imported")[1] == pytest.approx(5)
    assert given(first, "power.sectors")[1] == pytest.approx(63)


def test_households_and_the_state_have_what_they_had_and_other_years_nothing_less() -> None:
    first = _settled("station_fails").first
    # 13 + 27 of 2021, 15 + 28, 18 + 31 of exports are 133; 16 of them are lost.
    assert met(first) == pytest.approx({1: 1, 2: 1, 3: 117 / 133})
    assert given(first, "basket.households") == pytest.approx([104, 112, 112])
    assert given(first, "goods.state")[1] == pytest.approx([1, 8, 8])
    for year in (2021, 2023):
        for sector in SECTORS:
            assert _cell(first, "goods.output", sector, year) == pytest.approx(
                _cell(_settled().first, "goods.output", sector, year)
            )


def test_the_station_and_the_line_limit_it_and_one_more_kwh_is_64_45_of_exports() -> None:
    first = _settled("station_fails").first
    told = cause(first, first.shortages()[0])
    assert {(one.level.code, YEARS[one.period]) for one in told.limits} == {("stations", 2022), ("line", 2022)}
    for one in told.limits:
        assert one.more == pytest.approx(64 / 45, rel=1e-6)
        assert one.less == pytest.approx(64 / 45, rel=1e-6)
    # Of another's deliveries a unit gives as much as it takes of electricity, of 9/16.
    rates = {one.level.code if one.level.code != "exports" else "farm exports": one.rate for one in told.exchanges}
    assert rates["farm exports"] == pytest.approx((1 / 4) / (9 / 16))
    # The basket: 1/2 of services with 1/8 of industry, 1/4 + 1/8 of industry with 3/32 of agriculture, 11/32 × 5/4.
    assert rates["households"] == pytest.approx((1 / 5 * 55 / 128 + 1 / 2 * 3 / 8 + 1 / 4 * 1 / 2) / (9 / 16))


def test_the_cheapest_relief_is_11_25_mln_kwh_more_of_the_larger_limit() -> None:
    # As shares: 11.25 of the station's 73.75 are less than 11.25 of the line's 5.
    first = _settled("station_fails").first
    told = relief(first, first.shortages()[0])
    assert told is not None
    (measure,) = told.measures
    assert (measure.level.code, YEARS[measure.period]) == ("stations", 2022)
    assert (measure.amount, measure.more) == pytest.approx((73.75, 11.25))


def test_the_shortage_returns_to_the_model() -> None:
    settled = _settled("station_fails")
    ((place, cap),) = settled.caps.items()
    assert (*place[:2], str(place[2])) == ("exports", ("industry",), "2022")
    assert cap == pytest.approx(12)
    values = settled.solution.values
    for code, numbers in {
        "gdp": (162, 156, 177),
        "consumption": (104, 112, 107),
        "power_needed": (85, 78.75, None),
        "power_imported": (0, 5, None),
    }.items():
        for year, number in zip(YEARS, numbers, strict=True):
            assert number is None or values[code].get(str(year)) == pytest.approx(number), (code, year)
    assert values["employment"].get("economy", "2022") == pytest.approx(63)
    assert values["income"].get("2022") == pytest.approx(126)
    # The allocation afterwards: in 2023 households want less, and have it.
    assert given(settled.allocation, "basket.households") == pytest.approx([104, 112, 107])
    assert given(settled.allocation, "labour.workers")[1] == pytest.approx(63)


def test_the_failure_is_seen_by_a_check_as_well() -> None:
    # The model alone imports 16.25 over a line of 5.
    solution = _solved("station_fails")
    found = {f.rule: dict(f.facts) for f in check(solution.plan, solution, [])[0]}
    assert found["value_beyond_capacity"]["found"] == pytest.approx(16.25)


def test_every_rank_has_its_reason_in_three_languages() -> None:
    ranked = [item for b in _solved().plan.balances for item in b.items if item.rank]
    assert [(item.code, item.rank) for item in ranked] == [("households", 1), ("state", 2), ("exports", 3)]
    for item in ranked:
        assert not item.reason.missing
        assert len({item.reason.kk, item.reason.ru, item.reason.en}) == 3
    for one in _solved().plan.balances:
        assert not one.names.missing
        assert len({one.names.kk, one.names.ru, one.names.en}) == 3
