"""The example's balances: closed on published figures; nothing short in the plan, the right things in variants."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bagdar.balances import Allocation, Options, allocate
from bagdar.balances.reading import read_balances
from bagdar.change import apply
from bagdar.equations import Solution, simulate
from bagdar.plan import Plan

WRITTEN = ("material_norms", "material_paths", "power_stations", "power_users", "labour_supply")
# Ranks may cost each other this share of a demand: what is short by more is short.
FINE = Options(epsilon=1e-7)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def now(solution: Solution, code: str, period: str = "2004", label: str = "") -> float:
    quantity = solution.values[code]
    for dim, at in (("period", period), *([(quantity.dims[0], label)] if label else [])):
        quantity = quantity.select(dim, [at])
    return float(quantity.values.item())


def solved(plan: Plan, variant: str = "") -> tuple[Solution, Allocation]:
    if variant:
        plan, found = apply(plan, plan.variants[variant])
        assert found == []
    solution, _ = simulate(plan)
    allocation, found = allocate(plan, solution.values, FINE)
    assert allocation is not None
    assert found == []
    return solution, allocation


def short(allocation: Allocation) -> dict[tuple[str, str], float]:
    """What is short by more than a thousandth, by item and period: how much."""
    years = allocation.plan.header.plan_periods
    lacking = [s for s in allocation.shortages() if s.amount > 1e-3 * s.demanded]
    made: dict[tuple[str, str], float] = {}
    for s in lacking:
        key = f"{s.level.balance.code}.{s.item.code}", str(years[s.period])
        made[key] = made.get(key, 0.0) + s.amount
    return made


def test_the_script_gives_the_norms_that_are_there(kazakhstan_folder: Path, tmp_path: Path) -> None:
    for part in ("estimates", "data", "sets"):
        shutil.copytree(kazakhstan_folder / part, tmp_path / part)
    for name in WRITTEN:
        (tmp_path / "data" / f"{name}.csv").unlink()
    subprocess.run([sys.executable, str(tmp_path / "estimates" / "material.py")], check=True, capture_output=True)
    for name in WRITTEN:
        again, there = rows(tmp_path, name), rows(kazakhstan_folder, name)
        assert [list(row) for row in again] == [list(row) for row in there]
        for mine, theirs in zip(again, there, strict=True):
            for column, text in theirs.items():
                numeric = column == "value" or column.isdigit()
                assert (float(mine[column]) if numeric and text else mine[column]) == (
                    pytest.approx(float(text), rel=1e-9) if numeric and text else text
                )


def test_every_balance_closes_in_the_base_and_in_every_year(kazakhstan_solution: Solution) -> None:
    readings = read_balances(kazakhstan_solution.plan, kazakhstan_solution.values)
    assert len(readings) == 15
    for reading in readings:
        known = reading.known[-4:]
        assert known.all(), reading.balance.code
        scale = np.maximum(reading.resources, reading.uses)[-4:]
        if reading.balance.kind == "labour":  # what is left over is unemployed
            left = reading.gap[-4:]
            assert (left > 0).all()
            assert left.sum(1) == pytest.approx([now(kazakhstan_solution, "unemployed", y) for y in YEARS], abs=0.2)
        else:
            assert np.abs(reading.gap[-4:]).max() <= 1e-9 * scale.max(), reading.balance.code


YEARS = ("2004", "2005", "2006", "2007")


@pytest.mark.parametrize(
    ("code", "published"),
    [
        ("condensate_output", 8.8),
        ("gas_output", 22.1),
        ("gas_exports", 7.6 / 1.085),
        ("electricity_exports", 2.17),
        ("electricity_losses", 66.9424 * 0.1021436),
        ("grain_exports", 3.634),
        ("copper_output", 445.3),
        ("zinc_output", 316.7),
        ("flat_steel_output", 4039.7),
    ],
)
def test_the_base_year_has_the_published_flows(kazakhstan_solution: Solution, code: str, published: float) -> None:
    assert now(kazakhstan_solution, code) == pytest.approx(published, rel=1e-9)


def test_nothing_is_short_in_the_plan(kazakhstan_solution: Solution) -> None:
    _, allocation = solved(kazakhstan_solution.plan)
    assert short(allocation) == {}


def test_oil_that_no_route_carries_is_short_and_savings_pay_for_it(kazakhstan_solution: Solution) -> None:
    solution, allocation = solved(kazakhstan_solution.plan, "pipeline_cut")
    routes = sum(
        now(solution, "oil_route_capacity", "2006", route) for route in ("cpc", "samara", "aktau", "china", "rail")
    )
    found = short(allocation)
    assert found[("oil.exports", "2006")] == pytest.approx(now(solution, "oil_exports", "2006") - routes, rel=1e-5)
    assert {item for item, _ in found} == {"oil.exports", "budget.national_fund", "currency.reserves"}
    assert {year for _, year in found} == {"2006"}


def test_without_skilled_people_home_demand_is_met_and_exports_give_way(kazakhstan_solution: Solution) -> None:
    _, allocation = solved(kazakhstan_solution.plan, "labour_shortage")
    found = short(allocation)
    assert {item for item, _ in found} == {"goods.exports", "grain.exports", "currency.reserves"}
    assert {year for _, year in found} == {"2006", "2007"}
