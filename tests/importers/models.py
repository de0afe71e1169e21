"""Small models in ModelFlow's format, written by hand, and what a plan made of them comes to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bagdar.equations import Solution, simulate
from bagdar.finding import Finding, has_errors
from bagdar.folder import read
from bagdar.importers import Imported, import_model
from bagdar.plan import Plan

YEARS = tuple(str(year) for year in range(2015, 2026))
FIRST = YEARS.index("2021")

# Consumption of a log-linear kind, income as its sum with investment, both with MFMod's conventions.
CONSUMPTION = "(C(-1)*EXP(C_A+ (0.8*((LOG(Y))-(LOG(Y(-1))))-0.01) )) * (1-C_D)+ C_X*C_D"
FORMULAS = f"""FRML <DAMP,STOC> C = {CONSUMPTION} $
FRML <IDENT> Y = C+I $
FRML <FIT> C_FITTED = C(-1)*EXP( (0.8*((LOG(Y))-(LOG(Y(-1))))-0.01) ) $
FRML <CALC_ADD_FACTOR> C_A = - ((0.8*((LOG(Y))-(LOG(Y(-1))))-0.01)) +LOG(C)-LOG(C(-1)) $
"""


def column(values: float | Sequence[float | None], periods: Sequence[str] = YEARS) -> dict[str, float | None]:
    """A column of data: one number for all periods, or one each."""
    told = [values] * len(periods) if isinstance(values, int | float) else list(values)
    return dict(zip(periods, told, strict=True))


def data() -> dict[str, dict[str, float | None]]:
    """Data of the small model: consumption 70, investment 30, growing by 2 a year."""
    investment = [30.0 + 2 * i for i in range(len(YEARS))]
    consumption: list[float | None] = [70.0 + i if i < FIRST else None for i in range(len(YEARS))]
    income = [None if c is None else c + i for c, i in zip(consumption, investment, strict=True)]
    return {
        "C": column(consumption),
        "Y": column(income),
        "I": column(investment),
        "C_A": column([0.001 * i for i in range(len(YEARS))]),
        "C_D": column(0.0),
        "C_X": column(0.0),
        "UNREAD": column(1.0),
    }


def content(**changed: Any) -> dict[str, Any]:
    """The JSON object of the small model, with some fields changed; None for one that is not there."""
    told: dict[str, Any] = {
        "version": "1.00",
        "frml": FORMULAS,
        "lastdf": json.dumps(data()),
        "current_per": json.dumps({str(i): int(year) for i, year in enumerate(YEARS[FIRST:])}),
        "modelname": "SMALL",
        "var_description": {"C": "Consumption", "Y": "Income"},
        "var_groups": {"Headline": "{cty}C Y", "All variables": "*"},
        "substitution": {"cty": ""},
    }
    told |= changed
    return {name: value for name, value in told.items() if value is not None}


def write(path: Path, told: Mapping[str, Any] | bytes | str) -> Path:
    """A `.pcim` file: gzipped JSON, or whatever is told."""
    raw = told if isinstance(told, bytes) else told.encode() if isinstance(told, str) else None
    path.write_bytes(raw if raw is not None else gzip.compress(json.dumps(told).encode(), mtime=0))
    return path


def imported(folder: Path, told: Mapping[str, Any] | bytes | str) -> tuple[Imported | None, list[Finding]]:
    """What `import_model` makes of a `.pcim` in `folder`; the plan goes to `folder/plan`."""
    return import_model(write(folder / "small.pcim", told), folder / "plan")


def with_model(formulas: str, columns: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """The object of a model with other equations and columns."""
    fields: dict[str, Any] = {"var_description": {}, "var_groups": {}, **changed}
    return content(frml=formulas, lastdf=json.dumps(columns), **fields)


def solved(folder: Path) -> tuple[Plan, Solution]:
    """The plan in `folder/plan`, solved without a fault."""
    plan, found = read(folder / "plan")
    assert plan is not None
    assert not has_errors(found), [f.line() for f in found]
    solution, found = simulate(plan)
    assert solution.solved, [f.line() for f in found]
    return plan, solution


def value(solution: Solution, code: str, period: str) -> float:
    number = solution.values[code].get(period)
    assert number is not None, (code, period)
    return number
