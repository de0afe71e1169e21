"""simulate: Plan -> Solution. The equations' year-by-year paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from bagdar.address import Address
from bagdar.equations.history import calibrate, derive, derive_statistics
from bagdar.equations.model import ADD, Check, Model, build
from bagdar.equations.newton import Outcome, solve_block
from bagdar.equations.order import Block, order
from bagdar.equations.system import Compiled, Place, System
from bagdar.finding import Finding, finding, has_errors
from bagdar.language import number
from bagdar.period import Period
from bagdar.plan import Indicator, Origin, Plan
from bagdar.quantity import STATUSES, Quantity
from bagdar.unit import ONE

PLANNED, DERIVED = STATUSES.index("plan"), STATUSES.index("derived")
# Identities must close to this share of their scale; shown beside every solution.
CLOSED = 1e-9

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CheckResult:
    """What a ``check`` came to in one period: whether it holds, and by how much it misses, in its own scale."""

    check: Check
    period: Period
    holds: bool
    left: float
    right: float


@dataclass(frozen=True)
class Solution:
    """The plan's values with history's identities and the horizon's paths filled in.

    values: by indicator; a solved cell's status is ``plan`` and its home is its equation.
    add_factors: by behavioural indicator, over labels and periods: in history what the equation missed by.
    residual: the largest |left − right| of an identity in the horizon, as a share of its scale.
    """

    plan: Plan
    model: Model
    values: Mapping[str, Quantity]
    add_factors: Mapping[str, Quantity]
    checks: tuple[CheckResult, ...] = ()
    residual: float = 0.0
    blocks: int = 0
    largest_block: int = 0
    iterations: int = 0
    solved: bool = False
    # The plan with the origins that solved cells' homes refer to.
    placed: Plan = field(default=None)  # type: ignore[assignment]  # filled by `simulate`


def simulate(plan: Plan, progress: Progress | None = None) -> tuple[Solution, list[Finding]]:
    """The plan's paths over its horizon, and what stood in the way.

    `solved` is false, and the horizon's endogenous cells are missing, if any finding is an error: there is
    never a half-converged number. `progress(done, of)` is called after each block.
    """
    model, findings = build(plan)
    system = System(plan, model)
    history = derive(system)
    findings += history.findings
    if not has_errors(findings):
        findings += calibrate(system)
    unready = has_errors(findings)
    run = _Run(system, progress)
    if not unready:
        findings += run.solve()
    solved = not has_errors(findings)
    if not solved:
        run.withdraw()
    reported = derive_statistics(system)
    findings += reported.findings
    checks = _evaluate_checks(system)
    values, add_factors, placed = _quantities(system, history.derived | reported.derived, solved)
    solution = Solution(
        plan,
        model,
        values,
        add_factors,
        checks,
        _residual(system) if solved else 0.0,
        run.blocks,
        run.largest,
        run.iterations,
        solved,
        placed,
    )
    return solution, findings


class _Run:
    """One solution of the horizon: unknowns, blocks, Newton."""

    def __init__(self, system: System, progress: Progress | None) -> None:
        self.system, self.progress = system, progress
        self.blocks = self.largest = self.iterations = 0
        self.held = {(f.indicator, f.labels, f.period): f for f in system.plan.fixed}

    def solve(self) -> list[Finding]:
        """Fill the horizon; findings if that is impossible."""
        system = self.system
        pairs = [(t, c) for t in system.horizon for c in system.equations if not system.reported(c)]
        unknowns, preferred = self.unknowns(pairs)
        missing = self.missing(pairs, set(unknowns))
        if missing:
            return missing
        position = {place: i for i, place in enumerate(unknowns)}
        reads = [
            [position[t - lag, cell] for cell, lag in c.reads if (t - lag, cell) in position] for t, c in pairs
        ]
        wanted = [position.get(place, -1) if place is not None else -1 for place in preferred]
        blocks, unserved = order(reads, wanted)
        if unserved:
            return [self.unserved(*pairs[i]) for i in unserved]
        self.blocks, self.largest = len(blocks), max((len(b.equations) for b in blocks), default=0)
        for done, block in enumerate(blocks, 1):
            found = self.solve_one([pairs[i] for i in block.equations], [unknowns[i] for i in block.unknowns])
            if found:
                return found
            if self.progress is not None:
                self.progress(done, len(blocks))
        return []

    def unknowns(self, pairs: Sequence[tuple[int, Compiled]]) -> tuple[list[Place], list[Place | None]]:
        """The unknown places, and for each (period, equation) the one it is written for, if that is unknown."""
        system = self.system
        unknowns: list[Place] = []
        preferred: list[Place | None] = []
        for t, compiled in pairs:
            code, labels = compiled.equation.key
            held = self.held.get((code, labels, system.periods[t]))
            place: Place | None = (t, compiled.left)
            if held is not None:
                system.x[t][compiled.left] = held.value
                place = None
                if held.instrument is None and compiled.add is not None:
                    place = (t, compiled.add)
                elif held.instrument is not None:
                    name, named, when = held.instrument
                    unknowns.append((when - system.plan.header.history, system.index[name, named]))
            if place is not None:
                unknowns.append(place)
            preferred.append(place)
        return unknowns, preferred

    def missing(self, pairs: Sequence[tuple[int, Compiled]], unknowns: set[Place]) -> list[Finding]:
        """A finding for each given cell that an equation reads and that holds no number."""
        system = self.system
        readers: dict[Place, Compiled] = {}
        for t, compiled in pairs:
            for place in system.missing(compiled, t):
                if place not in unknowns:
                    readers.setdefault(place, compiled)
        findings = []
        for (t, cell), compiled in readers.items():
            code, labels = system.keys[cell]
            period = system.plan.header.history + t
            indicator = system.plan.indicators.get(code)
            timeless = indicator is not None and indicator.role == "coefficient"
            address = Address("coefficient" if timeless else "value", code, labels, None if timeless else period)
            home = indicator.home if indicator else compiled.equation.statement.home
            facts = {"code": code, "reader": compiled.equation.left.code, "equation": str(compiled.equation.statement.home)}
            findings.append(finding("missing_value", home, address, **facts))
        return list(dict.fromkeys(findings))

    def solve_one(self, equations: list[tuple[int, Compiled]], unknowns: list[Place]) -> list[Finding]:
        system = self.system
        if len(equations) == 1 and self.assign(equations[0], unknowns[0]):
            return []
        for t, i in unknowns:  # start from the period before
            if system.x[t][i] != system.x[t][i]:
                earlier = system.x[t - 1][i]
                system.x[t][i] = earlier if earlier == earlier else system.scale[i]
        outcome = solve_block(system, equations, unknowns)
        self.iterations += outcome.iterations
        return [] if outcome.status == "solved" else [self.failure(outcome, equations)]

    def assign(self, pair: tuple[int, Compiled], unknown: Place) -> bool:
        """Solve an equation that gives its unknown outright."""
        t, compiled = pair
        if unknown == (t, compiled.left):
            function = compiled.right if (compiled.left, 0) not in _right_reads(compiled) else None
        elif compiled.add is not None and unknown == (t, compiled.add):
            function = compiled.judged
        else:
            function = None
        values = self.system.evaluate(function, t) if function is not None else None
        if values is None:
            return False
        self.system.x[unknown[0]][unknown[1]] = values[0]
        return True

    def failure(self, outcome: Outcome, equations: list[tuple[int, Compiled]]) -> Finding:
        """The block's failure, naming its worst equations with their values and homes."""
        rule = {
            "no_value": "equation_without_a_value",
            "singular": "singular_system",
            "not_converged": "system_not_converged",
        }[outcome.status]
        t, first = equations[outcome.worst[0][0]] if outcome.worst else equations[0]
        address = Address("equation", first.equation.left.code, first.equation.left.labels)
        period = str(self.system.periods[t])
        facts: dict[str, str | float] = {"period": period}
        if rule == "equation_without_a_value":
            facts["text"] = f"{' '.join(first.equation.statement.text.split())}  ({self.inputs(t, first)})"
        else:
            facts["size"] = len(equations)
            facts["worst"] = "; ".join(self.told(*equations[i], residual) for i, residual in outcome.worst)
            facts["iterations"] = outcome.iterations
        return finding(rule, first.equation.statement.home, address, **facts)

    def told(self, t: int, compiled: Compiled, residual: float) -> str:
        home = compiled.equation.statement.home
        return f"{_cell_name(compiled)} ({home}) {residual:+.3g}: {self.inputs(t, compiled)}"

    def inputs(self, t: int, compiled: Compiled) -> str:
        shown = []
        for cell, lag in compiled.reads[:8]:
            at = t - lag
            value = self.system.x[at][cell] if 0 <= at < len(self.system.periods) else float("nan")
            code, labels = self.system.keys[cell]
            name = code.removeprefix(ADD) + (" add-factor" if code.startswith(ADD) else "")
            name += f"[{', '.join(labels)}]" if labels else ""
            name += f"(−{lag})" if lag > 0 else f"(+{-lag})" if lag < 0 else ""
            shown.append(f"{name} = {number(value, 'en') if value == value else '—'}")
        return ", ".join(shown)

    def unserved(self, t: int, compiled: Compiled) -> Finding:
        address = Address("equation", compiled.equation.left.code, compiled.equation.left.labels)
        home = compiled.equation.statement.home
        return finding("nothing_left_to_determine", home, address, period=str(self.system.periods[t]))

    def withdraw(self) -> None:
        """Take back every number the horizon was given."""
        for t in self.system.horizon:
            for compiled in self.system.equations:
                self.system.x[t][compiled.left] = float("nan")


