"""History before the solution: identities fill what was not observed, and are held against what was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bagdar.address import Address, cell_name
from bagdar.equations.engine import Numbers, Table
from bagdar.equations.model import ADD
from bagdar.equations.order import order
from bagdar.equations.system import System
from bagdar.finding import Finding, finding


def derive(system: System, like: System | None = None) -> list[Finding]:
    """Fill missing cells up to the base period by identities; hold identities against observed cells.

    Only identities are used: what a behavioural equation would give for the past is an estimate, and
    solving never estimates. A `like` system of the same past has done it already.
    """
    if like is not None and _same_past(system, like):
        last = system.reach + system.base + 1
        system.table[:last], system.sure[:last] = like.table[:last], like.sure[:last]
        system.source[: system.base + 1] = like.source[: system.base + 1]
        system.past_is_sound = True
        return []
    found = _derive(system, "identities", system.layout.add[: len(system.equations)] < 0, range(system.base + 1))
    system.past_is_sound = not found
    return found


def _same_past(system: System, like: System) -> bool:
    """Whether the folder states the same up to the base period, where the like system found no fault."""
    if not like.past_is_sound or like.program is not system.program or system.program.model.looks_ahead:
        return False
    last, header, other = system.reach + system.base + 1, system.plan.header, like.plan.header
    return (
        (header.base, header.identity_tolerance) == (other.base, other.identity_tolerance)
        and np.array_equal(system.stated[:last], like.stated[:last], equal_nan=True)
        and np.array_equal(system.stated_status[:last], like.stated_status[:last])
    )


def derive_statistics(system: System) -> list[Finding]:
    """The same in the horizon, for indicators that are only reported: they are computed where they can be."""
    return _derive(system, "statistics", system.reported, system.horizon)


def _derive(system: System, name: str, which: NDArray[np.bool_], when: range) -> list[Finding]:
    sequence = _sequence(system, name, np.flatnonzero(which).astype(np.int32))
    equations = np.tile(sequence, len(when))
    periods = np.repeat(np.array(when, np.int32), len(sequence))
    lefts = system.layout.left[equations]
    there = ~np.isnan(system.x[periods, lefts])
    observed = there & (system.source[periods, lefts] < 0)
    done = system.engine.fill(system.table, equations[~there], periods[~there], system.sure)
    system.source[periods[~there][done], lefts[~there][done]] = equations[~there][done]
    return _off(system, equations[observed], periods[observed])


def calibrate(system: System) -> list[Finding]:
    """Set the add-factors: in history what the equation missed by, in the horizon that of the base, carried on.

    Constant for equations in levels and logarithms, halved each year for equations in growth; a row of
    `add_factors.csv` replaces the carried value of its period. What the folder states of the horizon takes no part.
    """
    layout, year = system.layout, system.plan.header.base.per_year
    behaving = np.flatnonzero(layout.add[: len(system.equations)] >= 0).astype(np.int32)
    add, left = layout.add[behaving], layout.left[behaving]
    for t in range(system.base + 1):
        system.x[t, add] = system.values(behaving, t, judge=True)[0]
    value = system.x[system.base, add]
    findings = _large(system, behaving, value, system.x[system.base, left])
    fading = np.where(layout.transform[behaving] >= 2, 0.5 ** (1 / year), 1.0)
    carried = value
    for t in system.horizon:
        carried = carried * fading
        system.x[t, add] = carried
    when, place, judged = _judgements(system)
    system.x[when, place] = judged
    # An equation whose add-factor is judged in every period needs no base.
    wanting = np.isnan(system.x[system.horizon.start : system.horizon.stop, add]).any(axis=0)
    return [*(found for k in np.flatnonzero(wanting) for found in _no_base(system, int(behaving[k]))), *findings]


def _judgements(system: System) -> tuple[Numbers, Numbers, Table]:
    """(period, add-factor's cell, value) of the rows of `add_factors.csv` that the horizon has."""
    told, first, horizon = system.plan.add_factors, system.plan.header.history, system.horizon

    def find() -> tuple[Numbers, Numbers, Table, object]:
        rows = [(one.period - first, system.index.get((ADD + one.equation, one.labels)), one.value) for one in told]
        kept = [row for row in rows if row[1] is not None and row[0] in horizon]
        when, place, values = zip(*kept, strict=True) if kept else ((), (), ())
        return np.array(when, np.int32), np.array(place, np.int32), np.array(values, float), told

    # By identity, since there may be thousands of rows; what is kept holds them, so that no other has theirs.
    when, place, values, _ = system.program.found(("judged", id(told), first, horizon), find)
    return when, place, values


def _sequence(system: System, name: str, chosen: Numbers) -> Numbers:
    """Equations so that each comes after those it reads in the same period."""

    def find() -> Numbers:
        reads = system.layout.reads
        giver = np.full(len(system.keys), -1)
        giver[system.layout.left[chosen]] = np.arange(len(chosen))
        rows, at = reads.each(chosen)
        given = np.where((reads.cell[at] >= 0) & (reads.lag[at] == 0), giver[reads.cell[at]], -1)
        blocks, _ = order(rows[given >= 0], given[given >= 0], range(len(chosen)))
        return np.array([int(chosen[i]) for block in blocks for i in block.equations], np.int32)

    return system.program.found(name, find)


def _off(system: System, observed: Numbers, periods: Numbers) -> list[Finding]:
    """A finding for each observed number that its identity does not give."""
    tolerance = system.plan.header.identity_tolerance
    told = system.x[periods, system.layout.left[observed]]
    computed, largest = system.engine.values(system.table, observed, periods)
    size = np.maximum(np.maximum(np.abs(told), np.abs(computed)), largest)
    wrong = np.flatnonzero(np.abs(told - computed) > tolerance * size)  # false where there is no value
    return [_differs(system, int(observed[k]), int(periods[k]), float(told[k]), float(computed[k])) for k in wrong]


def _differs(system: System, i: int, t: int, observed: float, computed: float) -> Finding:
    equation, period = system.equations[i], system.periods[t]
    code, labels = equation.key
    quantity = system.plan.values[code]
    cell = quantity.position((*labels, str(period)))
    assert cell is not None  # it was observed
    return finding(
        "identity_off",
        system.plan.home(quantity, cell),
        Address("value", code, labels, period),
        code=cell_name(code, labels),
        period=str(period),
        observed=observed,
        computed=computed,
        difference=observed - computed,
        unit=system.plan.indicators[code].unit_text,
        equation=str(equation.statement.home),
    )


def _no_base(system: System, i: int) -> list[Finding]:
    equation = system.equations[i]
    missing = [place for place in system.missing(i, system.base) if not system.keys[place[1]][0].startswith(ADD)]
    if np.isnan(system.x[system.base, system.left(i)]):
        missing.append((system.base, system.left(i)))
    first = system.plan.header.history
    when = {t: "" if t == system.base else f" ({first + t})" for t, _ in missing}
    names = ", ".join(dict.fromkeys(cell_name(*system.keys[cell]) + when[t] for t, cell in missing))
    base, statement = str(system.periods[system.base]), equation.statement
    address = Address("addfactor", *equation.key)
    if not names:  # every number is there, and yet there is no value: a logarithm of a negative, say
        return [finding("equation_without_a_value", statement.home, address, period=base, text=_line(statement.text))]
    return [finding("missing_base_value", statement.home, address, names=names, period=base)]


def _large(system: System, behaving: Numbers, value: Table, level: Table) -> list[Finding]:
    """An add-factor above 5 % of the left side's level says that the equation explains little of the base year."""
    findings = []
    for k, i in enumerate(behaving.tolist()):
        equation, relative = system.equations[i], float(value[k])
        if np.isnan(relative):
            continue
        if equation.transform == "pct":
            relative = relative / 100
        elif equation.transform in ("", "diff"):
            relative = relative / float(level[k]) if level[k] else 0.0
        if abs(relative) > 0.05:
            findings.append(_explains_little(system, i, relative))
    return findings


def _explains_little(system: System, i: int, share: float) -> Finding:
    equation = system.equations[i]
    code, labels = equation.key
    address = Address("addfactor", code, labels, system.plan.header.base)
    return finding("large_add_factor", equation.statement.home, address, code=code, share=100 * share)


def _line(text: str) -> str:
    return " ".join(text.split())
