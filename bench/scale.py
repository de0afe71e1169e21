"""How long a large model takes: 60 sectors × 16 regions × 10 years, prices and volumes simultaneous.

python bench/scale.py               first, again, and with another path of world demand
python bench/scale.py --feedback    blocks of other sizes, by their feedback set and factorised whole
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np

from bagdar.equations import Solution, schedule, simulate
from bagdar.finding import has_errors
from bagdar.header import Header
from bagdar.language import Names
from bagdar.period import Period
from bagdar.plan import Indicator, LabelSet, Member, Plan
from bagdar.quantity import Quantity
from bagdar.statement import split
from bagdar.unit import ONE

SECTORS, REGIONS, YEARS = 60, 16, 10
EQUATIONS = """for s, r in sector
for t, v in region

domestic_use[s] = sum(input_coefficient[s, r]*output[r] for r in sector) + consumption[s] + investment[s] + purchases[s]
output[s] = domestic_use[s]*(1 - import_share[s]*(price[s]/import_price[s])**elasticity) + exports[s]
imports[s] = domestic_use[s]*import_share[s]*(price[s]/import_price[s])**elasticity
price[s] = (sum(input_coefficient[r, s]*price[r] for r in sector) + unit_labour_cost[s])*(1 + margin[s])
@behaviour
dlog(employment[s]) = 0.8*dlog(output[s]) - 0.01
unit_labour_cost[s] = wage*employment[s]/output[s]
@behaviour
log(exports[s]) = log(world_demand) - elasticity*log(price[s])
@behaviour
dlog(wage) = 0.5*log(sum(employment[s] for s in sector)/labour_force) + 0.3*dlog(consumer_price)
consumer_price = sum(budget_share[s]*price[s] for s in sector)
income = sum(wage*employment[s] + 0.1*price[s]*output[s] for s in sector)
consumption[s] = 1 + 0.4*budget_share[s]*income/price[s]
investment[s] = max(0.1*output[s] + 0.05*(output[s] - lag(output[s])), 0)
capital[s] = 0.95*lag(capital[s]) + investment[s]
gdp = sum(price[s]*(consumption[s] + investment[s] + purchases[s] + exports[s])
    - import_price[s]*imports[s] for s in sector)
weight[s] = sum(share[t, s]*competitiveness[t] for t in region)
regional_output[t, s] = share[t, s]*competitiveness[t]/weight[s]*output[s]
regional_product[t, s] = price[s]*regional_output[t, s] - sum(input_coefficient[r, s]*price[r] for r in sector)
    *regional_output[t, s]