def _right_reads(compiled: Compiled) -> set[tuple[int, int]]:
    # The left side is read once as such; read again, it stands on the right as well.
    from bagdar.equations.expression import cells

    left = compiled.equation.left
    again = any((c.code, c.labels, c.lag) == (left.code, left.labels, 0) for c in cells(compiled.equation.right))
    return set(compiled.reads) if again else set(compiled.reads) - {(compiled.left, 0)}


def _cell_name(compiled: Compiled) -> str:
    code, labels = compiled.equation.key
    return code + (f"[{', '.join(labels)}]" if labels else "")


def _residual(system: System) -> float:
    worst = 0.0
    for t in system.horizon:
        for compiled in system.equations:
            values = system.evaluate(compiled.right, t)
            left = system.x[t][compiled.left]
            if values is not None:
                worst = max(worst, abs(left - values[0]) / (abs(left) + system.scale[compiled.left]))
    return worst


def _evaluate_checks(system: System) -> tuple[CheckResult, ...]:
    """Every check in every period where all its numbers are there."""
    results = []
    for check in system.model.checks:
        sides = [system.compile(side) for side in check.condition.args]
        for t in range(len(system.periods)):
            values = [system.evaluate(side, t) for side in sides]
            if values[0] is None or values[1] is None:
                continue
            left, right = values[0][0], values[1][0]
            tolerance = CLOSED if t > system.base else max(CLOSED, system.plan.header.identity_tolerance)
            slack = tolerance * max(abs(left), abs(right), _terms(system, check, t))
            results.append(CheckResult(check, system.periods[t], _holds(check.condition.name, left, right, slack), left, right))
    return tuple(results)


