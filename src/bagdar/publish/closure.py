"""The closure in force: which indicator is the residual of each balance."""

from __future__ import annotations

from math import prod

from bagdar.equations import Solution
from bagdar.language import Language, phrase
from bagdar.plan import Fixed, Plan
from bagdar.publish.document import Grid, Part
from bagdar.publish.terminal import columns


def closure_part(solution: Solution, language: Language) -> Part:
    """A row a balance: its residual, the equation that gives it, and what it is left over from."""
    plan = solution.plan
    rows = []
    for balance in plan.expectations.closure:
        name = balance.names.get(language) or balance.code
        given = next((e for e in solution.model.equations if e.left.code == balance.residual), None)
        held = [f for f in plan.fixed if f.indicator == balance.residual and f.instrument is not None]
        residual = ", ".join(_in_force(plan, balance.residual, held, language))
        # Where an instrument gives way, the residual of the balance is one of the numbers it is closed with.
        among = dict.fromkeys((*balance.determined_by, balance.residual) if held else balance.determined_by)
        parts = ", ".join(_name(plan, code, language) for code in among)
        homes = dict.fromkeys(f.home.file for f in held)
        where = ", ".join(homes) or (str(given.statement.home) if given is not None else "—")
        rows.append((name, residual, where, parts, balance.note if not held else ""))
    heads = ("balance", "residual", "equation", "determined_by", "note")
    shown = [i for i in range(len(heads)) if i < 3 or any(row[i] for row in rows)]
    head = tuple(phrase(f"closure_{heads[i]}", language) for i in shown)
    grid = Grid(head, tuple(tuple(row[i] for i in shown) for row in rows), left=len(shown))
    text = phrase("closure_text" if rows else "closure_none", language)
    return Part(phrase("closure_title", language), (text,), (grid,) if rows else ())


def closure_lines(solution: Solution, language: Language) -> list[str]:
    """Balance, residual and equation for a terminal; nothing if the plan has no `closure.csv`."""
    part = closure_part(solution, language)
    rows = [row[:3] for grid in part.grids for row in (grid.head, *grid.rows)]
    return [part.title, *columns(rows, left=3), ""] if rows else []


def _in_force(plan: Plan, residual: str, held: list[Fixed], language: Language) -> list[str]:
    """What is left over: the residual, or the instruments that it is swapped with; by period where that changes."""
    cells = prod(len(plan.sets[dim].select()) for dim in plan.indicators[residual].dims) if held else 1
    by_period = {}
    for period in plan.header.plan_periods:
        given_way = [f.instrument[0] for f in held if f.period == period and f.instrument is not None]
        left = [residual] if len(given_way) < cells else []
        by_period[period] = tuple(dict.fromkeys(left + given_way))
    if len(set(by_period.values())) == 1:
        return [_name(plan, code, language) for code in next(iter(by_period.values()))]
    codes = dict.fromkeys(code for some in by_period.values() for code in some)
    return [
        f"{_name(plan, code, language)}: " + ", ".join(str(p) for p, some in by_period.items() if code in some)
        for code in codes
    ]


def _name(plan: Plan, code: str, language: Language) -> str:
    indicator = plan.indicators.get(code)
    name = indicator.name(language) if indicator is not None else code
    return f"{name} ({code})" if name != code else code or "—"