regional_employment[t, s] = employment[s]*regional_output[t, s]/output[s]
regional_wages[t, s] = wage*regional_employment[t, s]
regional_income[t] = sum(regional_wages[t, s] + 0.2*price[s]*regional_output[t, s] for s in sector)
regional_consumption[t, s] = consumption[s]*regional_income[t]/income
regional_imports[t, s] = imports[s]*regional_consumption[t, s]/consumption[s]
regional_growth[t, s] = 100*(regional_output[t, s]/lag(regional_output[t, s]) - 1)
@behaviour
dlog(regional_capital[t, s]) = dlog(regional_output[t, s])
regional_tax[t, s] = 0.1*regional_product[t, s] + 0.13*regional_wages[t, s]
regional_budget[t] = sum(regional_tax[t, s] for s in sector)
people[t] = lag(people[t])*(1 + 0.01*log(regional_income[t]/lag(regional_income[t])))
"""


def model(sectors: int = SECTORS, regions: int = REGIONS, years: int = YEARS) -> Plan:
    """The plan, with made-up figures of a base year."""
    random = np.random.default_rng(1)
    header = Header(
        *("SCALE", Names("т", "т", "t"), "generic", Period("A", 2024)),
        *((Period("A", 2025), Period("A", 2024 + years)), Period("A", 2023), Period("A", 2024 + years)),
        *("A", "KZT", date(2025, 1, 1)),
    )
    sets = {
        code: LabelSet(code, tuple(Member(f"{code}{i}", Names("т", "т", "t")) for i in range(count)))
        for code, count in (("sector", sectors), ("region", regions))
    }
    statements, found = split(EQUATIONS, "equations/scale.eq")
    assert not found, found
    a = random.uniform(0, 1, (sectors, sectors))
    given = {
        "input_coefficient": 0.4 * a / a.sum(0),
        "import_share": random.uniform(0.05, 0.4, sectors),
        "margin": random.uniform(0.1, 0.3, sectors),
        "budget_share": random.dirichlet(np.ones(sectors)),
        "share": random.dirichlet(np.ones(regions), sectors).T,
        "elasticity": np.array(0.5),
    }
    paths = {
        "purchases": random.uniform(1, 5, sectors),
        "import_price": np.ones(sectors),
        "world_demand": np.array(10.0),
        "labour_force": np.array(1000.0),
        "competitiveness": random.uniform(0.9, 1.1, regions),
    }
    lefts = {s.code: s for s in statements}
    regional = {code for code, one in lefts.items() if re.match(rf"(\w+\()?{code}\[t, s\]", one.text)}
    by_region = {code for code, one in lefts.items() if re.match(rf"{code}\[t\]", one.text)}
    single = {"wage", "consumer_price", "income", "gdp"}
    start = {
        "output": 20.0,
        "employment": 15.0,
        "price": 1.7,
        "wage": 1.0,
        "exports": 10.0,
        "capital": 50.0,
        "people": 900.0,
    }

    def dims(code: str) -> tuple[str, ...]:
        if code in regional:
            return ("region", "sector")
        return ("region",) if code in by_region or code == "competitiveness" else () if code in single else ("sector",)

    indicators, values = {}, {}
    for code in (*given, *paths, *lefts):
        role = "coefficient" if code in given else "exogenous" if code in paths else "endogenous"
        if code in given:
            axes = {2: ("sector", "sector"), 1: ("sector",), 0: ()}[given[code].ndim]
            axes = ("region", "sector") if code == "share" else axes
        else:
            axes = () if code in ("world_demand", "labour_force") else dims(code)
        indicators[code] = Indicator(code, Names("т", "т", "t"), ONE, "1", "", axes, role, "production", adds_up="none")
    plan = Plan(header, sets, indicators, {}, {}, statements=statements)
    for code, indicator in indicators.items():
        named = plan.dims(indicator)
        shape = tuple(len(axis) for axis in named.values())
        numbers, present = np.zeros(shape), np.zeros(shape, bool)
        if code in given:
            numbers, present = given[code].reshape(shape), np.ones(shape, bool)
        elif code in paths:
            growth = 1.0 if code in ("import_price", "competitiveness") else 1.02
            numbers = paths[code][..., None] * growth ** np.arange(shape[-1])
            present = np.ones(shape, bool)
        else:
            numbers = np.full(shape, start.get(code, 12.0))
            numbers[..., 1] *= 1.02
            present[..., :2] = True
        values[code] = Quantity(tuple(named), tuple(named.values()), numbers, present, ONE)
    return replace(plan, values=values, header=replace(header, identity_tolerance=1e9))


def timed(what: Callable[[], Solution]) -> tuple[float, float, Solution]:
    cpu, started = time.process_time(), time.perf_counter()
    solution = what()
    return time.perf_counter() - started, time.process_time() - cpu, solution


def solved(plan: Plan, start: Solution | None = None) -> Solution:
    solution, found = simulate(plan, start=start)
    assert not has_errors(found), [f.line() for f in found if f.severity == "error"][:3]
    return solution


def with_more_demand(plan: Plan) -> Plan:
    moved = replace(plan.values["world_demand"], values=plan.values["world_demand"].values * 1.1)
    return replace(plan, values={**plan.values, "world_demand": moved})


def feedback() -> None:
    """Seconds of processor time of one more solution, by the size of the block's feedback set."""
    print(f"{'sectors':>8s} {'block':>6s} {'dense':>7s} {'sparse':>7s}")
    for sectors in (30, 60, 100, 150, 220, 400):
        plan, taken = model(sectors, 2, 3), []
        for largest in (10**6, 5):
            schedule.LARGEST_SET = largest
            solution = solved(plan)
            again = [timed(partial(solved, with_more_demand(plan), solution))[1] for _ in range(3)]
            taken.append(min(again))
        print(f"{sectors:8d} {solution.largest_block:6d} {taken[0]:7.3f} {taken[1]:7.3f}", flush=True)


def main() -> None:
    plan = model()
    first, cpu, solution = timed(lambda: solved(plan))
    count = len(solution.model.equations)
    engine = os.environ.get("BAGDAR_ENGINE", "native")
    print(f"{count:,} equations × {YEARS} years, largest block {solution.largest_block}, engine {engine}")
    print(f"first solution, with laying out and compiling: {first:.2f} s (CPU {cpu:.2f})")
    again = [timed(lambda: solved(plan, solution)) for _ in range(5)]
    print(f"solved again from its numbers: {min(a[0] for a in again):.3f} s (CPU {min(a[1] for a in again):.3f})")
    other = with_more_demand(plan)
    again = [timed(lambda: solved(other, solution)) for _ in range(5)]
    print(
        f"with world demand a tenth higher: {min(a[0] for a in again):.3f} s (CPU {min(a[1] for a in again):.3f}), "
        f"iterations {again[0][2].iterations}"
    )
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:] == ["--feedback"]:
        feedback()
    else:
        main()
