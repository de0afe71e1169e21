"""Other members in a plan's sets: its quantities get their cells or lose them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from bagdar.balance import Item, Reference
from bagdar.plan import Member, Plan
from bagdar.quantity import Quantity, empty


def with_members(plan: Plan, code: str, members: tuple[Member, ...]) -> Plan:
    """The plan with other members of a set: the cells of new ones are missing, of absent ones dropped."""
    plan = replace(plan, sets={**plan.sets, code: replace(plan.sets[code], members=members)})
    users = [i for i in plan.indicators.values() if code in i.dims]
    relabelled = {i.code: _relabel(plan.values[i.code], plan.dims(i)) for i in users}
    return replace(plan, values={**plan.values, **relabelled})


def users(plan: Plan, code: str, label: str) -> list[str]:
    """What has a value, a target or a judgement of `label` in any dim, or that names it in a balance or norm."""
    used = []
    for indicator in plan.indicators.values():
        axes = [axis for axis, dim in plan.axes(indicator).items() if dim == code]
        if any(plan.values[indicator.code].select(axis, (label,)).present.any() for axis in axes):
            used.append(indicator.code)
    named = [(t.indicator, t.labels) for t in plan.targets]
    named += [(a.equation, a.labels) for a in plan.add_factors]
    named += [(f.indicator, f.labels) for f in plan.fixed]
    named += [f.instrument[:2] for f in plan.fixed if f.instrument is not None]
    for indicator_code, labels in named:
        declared = plan.indicators.get(indicator_code)
        if declared is not None and (code, label) in zip(declared.dims, labels, strict=False):
            used.append(indicator_code)
    used += [str(one) for one in _references(plan) if _names(plan, one, code, label)]
    for balance in plan.balances:
        for item in balance.items:
            over = _over(plan, item)
            tied = item.tie is not None and (code, label) in zip(over, item.tie.labels, strict=False)
            if tied or any(label in labels for dim, labels in item.only if dim == code):
                used.append(f"{balance.code}.{item.code}")
    return list(dict.fromkeys(used))


def _references(plan: Plan) -> Iterator[Reference]:
    """What balances and norms name."""
    for balance in plan.balances:
        yield from (one for item in balance.items for one in item.references)
        if balance.price is not None:
            yield balance.price
    for norm in plan.norms:
        yield from norm.references


def _names(plan: Plan, reference: Reference, code: str, label: str) -> bool:
    return (code, label) in zip(plan.indicators[reference.code].dims, reference.labels, strict=False)


def _over(plan: Plan, item: Item) -> tuple[str, ...]:
    """The sets of the balance that an item hangs on."""
    return next((b.over for b in plan.balances if item.tie is not None and b.code == item.tie.balance), ())


def _relabel(quantity: Quantity, dims: Mapping[str, tuple[str, ...]]) -> Quantity:
    """`quantity` over new labels: a label it lacks is missing, one no longer there is dropped."""
    result = empty(dims, quantity.unit)
    values, present = result.values.copy(), result.present.copy()
    status, homes = result.status.copy(), result.homes.copy()
    common = [[x for x in axis if x in old] for axis, old in zip(result.labels, quantity.labels, strict=True)]
    if all(common):
        to = np.ix_(*[[axis.index(x) for x in c] for axis, c in zip(result.labels, common, strict=True)])
        at = np.ix_(*[[axis.index(x) for x in c] for axis, c in zip(quantity.labels, common, strict=True)])
        values[to], present[to] = quantity.values[at], quantity.present[at]
        status[to], homes[to] = quantity.status[at], quantity.homes[at]
    return Quantity(result.dims, result.labels, values, present, quantity.unit, status, homes)
