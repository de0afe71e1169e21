"""Williams (2013), Model Building in Mathematical Programming, problem 12.9 and chapter 14.9: economic planning.

Three objectives of one economy of coal, steel and transport, each as a ranked use. The folder is the first; the other
two are it with a few rows changed.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bagdar.balances import Allocation, Options
from tests.balances.given import EXACT, allocated, given, met, read_files
from tests.balances.naive import satisfaction

FOLDER = Path(__file__).parent / "plans" / "williams"
INDUSTRIES = ("coal", "steel", "transport")
DEMAND = np.array([60.0, 60.0, 30.0])
INPUTS = np.array([[0.1, 0.5, 0.4], [0.1, 0.1, 0.2], [0.2, 0.1, 0.2]])


@cache
def _files() -> dict[str, str]:
    return {str(p.relative_to(FOLDER)): p.read_text("utf-8") for p in FOLDER.rglob("*") if p.is_file()}


def _solved(changed: dict[str, str] | None = None, options: Options = EXACT) -> Allocation:
    plan, findings = read_files(_files() | (changed or {}))
    assert [f.line() for f in findings] == []
    return allocated(plan, options)


def _closing(made: Allocation, item: str) -> np.ndarray:
    frame, level = made.framed.frame, made.framed.levels["goods", item]
    assert level.columns is not None
    numbers: np.ndarray = made.answer.x.reshape(-1, frame.levels)[-1, level.columns]
    return numbers


# -- the first objective ---------------------------------------------------------------------------


def test_total_productive_capacity_at_the_end_of_the_fifth_year_is_2142() -> None:
    made = _solved()
    # Printed without decimals.
    assert sum(given(made, "goods.capacity")[-1]) == pytest.approx(2141.8752, abs=5e-5)
    assert given(made, "goods.capacity")[-1] == pytest.approx([1511.8752, 350, 280], abs=5e-5)


def test_the_exogenous_demand_of_every_year_is_met() -> None:
    made = _solved()
    assert np.array(given(made, "goods.consumption")[1:]) == pytest.approx(np.tile(DEMAND, (5, 1)), abs=1e-9)
    assert met(made)[1] == pytest.approx(1, abs=1e-12)
    assert {s.item.code for s in made.shortages()} == {"wanted"}


def test_the_closing_period_is_the_static_leontief_system() -> None:
    made = _solved()
    static = np.linalg.solve(np.eye(3) - INPUTS, DEMAND)
    assert static == pytest.approx([166.4, 105.7, 92.3], abs=0.05)
    assert _closing(made, "output") == pytest.approx(static, abs=1e-6)
    # The last year of the horizon leaves what the closing period begins with.
    assert np.array(given(made, "goods.inputs")[-1]) == pytest.approx(INPUTS @ static, abs=1e-6)
    assert _closing(made, "new_capacity") == pytest.approx([0, 0, 0], abs=1e-9)


def test_the_plan_agrees_with_the_model_written_a_second_time() -> None:
    made = _solved()
    again = satisfaction(made.plan)
    assert again is not None
    assert met(made) == pytest.approx({rank: share for rank, share in again.items() if rank > 0}, abs=1e-9)


@pytest.mark.parametrize("epsilon", [1e-4, 1e-6, 1e-8])
def test_the_way_epsilon_comes_as_near_as_it_says(epsilon: float) -> None:
    made = _solved(options=Options(epsilon=epsilon))
    # What rank 1 gives up is an epsilon of its 750 at most; at the margin each of it makes so much capacity.
    assert met(made)[1] == pytest.approx(1, abs=1e-9)
    assert 0 <= met(made)[2] - met(_solved())[2] < 10 * epsilon


# -- the second: as much output in the fourth and fifth year as there can be -----------------------


def test_total_output_of_the_last_two_years_is_2619_when_nobody_else_is_served() -> None:
    years = _files()["data/years.csv"]
    years = re.sub(r"goal,(\w+),,0,0,0,0,0,9999,0", r"goal,\1,,0,0,0,0,9999,9999,0", years)
    years = re.sub(r"consumption,(\w+),,0(,\d+){6}", r"consumption,\1,,0,0,0,0,0,0,0", years)
    goal = _files()["balances/goal.toml"].replace("goods.capacity", "goods.output")
    made = _solved({"data/years.csv": years, "balances/goal.toml": goal})
    assert np.sum(given(made, "goods.output")[4:]) == pytest.approx(2618.6, abs=0.05)
    # The year before the last and the last alike, as he prints them.
    for year in (4, 5):
        assert given(made, "goods.output")[year] == pytest.approx([430.5, 359.4, 519.4], abs=0.05)


# -- the third: as much work as there can be -------------------------------------------------------

WORK = """\
kind = "material"
unit = "mln GBP"
title = { en = "Manpower that finds work" }

[[resource]]
item = "production"
norm = "manpower_norm"
of = "goods.output"

[[resource]]
item = "construction"
norm = "construction_manpower"
of = "goods.new_capacity"
lead = 1

[[use]]
item = "wanted"
quantity = "work_wanted"
rank = 2
reason = { en = "The third objective." }
"""


def test_total_manpower_without_a_limit_to_it_is_2450() -> None:
    """Here what follows is not closed: the sixth year may use up what it finds, if it is no less than the static one.

    So the sixth year is one of the horizon's, its output has a least, and nothing is demanded after it. He counts
    manpower in the year before its output: that of the outputs of the second to the sixth.
    """
    static = np.linalg.solve(np.eye(3) - INPUTS, DEMAND)
    years = _files()["data/years.csv"].replace("2006,unit", "2006,2007,unit")
    years = re.sub(r"(?m)^(consumption,\w+,.*),\d+,mln GBP$", r"\1,0,0,mln GBP", years)
    years = re.sub(r"(?m)^(no_more|goal)(.*),0,mln GBP$", r"\1\2,0,0,mln GBP", years)
    years = re.sub(r"(?m)^(stock|capacity)(.*),mln GBP$", r"\1\2,,mln GBP", years)
    for industry, least in zip(INDUSTRIES, static, strict=True):
        years += f"static,{industry},,0,0,0,0,0,0,{float(least)!r},0,mln GBP\n"
    indicators = _files()["indicators.csv"]
    made = _solved(
        {
            "plan.toml": _files()["plan.toml"].replace('"2005"]', '"2006"]').replace('"2006"\nc', '"2007"\nc'),
            "data/years.csv": years,
            "data/country.csv": "indicator,2000,2001,2002,2003,2004,2005,2006,2007,unit\n"
            "work_wanted,0,0,9999,9999,9999,9999,9999,0,mln GBP\n",
            "indicators.csv": re.sub(r"(?m)^manpower,.*\n", "", indicators)
            + "work_wanted,Manpower wanted,mln GBP,,,exogenous,book\n"
            "static,Least output,mln GBP,,industry,exogenous,book\n",
            "balances/goods.toml": _files()["balances/goods.toml"].replace(
                'item = "output"\n', 'item = "output"\nleast = "static"\n', 1
            ),
            "balances/manpower.toml": _files()["balances/manpower.toml"].replace('quantity = "manpower"\n', ""),
            "balances/goal.toml": WORK,
        }
    )
    assert np.sum(given(made, "goal.wanted")) == pytest.approx(2450.03, abs=0.01)
    assert np.array(given(made, "goods.consumption")[1:6]) == pytest.approx(np.tile(DEMAND, (5, 1)), abs=1e-9)