def _terms(system: System, check: Check, t: int) -> float:
    """The largest number that a check reads: what its difference is small beside."""
    from bagdar.equations.expression import cells

    read = [(system.index[c.code, c.labels], c.lag) for c in cells(check.condition)]
    return max((abs(system.x[t - lag][i]) for i, lag in read), default=1.0)


def _holds(name: str, left: float, right: float, slack: float) -> bool:
    return {
        "eq": abs(left - right) <= slack,
        "ne": abs(left - right) > slack,
        "le": left <= right + slack,
        "ge": left >= right - slack,
        "lt": left < right,
        "gt": left > right,
    }[name]


def _quantities(
    system: System, derived: set[Place], solved: bool
) -> tuple[dict[str, Quantity], dict[str, Quantity], Plan]:
    """The numbers as quantities: given cells as they were, solved ones with status and home of their equation."""
    from dataclasses import replace

    plan = system.plan
    origins = list(plan.origins)
    homes: dict[int, tuple[int, int, int]] = {}
    for compiled in system.equations:
        home = compiled.equation.statement.home
        origin = Origin(home.file)
        if origin not in origins:
            origins.append(origin)
        homes[compiled.left] = (origins.index(origin), home.row, max(home.column, 1))
    table = np.array(system.x)
    values, add_factors = dict(plan.values), dict[str, Quantity]()
    needed = [c for c in system.equations if not system.reported(c)]
    filled = {(t, c.left) for t in system.horizon for c in needed} if solved else set()
    for indicator in plan.indicators.values():
        if indicator.role != "coefficient":
            values[indicator.code] = _fill(system, indicator, table, derived | filled, homes, filled)
    for code in {e.left.code for e in system.model.equations if e.add is not None}:
        add_factors[code] = _add_factors(system, plan.indicators[code], table)
    return values, add_factors, replace(plan, origins=tuple(origins))


def _fill(
    system: System,
    indicator: Indicator,
    table: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    computed: set[Place],
    homes: Mapping[int, tuple[int, int, int]],
    planned: set[Place],
) -> Quantity:
    quantity = system.plan.values[indicator.code]
    values, present = quantity.values.copy(), quantity.present.copy()
    status, places = quantity.status.copy(), quantity.homes.copy()
    for labels in product(*(system.plan.sets[dim].labels for dim in indicator.dims)):
        i = system.index[indicator.code, labels]
        at = tuple(axis.index(label) for axis, label in zip(quantity.labels, labels, strict=False))
        for t in range(len(system.periods)):
            if (t, i) in computed:
                values[(*at, t)], present[(*at, t)] = table[t, i], True
                status[(*at, t)] = PLANNED if (t, i) in planned else DERIVED
                places[(*at, t)] = homes[i]
    return Quantity(quantity.dims, quantity.labels, values, present, quantity.unit, status, places)


def _add_factors(
    system: System, indicator: Indicator, table: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> Quantity:
    dims = system.plan.dims(indicator)
    shape = tuple(len(axis) for axis in dims.values())
    values = np.full(shape, np.nan)
    for labels in product(*(system.plan.sets[dim].labels for dim in indicator.dims)):
        i = system.index.get((ADD + indicator.code, labels))
        at = tuple(axis.index(label) for axis, label in zip(dims.values(), labels, strict=False))
        if i is not None:
            values[at] = table[:, i]
    present = ~np.isnan(values)
    return Quantity(tuple(dims), tuple(dims.values()), np.where(present, values, 0.0), present, ONE)
