"""The example's calibration: the script gives the tables that are there, and they give the base year."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bagdar.equations import Solution

Array = NDArray[np.float64]

WRITTEN = (
    "base_by_sector",
    "calibrated_by_sector",
    "calibrated",
    "calibrated_levers",
    "calibrated_flows",
    "emission_norms",
    "paths_by_sector",
)


def cells(folder: Path, name: str) -> dict[tuple[str, ...], float]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dated = [column for column in rows[0] if column.isdigit()] or ["value"]
    words = [column for column in rows[0] if column not in dated]
    told = ((row, column) for row in rows for column in dated if row[column])
    return {(*(row[word] for word in words), column): float(row[column]) for row, column in told}


def by_sector(solution: Solution, code: str) -> Array:
    quantity = solution.values[code]
    if "period" in quantity.dims:
        quantity = quantity.select("period", ["2004"])
    numbers = quantity.values.reshape(len(quantity.labels[0]))
    return np.array(numbers[[label != "economy" for label in quantity.labels[0]]])


def assumed(folder: Path, parameter: str) -> dict[str, float]:
    with (folder / "estimates" / "calibration.csv").open(encoding="utf-8", newline="") as file:
        return {row["sector"]: float(row["value"]) for row in csv.DictReader(file) if row["parameter"] == parameter}


def test_the_script_gives_the_tables_that_are_there(kazakhstan_folder: Path, tmp_path: Path) -> None:
    for part in ("estimates", "data", "sets"):
        shutil.copytree(kazakhstan_folder / part, tmp_path / part)
    for name in WRITTEN:
        (tmp_path / "data" / f"{name}.csv").unlink()
    subprocess.run([sys.executable, str(tmp_path / "estimates" / "calibrate.py")], check=True, capture_output=True)
    for name in WRITTEN:
        again, there = cells(tmp_path, name), cells(kazakhstan_folder, name)
        assert list(again) == list(there)
        assert list(again.values()) == pytest.approx(list(there.values()), rel=1e-9, abs=1e-11)
    assert {p.name for p in (tmp_path / "data").iterdir()} == {p.name for p in (kazakhstan_folder / "data").iterdir()}


def test_every_behavioural_equation_gives_the_base_year_but_money(kazakhstan_solution: Solution) -> None:
    base = {code: factor.select("period", ["2004"]) for code, factor in kazakhstan_solution.add_factors.items()}
    assert all(factor.present.any() for factor in base.values())
    missed = {code for code, factor in base.items() if np.abs(factor.values).max() > 1e-12}
    assert missed == {"money"}


def test_households_spend_the_whole_of_what_they_get_more(kazakhstan_solution: Solution) -> None:
    assert by_sector(kazakhstan_solution, "marginal_budget_share").sum() == pytest.approx(1, abs=1e-12)


def test_subsistence_leaves_of_spending_what_the_flexibility_of_money_says(
    kazakhstan_solution: Solution, kazakhstan_folder: Path
) -> None:
    # Frisch 1959: total spending is 2.5 times what is left after subsistence.
    price = 1 + by_sector(kazakhstan_solution, "household_tax_base") / 100
    spent = price @ by_sector(kazakhstan_solution, "household_use")
    population = kazakhstan_solution.values["population"].get("2004") or 0
    left = spent - price @ by_sector(kazakhstan_solution, "subsistence_use") * population
    assert spent / left == pytest.approx(-assumed(kazakhstan_folder, "frisch")[""])
    # And a household's shares of it go to products as the income elasticities that were assumed.
    wanted = assumed(kazakhstan_folder, "income_elasticity")
    share = price * by_sector(kazakhstan_solution, "household_use") / spent
    elasticity = by_sector(kazakhstan_solution, "marginal_budget_share")[share > 0] / share[share > 0]
    scaled = np.array(list(wanted.values()))[share > 0] / elasticity
    assert scaled == pytest.approx(np.full(len(scaled), scaled[0]))


def test_assumptions_lie_in_their_ranges(kazakhstan_folder: Path) -> None:
    with (kazakhstan_folder / "estimates" / "calibration.csv").open(encoding="utf-8", newline="") as file:
        ranged = [row for row in csv.DictReader(file) if row["low"]]
    assert len(ranged) > 40
    assert all(float(row["low"]) < float(row["value"]) < float(row["high"]) for row in ranged)
