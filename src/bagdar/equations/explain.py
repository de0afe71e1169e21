"""explain: where one number of a solution comes from."""

from __future__ import annotations

from dataclasses import dataclass

from bagdar.address import Address
from bagdar.equations.expression import Cell, cells
from bagdar.equations.model import ADD, Equation
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, Home, finding
from bagdar.period import Period
from bagdar.plan import Indicator, Source
from bagdar.quantity import STATUSES, Quantity
from bagdar.statement import Statement


@dataclass(frozen=True)
class Input:
    """A number that an equation reads: which, how much, how sure, and where it is written down."""

    address: Address
    indicator: Indicator
    value: float | None
    status: str
    home: Home


@dataclass(frozen=True)
class Explanation:
    """One number and its origin.

    For a number that the folder states: its home, source and note. For one that an equation gave: the
    statement, what it read (`inputs`), and, if it is behavioural, its add-factor in this period; its home
    is then the statement's, or that of the change that holds it.
    """

    address: Address
    indicator: Indicator
    value: float | None
    status: str
    home: Home
    source: Source | None = None
    note: str = ""
    statement: Statement | None = None
    inputs: tuple[Input, ...] = ()
    add_factor: float | None = None


def explain(solution: Solution, address: Address) -> Explanation | Finding:
    """Where the number at `address` comes from; a finding if nothing has that address."""
    indicator = solution.plan.indicators.get(address.code)
    if indicator is None or address.path:
        return finding("unknown_address", address=address)
    if address.kind not in ("value", "lever", "coefficient"):
        return finding("address_without_a_number", address=address)
    quantity = solution.values[address.code]
    timed = indicator.role != "coefficient"
    key = (*address.labels, str(address.period)) if timed else address.labels
    cell = quantity.position(key) if len(key) == len(quantity.dims) else None
    if cell is None or (timed and address.period is None):
        return finding("unknown_address", address=address)
    home = solution.placed.home(quantity, cell)
    value = quantity.get(*key)
    status = STATUSES[int(quantity.status[cell])] if value is not None else ""
    equation = solution.model.of((address.code, address.labels))
    planned = address.period in solution.plan.header.plan_periods
    observed = solution.plan.values[address.code].present[cell] and not (planned and indicator.role == "endogenous")
    if equation is None or address.period is None or (observed and value is not None):
        source = solution.placed.source(quantity, cell)
        return Explanation(address, indicator, value, status, home, source, solution.plan.note(home))
    return Explanation(
        address,
        indicator,
        value,
        status,
        home if value is not None else equation.statement.home,
        statement=equation.statement,
        inputs=_inputs(solution, equation, address.period),
        add_factor=_add_factor(solution, equation, address.period),
    )


def _inputs(solution: Solution, equation: Equation, period: Period) -> tuple[Input, ...]:
    read: dict[tuple[str, tuple[str, ...], int], Cell] = {}
    for cell in cells(equation.right):
        if not cell.code.startswith(ADD):
            read.setdefault((cell.code, cell.labels, cell.lag), cell)
    return tuple(_input(solution, cell, period) for cell in read.values())


def _input(solution: Solution, cell: Cell, period: Period) -> Input:
    indicator = solution.plan.indicators[cell.code]
    quantity = solution.values[cell.code]
    when = None if indicator.role == "coefficient" else period + -cell.lag
    key = cell.labels + ((str(when),) if when is not None else ())
    address = Address("coefficient" if when is None else "value", cell.code, cell.labels, when)
    place = quantity.position(key)
    if place is None or not quantity.present[place]:
        return Input(address, indicator, None, "", Home())
    status = STATUSES[int(quantity.status[place])]
    return Input(address, indicator, quantity.get(*key), status, solution.placed.home(quantity, place))


def _add_factor(solution: Solution, equation: Equation, period: Period) -> float | None:
    held: Quantity | None = solution.add_factors.get(equation.left.code) if equation.add is not None else None
    return held.get(*equation.left.labels, str(period)) if held is not None else None
