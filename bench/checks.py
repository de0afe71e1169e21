"""How long the checks take on a large plan: 400 indicators, half over sectors × regions, 20 years."""

from __future__ import annotations

import statistics
import time
from datetime import date

import numpy as np

from bagdar.checks import CHECKS, check
from bagdar.equations.program import Program
from bagdar.equations.solution import Solution
from bagdar.header import Header
from bagdar.language import Names
from bagdar.period import Period
from bagdar.plan import Indicator, LabelSet, Member, Origin, Plan, Source
from bagdar.quantity import STATUSES, Quantity
from bagdar.unit import Unit

REPEATS = 5
ADDING = ("sum", "mean", "share region", "part", "none")


def label_set(code: str, count: int) -> LabelSet:
    """`count` labels, one of which is the total of the others and one of which ends with history."""
    total = Member("total", Names("т", "т", "t"))
    members = (Member(f"{code}{i}", Names("т", "т", "t"), "total") for i in range(1, count - 1))
    late = Member(f"{code}0", Names("т", "т", "t"), "total", valid_from=Period("A", 1996))
    return LabelSet(code, (total, late, *members))


def large_plan(indicators: int = 400, sectors: int = 22, regions: int = 16) -> Plan:
    """A plan without a fault: made-up figures of every kind of adding up, with all relations declared."""
    header = Header(
        *("BENCH", Names("т", "т", "t"), "generic", Period("A", 2004)),
        *((Period("A", 2005), Period("A", 2015)), Period("A", 1996), Period("A", 2015)),
        *("A", "KZT", date(2005, 3, 31)),
    )
    sets = {"sector": label_set("sector", sectors), "region": label_set("region", regions)}
    declared = {}
    for n in range(indicators):
        adds_up = ADDING[n % len(ADDING)]
        dims = ("sector", "region") if n % 2 else ("region",)
        unit = "bn KZT" if adds_up in ("sum", "none") else "%"
        parsed = Unit.parse(unit, "current" if unit == "bn KZT" else "")
        assert parsed is not None
        names, basis = Names("т", "т", "t"), "current" if unit == "bn KZT" else ""
        code = f"x{n}"
        declared[code] = Indicator(code, names, parsed, unit, basis, dims, "statistic", "production", adds_up=adds_up)
    plan = Plan(header, sets, declared, {"office": Source("office", Names("т", "т", "t"), "Tables", date(2005, 1, 1))})
    values = {code: filled(plan, indicator) for code, indicator in declared.items()}
    return Plan(header, sets, declared, plan.sources, values, origins=(Origin("data/all.csv", "office"),))


def filled(plan: Plan, indicator: Indicator) -> Quantity:
    """Numbers that add up as the indicator says they do."""
    dims = plan.dims(indicator)
    shape = tuple(len(axis) for axis in dims.values())
    values = np.random.default_rng(int(indicator.code[1:])).uniform(20, 40, shape)
    word = indicator.adds_up.split(" ")[0]
    for axis in range(len(shape) - 1):
        at = np.moveaxis(values, axis, 0)  # a view: the total is the first label
        if word == "share" and axis == len(shape) - 2:
            at[1:] *= 100 / at[1:].sum(0)
            at[0] = 100
        elif word == "sum":
            at[0] = at[1:].sum(0)
        elif word == "mean":
            at[0] = at[1:].mean(0)
    homes = np.zeros((*shape, 3), np.int32)
    homes[..., 1], homes[..., 2] = 2, 2
    future = [str(period) > str(plan.header.base) for period in plan.header.periods]
    status = np.broadcast_to(np.where(future, STATUSES.index("plan"), 0), shape)
    present = np.ones(shape, bool)
    return Quantity(tuple(dims), tuple(dims.values()), values, present, indicator.unit, status, homes)


def main() -> None:
    plan = large_plan()
    solution = Solution(plan, Program.of(plan), plan.values, {}, plan, solved=True)
    cells = sum(q.values.size for q in plan.values.values())
    taken = sorted(timed(lambda: check(plan, solution)) for _ in range(REPEATS))
    print(f"{len(plan.indicators)} indicators, {cells} cells, {len(CHECKS)} checks: {statistics.median(taken):.3f} s")
    for rule in sorted(CHECKS, key=lambda r: -timed(lambda: r(plan, solution)))[:5]:
        print(f"  {rule.__name__:40s} {timed(lambda: rule(plan, solution)):.3f} s")  # noqa: B023
    for item in check(plan, solution)[0][:5]:
        print(item.line())


def timed(run: object) -> float:
    started = time.perf_counter()
    run()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
