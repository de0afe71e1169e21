"""Index numbers: an index agrees with its level, its chain has no gap, and volumes are not told from values.

Which index belongs to which level is said by `index_of`, which volume to which value and deflator by
`volume_of`. Printed figures are held to what their last digits allow. Value = volume × price
(System of National Accounts 2008, chapter 15).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bagdar.checks.cells import cell, half_digit, worst
from bagdar.equations.solution import Solution
from bagdar.finding import Fact, Finding, finding
from bagdar.plan import Indicator, Plan
from bagdar.quantity import Mask, Quantity, Values
from bagdar.unit import ONE


def index_chain_broken(plan: Plan, solution: Solution) -> list[Finding]:
    """An index (or growth) that its level does not give, beyond what the printed digits of both allow.

    One finding for each choice of labels, its worst period. What the volume gives instead is left to
    `nominal_beside_real`.
    """
    findings = []
    for indicator, quantity, level in _indices(plan, solution):
        implied, slack, there = _implied(indicator, quantity, level, solution)
        off = there & quantity.present & (np.abs(quantity.values - implied) > slack)
        off &= ~_agrees_with_a_volume(plan, solution, indicator, quantity)[0]
        for place in worst(off, np.abs(quantity.values - implied)):
            one = cell(solution.placed, indicator, quantity, place)
            facts: dict[str, Fact] = {"code": indicator.code, "period": str(one.period), "level": level.code}
            facts |= {"label": _in_brackets(one.labels), "unit": indicator.unit_text}
            facts |= {"found": one.value, "implied": float(implied[place])}
            facts |= {"difference": one.value - float(implied[place])}
            findings.append(finding("index_chain_broken", one.home, one.address, **facts))
    return findings


def index_chain_has_a_gap(plan: Plan, solution: Solution) -> list[Finding]:
    """A chain index missing between two periods that have one, where its level cannot stand in: no way across.

    One finding for each choice of labels, the first gap.
    """
    findings = []
    for indicator, quantity, level in _indices(plan, solution):
        if indicator.index_of[1:] not in ((), ("growth",)):
            continue
        _, _, there = _implied(indicator, quantity, level, solution)
        before = np.logical_or.accumulate(quantity.present, -1)
        after = np.logical_or.accumulate(quantity.present[..., ::-1], -1)[..., ::-1]
        gap = before & after & ~quantity.present & ~there
        for place in worst(gap, np.ones(gap.shape)):
            given = np.flatnonzero(quantity.present[place[:-1]])
            labels = tuple(axis[i] for axis, i in zip(quantity.labels, place, strict=True))
            # The row of the first figure after the gap is where the reader must look.
            next_one = cell(solution.placed, indicator, quantity, (*place[:-1], int(given[given > place[-1]][0])))
            facts = {"code": indicator.code, "label": _in_brackets(labels[:-1]), "period": labels[-1]}
            facts |= {"first": quantity.labels[-1][given[given < place[-1]][-1]], "last": str(next_one.period)}
            facts |= {"level": level.code}
            findings.append(finding("index_chain_has_a_gap", next_one.home, next_one.address, **facts))
    return findings


def nominal_beside_real(plan: Plan, solution: Solution) -> list[Finding]:
    """An index of a value at current prices that is in truth that of its volume; stated figures too."""
    findings = []
    for indicator, quantity, level in _indices(plan, solution):
        real, of_volume, volume = _agrees_with_a_volume(plan, solution, indicator, quantity)
        if volume is None:
            continue
        implied, slack, there = _implied(indicator, quantity, level, solution)
        off = real & there & (np.abs(quantity.values - implied) > slack)
        told = [(one.home, one.address, place, one.value) for place in worst(off, np.abs(quantity.values - implied))
                for one in [cell(solution.placed, indicator, quantity, place)]]  # fmt: skip
        for stated in plan.stated:
            at = quantity.position((*stated.labels, str(stated.period)))
            if stated.indicator != indicator.code or at is None or not there[at]:
                continue
            rounded = 0.5 * 10.0**-stated.decimals * (1 + 1e-9)
            if abs(stated.value - of_volume[at]) <= rounded < abs(stated.value - implied[at]):
                address = cell(solution.placed, indicator, quantity, at).address
                told.append((stated.home, address, at, stated.value))
        for home, address, place, value in told:
            facts: dict[str, Fact] = {"code": indicator.code, "label": _in_brackets(address.labels)}
            facts |= {"period": str(address.period), "unit": indicator.unit_text, "found": value}
            facts |= {"nominal": level.code, "implied": float(implied[place])}
            facts |= {"volume": volume.code, "real": float(of_volume[place])}
            findings.append(finding("nominal_beside_real", home, address, **facts))
    return findings


def volume_and_price_do_not_give_the_value(plan: Plan, solution: Solution) -> list[Finding]:
    """A volume times its deflator is not its value; without a deflator, the two differ in the base year of prices.

    One finding for each choice of labels, its worst period as a share of the value.
    """
    findings = []
    for volume in plan.indicators.values():
        if not volume.volume_of:
            continue
        value = plan.indicators[volume.volume_of[0]]
        v, n = solution.values[volume.code], solution.values[value.code]
        given, slack, there = (
            v.values * (volume.unit.scale / value.unit.scale),
            half_digit(v.values, v.present),
            v.present,
        )
        slack = slack / np.maximum(np.abs(v.values), slack)
        if len(volume.volume_of) > 1:
            deflator = plan.indicators[volume.volume_of[1]]
            d = solution.values[deflator.code]
            half = half_digit(d.values, d.present)
            given, there = given * d.values * deflator.unit.scale, there & d.present
            slack = slack + half / np.maximum(np.abs(d.values), half)
        else:
            there = there & np.array([label == volume.price_basis for label in v.labels[-1]], bool)
        relative = np.abs(given - n.values) / np.maximum(np.abs(n.values), half_digit(n.values, n.present))
        slack = slack + half_digit(n.values, n.present) / np.maximum(np.abs(n.values), 1e-300)
        off = there & n.present & (relative > slack + plan.header.identity_tolerance)
        for place in worst(off, relative):
            one = cell(solution.placed, volume, v, place)
            facts: dict[str, Fact] = {"code": volume.code, "label": _in_brackets(one.labels), "period": str(one.period)}
            facts |= {"found": one.value, "value": value.code, "deflator": "".join(volume.volume_of[1:]) or "1"}
            facts |= {"given": float(given[place]), "held": float(n.values[place]), "unit": value.unit_text}
            facts |= {"difference": float(given[place] - n.values[place])}
            findings.append(finding("volume_and_price_do_not_give_the_value", one.home, one.address, **facts))
    return findings


def _indices(plan: Plan, solution: Solution) -> Iterator[tuple[Indicator, Quantity, Indicator]]:
    """(index, its quantity, its level) of every declared index."""
    for indicator in plan.indicators.values():
        if indicator.index_of:
            yield indicator, solution.values[indicator.code], plan.indicators[indicator.index_of[0]]


def _implied(index: Indicator, quantity: Quantity, level: Indicator, solution: Solution) -> tuple[Values, Values, Mask]:
    """(what the level gives for the index, how far the two may be off as printed, where it gives anything)."""
    held = solution.values[level.code]
    half = half_digit(held.values, held.present)
    base = _base(index, held)
    there = held.present & base[2] & (base[0] != 0)
    ratio = np.where(there, held.values, 0.0) / np.where(there, base[0], 1.0)
    rounded = half / np.where(there, np.abs(base[0]), 1.0) + np.abs(ratio) * base[1] / np.where(
        there, np.abs(base[0]), 1.0
    )
    change = ratio - 1.0 if index.index_of[1:] == ("growth",) else ratio
    scale = ONE.factor_to(index.unit)
    slack = half_digit(quantity.values, quantity.present) + rounded * scale
    tolerance = solution.plan.header.identity_tolerance
    return change * scale, slack * (1 + 1e-9) + tolerance * np.abs(ratio) * scale, there


def _base(index: Indicator, level: Quantity) -> tuple[Values, Values, Mask]:
    """What the level is compared with, each period: (values, half of their last digits, present)."""
    half = half_digit(level.values, level.present)
    to = index.index_of[1] if len(index.index_of) > 1 else "growth"
    if to == "growth":
        arrays = (level.values, half, level.present)
        before = tuple(np.concatenate([np.zeros_like(a[..., :1]), a[..., :-1]], -1) for a in arrays)
        return before[0], before[1], np.asarray(before[2], bool)
    if to not in level.labels[-1]:
        return level.values, half, np.zeros_like(level.present)
    at = level.labels[-1].index(to)
    shape = level.values.shape
    return (
        np.broadcast_to(level.values[..., at : at + 1], shape),
        np.broadcast_to(half[..., at : at + 1], shape),
        np.broadcast_to(level.present[..., at : at + 1], shape),
    )


def _agrees_with_a_volume(
    plan: Plan, solution: Solution, index: Indicator, quantity: Quantity
) -> tuple[Mask, Values, Indicator | None]:
    """(where the index is that of its level's volume, what the volume gives, the volume); no volume: nowhere."""
    for volume in plan.indicators.values():
        if volume.volume_of[:1] == index.index_of[:1]:
            implied, slack, there = _implied(index, quantity, volume, solution)
            agrees = there & quantity.present & (np.abs(quantity.values - implied) <= slack)
            return agrees, implied, volume
    return np.zeros_like(quantity.present), quantity.values, None


def _in_brackets(labels: tuple[str, ...]) -> str:
    return f"[{', '.join(labels)}]" if labels else ""
