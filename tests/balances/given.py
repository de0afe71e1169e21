"""Small plans with balances, written as a planner writes them and read from a folder."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from bagdar.balances import Allocation, Options, allocate
from bagdar.finding import Finding
from bagdar.folder import read
from bagdar.plan import Plan
from tests.strategies import write_folder

BASE = 2004
EXACT = Options(way="exact")
# A plan's numbers: by period from the first of history on (None: missing), one for all, or either by label.
Told = float | Sequence[float | None] | Mapping[Any, Any]


# -- items and balances as text --------------------------------------------------------------------


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _item(side: str, code: str, told: Mapping[str, Any]) -> str:
    reason = {"reason": {"en": "A test."}} if "rank" in told else {}
    rows = {"item": code, **told, **reason}
    return f"[[{side}]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in rows.items())


def resource(code: str, **told: Any) -> str:
    return _item("resource", code, told)


def use(code: str, **told: Any) -> str:
    return _item("use", code, told)


def stock(code: str, **told: Any) -> str:
    return _item("stock", code, told)


def capacity(code: str, **told: Any) -> str:
    return _item("capacity", code, told)


def balance(*items: str, **more: Any) -> str:
    """The file of a balance; `more` are other keys of it than those of most."""
    head = {"kind": "material", "unit": "t", "price": "price", **more}
    return "".join(f"{key} = {_toml(value)}\n" for key, value in head.items() if value != "") + "\n" + "\n".join(items)


# -- plans -----------------------------------------------------------------------------------------


def plan_files(
    balances: Mapping[str, str],
    numbers: Mapping[str, Told],
    units: Mapping[str, str] | None = None,
    sets: Mapping[str, Sequence[str]] | None = None,
    dims: Mapping[str, Sequence[str]] | None = None,
    past: int = 1,
    years: int = 1,
    beyond: int = 0,
    equations: str = "",
    capped: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The folder of a plan whose history is `past` years long and that reads `beyond` years after its horizon.

    equations: what determines the indicators that stand on the left of one; capped: of which item by indicator.

    numbers: by indicator; one over labels is over the sets that `dims` says, by default all of them once. units: t
    where nothing else is said, 1 for what has one number for all periods.
    """
    sets, known = sets or {}, {"price": "KZT/t", **(units or {})}
    numbers = {"price": 1.0, **numbers}
    first, last = BASE - past + 1, BASE + years
    periods = [str(year) for year in range(first, last + beyond + 1)]
    files = {
        "plan.toml": f'code = "T"\nprofile = "generic"\nbase = "{BASE}"\nhorizon = ["{BASE + 1}", "{last}"]\n'
        f'history = "{first}"\nterminal = "{periods[-1]}"\ncurrency = "KZT"\nplan_date = 2005-01-01\n'
        '[title]\nen = "A test"\n',
        "sources.csv": "code,publisher,title,date,kind\nus,We,Made up,2004-12-31,assumption\n",
    }
    for code, labels in sets.items():
        files[f"sets/{code}.csv"] = "code,kk,ru,en\n" + "".join(f"{x},{x},{x},{x}\n" for x in labels)
    rows = ["code,en,unit,dims,role,source,capped_by"]
    solved = {match[1] for match in re.finditer(r"(?m)^(?:log|dlog)?\(?(\w+)[^=\n]*=", equations)}
    if equations:
        files["equations/model.eq"] = equations
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for code, told in numbers.items():
        over = list((dims or {}).get(code, sets if isinstance(told, Mapping) else ()))
        cells: dict[Any, Any] = dict(told) if isinstance(told, Mapping) else {(): told}
        constant = all(isinstance(value, int | float) for value in cells.values())
        unit = known.get(code, "1" if constant else "t")
        role = "coefficient" if constant else "endogenous" if code in solved else "exogenous"
        rows.append(f"{code},{code},{unit},{' '.join(over)},{role},us,{(capped or {}).get(code, '')}")
        lines = tables.setdefault(("long" if constant else "wide", *over), [])
        for key, value in cells.items():
            shown = ["" if v is None else repr(v) for v in ([value] if constant else value)]
            lines.append([code, *(key if isinstance(key, tuple) else (key,)), *shown, unit])
    entries = []
    for number, ((layout, *over), lines) in enumerate(tables.items()):
        heads = [name if over[:n].count(name) == 0 else f"{name}_2" for n, name in enumerate(over)]
        head = ["indicator", *heads, *(["value"] if layout == "long" else periods), "unit"]
        files[f"data/{number}.csv"] = "\n".join(",".join(line) for line in [head, *lines]) + "\n"
        listed = ", ".join(f'"{name}"' for name in over)
        about = f'layout = "{layout}"\ndims = [{listed}]\nstatus = "assumption"\nsource = "us"\n'
        entries.append(f'["data/{number}.csv"]\n{about}')
    files["indicators.csv"] = "\n".join(rows) + "\n"
    files["tables.toml"] = "\n".join(entries)
    return files | {f"balances/{code}.toml": text for code, text in balances.items()}


def read_files(files: Mapping[str, str]) -> tuple[Plan, list[Finding]]:
    """The plan of these files, and what reading them finds."""
    with tempfile.TemporaryDirectory() as folder:
        plan, findings = read(write_folder(Path(folder), files))
    assert plan is not None, findings
    return plan, findings


def plan_of(balances: Mapping[str, str], numbers: Mapping[str, Told], **more: Any) -> Plan:
    """The plan of `plan_files`; the reader must find nothing wrong with it."""
    plan, findings = read_files(plan_files(balances, numbers, **more))
    assert [f.line() for f in findings] == []
    return plan


# -- allocations -----------------------------------------------------------------------------------


def allocated(plan: Plan, options: Options = EXACT) -> Allocation:
    """The allocation of a plan without equations; nothing may be found."""
    allocation, findings = allocate(plan, plan.values, options)
    assert [f.line() for f in findings] == []
    assert allocation is not None
    return allocation


def refused(plan: Plan, options: Options = EXACT) -> list[Finding]:
    """What is found where no allocation can be made; all of it can be said in three languages."""
    allocation, findings = allocate(plan, plan.values, options)
    assert allocation is None
    for item in findings:
        assert item.text("kk") != item.text("ru") != item.text("en")
    return findings


def given(allocation: Allocation, level: str) -> list[Any]:
    """What a level such as ``coal.exports`` comes to by period, and by cell within it if there are several."""
    code, item = level.split(".", 1)
    amounts = allocation.amounts[code, item]
    return [float(row[0]) if len(row) == 1 else [float(v) for v in row] for row in amounts]


def met(allocation: Allocation) -> dict[int, float]:
    """The share of its demand that each rank was found to get, when it was its turn."""
    return {stage.rank: stage.met for stage in allocation.ranked.stages if stage.rank}


def labels_of(*axes: Sequence[str]) -> list[tuple[str, ...]]:
    """Every choice of labels."""
    return list(product(*axes))
