"""HiGHS behind one door: a linear program goes in as arrays, an answer comes out with residuals of our own.

Which method is used is decided by size (`method_for`); a method that the installed HiGHS lacks is never replaced
silently. Huangfu & Hall (2018) is its dual simplex, Zanetti & Gondzio (2025) HiPO, Applegate et al. (2021) the
first-order method behind hipdlp.

A solver's tolerances are absolute numbers, and a plan's are of any size: grams beside billions of tons, persons
beside money. So HiGHS is given the program with every row and column in a unit of its own in which its numbers are
about one (Curtis & Reid 1972; powers of two, so that nothing is rounded), and a price is one of that unit.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any, Literal

import highspy
import numpy as np
from scipy.sparse import coo_array, csc_array, vstack

from bagdar.balances.frame import Floats, Ints, LinearProgram

Method = Literal["simplex", "ipx", "hipo", "hipdlp"]
METHODS: tuple[Method, ...] = ("simplex", "ipx", "hipo", "hipdlp")
# A residual or gap above this is told as "rough".
ACCURATE = 1e-6
# Products times periods up to which each method is taken: bench/balances.py has the table behind it.
SIMPLEX_LIMIT, INTERIOR_LIMIT = 4_000, 30_000
_INFINITE = highspy.kHighsInf


@dataclass(frozen=True)
class Answer:
    """What came of a linear program.

    status: ``optimal``; ``infeasible``, ``unbounded``; ``rough`` if it is solved, but not to `ACCURATE`; ``failed``.
    x, row_price, reduced_cost: the levels and what they cost at the margin; a cost is least, so a price is what the
        least cost changes by for one more of a row's bound.
    primal, dual, gap: the residuals, computed here from the arrays: the largest violation of a row or bound as a
        share of the row's size, the same of the prices, and the difference between both objectives as a share.
    """

    status: str
    method: Method
    x: Floats
    row_price: Floats
    reduced_cost: Floats
    objective: float = 0.0
    primal: float = 0.0
    dual: float = 0.0
    gap: float = 0.0
    iterations: int = 0

    @property
    def solved(self) -> bool:
        """Whether there are levels to speak of."""
        return self.status in ("optimal", "rough")


def method_for(size: int) -> Method:
    """The method for so many products times periods."""
    return "simplex" if size <= SIMPLEX_LIMIT else "hipo" if size <= INTERIOR_LIMIT else "hipdlp"


class Session:
    """A linear program that is solved again and again with other costs, bounds and rows, each time from the last basis.

    A program that HiGHS refuses, with numbers beyond all measure, is never solved: its answers have failed.
    `rows`, `columns`: what HiGHS' rows and levels are multiplied by to make the program's; `size`: the same of a cost.

    Raises RuntimeError if HiGHS does not know the method, or refuses an option.
    """

    def __init__(self, program: LinearProgram, method: Method = "simplex", tolerance: float = 1e-9) -> None:
        self.program, self.method, self.tolerance = program, method, tolerance
        self.rows, self.columns = units(program)
        self.size = 1.0
        self._scaled = _in_units(program, self.rows, self.columns)
        self._refused = False
        self.cost = np.zeros(len(program.low))
        # Of the first solution, before any row was added: what another plan of the same size begins from.
        self.first_basis: Any = None
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._set("output_flag", False)
        # Threads would make a result depend on the machine, and a plan is solved beside others.
        self._set("threads", 1)
        self._set("random_seed", 0)
        self._method(method)
        self._take(self._highs.passModel(_lp(self._scaled)))

    def _method(self, method: Method) -> None:
        self._set("solver", method)
        precise = max(self.tolerance, 1e-10)
        self._set("primal_feasibility_tolerance", precise)
        self._set("dual_feasibility_tolerance", precise)
        if method in ("ipx", "hipo"):
            self._set("run_crossover", "off")
            self._set("ipm_optimality_tolerance", max(self.tolerance, 1e-8))
        if method == "hipdlp":
            self._set("pdlp_iteration_limit", _MOST_STEPS)
            self._set("kkt_tolerance", max(self.tolerance, 1e-7))

    def _set(self, option: str, value: Any) -> None:
        if self._highs.setOptionValue(option, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"HiGHS does not take {option} = {value}")

    def _take(self, status: highspy.HighsStatus) -> None:
        self._refused |= bool(status == highspy.HighsStatus.kError)

    def bounds(self, low: Floats, high: Floats) -> None:
        """Replace the bounds of all levels."""
        self.program = replace(self.program, low=low, high=high)
        low, high = low / self.columns, high / self.columns
        self._scaled = replace(self._scaled, low=low, high=high)
        count = len(low)
        self._take(self._highs.changeColsBounds(count, np.arange(count, dtype=np.int32), _finite(low), _finite(high)))

    def row_bounds(self, low: Floats, high: Floats) -> None:
        """Replace the bounds of all rows."""
        self.program = replace(self.program, row_low=low, row_high=high)
        low, high = low / self.rows, high / self.rows
        self._scaled = replace(self._scaled, row_low=low, row_high=high)
        count = len(low)
        self._take(self._highs.changeRowsBounds(count, np.arange(count, dtype=np.int32), _finite(low), _finite(high)))

    def add_row(self, coefficients: Floats, low: float, high: float) -> None:
        """One row more, of a size of about one."""
        self.program = _longer(self.program, coefficients, low, high)
        self.rows = np.append(self.rows, 1.0)
        scaled = coefficients * self.columns
        self._scaled = _longer(self._scaled, scaled, low, high)
        at = np.flatnonzero(scaled).astype(np.int32)
        self._take(self._highs.addRow(low, high, len(at), at, scaled[at]))

    def solve(self, cost: Floats) -> Answer:
        """The levels whose cost is least, from the last basis where the method has one."""
        count = len(cost)
        self.cost = cost
        scaled = cost * self.columns
        self.size = float(np.abs(scaled).max(initial=0)) or 1.0
        scaled = scaled / self.size
        self._take(self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), scaled))
        if self._refused:
            return self._failed("failed")
        self._run()
        if self.first_basis is None and self.method == "simplex":
            self.first_basis = self._highs.getBasis()
        return self._answer(scaled)

    def _run(self) -> None:
        """Let HiGHS work beside the main thread, which can then be interrupted: it holds no lock while it works."""
        if threading.current_thread() is not threading.main_thread():
            self._highs.run()
            return
        worker = threading.Thread(target=self._highs.run, daemon=True)
        worker.start()
        while worker.is_alive():
            worker.join(0.1)

    def bound_ranges(self) -> tuple[Floats, Floats] | None:
        """(lowest, highest) that the bound each level stands at can be, and its price is still the same.

        None without a basis. Where the two meet the basis is degenerate: the price holds in one direction only.
        """
        if self.method != "simplex":
            return None
        status, told = self._highs.getRanging()
        if status != highspy.HighsStatus.kOk or not told.valid:
            return None
        lowest, highest = (np.asarray(side.value_, float) for side in (told.col_bound_dn, told.col_bound_up))
        return lowest * self.columns, highest * self.columns

    def clashing(self) -> tuple[highspy.HighsStatus, Any]:
        """HiGHS' irreducible infeasible subsystem of the program as it stands."""
        self._set("iis_strategy", 2)
        told: tuple[highspy.HighsStatus, Any] = self._highs.getIis()
        return told

    def reset(self) -> None:
        """Forget the basis: the next solution starts cold."""
        self._take(self._highs.clearSolver())

    @property
    def basis(self) -> Any:
        """The basis, to start another session of the same size from."""
        return self._highs.getBasis()

    def start(self, basis: Any) -> None:
        """Begin the next solution from a basis of another session; one that does not fit is not used."""
        self._highs.setBasis(basis)

    def _answer(self, cost: Floats) -> Answer:
        """The answer in the program's own units, with the residuals of the scaled program, where all count alike."""
        status = self._highs.getModelStatus()
        solution, info = self._highs.getSolution(), self._highs.getInfo()
        x, prices = np.asarray(solution.col_value, float), np.asarray(solution.row_dual, float)
        name = _STATUS.get(status, "failed")
        iterations = (
            max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0) + max(info.pdlp_iteration_count, 0)
        )
        if name in ("infeasible", "unbounded") or len(x) != len(cost) or not np.isfinite(x).all():
            return self._failed(name if name in ("infeasible", "unbounded") else "failed", iterations)
        primal, dual, gap = residuals(self._scaled, cost, x, prices)
        worst = max(primal, dual, gap)
        known = "optimal" if worst <= ACCURATE else "rough" if worst <= _ROUGHEST else "failed"
        x, prices = x * self.columns, prices * self.size / self.rows
        reduced = self.cost - self.program.matrix.T @ prices
        return Answer(known, self.method, x, prices, reduced, float(self.cost @ x), primal, dual, gap, iterations)

    def _failed(self, status: str, iterations: int = 0) -> Answer:
        nothing = np.empty(0)
        return Answer(status, self.method, nothing, nothing, nothing, iterations=iterations)


