"""simulate: Plan -> Solution. The equations' year-by-year paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isnan

import numpy as np
from numpy.typing import NDArray

from bagdar.address import Address, cell_name
from bagdar.equations.engine import Place, Stop, Table
from bagdar.equations.history import calibrate, derive, derive_statistics
from bagdar.equations.model import ADD
from bagdar.equations.newton import solve_block
from bagdar.equations.program import Program
from bagdar.equations.schedule import Order, Schedule, ordered
from bagdar.equations.solution import PLANNED, Solution, check_results, quantities, worst_residual
from bagdar.equations.system import System
from bagdar.finding import Finding, finding, has_errors
from bagdar.language import number
from bagdar.period import Period
from bagdar.plan import Fixed, Plan

Progress = Callable[[int, int], None]
# What an equation of a solution may be off by, as a share of its left side's scale.
_SOUND = 1e-6
# Blocks between two signs of progress.
_AT_A_TIME = 2000


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
    program = start.program if start is not None and start.program.serves(plan) else Program.of(plan)
    like = start.system if start is not None and alike else None
    system = System(plan, program, like)
    # What the equations give in the horizon is theirs, whatever the folder states there.
    given = system.layout.left[np.flatnonzero(~system.reported)]
    system.x[system.horizon.start : system.horizon.stop, given] = np.nan
    findings = [*program.findings, *derive(system, like)]
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
        run.residual if solved else 0.0,
        run.blocks,
        run.largest,
        run.iterations,
        solved,
    )
    return solution, findings


class _Run:
    """One solution of the horizon: unknowns, blocks, Newton."""

    def __init__(self, system: System, progress: Progress | None, near: Table | None = None) -> None:
        self.system, self.progress, self.near = system, progress, near
        self.blocks = self.largest = self.iterations = 0
        self.residual = 0.0
        self.active = np.flatnonzero(~system.reported).astype(np.int32)
        self.held: list[tuple[int, int, Fixed]] = []  # (period index, equation, what holds its left cell)

    def solve(self) -> list[Finding]:
        """Fill the horizon; findings if that is impossible."""
        system = self.system
        outside = self.hold()
        if outside:
            return outside
        instead = self.instead()
        missing = self.missing(instead)
        if missing:
            return missing
        order = ordered(system.program, self.active, system.horizon, instead)
        if order.unserved:
            return [self.unserved(t, i) for t, i in order.unserved]
        sizes = np.diff(order.start)
        self.blocks, self.largest = len(sizes), int(sizes.max(initial=0))
        schedule = self.schedule(order)
        before = system.table.copy()
        found = self.walk(schedule) or self.left_over()
        if found:
            system.table[:] = before
            return found
        self.record(instead)
        return []

    def hold(self) -> list[Finding]:
        """Put the held numbers in their places; a finding for each whose instrument lies outside the horizon."""
        system, findings = self.system, []
        for fixed in system.plan.fixed:
            t = fixed.period - system.plan.header.history
            i = system.program.numbers.get((fixed.indicator, fixed.labels))
            if fixed.instrument and self.place(fixed.instrument)[0] not in system.horizon:
                address = Address("value", fixed.indicator, fixed.labels, fixed.period)
                findings.append(finding("swap_without_an_instrument", fixed.home, address))
            elif i is not None and t in system.horizon and not system.reported[i]:
                system.x[t, system.left(i)] = fixed.value
                self.held.append((t, i, fixed))
        return findings

    def instead(self) -> dict[Place, Place]:
        """What is unknown where a left cell is held: the equation's add-factor, or an instrument."""
        instead = {}
        for t, i, fixed in self.held:
            add = int(self.system.layout.add[i])
            if fixed.instrument is not None:
                instead[t, i] = self.place(fixed.instrument)
            elif add >= 0:
                instead[t, i] = (t, add)
            else:
                instead[t, i] = (t, -1)
        return instead

    def record(self, instead: dict[Place, Place]) -> None:
        """Note where each number of the horizon came from: its equation, or the change that holds it."""
        system = self.system
        lefts = system.layout.left[self.active]
        for t in system.horizon:
            system.source[t, lefts] = self.active
            system.status[t, lefts] = PLANNED
        for t, i, fixed in self.held:
            system.held[t, system.left(i)] = fixed.home
            if fixed.instrument is not None:
                place = instead[t, i]
                system.held[place] = fixed.home
                system.status[place] = PLANNED

    def place(self, instrument: tuple[str, tuple[str, ...], Period]) -> Place:
        code, labels, period = instrument
        return period - self.system.plan.header.history, self.system.index[code, labels]

    def missing(self, instead: dict[Place, Place]) -> list[Finding]:
        """A finding for each given cell that an equation reads and that holds no number."""
        key = ("given", self.system.horizon, self.active.tobytes(), frozenset(instead.items()))
        places, readers = self.system.program.found(key, lambda: self.given(instead))
        reach, width = self.system.reach, self.system.layout.width
        findings = [
            self.unread((int(places[k]) // width - reach, int(places[k]) % width), int(readers[k]))
            for k in np.flatnonzero(np.isnan(self.system.table.ravel()[places]))
        ]
        return list({f.address: f for f in reversed(findings)}.values())[::-1]

    def given(self, instead: dict[Place, Place]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """(the places in the flat table that the equations read and that are no unknowns, the first reader of each)."""
        system, reads = self.system, self.system.layout.reads
        unknown = np.zeros(system.table.shape, bool)
        for t in system.horizon:
            unknown[t + system.reach, system.layout.left[self.active]] = True
        for (t, i), (when, cell) in instead.items():
            unknown[t + system.reach, system.left(i)] = False
            if cell >= 0:
                unknown[when + system.reach, cell] = True
        which, at = reads.each(self.active)
        reader, at = self.active[which[reads.cell[at] >= 0]], at[reads.cell[at] >= 0]
        rows = np.array(system.horizon)[:, None] + system.reach - reads.lag[at]
        flat = (rows * system.layout.width + reads.cell[at]).ravel()
        places, first = np.unique(flat, return_index=True)
        kept = ~unknown.ravel()[places]
        by_reading = np.argsort(first[kept], kind="stable")
        return places[kept][by_reading], np.tile(reader, len(rows))[first[kept][by_reading]]

    def unread(self, place: Place, reader: int) -> Finding:
        """What to tell of a given cell without a number that an equation reads."""
        system, (t, cell) = self.system, place
        code, labels = system.keys[cell]
        equation, indicator = system.equations[reader], system.plan.indicators.get(code)
        home = indicator.home if indicator else equation.statement.home
        facts = {"code": cell_name(code, labels), "reader": cell_name(*equation.key)}
        facts |= {"equation": str(equation.statement.home)}
        if indicator is not None and indicator.role == "coefficient":
            return finding("missing_coefficient", home, Address("coefficient", code, labels), **facts)
        period = system.plan.header.history + t
        return finding("missing_value", home, Address("value", code, labels, period), period=str(period), **facts)

    def schedule(self, order: Order) -> Schedule:
        """The order with the sizes of what is sought: an add-factor is as large as what it is added to."""
        system, layout = self.system, self.system.layout
        left_scale = system.scale[layout.left[order.equation]]
        by_rate = np.isin(layout.transform[order.equation], (1, 2, 4))
        adding = order.unknown == layout.add[order.equation]
        scale = np.where(adding, np.where(by_rate, 1.0, left_scale), system.scale[order.unknown])
        header = system.plan.header
        return Schedule(order, scale, left_scale, self.near, header.tolerance, header.iterations)

    def walk(self, schedule: Schedule) -> list[Finding]:
        """Solve block by block, some at a time, so that progress is shown and the run can be stopped."""
        system, done = self.system, 0
        while done < self.blocks:
            last = min(self.blocks, done + _AT_A_TIME)
            stop = system.engine.solve(system.table, schedule, done, last)
            self.iterations += stop.iterations
            if stop.status == "large":
                stop = solve_block(system, schedule, stop.block)
                self.iterations += stop.iterations
                if stop.status == "solved":
                    stop = replace(stop, block=stop.block + 1)
            if stop.status != "solved":
                return [self.failure(stop, schedule.order)]
            done = stop.block
            if self.progress is not None:
                self.progress(done, self.blocks)
        return []

    def left_over(self) -> list[Finding]:
        """A finding if, when all blocks are solved, an equation is off all the same: nothing wrong may get out."""
        self.residual, t, i = worst_residual(self.system)
        if self.residual <= max(_SOUND, 100 * self.system.plan.header.tolerance):
            return []
        equation, period = self.system.equations[i], str(self.system.periods[t])
        facts: dict[str, str | float] = {"period": period, "size": len(self.system.equations)}
        facts |= {"iterations": self.iterations, "worst": self.told(t, i, self.residual, stacked=False)}
        address = Address("equation", *equation.key)
        return [finding("system_not_converged", equation.statement.home, address, **facts)]

    def failure(self, stop: Stop, order: Order) -> Finding:
        """A block's failure, naming its worst equations with their values and homes."""
        rule = {
            "no_value": "equation_without_a_value",
            "singular": "singular_system",
            "not_converged": "system_not_converged",
        }[stop.status]
        if rule == "singular_system" and stop.iterations > 1:  # not the equations are: the point they lead to is
            rule = "system_not_converged"
        first, size = int(order.start[stop.block]), int(order.start[stop.block + 1] - order.start[stop.block])
        pairs = [(int(order.period[first + row]), int(order.equation[first + row]), off) for row, off in stop.worst]
        t, i = pairs[0][:2] if pairs else (int(order.period[first]), int(order.equation[first]))
        equation = self.system.equations[i]
        address = Address("equation", *equation.key)
        facts: dict[str, str | float] = {"period": str(self.system.periods[t])}
        if rule == "equation_without_a_value":
            facts["text"] = f"{' '.join(equation.statement.text.split())}  ({self.inputs(t, i)})"
        else:
            facts["size"] = size
            stacked = len(set(order.period[first : first + size].tolist())) > 1
            facts["worst"] = "; ".join(self.told(*pair, stacked) for pair in pairs)
            facts["iterations"] = stop.iterations
        return finding(rule, equation.statement.home, address, **facts)

    def told(self, t: int, i: int, residual: float, stacked: bool) -> str:
        """One of the worst equations; of a block of many periods with its own."""
        equation = self.system.equations[i]
        period = f" {self.system.periods[t]}" if stacked else ""
        return f"{cell_name(*equation.key)}{period} ({equation.statement.home}) {residual:+.3g}: {self.inputs(t, i)}"

    def inputs(self, t: int, i: int) -> str:
        shown = []
        system = self.system
        for cell, lag in [(system.left(i), 0), *system.layout.reads.of(i)][:8]:
            value = float(system.table[t + system.reach - lag, cell])
            code, labels = system.keys[cell]
            name = cell_name(code.removeprefix(ADD), labels) + (" add-factor" if code.startswith(ADD) else "")
            name += f"(−{lag})" if lag > 0 else f"(+{-lag})" if lag < 0 else ""
            shown.append(f"{name} = {'—' if isnan(value) else number(value, 'en')}")
        return ", ".join(shown)

    def unserved(self, t: int, i: int) -> Finding:
        equation = self.system.equations[i]
        home, period = equation.statement.home, str(self.system.periods[t])
        return finding("nothing_left_to_determine", home, Address("equation", *equation.key), period=period)

    def withdraw(self) -> None:
        """Take back every number the horizon was given."""
        system = self.system
        lefts = system.layout.left[: len(system.equations)]
        for t in system.horizon:
            system.x[t, lefts] = np.nan
            system.source[t, lefts] = -1
            system.withdrawn[t, lefts] = True
