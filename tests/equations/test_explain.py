"""explain: where a number comes from, down to the row that it is written in."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bagdar.address import Address
from bagdar.change import Change, apply
from bagdar.equations import Explanation, Solution, explain, simulate
from bagdar.finding import Finding, Home
from bagdar.plan import Plan
from bagdar.quantity import STATUSES
from tests.conftest import EQUATIONS, small_plan


def told(solution: Solution, address: str) -> Explanation:
    place = Address.parse(address)
    assert place is not None
    explained = explain(solution, place)
    assert isinstance(explained, Explanation), explained
    return explained


def written(folder: Path, home: Home) -> str:
    """The field of a CSV file at a home."""
    with (folder / home.file).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[home.row - 1][home.column - 1]


# -- numbers that the folder states ------------------------------------------------------------------


def test_a_data_cell_is_explained_by_its_row_source_and_note(
    kazakhstan_solution: Solution, kazakhstan_folder: Path
) -> None:
    explained = told(kazakhstan_solution, "value:fisim[; 2004]")
    assert explained.value == pytest.approx(110.0003)
    assert explained.status == "actual"
    assert explained.home.file == "data/accounts.csv"
    assert written(kazakhstan_folder, explained.home) == "110000.3"  # mln KZT
    assert explained.source is not None
    assert explained.source.code == "bns_accounts"
    assert explained.note.startswith("FISIM not allocated to uses")
    assert explained.statement is None
    assert explained.inputs == ()
    assert explained.add_factor is None


def test_a_lever_of_the_horizon_is_explained_by_its_row(kazakhstan_solution: Solution, kazakhstan_folder: Path) -> None:
    explained = told(kazakhstan_solution, "lever:vat_rate[; 2006]")
    assert (explained.value, explained.status, explained.home.file) == (15.0, "assumption", "data/levers.csv")
    assert written(kazakhstan_folder, explained.home) == "15"
    assert explained.source is not None
    assert explained.source.kind == "assumption"


def test_a_coefficient_is_explained_without_a_period(kazakhstan_solution: Solution, kazakhstan_folder: Path) -> None:
    explained = told(kazakhstan_solution, "coefficient:consumption_habit")
    assert explained.home.file == "data/elasticities.csv"
    assert float(written(kazakhstan_folder, explained.home)) == explained.value
    assert explained.status == "assumption"
    assert explained.note


def test_a_cell_over_a_set_is_explained_by_its_labels(kazakhstan_solution: Solution, kazakhstan_folder: Path) -> None:
    explained = told(kazakhstan_solution, "value:output_mt[crude_oil; 2000]")
    assert explained.value == 30.6
    assert written(kazakhstan_folder, explained.home) == "30.6"


def given_cells(solution: Solution) -> Iterator[tuple[float, Home]]:
    plan = solution.placed
    for quantity in solution.values.values():
        for place in np.argwhere(quantity.present):
            cell = tuple(int(i) for i in place)
            yield float(quantity.values[cell]), plan.home(quantity, cell)


def place_of(path: Path) -> str:
    """How a home names an equation file: the model's, or the plan's own."""
    return f"{'equations' if path.parent.name == 'equations' else 'models/standard'}/{path.name}"


def test_every_number_of_the_example_stands_in_the_row_that_is_its_home(
    kazakhstan_solution: Solution, kazakhstan_folder: Path
) -> None:
    files: dict[str, list[list[str]]] = {}
    for path in sorted((kazakhstan_folder / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            files[f"data/{path.name}"] = list(csv.reader(file))
    lines = {place_of(path): path.read_text("utf-8").splitlines() for path in EQUATIONS}
    in_data = in_equations = 0
    for value, home in given_cells(kazakhstan_solution):
        if home.file.startswith(("equations/", "models/")):
            assert " = " in lines[home.file][home.row - 1]
            in_equations += 1
            continue
        number = float(files[home.file][home.row - 1][home.column - 1])
        if number == 0 or value == 0:
            assert number == value
        else:  # the file's unit differs from the indicator's by a power of ten
            power = math.log10(value / number)
            assert power == pytest.approx(round(power), abs=1e-12)
        in_data += 1
    assert in_data > 400
    assert in_equations > 62 * 3


# -- numbers that an equation gave -------------------------------------------------------------------


def test_a_solved_cell_is_explained_by_its_equation_and_what_it_read(kazakhstan_solution: Solution) -> None:
    explained = told(kazakhstan_solution, "value:labour_force[; 2006]")
    assert explained.statement is not None
    assert explained.statement.text == "labour_force = participation_rate/100*working_age_population + foreign_labour"
    assert explained.status == "plan"
    (file,) = (path for path in EQUATIONS if place_of(path) == explained.home.file)
    rows = file.read_text("utf-8").splitlines()
    assert rows[explained.home.row - 1] == explained.statement.text
    read = {str(i.address): i for i in explained.inputs}
    assert list(read) == [
        "value:participation_rate[; 2006]", "value:working_age_population[; 2006]", "value:foreign_labour[; 2006]",
    ]  # fmt: skip
    rate, people, foreign = (i.value or 0.0 for i in explained.inputs)
    assert explained.value == pytest.approx(rate / 100 * people + foreign, rel=1e-12)
    assert [i.status for i in explained.inputs] == ["assumption"] * 3
    assert read["value:foreign_labour[; 2006]"].home.file == "data/levers.csv"
    assert explained.add_factor is None


def test_a_behavioural_cell_is_explained_with_its_add_factor(kazakhstan_solution: Solution) -> None:
    explained = told(kazakhstan_solution, "value:money[; 2005]")
    assert explained.add_factor is not None
    v = {str(i.address): i.value or 0.0 for i in explained.inputs}
    growth = math.log(v["value:gdp[; 2005]"] / v["value:gdp[; 2004]"]) + v["coefficient:monetisation_trend"]
    last = v["value:money[; 2004]"]
    assert explained.value == pytest.approx(last * math.exp(growth + explained.add_factor), rel=1e-12)
    assert explained.statement is not None
    assert explained.statement.behaviour


def test_each_input_is_told_once_and_lags_by_their_own_period(kazakhstan_solution: Solution) -> None:
    explained = told(kazakhstan_solution, "value:market_wage[food; 2005]")
    addresses = [str(i.address) for i in explained.inputs]
    assert len(addresses) == len(set(addresses))
    assert {"value:consumer_price[; 2005]", "value:consumer_price[; 2004]", "coefficient:wage_curve"} <= set(addresses)


def test_derived_history_is_explained_by_its_identity(kazakhstan_solution: Solution) -> None:
    explained = told(kazakhstan_solution, "value:gdp_growth[; 2004]")
    assert (explained.status, explained.home.file) == ("derived", "equations/14_indicators.eq")
    assert explained.statement is not None
    assert [str(i.address) for i in explained.inputs] == ["value:gdp_volume[; 2004]", "value:gdp_volume[; 2003]"]
    now, before = (i.value for i in explained.inputs)
    assert now is not None
    assert before is not None
    assert explained.value == pytest.approx(100 * (now / before - 1), rel=1e-12)


def test_a_statistic_over_a_set_is_explained_for_its_own_label(kazakhstan_solution: Solution) -> None:
    explained = told(kazakhstan_solution, "value:ratio_to_2000[copper; 2004]")
    assert [str(i.address) for i in explained.inputs] == [
        "value:output_kt[copper; 2004]",
        "value:output_kt[copper; 2000]",
    ]
    assert explained.value == pytest.approx(100 * 445.3 / 394.7, rel=1e-12)


def test_what_was_observed_is_explained_by_its_row_even_if_an_equation_exists(kazakhstan_solution: Solution) -> None:
    explained = told(kazakhstan_solution, "value:gdp[; 2004]")
    assert (explained.home.file, explained.statement) == ("data/accounts.csv", None)


def test_an_input_that_is_missing_says_so() -> None:
    solution, _ = simulate(small_plan("y = x + u\n", {"x": (1,) * 5, "u": (None, 1, 1, 1, 1)}, {"y": ()}))
    explained = told(solution, "value:y[; 2003]")
    assert (explained.value, explained.status) == (None, "")
    assert explained.statement is not None
    assert [(i.value, i.status) for i in explained.inputs] == [(1.0, "actual"), (None, "")]
    assert explained.inputs[1].home == Home()


def test_an_unsolved_cell_is_explained_by_the_equation_that_failed() -> None:
    solution, _ = simulate(small_plan("y = log(x)\n", {"x": (1, 1, -1, 1, 1)}, {"y": ()}))
    explained = told(solution, "value:y[; 2006]")
    assert (explained.value, explained.status, explained.home.row) == (None, "", 1)
    assert [i.value for i in explained.inputs] == [1.0]


def test_a_sum_is_explained_by_its_terms() -> None:
    solution, _ = simulate(
        small_plan(
            "y = sum(x[s]*a for s in sector)\n",
            {"x": {"oil": (1,) * 5, "coal": (3,) * 5}},
            {"y": ()},
            coefficients={"a": 2.0},
            sets={"sector": ("oil", "coal")},
            dims={"x": ("sector",)},
        )
    )
    explained = told(solution, "value:y[; 2005]")
    assert explained.value == 8.0
    assert [(str(i.address), i.value) for i in explained.inputs] == [
        ("value:x[oil; 2005]", 1.0), ("coefficient:a", 2.0), ("value:x[coal; 2005]", 3.0),
    ]  # fmt: skip


# -- addresses of nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "value:nosuch[; 2005]",
        "value:gdp[; 1990]",
        "value:gdp[; 2005Q1]",
        "value:gdp",
        "value:gdp[oil; 2005]",
        "value:output_mt[; 2004]",
        "value:output_mt[gold; 2004]",
        "value:output_mt[crude_oil]",
        "plans/AKT/value:gdp[; 2005]",
        "equation:nosuch",
    ],
)
def test_an_address_of_nothing_is_a_finding(kazakhstan_solution: Solution, address: str) -> None:
    place = Address.parse(address)
    assert place is not None
    found = explain(kazakhstan_solution, place)
    assert isinstance(found, Finding)
    assert (found.rule, found.address) == ("unknown_address", address)


# -- numbers that a variant wrote --------------------------------------------------------------------


def test_an_equation_that_a_variant_wrote_explains_its_numbers(kazakhstan: Plan) -> None:
    (old,) = [s for s in kazakhstan.statements if s.code == "compensation_per_employee_month"]
    new = "compensation_per_employee_month = compensation_per_employee*1000000/12*1.1"
    address = Address("equation", "compensation_per_employee_month")
    plan, findings = apply(kazakhstan, [Change("replace", address, old.source, new, home=Home("variants/v.toml", 3))])
    assert not findings
    explained = told(simulate(plan)[0], "value:compensation_per_employee_month[; 2005]")
    assert explained.statement is not None
    assert explained.statement.text == new


def test_a_number_that_a_change_wrote_has_the_change_as_its_home(kazakhstan: Plan) -> None:
    change = replace(kazakhstan.variants["vat_cut"][0])
    plan, _ = apply(kazakhstan, [change])
    explained = told(simulate(plan)[0], "lever:vat_rate[; 2006]")
    assert (explained.value, explained.home) == (13.0, change.home)
    assert explained.status in STATUSES
