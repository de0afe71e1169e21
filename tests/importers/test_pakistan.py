"""The World Bank's model of Pakistan with carbon pricing, as ModelFlow writes it: the same numbers come out.

`data/SOURCE.txt` says where the model and the two solutions come from.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bagdar.address import Address
from bagdar.change import Change, apply
from bagdar.checks import check
from bagdar.equations import Solution, simulate
from bagdar.equations.expression import Cell
from bagdar.equations.model import level
from bagdar.finding import has_errors
from bagdar.folder import read
from bagdar.importers import import_model
from bagdar.importers.behaviour import without_switch
from bagdar.importers.clocks import clock
from bagdar.importers.evaluation import evaluate
from bagdar.importers.eviews import read_equation
from bagdar.importers.formula import Made
from bagdar.importers.notation import eviews
from bagdar.importers.pcim import read_pcim
from bagdar.plan import Plan

DATA = Path(__file__).parent / "data"
MODEL = DATA / "pakistan.pcim"
LAST = 2100
CARBON_PRICES = ("PAKGGREVCO2CER", "PAKGGREVCO2OER", "PAKGGREVCO2GER")


@cache
def told() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(MODEL.read_bytes()))
    return content


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Solution]:
    """The plan of the model, and its solution."""
    folder = tmp_path_factory.mktemp("pakistan")
    imported, found = import_model(MODEL, folder / "plan")
    assert imported is not None
    assert (imported.equations, imported.behaviour, imported.indicators) == (378, 75, 623)
    assert {f.rule for f in found} == {
        "add_factor_formulas_left_out",
        "history_cut_at_identities",
        "series_that_nothing_reads",
        "units_not_in_the_file",
    }
    plan, wrong = read(folder / "plan")
    assert plan is not None
    assert not has_errors(wrong)
    solution, wrong = simulate(plan)
    assert not has_errors(wrong)
    return plan, solution


def furthest(solution: Solution, name: str) -> float:
    """The largest deviation from a solution that ModelFlow found, beside the number's own size and 1."""
    rows = list(csv.DictReader(gzip.decompress((DATA / f"{name}.csv.gz").read_bytes()).decode().splitlines()))
    found = [
        abs(number - float(expected)) / (abs(float(expected)) + 1)
        for row in rows
        for code, expected in row.items()
        if code != "period"
        if (number := solution.values[code].get(row["period"])) is not None
    ]
    assert len(found) == 42 * (LAST - 2019)
    return max(found)


def test_the_baseline_is_modelflow_s(base: tuple[Plan, Solution]) -> None:
    assert furthest(base[1], "base") < 1e-9


def test_a_carbon_tax_of_thirty_dollars_is_modelflow_s(base: tuple[Plan, Solution]) -> None:
    plan, solution = base
    changes = []
    for code in CARBON_PRICES:
        for year in range(2021, LAST + 1):
            address = Address.parse(f"value:{code}[; {year}]")
            assert address is not None
            changes.append(Change("set", address, plan.values[code].get(str(year)), 30.0, "", "", plan.header.home))
    taxed, found = apply(plan, changes)
    assert not found
    after, found = simulate(taxed, start=solution)
    assert not has_errors(found)
    assert furthest(after, "carbon_tax") < 1e-9
    assert furthest(solution, "carbon_tax") > 1e-3


def test_the_plan_checks_without_an_error(base: tuple[Plan, Solution]) -> None:
    open_ones, _ = check(replace(base[0], variants={}), base[1], [])
    assert not has_errors(open_ones), [f.line() for f in open_ones if f.severity == "error"][:3]
    assert {f.rule for f in open_ones} <= {"large_add_factor", "path_jumps"}


def test_eviews_texts_of_the_model_mean_what_its_formulas_mean() -> None:
    model = read_pcim(MODEL, [])
    assert model is not None
    made, length = Made(), len(model.periods)
    reading = eviews(1), frozenset(model.series), made
    formulas = {e.code: e for e in model.equations}
    compared = 0
    for text in told()["eviews_dict"].values():
        equation = read_equation(" ".join(text.split()), 1, reading, {})
        assert equation is not None, text
        other = formulas[equation.code]
        series = dict(model.series)
        for code, (function, words) in made.clocks.items():
            series[code] = np.array(clock(function, words, model.periods))
        for code, (of, year) in made.fixed.items():
            series[code] = np.full(length, model.series[of][int(year) - 1980])
        right = without_switch(other.code, other.right) or other.right
        nought: Mapping[str, Any] = series | {f"{other.code}_A": np.zeros(length)}
        mine = evaluate(level(equation.transform, Cell(equation.code), equation.right), nought, length)
        theirs = evaluate(level(other.transform, Cell(other.code), right), nought, length)
        assert mine[40:] == pytest.approx(theirs[40:], rel=1e-12, abs=1e-12), equation.code
        compared += 1
    assert compared == 303
