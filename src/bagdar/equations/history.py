"""History before the solution: identities fill what was not observed, and are held against what was."""

from __future__ import annotations

from math import isnan

from bagdar.address import Address, cell_name
from bagdar.equations.model import ADD
from bagdar.equations.order import order
from bagdar.equations.program import Compiled
from bagdar.equations.system import System
from bagdar.finding import Finding, finding
from bagdar.plan import Plan
from bagdar.quantity import STATUSES

DERIVED = STATUSES.index("derived")


def derive(system: System) -> list[Finding]:
    """Fill missing cells up to the base period by identities; hold identities against observed cells.

    Only identities are used: what a behavioural equation would give for the past is an estimate, and
    solving never estimates.
    """
    return _derive(system, [c for c in system.equations if c.add is None], range(system.base + 1))


def derive_statistics(system: System) -> list[Finding]:
    """The same in the horizon, for indicators that are only reported: they are computed where they can be."""
    return _derive(system, [c for c in system.equations if system.reported(c)], system.horizon)


def _derive(system: System, identities: list[Compiled], when: range) -> list[Finding]:
    findings: list[Finding] = []
    sequence = _sequence(identities)
    for t in when:
        observed = [c for c in sequence if not isnan(system.x[t][c.left]) and (t, c.left) not in system.computed]
        _fill(system, [c for c in sequence if isnan(system.x[t][c.left])], t)
        for compiled in observed:
            values = system.evaluate(compiled.right, t)
            if values is not None:
                findings += _off(system, compiled, t, system.x[t][compiled.left], values[0])
    return findings


def _fill(system: System, missing: list[Compiled], t: int) -> None:
    """Compute what can be, again while something new was: observed cells cut circles, which no one order follows."""
    while True:
        left = []
        for compiled in missing:
            values = system.evaluate(compiled.right, t)
            if values is None:
                left.append(compiled)
                continue
            # Only as sure as the least sure of what it is made of.
            read = (system.status((t - lag, cell)) for cell, lag in compiled.reads if t - lag < len(system.x))
            status = max(DERIVED, *read)
            system.x[t][compiled.left] = values[0]
            system.computed[t, compiled.left] = (status, compiled.equation.statement.home)
        if len(left) == len(missing):
            return
        missing = left


def calibrate(system: System) -> list[Finding]:
    """Set the add-factors: in history what the equation missed by, in the horizon that of the base, carried on.

    Constant for equations in levels and logarithms, halved each year for equations in growth; a row of
    `add_factors.csv` replaces the carried value of its period.
    """
    findings: list[Finding] = []
    year = system.plan.header.base.per_year
    judged = {(a.equation, a.labels, str(a.period)): a.value for a in system.plan.add_factors}
    for compiled in system.equations:
        if compiled.add is None or compiled.judged is None:
            continue
        for t in range(system.base + 1):
            values = system.evaluate(compiled.judged, t)
            if values is not None:
                system.x[t][compiled.add] = values[0]
        value = system.x[system.base][compiled.add]
        if isnan(value):
            findings += _no_base(system, compiled)
            continue
        level = system.x[system.base][compiled.left]
        findings += _large(system.plan, compiled, value, level)
        code, labels = compiled.equation.key
        for t in system.horizon:
            value *= 0.5 ** (1 / year) if compiled.equation.transform in ("dlog", "diff", "pct") else 1.0
            key = (code, labels, str(system.periods[t]))
            system.x[t][compiled.add] = judged.get(key, value)
    return findings


def _sequence(identities: list[Compiled]) -> list[Compiled]:
    """Identities so that each comes after those it reads in the same period."""
    giver = {c.left: i for i, c in enumerate(identities)}
    reads = [[giver[cell] for cell, lag in c.reads if lag == 0 and cell in giver] for c in identities]
    blocks, _ = order(reads, list(range(len(identities))))
    return [identities[i] for block in blocks for i in block.equations]


def _off(system: System, compiled: Compiled, t: int, observed: float, computed: float) -> list[Finding]:
    tolerance, size = system.plan.header.identity_tolerance, max(abs(observed), abs(computed))
    # Beside its own size first: the terms need to be looked at only where that does not settle it.
    if abs(observed - computed) <= tolerance * size:
        return []
    if abs(observed - computed) <= tolerance * max(size, system.largest_term(compiled, t)):
        return []
    code, labels = compiled.equation.key
    period = system.periods[t]
    quantity = system.plan.values[code]
    cell = quantity.position((*labels, str(period)))
    assert cell is not None  # it was observed
    indicator = system.plan.indicators[code]
    return [
        finding(
            "identity_off",
            system.plan.home(quantity, cell),
            Address("value", code, labels, period),
            code=cell_name(code, labels),
            period=str(period),
            observed=observed,
            computed=computed,
            difference=observed - computed,
            unit=indicator.unit_text,
            equation=str(compiled.equation.statement.home),
        )
    ]


def _no_base(system: System, compiled: Compiled) -> list[Finding]:
    read = (system.keys[cell] for _, cell in system.missing(compiled, system.base))
    missing = [key for key in read if not key[0].startswith(ADD)]
    left = system.x[system.base][compiled.left]
    if isnan(left):
        missing.append(compiled.equation.key)
    names = ", ".join(dict.fromkeys(cell_name(*key) for key in missing))
    base, statement = str(system.periods[system.base]), compiled.equation.statement
    address = Address("addfactor", *compiled.equation.key)
    if not names:  # every number is there, and yet there is no value: a logarithm of a negative, say
        return [finding("equation_without_a_value", statement.home, address, period=base, text=_line(statement.text))]
    return [finding("missing_base_value", statement.home, address, names=names, period=base)]


def _large(plan: Plan, compiled: Compiled, value: float, level: float) -> list[Finding]:
    """An add-factor above 5 % of the left side's level says that the equation explains little of the base year."""
    relative = value
    if compiled.equation.transform == "pct":
        relative = value / 100
    elif compiled.equation.transform in ("", "diff"):
        relative = value / level if level else 0.0
    if abs(relative) <= 0.05:
        return []
    code, labels = compiled.equation.key
    address = Address("addfactor", code, labels, plan.header.base)
    statement = compiled.equation.statement
    return [finding("large_add_factor", statement.home, address, code=code, share=100 * relative)]


def _line(text: str) -> str:
    return " ".join(text.split())
