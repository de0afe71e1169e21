"""The tests of a plan's model, all that apply: base period, checks, homogeneity, signs, ranges, backcast."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from bagdar.canonical import canonical
from bagdar.equations import Solution
from bagdar.equations.base_period import BasePeriod, base_period
from bagdar.equations.solution import CheckResult
from bagdar.plan import Plan
from bagdar.policy.counted import comparisons
from bagdar.policy.expectations import Judged, Measured, Progress, Tried, judge, measure, try_shock
from bagdar.policy.hindsight import in_hindsight
from bagdar.policy.homogeneity import Doubling, double
from bagdar.policy.outcome import Comparison


@dataclass(frozen=True)
class Examination:
    """What each test came to. `compared` is every indicator without dims of which the outcome is known."""

    solution: Solution
    base: BasePeriod
    doublings: tuple[Doubling, ...]
    tried: tuple[Tried, ...]
    judged: tuple[Judged, ...]
    measured: tuple[Measured, ...]
    compared: tuple[Comparison, ...]

    @property
    def broken_checks(self) -> tuple[CheckResult, ...]:
        """The ``check`` statements that do not hold, each period."""
        return tuple(c for c in self.solution.checks if not c.holds)

    @property
    def passed(self) -> bool:
        """Whether every test holds. Withdrawn expectations, and who forecasts better, are shown and do not count."""
        signs = [one.verdict for one in self.judged if not one.row.withdrawn]
        ranges = [one.verdict for one in self.measured if not one.row.withdrawn]
        return (
            all(r.closes for r in self.base.residuals)
            and not self.base.unread
            and not self.broken_checks
            and all(d.solved and not d.off for d in self.doublings)
            and {*signs, *ranges} <= {"holds"}
        )


def examine(solution: Solution, progress: Progress | None = None) -> Examination:
    """Every test of a solved plan; `progress(done, of)` is called after each solution of the model."""
    expected, done = solution.plan.expectations, 0
    of = 3 + len(expected.shocks)

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, of)

    doublings = []
    for way in ("recalibrated", "held"):
        doublings.append(double(solution, way))
        tell()
    tried = []
    for shock in expected.shocks:
        tried.append(try_shock(solution, shock))
        tell()
    hindsight = in_hindsight(solution)
    tell()
    by_code = {one.shock.code: one for one in tried}
    return Examination(
        solution,
        base_period(solution),
        tuple(doublings),
        tuple(tried),
        judge(solution, by_code, expected.signs),
        measure(solution, by_code, expected.ranges),
        comparisons(solution, solution.plan.indicators.values(), hindsight),
    )


def identity(plan: Plan) -> str:
    """SHA-256 of all that the tests depend on: the plan, what is expected of it, and what happened."""
    told = canonical([plan.hash, plan.expectations, plan.outcomes])
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
