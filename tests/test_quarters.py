"""A quarterly plan: a year has four periods, and nothing that is said of years is done to quarters."""

from __future__ import annotations

import pytest

from bagdar.checks import check
from bagdar.equations import Solution, simulate
from bagdar.folder import read
from bagdar.policy.outcome import naive_forecast
from bagdar.publish import pages

QUARTERS = [f"{year}Q{quarter}" for year in (2022, 2023, 2024, 2025) for quarter in (1, 2, 3, 4)]
SEASON = [90.0, 100.0, 110.0, 120.0]
FILES = {
    "plan.toml": 'code = "Q"\nbase = "2024Q4"\nhorizon = ["2025Q1", "2025Q4"]\nhistory = "2022Q1"\ncurrency = "KZT"\n'
    'plan_date = 2025-01-31\nheadline = ["output", "income"]\ncharts = ["output"]\n',
    "indicators.csv": "code,en,unit,price_basis,role,source\n"
    "output,Output,bn KZT,2024,endogenous,s\nincome,Income,bn KZT,2024,exogenous,s\n",
    "sources.csv": "code,publisher,title,date,kind\ns,P,T,2025-01-01,assumption\n",
    "tables.toml": '["data/q.csv"]\nlayout = "wide"\nstatus = "assumption"\n',
    "equations/q.eq": "@behaviour\ndlog(output) = dlog(income)\n",
}


@pytest.fixture(scope="module")
def solution(tmp_path_factory: pytest.TempPathFactory) -> Solution:
    root = tmp_path_factory.mktemp("quarters")
    income = [str(100 + 2 * i) for i in range(16)]
    output = [str(value * 1.1**year) for year in range(3) for value in SEASON]
    rows = ["indicator," + ",".join(QUARTERS), "income," + ",".join(income), "output," + ",".join(output) + ",,,,"]
    for name, text in (FILES | {"data/q.csv": "\n".join(rows) + "\n"}).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    plan, found = read(root)
    assert plan is not None
    solved, more = simulate(plan)
    assert [f.rule for f in found + more if f.severity == "error"] == []
    return solved


def test_an_add_factor_of_growth_halves_in_a_year_and_not_in_a_quarter(solution: Solution) -> None:
    factors = [solution.add_factors["output"].get(q) or 0 for q in ("2024Q4", "2025Q1", "2025Q4")]
    assert factors[1] == pytest.approx(factors[0] * 0.5**0.25)
    assert factors[2] == pytest.approx(factors[0] / 2)


def test_a_naive_forecast_keeps_the_season(solution: Solution) -> None:
    said = naive_forecast(solution, solution.plan.indicators["output"])
    assert list(said.values()) == pytest.approx([value * 1.1**3 for value in SEASON])


def test_growth_is_told_over_a_year_and_the_picture_names_quarters(solution: Solution) -> None:
    page = pages(solution, *check(solution.plan, solution))["en.html"]
    assert ">10.0<" in page  # each quarter of 2024 over the same of 2023
    assert ">2025Q1</text>" in page or ">2025Q4</text>" in page
    assert "Actual, 2024Q4:" in page
