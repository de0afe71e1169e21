"""Hindsight and naive forecasts, on numbers that a pencil can check."""

from __future__ import annotations

from pathlib import Path

import pytest

from bagdar.equations import simulate
from bagdar.folder import new, read
from bagdar.plan import Plan
from bagdar.policy.hindsight import in_hindsight, known_world
from bagdar.policy.outcome import compare, naive_forecast


def plan_with_outcomes(tmp_path: Path, world: bool) -> Plan:
    """The template with what happened; `world` makes investment exogenous and known."""
    folder = tmp_path / "plan"
    assert new(folder, "en") == []
    tables = folder / "tables.toml"
    entry = '\n["data/outcomes.csv"]\nlayout = "wide"\nunit = "bn KZT"\nsource = "example"\nuse = "outcome"\n'
    tables.write_text(tables.read_text("utf-8") + entry, "utf-8")
    rows = "indicator,2025,2026,2027\ngdp_volume,110,121,133.1\n"
    if world:
        rows += "investment_volume,30,33,36\n"
        indicators = folder / "indicators.csv"
        indicators.write_text(indicators.read_text("utf-8").replace("none,lever", "none,exogenous"), "utf-8")
        (folder / "levers.csv").unlink()
    (folder / "data" / "outcomes.csv").write_text(rows, "utf-8")
    plan, found = read(folder)
    assert plan is not None
    assert found == []
    return plan


def test_a_naive_level_grows_as_it_grew_and_a_naive_rate_stays(tmp_path: Path) -> None:
    plan = plan_with_outcomes(tmp_path, world=False)
    solution, _ = simulate(plan)
    level = naive_forecast(solution, plan.indicators["gdp_volume"])
    assert list(level.values()) == pytest.approx([100 * (100 / 96) ** n for n in (1, 2, 3)])
    rate = naive_forecast(solution, plan.indicators["gdp_growth"])
    assert list(rate.values()) == pytest.approx([100 * (100 / 96 - 1)] * 3)


def test_errors_of_levels_are_errors_of_growth(tmp_path: Path) -> None:
    plan = plan_with_outcomes(tmp_path, world=False)
    solution, _ = simulate(plan)
    compared = compare(solution, plan.indicators["gdp_volume"])
    assert compared is not None
    assert compared.naive_errors == pytest.approx([100 * (100 / 96 - 1) - 10] * 3)
    gdp = [100.0, *(solution.values["gdp_volume"].get(y) or 0 for y in ("2025", "2026", "2027"))]
    growth = [100 * (gdp[i + 1] / gdp[i] - 1) - 10 for i in range(3)]
    assert compared.plan_errors == pytest.approx(growth)
    assert compared.plan_error == pytest.approx(sum(map(abs, growth)) / 3)
    assert compared.hindsight_error is None


def test_a_lever_is_a_decision_and_no_part_of_the_world(tmp_path: Path) -> None:
    plan = plan_with_outcomes(tmp_path, world=False)
    assert known_world(plan) == ()
    assert in_hindsight(simulate(plan)[0]) is None


def test_hindsight_solves_the_same_equations_with_the_world_that_came(tmp_path: Path) -> None:
    plan = plan_with_outcomes(tmp_path, world=True)
    solution, _ = simulate(plan)
    known = in_hindsight(solution)
    assert known is not None
    assert [known.values["investment_volume"].get(y) for y in ("2025", "2026", "2027")] == [30, 33, 36]
    for year in ("2025", "2026", "2027"):
        parts = [known.values[code].get(year) or 0 for code in ("household_consumption_volume", "investment_volume")]
        assert known.values["gdp_volume"].get(year) == pytest.approx(sum(parts), rel=1e-12)
    assert solution.values["investment_volume"].get("2025") == 27  # the plan itself still does not know
