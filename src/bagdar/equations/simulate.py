"""simulate: Plan -> Solution. The equations' year-by-year paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan

from bagdar.address import Address, cell_name
from bagdar.equations.compile import Numbers
from bagdar.equations.expression import distinct
from bagdar.equations.history import calibrate, derive, derive_statistics
from bagdar.equations.model import ADD
from bagdar.equations.newton import Outcome, solve_block
from bagdar.equations.order import order
from bagdar.equations.program import Compiled, Program
from bagdar.equations.solution import PLANNED, Solution, check_results, largest_residual, quantities
from bagdar.equations.system import Place, System
from bagdar.finding import Finding, finding, has_errors
from bagdar.language import number
from bagdar.period import Period
from bagdar.plan import Plan

Progress = Callable[[int, int], None]


def simulate(
    plan: Plan, progress: Progress | None = None, start: Solution | None = None
) -> tuple[Solution, list[Finding]]:
    """The plan's paths over its horizon, and what stood in the way.

    `solved` is false, and the horizon's endogenous cells are missing, if any finding is an error: there is
    never a half-converged number. `progress(done, of)` is called after each block.

    `start` is the solution of a plan that differs in numbers, as a variant's base does: its compiled equations
    are used again, and Newton's method starts from its numbers. Of a plan that differs in more it is no help,
    and is not used.
    """
    alike = start is not None and start.program.fits(plan)
    program = start.program if start is not None and alike else Program.of(plan)
    system = System(plan, program)
    findings = [*program.findings, *derive(system)]
    if not has_errors(findings):
        findings += calibrate(system)
        system.rescale()
    unready = has_errors(findings)
    near = start.numbers() if start is not None and alike and start.plan.header.periods == system.periods else None
    run = _Run(system, progress, near)
    if not unready:
        findings += run.solve()
    solved = not has_errors(findings)
    if not solved:
        run.withdraw()
    findings += derive_statistics(system)
    values, add_factors, placed = quantities(system)
    solution = Solution(
        plan,
        program,
        values,
        add_factors,
        placed,
        check_results(system),
        largest_residual(system) if solved else 0.0,
        run.blocks,
        run.largest,
        run.iterations,
        solved,
    )
    return solution, findings


class _Run:
    """One solution of the horizon: unknowns, blocks, Newton."""

    def __init__(self, system: System, progress: Progress | None, near: Numbers | None = None) -> None:
        self.system, self.progress, self.near = system, progress, near
        self.blocks = self.largest = self.iterations = 0
        self.held = {(f.indicator, f.labels, f.period): f for f in system.plan.fixed}

    def solve(self) -> list[Finding]:
        """Fill the horizon; findings if that is impossible."""
        system = self.system
        pairs = [(t, c) for t in system.horizon for c in system.equations if not system.reported(c)]
        unknowns, preferred = self.unknowns(pairs)
        outside = [f for f in self.held.values() if f.instrument and self.place(f.instrument)[0] not in system.horizon]
        if outside:
            address = [Address("value", f.indicator, f.labels, f.period) for f in outside]
            return [finding("swap_without_an_instrument", f.home, a) for f, a in zip(outside, address, strict=True)]
        missing = self.missing(pairs, set(unknowns))
        if missing:
            return missing
        position = {place: i for i, place in enumerate(unknowns)}
        reads = [[position[t - lag, cell] for cell, lag in c.reads if (t - lag, cell) in position] for t, c in pairs]
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
        self.record(pairs)
        return []

    def record(self, pairs: Sequence[tuple[int, Compiled]]) -> None:
        """Note where each number of the horizon came from: its equation, or the change that holds it."""
        system = self.system
        for t, compiled in pairs:
            held = self.held.get((*compiled.equation.key, system.periods[t]))
            home = held.home if held is not None else compiled.equation.statement.home
            system.computed[t, compiled.left] = (PLANNED, home)
            if held is not None and held.instrument is not None:
                system.computed[self.place(held.instrument)] = (PLANNED, home)

    def place(self, instrument: tuple[str, tuple[str, ...], Period]) -> Place:
        code, labels, period = instrument
        return period - self.system.plan.header.history, self.system.index[code, labels]

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
                    unknowns.append(self.place(held.instrument))
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
            indicator = system.plan.indicators.get(code)
            timeless = indicator is not None and indicator.role == "coefficient"
            home = indicator.home if indicator else compiled.equation.statement.home
            facts = {"code": cell_name(code, labels), "reader": cell_name(*compiled.equation.key)}
            facts |= {"equation": str(compiled.equation.statement.home)}
            if timeless:
                findings.append(finding("missing_coefficient", home, Address("coefficient", code, labels), **facts))
                continue
            period = system.plan.header.history + t
            address = Address("value", code, labels, period)
            findings.append(finding("missing_value", home, address, period=str(period), **facts))
        return list({f.address: f for f in reversed(findings)}.values())[::-1]

    def solve_one(self, equations: list[tuple[int, Compiled]], unknowns: list[Place]) -> list[Finding]:
        system = self.system
        if len(equations) == 1 and self.assign(equations[0], unknowns[0]):
            return []
        before = [system.x[t][i] for t, i in unknowns]
        for t, i in unknowns:  # start from a like solution, else from the period before
            if isnan(system.x[t][i]) and self.near is not None:
                system.x[t][i] = self.near[t][i]
            if isnan(system.x[t][i]):
                earlier = system.x[t - 1][i]
                system.x[t][i] = system.scale[i] if isnan(earlier) else earlier
        outcome = solve_block(system, equations, unknowns)
        self.iterations += outcome.iterations
        if outcome.status == "solved":
            return []
        told = self.failure(outcome, equations)
        for (t, i), value in zip(unknowns, before, strict=True):
            system.x[t][i] = value
        return [told]

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
        return f"{cell_name(*compiled.equation.key)} ({home}) {residual:+.3g}: {self.inputs(t, compiled)}"

    def inputs(self, t: int, compiled: Compiled) -> str:
        shown = []
        for cell, lag in compiled.reads[:8]:
            at = t - lag
            value = self.system.x[at][cell] if 0 <= at < len(self.system.periods) else float("nan")
            code, labels = self.system.keys[cell]
            name = cell_name(code.removeprefix(ADD), labels) + (" add-factor" if code.startswith(ADD) else "")
            name += f"(−{lag})" if lag > 0 else f"(+{-lag})" if lag < 0 else ""
            shown.append(f"{name} = {'—' if isnan(value) else number(value, 'en')}")
        return ", ".join(shown)

    def unserved(self, t: int, compiled: Compiled) -> Finding:
        address = Address("equation", compiled.equation.left.code, compiled.equation.left.labels)
        home = compiled.equation.statement.home
        return finding("nothing_left_to_determine", home, address, period=str(self.system.periods[t]))

    def withdraw(self) -> None:
        """Take back every number the horizon was given."""
        system = self.system
        for t in system.horizon:
            for compiled in system.equations:
                system.x[t][compiled.left] = float("nan")
                system.computed.pop((t, compiled.left), None)
                system.withdrawn.add((t, compiled.left))


def _right_reads(compiled: Compiled) -> set[tuple[int, int]]:
    # The left side is read once as such; read again, it stands on the right as well.
    left = compiled.equation.left
    again = any((c.code, c.labels, c.lag) == (left.code, left.labels, 0) for c in distinct(compiled.equation.right))
    return set(compiled.reads) if again else set(compiled.reads) - {(compiled.left, 0)}
