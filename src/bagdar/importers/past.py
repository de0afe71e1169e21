"""How far back an imported plan's history goes: as far as the file's own data hold the file's own identities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bagdar.finding import Fact, Finding, Home, finding
from bagdar.importers.foreign import ForeignModel
from bagdar.importers.shaping import Shaped, Shapes, look_back, off_by
from bagdar.period import Period

TOLERANCE = 1e-6  # a plan's own tolerance of identities in history
_ROUNDING = 1e-3  # by more than this no rounding of figures misses an identity
_LONGEST = 1000  # periods that a plan may have


def past(
    model: ForeignModel,
    shapes: Shapes,
    equations: Sequence[Shaped],
    roles: Mapping[str, str],
    terminal: Period,
    findings: list[Finding],
) -> tuple[Period, float]:
    """(the first period of history, the tolerance that its identities need).

    History goes back to the first period for which the file has numbers, unless it misses identities by more than
    rounding before some later one: files that write 0 for what is missing do. Then it begins after that, though
    never so late that equations of the horizon lack what they read of the past.
    """
    start, base = model.periods[0], model.horizon[0] + -1
    known = [np.flatnonzero(~np.isnan(model.series[code])) for code in roles if code in model.series]
    there = min((int(found[0]) for found in known if len(found)), default=0)
    latest = base - start
    first = max(min(there, latest), terminal + (1 - _LONGEST) - start)
    misses = _misses(model, shapes, equations, first)
    needed = max(first, latest - look_back(equations))
    begin = max((at + 1 for share, _, at in misses if share > _ROUNDING and at < needed), default=first)
    home = Home(model.file)
    if begin > first:
        facts = _worst(model, [miss for miss in misses if miss[2] < begin])
        facts["first"] = str(start + begin)
        findings.append(finding("history_cut_at_identities", home, **facts))
    after = [miss for miss in misses if miss[2] >= begin]
    if not after:
        return start + begin, TOLERANCE
    tolerance = float(f"{max(after)[0] * 1.05:.1e}")
    facts = _worst(model, after)
    facts["tolerance"] = tolerance
    findings.append(finding("identity_tolerance_widened", home, **facts))
    return start + begin, tolerance


def _misses(
    model: ForeignModel, shapes: Shapes, equations: Sequence[Shaped], first: int
) -> list[tuple[float, str, int]]:
    """(by which share, whose, when) the file's data miss identities, from the period at place `first` on."""
    latest, misses = model.horizon[0] - model.periods[0] - 1, []
    for one in equations:
        if not one.behaviour and not one.reported and latest >= 0:
            off = off_by(one, shapes.history, latest)
            places = np.flatnonzero(off > TOLERANCE)
            misses += [(float(off[at]), one.equation.code, int(at)) for at in places if at >= first]
    return misses


def _worst(model: ForeignModel, misses: Sequence[tuple[float, str, int]]) -> dict[str, Fact]:
    share, code, at = max(misses)
    count = len({miss[1] for miss in misses})
    return {"count": count, "code": code, "period": str(model.periods[0] + at), "share": 100 * share}
