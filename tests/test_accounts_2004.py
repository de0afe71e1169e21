"""The example's accounts of 2004: the script gives the tables that are there, and they close."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bagdar.folder import new, read

Array = NDArray[np.float64]

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "kazakhstan"
WRITTEN = ("accounts_by_sector", "labour_by_sector", "technical", "capital_composition", "region_shares")


def cells(folder: Path, name: str) -> dict[tuple[str, ...], float]:
    # What the calibration reads stays with the estimates; what the model reads is data.
    place = "estimates" if name.endswith("_by_sector") else "data"
    with (folder / place / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {
            tuple(v for k, v in row.items() if k not in ("value", "unit")): float(row["value"])
            for row in csv.DictReader(file)
        }


ALL = {name: cells(EXAMPLE, name) for name in WRITTEN}
SECTORS = tuple(key[1] for key in ALL["accounts_by_sector"] if key[0] == "output")


def of(code: str, period: str = "2004", name: str = "accounts_by_sector") -> Array:
    return np.array([ALL[name][code, sector, period] for sector in SECTORS])


def square(name: str) -> Array:
    return np.array([[ALL[name][name, s, q] for q in SECTORS] for s in SECTORS])


def test_the_script_gives_the_tables_that_are_there(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "estimates", tmp_path / "estimates")
    (tmp_path / "data").mkdir()
    shutil.copytree(EXAMPLE / "sets", tmp_path / "sets")
    shutil.copy(EXAMPLE / "data" / "region_accounts.csv", tmp_path / "data")
    subprocess.run([sys.executable, str(tmp_path / "estimates" / "accounts.py")], check=True, capture_output=True)
    for name in WRITTEN:
        again = cells(tmp_path, name)
        assert again.keys() == ALL[name].keys()
        assert list(again.values()) == pytest.approx(list(ALL[name].values()), rel=1e-9, abs=1e-11)
    residuals = (tmp_path / "estimates" / "residuals.md").read_text("utf-8")
    assert residuals == (EXAMPLE / "estimates" / "residuals.md").read_text("utf-8")


def test_resources_equal_uses_product_by_product() -> None:
    final = ("household_use", "government_use", "investment_use", "inventories_use", "fisim_use", "discrepancy_use")
    uses = square("technical") @ of("output") + of("product_exports") + sum(map(of, final))
    assert of("output") + of("product_imports") == pytest.approx(uses, abs=1e-9)


def test_output_less_inputs_is_value_added() -> None:
    assert of("output") * (1 - square("technical").sum(0)) == pytest.approx(of("value_added"), abs=1e-9)


def test_official_totals_are_met() -> None:
    taxes = sum(of(f"household_product_taxes_{kind}").sum() for kind in ("vat", "excise", "other"))
    domestic = of("household_use").sum() + taxes + of("government_use").sum()
    duties = of("import_duties").sum()
    assert of("output").sum() == pytest.approx(11669.3062)
    assert of("value_added").sum() == pytest.approx(5626.8113)
    assert domestic == pytest.approx(3824.2440)
    assert taxes + duties == pytest.approx(358.1922 - 4.8689)
    assert of("value_added").sum() - of("fisim_use").sum() + taxes + duties == pytest.approx(5870.1343)
    assert of("product_imports").sum() - duties == pytest.approx(2577.5049)
    assert of("compensation").sum() == pytest.approx(1955.0717)
    assert of("employees", name="labour_by_sector").sum() == pytest.approx(4469.9)
    assert of("self_employed_by_sector", name="labour_by_sector").sum() == pytest.approx(2711.9)


def test_capital_of_the_year_follows_from_that_of_the_year_before() -> None:
    invested = of("private_investment") + of("public_investment")
    after = of("fixed_capital", "2003") - of("consumption_of_fixed_capital") + invested
    assert after == pytest.approx(of("fixed_capital"), abs=1e-9)
    assert invested.sum() == pytest.approx(1472.4242)
    composition = square("capital_composition")
    assert composition.sum(0) == pytest.approx(np.ones(len(SECTORS)), abs=1e-12)
    assert composition @ invested == pytest.approx(of("investment_use"), abs=1e-9)


def test_incomes_of_a_sector_leave_no_loss() -> None:
    paid = sum(map(of, ("compensation", "production_taxes", "mixed_income", "consumption_of_fixed_capital")))
    assert (of("value_added") - paid > 0).all()
    parts = of("social_tax_by_sector") + of("resource_payments") + of("property_and_other_taxes")
    assert parts - of("production_subsidies") == pytest.approx(of("production_taxes"))


def test_regions_add_up_to_their_official_product() -> None:
    shares = ALL["region_shares"]
    regions = tuple(dict.fromkeys(key[1] for key in shares))
    made = np.array([[shares["region_share", r, s] for s in SECTORS] for r in regions])
    worked = np.array([[shares["region_employment_share", r, s] for s in SECTORS] for r in regions])
    assert made.sum(0) == pytest.approx(np.ones(len(SECTORS)))
    assert worked.sum(0) == pytest.approx(np.ones(len(SECTORS)))
    with (EXAMPLE / "data" / "region_accounts.csv").open(encoding="utf-8", newline="") as file:
        official = {(row["indicator"], row["region"]): row["2004"] for row in csv.DictReader(file)}
    product = np.array([float(official["gross_regional_product", r]) for r in regions]) / 1000
    assert made @ of("value_added") * 5870.1343 / 5626.8113 == pytest.approx(product, rel=1e-6)


def test_estimates_are_no_part_of_a_plan_and_raise_no_finding(tmp_path: Path) -> None:
    assert new(tmp_path / "plan", "en") == []
    shutil.copytree(EXAMPLE / "estimates", tmp_path / "plan" / "estimates")
    assert read(tmp_path / "plan")[1] == []