_PASSES = 20
_LARGEST_POWER = 300


def units(program: LinearProgram) -> tuple[Floats, Floats]:
    """(a unit of each row, one of each level): in them coefficients and finite bounds are about one.

    The logarithms of all that are not 0 have the least squares: each row and each level in turn takes the mean of
    its own, a bound counting as much as a coefficient.
    """
    matrix = coo_array(program.matrix)
    there = matrix.data != 0
    row, column, size = matrix.row[there], matrix.col[there], np.log2(np.abs(matrix.data[there]))
    rows, columns = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    row_size, row_known = _sizes(program.row_low, program.row_high)
    column_size, column_known = _sizes(program.low, program.high)
    row_count = np.bincount(row, minlength=len(rows)) + row_known
    column_count = np.bincount(column, minlength=len(columns)) + column_known
    for _ in range(_PASSES):
        told = np.bincount(row, size + columns[column], len(rows)) + row_size
        rows, before = told / np.maximum(row_count, 1), rows
        told = np.bincount(column, rows[row] - size, len(columns)) + column_size
        columns = told / np.maximum(column_count, 1)
        if np.abs(rows - before).max(initial=0) < 1:
            break
    rows, columns = (np.exp2(np.clip(np.round(part), -_LARGEST_POWER, _LARGEST_POWER)) for part in (rows, columns))
    return rows, columns


