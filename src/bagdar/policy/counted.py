"""Which errors of a plan count: each quantity once, and only where the plan's model decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bagdar.equations import Solution
from bagdar.equations.expression import Cell, Expression, Op, cells
from bagdar.plan import Indicator
from bagdar.policy.influence import decided_by_behaviour
from bagdar.policy.outcome import Comparison, Standing, compare


def comparisons(
    solution: Solution, indicators: Iterable[Indicator], hindsight: Solution | None = None
) -> tuple[Comparison, ...]:
    """Every indicator of which the outcome is known, and how its errors stand in the count.

    What no behavioural equation moves is given. A balance, which is left over between sums and may be below zero,
    has no growth rate that says much: where a rate or share that it stands above the line of is compared too, that is
    counted. Of others, what
    a definition gives from a single one that is counted is that one in another form, as a growth rate of its level.
    """
    compared = [c for i in indicators if (c := compare(solution, i, hindsight)) is not None]
    if not compared:
        return ()
    own, told = decided_by_behaviour(solution), {c.indicator.code: c for c in compared}
    identities = {e.left.code: e.right for e in solution.model.equations if e.add is None and not e.left.labels}
    read = {code: {c.code for c in cells(right)} & own - {code} for code, right in identities.items()}
    shared = {part for code, c in told.items() if c.rate and code in identities for part in _shared(identities[code])}
    left_over = {
        code
        for code, c in told.items()
        if code in shared and not c.rate and (not c.plan_errors or _is_difference(identities.get(code)))
    }
    counted = told.keys() & own - left_over

    def standing(code: str) -> Standing:
        if code not in own:
            return "given"
        once_more = len(read.get(code, ())) == 1 and read[code] <= counted
        return "repeated" if code in left_over or once_more else "counted"

    return tuple(replace(c, standing=standing(c.indicator.code)) for c in compared)


def tally(compared: Iterable[Comparison]) -> tuple[int, int]:
    """(for how many indicators the plan was closer than the naive forecast, for how many further off)."""
    pairs = [(c.plan_error, c.naive_error) for c in compared if c.standing == "counted"]
    known = [(p, n) for p, n in pairs if p is not None and n is not None]
    return sum(p < n for p, n in known), sum(p > n for p, n in known)


def _shared(right: Expression) -> set[str]:
    """What a share or rate is one of: the codes above its line."""
    if isinstance(right, Op) and right.name == "div":
        return _shared(right.args[0])
    if isinstance(right, Op) and right.name in ("mul", "neg"):
        return set().union(*map(_shared, right.args))
    return {right.code} if isinstance(right, Cell) else set()


def _is_difference(right: Expression | None) -> bool:
    """Whether something is taken away in the sum that `right` is."""
    if not isinstance(right, Op) or right.name not in ("add", "sub", "neg"):
        return False
    return right.name != "add" or any(map(_is_difference, right.args))
