"""Which form each foreign equation takes in a plan, given the numbers: behaviour, identity, or only reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bagdar.equations.expression import Cell, Expression, Number, Op, cells, distinct, shift, terms
from bagdar.equations.model import level
from bagdar.importers.behaviour import Behaviour, behaviour, without_switch
from bagdar.importers.evaluation import Series, evaluate
from bagdar.importers.foreign import ForeignEquation, ForeignModel

ONE, HUNDRED = Number(1.0), Number(100.0)


@dataclass(frozen=True)
class Shaped:
    """An equation as the plan will have it.

    `behaviour`: it is marked so, and its add-factor is `scale` times the series `add`, 0 if there is none.
    `reported`: its indicator is a statistic.
    """

    equation: ForeignEquation
    transform: str
    right: Expression
    behaviour: bool = False
    reported: bool = False
    add: str = ""
    scale: float = 1.0


@dataclass(frozen=True)
class Shapes:
    """All equations of a model, and what was decided on the way, by codes.

    `held`: a dummy that is not 0 throughout the horizon stays in the equation. `unready`: there are no numbers of the
    base period to find an add-factor from, so the equation is written without one. `history`: the series, with what
    identities fill up to the base.
    """

    equations: tuple[Shaped, ...]
    held: tuple[str, ...]
    unready: tuple[str, ...]
    history: Mapping[str, Series]


def shape(model: ForeignModel) -> Shapes:
    """The form of every equation of the model.

    An equation that reads what it determines is written as a behavioural one, with an add-factor of 0: as an identity
    it would define a thing by itself.
    """
    base = model.horizon[0] - model.periods[0] - 1
    plain = [Shaped(e, e.transform, e.right) for e in model.equations if e.kind != "behaviour"]
    history = filled(model.series, plain, base)
    needed = {cell.code for e in model.equations if e.kind != "fitted" for cell in cells(e.right)}
    shaped, held, unready = [], [], []
    for equation in model.equations:
        code = equation.code
        if equation.kind != "behaviour" and Cell(code) not in distinct(equation.right):
            reported = equation.kind == "fitted" and code not in needed
            shaped.append(Shaped(equation, equation.transform, equation.right, reported=reported))
            continue
        inside = without_switch(code, equation.right)
        right = equation.right
        if inside is not None and _off(model, f"{code}_D"):
            right = inside
        elif inside is not None:
            held.append(code)
        found = behaviour(code, equation.transform, right, equation.add)
        if _has_base(found, code, history, base):
            shaped.append(Shaped(equation, found.transform, found.right, True, False, found.add, found.scale))
        else:
            unready.append(code)
            shaped.append(Shaped(equation, equation.transform, right))
    return Shapes(tuple(shaped), tuple(held), tuple(unready), history)


def filled(series: Mapping[str, Series], identities: Iterable[Shaped], base: int) -> dict[str, Series]:
    """The series up to the base period (the rest NaN), gaps filled by identities as far as they go."""
    length = len(next(iter(series.values()))) if series else 0
    known = {code: np.where(np.arange(length) <= base, values, np.nan) for code, values in series.items()}
    waiting = list(identities)
    while waiting:
        left = []
        for one in waiting:
            own = known.get(one.equation.code, np.full(length, np.nan))
            computed = evaluate(level(one.transform, Cell(one.equation.code), one.right), known, length)
            gaps = np.isnan(own) & ~np.isnan(computed) & (np.arange(length) <= base)
            if gaps.any():
                known[one.equation.code] = np.where(gaps, computed, own)
            else:
                left.append(one)
        if len(left) == len(waiting):
            break
        waiting = left
    return known


def off_by(one: Shaped, history: Mapping[str, Series], base: int) -> Series:
    """How far the data miss an identity in each period, as a share of its largest term; 0 where it cannot be said."""
    length = len(next(iter(history.values())))
    own = history.get(one.equation.code)
    if own is None:
        return np.zeros(length)
    right = level(one.transform, Cell(one.equation.code), one.right)
    computed = evaluate(right, history, length)
    parts = [np.abs(evaluate(term, history, length)) for term in terms(right)]
    with np.errstate(all="ignore"):
        size = np.fmax.reduce([np.abs(own), np.abs(computed), *parts])
        share = np.where(size > 0, np.abs(own - computed) / size, 0.0)
    return np.where((np.arange(length) <= base) & np.isfinite(share), share, 0.0)


def reach(equations: Iterable[Shaped]) -> int:
    """How many periods ahead the equations read."""
    return max((0, *(-cell.lag for e in equations for cell in distinct(e.right))))


def look_back(equations: Iterable[Shaped]) -> int:
    """How many periods back the equations read."""
    lags = max((cell.lag for e in equations for cell in distinct(e.right)), default=0)
    return max(lags, 1)  # a growth rate on the left reads the period before


def _off(model: ForeignModel, dummy: str) -> bool:
    """Whether a dummy is 0 throughout the horizon; one that the file does not have holds nothing."""
    series = model.series.get(dummy)
    first, last = (period - model.periods[0] for period in model.horizon)
    return series is None or bool((series[first : last + 1] == 0).all())


def _has_base(found: Behaviour, code: str, history: Mapping[str, Series], base: int) -> bool:
    """Whether the base period has all numbers from which the equation's add-factor follows."""
    if base < 0:
        return False
    own = Cell(code)
    left: dict[str, Expression] = {
        "": own,
        "log": Op("log", (own,)),
        "dlog": Op("sub", (Op("log", (own,)), Op("log", (shift(own, 1),)))),
        "diff": Op("sub", (own, shift(own, 1))),
        "pct": Op("div", (own, shift(own, 1))),
    }
    judged = Op("sub", (left[found.transform], found.right))
    values = evaluate(judged, history, len(history[code])) if code in history else np.full(base + 1, np.nan)
    return bool(np.isfinite(values[base]))