def _sizes(low: Floats, high: Floats) -> tuple[Floats, Ints]:
    """(the logarithm of the larger finite bound that is not 0, whether there is one)."""
    size = np.maximum(_size(low), _size(high))
    known = size > 0
    return np.log2(size, out=np.zeros(len(size)), where=known), known.astype(np.int64)


def _in_units(program: LinearProgram, rows: Floats, columns: Floats) -> LinearProgram:
    """The program with its rows and levels in these units."""
    matrix = csc_array(program.matrix, copy=True)
    matrix.data = matrix.data / rows[matrix.indices] * np.repeat(columns, np.diff(matrix.indptr))
    return LinearProgram(
        matrix, program.low / columns, program.high / columns, program.row_low / rows, program.row_high / rows
    )


def _longer(program: LinearProgram, coefficients: Floats, low: float, high: float) -> LinearProgram:
    """The program with one row more."""
    return replace(
        program,
        matrix=csc_array(vstack([program.matrix, csc_array(coefficients[None, :])], format="csc")),
        row_low=np.append(program.row_low, low),
        row_high=np.append(program.row_high, high),
    )


# A first-order method has no end of its own; where it is by then is measured like any answer.
_MOST_STEPS = 200_000
# Beyond this an answer is none.
_ROUGHEST = 1e-2
_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
}


def residuals(program: LinearProgram, cost: Floats, x: Floats, prices: Floats) -> tuple[float, float, float]:
    """(primal residual, dual residual, gap), each as a share, from the arrays alone.

    A row is off by its violation over the sum of what it adds up, |A||x| and its bound; a bound by its own size; a
    reduced cost of the wrong sign over the sum of what it adds up; the objectives by the larger of them.
    """
    size = abs(program.matrix)
    made = program.matrix @ x
    low, high = program.row_low, program.row_high
    bound = np.maximum(_size(low), _size(high))
    off = np.maximum(np.maximum(low - made, made - high), 0) / (1 + size @ np.abs(x) + bound)
    past = np.maximum(np.maximum(program.low - x, x - program.high), 0) / (1 + np.abs(x))
    reduced = cost - program.matrix.T @ prices
    # A price above 0 belongs to a lower bound that binds, one below 0 to an upper one.
    wrong_row = np.where(np.isinf(low), np.maximum(prices, 0), 0) + np.where(np.isinf(high), np.maximum(-prices, 0), 0)
    open_above, open_below = np.isinf(program.high), np.isinf(program.low)
    wrong = np.where(open_below, np.maximum(reduced, 0), 0) + np.where(open_above, np.maximum(-reduced, 0), 0)
    weight = 1 + np.abs(cost) + size.T @ np.abs(prices)
    dual = max(_most(wrong / weight), _most(wrong_row / (1 + np.abs(prices).max(initial=0))))
    bought = _worth(reduced, program.low, program.high) + _worth(prices, low, high)
    reached = float(cost @ x)
    spread = float(np.abs(cost) @ np.abs(x))
    gap = abs(reached - bought) / (1 + max(abs(reached), abs(bought), spread))
    return max(_most(off), _most(past)), dual, gap


def _worth(prices: Floats, low: Floats, high: Floats) -> float:
    """What bounds are worth at their prices: the lower one at a price above 0, else the upper one."""
    above, below = np.where(np.isinf(low), 0, low), np.where(np.isinf(high), 0, high)
    return float(np.maximum(prices, 0) @ above + np.minimum(prices, 0) @ below)


def _size(bound: Floats) -> Floats:
    return np.where(np.isinf(bound), 0, np.abs(bound))


def _most(numbers: Floats) -> float:
    return float(numbers.max(initial=0))


def _finite(bound: Floats) -> Floats:
    """The bounds as HiGHS has them: beyond its infinity there is nothing."""
    return np.clip(bound, -_INFINITE, _INFINITE)


def _lp(program: LinearProgram) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.low), len(program.row_low)
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = _finite(program.low), _finite(program.high)
    lp.row_lower_, lp.row_upper_ = _finite(program.row_low), _finite(program.row_high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.matrix.data
    return lp


def at_bound(x: Floats, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """(which levels stand at their lower, which at their upper bound)."""
    slack = 1e-9 * (1 + np.abs(x))
    return np.flatnonzero(x - low <= slack), np.flatnonzero(high - x <= slack)
