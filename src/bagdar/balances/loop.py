"""Where the two solvers meet: shortages return to the model as ceilings, until neither moves the other.

An indicator that is `capped_by` an item is held at what that item gets wherever the item is short: a behavioural
one by its add-factor, a given one by its value. The model is solved again, the balances are allocated again with
the demand that the model had before any ceiling, and so on; a ceiling that turns back moves less far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from bagdar.address import cell_name
from bagdar.balance import ALL, Reference
from bagdar.balances.allocation import Allocation, Options, Shortage, allocate
from bagdar.balances.limits import Cause, cause
from bagdar.balances.numbers import Figures
from bagdar.balances.relief import Relief, relief
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding, finding, has_errors
from bagdar.period import Period
from bagdar.plan import Fixed, Indicator, Plan
from bagdar.quantity import PERIOD, STATUSES, Quantity

MOST_ROUNDS = 20
# So many shortages are explained each; a plan with more has one cause for many of them.
EXPLAINED = 5
MOST_ROWS = 5_000
# Less than this share of a demand is the slack that ranks leave each other.
_SHORT = 1e-3
SETTLED = 1e-6
_MOST_NAMED = 5
Place = tuple[str, tuple[str, ...], Period]
Caps = Mapping[Place, float]


@dataclass(frozen=True)
class Settled:
    """The model's last pass, the allocation beside it, and the ceilings that hold: by indicator, labels and period.

    before, first: the solution and the allocation without any ceiling: what is short is short of that demand.
    """

    solution: Solution
    allocation: Allocation
    before: Solution
    first: Allocation
    caps: Caps
    rounds: int = 0

    @cached_property
    def explained(self) -> tuple[tuple[Cause, Relief | None], ...]:
        """What causes the first shortages and what relieves each: asked once, in whatever language it is told.

        None of a program that is larger than the simplex method soon solves.
        """
        if len(self.first.expanded.program.row_low) > MOST_ROWS:
            return ()
        return tuple((cause(self.first, one), relief(self.first, one)) for one in self.first.shortages()[:EXPLAINED])


def settle(
    solution: Solution, options: Options, progress: Callable[[int, int], None] | None = None
) -> tuple[Settled | None, list[Finding]]:
    """A solution with its balances allocated, and the model solved again under the ceilings that come of it."""
    plan = solution.plan
    allocation, findings = allocate(plan, solution.values, options, progress=progress)
    capped = _holdable(plan, findings)
    if allocation is None or not capped:
        return (None if allocation is None else Settled(solution, allocation, solution, allocation, {})), findings
    caps: dict[Place, float] = {}
    moves: dict[Place, float] = {}
    steps: dict[Place, float] = {}
    now, values, first, rough = solution, solution.values, allocation, list[Finding]()
    for done in range(MOST_ROUNDS):
        short, wanted = _ceilings(allocation, values, capped)
        moved, caps = _moved(caps, short, wanted, moves, steps)
        if max(moved.values(), default=0.0) < SETTLED:
            return Settled(now, allocation, solution, first, caps, done), [*findings, *rough]
        now, more = simulate(_under(plan, caps))
        if has_errors(more) or not now.solved:
            return None, [*findings, *more]
        values = _as_wanted(now, solution, caps)
        again, rough = allocate(plan, values, options, allocation)
        if again is None:
            return None, [*findings, *rough]
        allocation, rough = again, [one for one in rough if one not in findings]
    most = max(moved.values())
    unsettled = sorted((place for place in moved if moved[place] >= SETTLED), key=lambda place: -moved[place])
    names = ", ".join(cell_name(code, labels) + f" {period}" for code, labels, period in unsettled[:_MOST_NAMED])
    return Settled(now, allocation, solution, first, caps, MOST_ROUNDS), [
        *findings,
        *rough,
        finding("caps_do_not_settle", plan.header.home, caps=names, rounds=MOST_ROUNDS, moved=100 * most),
    ]


def _holdable(plan: Plan, findings: list[Finding]) -> list[Indicator]:
    """The indicators that a ceiling can hold; one that an identity determines is a finding."""
    behaving = {statement.code for statement in plan.statements if statement.behaviour}
    capped = [indicator for indicator in plan.indicators.values() if indicator.capped_by]
    held = []
    for one in capped:
        if one.role == "endogenous" and one.code not in behaving:
            findings.append(finding("cap_of_an_identity", one.home, code=one.code, item=one.capped_by))
        elif PERIOD not in plan.values[one.code].dims:
            findings.append(finding("cap_of_a_constant", one.home, code=one.code, item=one.capped_by))
        else:
            held.append(one)
    return held


def _ceilings(
    allocation: Allocation, values: Mapping[str, Quantity], capped: list[Indicator]
) -> tuple[dict[Place, float], dict[Place, float]]:
    """(what each short item gets, what all are wanted to get), at the cells of the indicators that they cap."""
    found: dict[Place, float] = {}
    wanted: dict[Place, float] = {}
    plan, framed = allocation.plan, allocation.framed
    figures = Figures(plan, values)
    for indicator in capped:
        balance, _, code = indicator.capped_by.partition(".")
        level = framed.levels.get((balance, code))
        demand = None if level is None else figures.amounts(level.balance, level.item, level.item.quantity)
        if level is None or demand is None:
            continue
        amounts = allocation.amounts[level.key]
        factor = level.balance.unit.factor_to(indicator.unit)
        for t, cell in np.ndindex(amounts.shape):
            labels = framed.cells[balance].labels[level.cells[cell]]
            place = indicator.code, labels, plan.header.plan_periods[t]
            wanted[place] = float(demand[t, cell]) * factor
            if demand[t, cell] - amounts[t, cell] > _SHORT * abs(demand[t, cell]):
                found[place] = float(amounts[t, cell]) * factor
    return found, wanted


def _moved(
    caps: Mapping[Place, float],
    short: Mapping[Place, float],
    wanted: Mapping[Place, float],
    moves: dict[Place, float],
    steps: dict[Place, float],
) -> tuple[dict[Place, float], dict[Place, float]]:
    """(by what share each would have to move, the ceilings moved towards what the short get).

    One that turns back goes only so far as the last two moves say that it would find no more to move (the secant
    method). What is no longer short moves towards what is wanted of it, and is held no more when it is there.
    """
    missed, now = {}, {}
    for place in sorted({*caps, *short}, key=lambda one: (one[0], one[1], str(one[2]))):
        held = caps.get(place, wanted[place])
        move, before = short.get(place, wanted[place]) - held, moves.get(place, 0.0)
        if move * before < 0:
            steps[place] = steps.get(place, 1.0) / (1 - move / before)
        moves[place] = move
        cap = held + steps.get(place, 1.0) * move
        if place in short or cap < (1 - SETTLED) * wanted[place]:
            now[place] = cap
        missed[place] = abs(move) / max(abs(held), 1e-9)
    return missed, now


def _under(plan: Plan, caps: Caps) -> Plan:
    """The plan with what is behavioural fixed at its ceiling, and what is given set to it."""
    fixed, values = list(plan.fixed), dict(plan.values)
    for (code, labels, period), cap in caps.items():
        indicator = plan.indicators[code]
        if indicator.role == "endogenous":
            fixed = [f for f in fixed if (f.indicator, f.labels, f.period) != (code, labels, period)]
            fixed.append(Fixed(code, labels, period, cap, home=indicator.home))
            continue
        quantity = values[code]
        at = quantity.position((*labels, str(period)))
        if at is not None and cap < float(quantity.values[at]):
            values[code] = quantity.with_cell(at, cap, STATUSES.index("plan"), tuple(quantity.homes[at]))
    return replace(plan, fixed=tuple(fixed), values=values)


def _as_wanted(now: Solution, before: Solution, caps: Caps) -> Mapping[str, Quantity]:
    """The numbers of a solution in which what a ceiling holds down is demanded as it was without any.

    So is what the capped item hangs on: exports in money fall with those in tonnes, and both were wanted.
    """
    values = dict(now.values)
    balances = {balance.code: balance for balance in now.plan.balances}
    for code, labels, period in caps:
        balance, _, item = now.plan.indicators[code].capped_by.partition(".")
        one, seen = balances[balance].levels[item], {(balance, item)}
        _restore(values, before, one.quantity, labels, period)
        while one.tie is not None and (one.tie.balance, one.tie.item) not in seen:
            seen.add((one.tie.balance, one.tie.item))
            one = balances[one.tie.balance].levels[one.tie.item]
            _restore(values, before, one.quantity, None, period)
    return values


def _restore(
    values: dict[str, Quantity],
    before: Solution,
    reference: Reference | None,
    labels: tuple[str, ...] | None,
    period: Period,
) -> None:
    """Put back what a reference's cell was, where it is less now; every cell of it, if `labels` is None."""
    if reference is None:
        return
    free, held = before.values[reference.code], values[reference.code]
    fixed = reference.labels or (ALL,) * (len(held.dims) - 1)
    chosen = iter(labels or ())
    axes = [
        axis if one == ALL and labels is None else (next(chosen) if one == ALL else one,)
        for one, axis in zip(fixed, held.labels, strict=False)
    ]
    for cell in product(*axes):
        at = held.position((*cell, str(period)))
        if at is not None and free.present[at] and free.values[at] > held.values[at]:
            held = held.with_cell(at, float(free.values[at]), int(held.status[at]), tuple(held.homes[at]))
    values[reference.code] = held


def uses_short(settled: Settled) -> list[Finding]:
    """What an allocation says against the plan: for each use that is short its worst period."""
    worst: dict[tuple[str, str, int], Shortage] = {}
    for one in settled.first.shortages():
        key = (*one.level.key, one.cell)
        if key not in worst or one.amount / one.demanded > worst[key].amount / worst[key].demanded:
            worst[key] = one
    header, framed = settled.first.plan.header, settled.first.framed
    found = []
    for one in worst.values():
        labels = framed.cells[one.level.balance.code].labels[one.level.cells[one.cell]]
        found.append(
            finding(
                "use_is_short",
                one.item.home,
                item=cell_name(f"{one.level.balance.code}.{one.item.code}", labels),
                rank=one.item.rank,
                period=str(header.plan_periods[one.period]),
                demanded=one.demanded,
                delivered=one.delivered,
                share=100 * one.amount / one.demanded,
                unit=one.level.balance.unit_text,
            )
        )
    return found
