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
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import highspy
import numpy as np
from scipy.sparse import csc_array, vstack

from bagdar.balances.frame import Floats, LinearProgram
from bagdar.balances.residuals import residuals
from bagdar.balances.scaling import in_units, units

Method = Literal["simplex", "ipx", "hipo", "hipdlp"]
METHODS: tuple[Method, ...] = ("simplex", "ipx", "hipo", "hipdlp")
# A residual or gap above this is told as "rough".
ACCURATE = 1e-6
# Rows of a program up to which each method is taken: bench/balances.py has the table behind it.
SIMPLEX_LIMIT, INTERIOR_LIMIT = 2_000, 30_000
# Rows up to which an interior point is moved to a vertex, so that there is a basis to begin another plan from.
VERTEX_LIMIT = 8_000
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


def method_for(program: LinearProgram) -> Method:
    """The method for a program of this size."""
    rows = len(program.row_low)
    return "simplex" if rows <= SIMPLEX_LIMIT else "hipo" if rows <= INTERIOR_LIMIT else "hipdlp"


class Session:
    """A linear program that is solved again and again with other costs, bounds and rows, each time from the last basis.

    `before` is a session of another program of the same size: as long as rows are added and solutions asked for in
    the same order, each begins from the basis that it had there, and is found by the simplex method.
    A program that HiGHS refuses, with numbers beyond all measure, is never solved: its answers have failed.
    `rows`, `columns`: what HiGHS' rows and levels are multiplied by to make the program's; `size`: the same of a cost.

    Raises RuntimeError if HiGHS does not know the method, or refuses an option.
    """

    def __init__(
        self,
        program: LinearProgram,
        method: Method = "simplex",
        tolerance: float = 1e-9,
        before: Session | None = None,
    ) -> None:
        # Of each solution its basis, by how many rows there were and how often they had been solved.
        self._bases: dict[tuple[int, int], Any] = {}
        self._before = before._bases if before is not None else {}
        self.program, self.method, self.tolerance = program, method, tolerance
        self.rows, self.columns = units(program)
        self.size = 1.0
        self._scaled = in_units(program, self.rows, self.columns)
        self._refused = False
        self.cost = np.zeros(len(program.low))
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        # Threads would make a result depend on the machine, and a plan is solved beside others.
        self._options({"output_flag": False, "threads": 1, "random_seed": 0, **self._method()})
        self._take(_handed(self._highs, self._scaled))

    @property
    def vertex_prices(self) -> bool:
        """Whether prices are those of a vertex, and a solution so quick that ranks can be asked again and again."""
        return self.method == "simplex" or (self.method != "hipdlp" and len(self.program.row_low) <= SIMPLEX_LIMIT)

    def _method(self) -> dict[str, Any]:
        """HiGHS' options of the session's method; a program moved to a vertex has a basis."""
        rows = len(self.program.row_low)
        first_order = 1e-7 if rows <= INTERIOR_LIMIT else _LARGE
        precise = max(self.tolerance, first_order if self.method == "hipdlp" else 1e-10)
        return {
            "solver": self.method,
            "primal_feasibility_tolerance": precise,
            "dual_feasibility_tolerance": precise,
            "run_crossover": "on" if rows <= VERTEX_LIMIT else "off",
            "ipm_optimality_tolerance": max(self.tolerance, 1e-8),
            # kkt_tolerance would count only if it were another than HiGHS' own, 1e-7.
            "pdlp_optimality_tolerance": max(self.tolerance, first_order),
            "pdlp_iteration_limit": _MOST_STEPS,
        }

    def _options(self, chosen: Mapping[str, Any]) -> None:
        for option, value in chosen.items():
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
        self.cost = cost
        scaled = cost * self.columns
        self.size = float(np.abs(scaled).max(initial=0)) or 1.0
        scaled = scaled / self.size
        self._costs(scaled)
        if self._refused:
            return self._failed("failed")
        rows = len(self.rows)
        place = rows, sum(known == rows for known, _ in self._bases)
        if self._begun(self._before.get(place)):
            answer = self._answer(scaled, "simplex", self._from(scaled))
        else:
            self._run()
            answer = self._answer(scaled, self.method, self._iterations())
            if not answer.solved and self.method in ("ipx", "hipo") and rows <= VERTEX_LIMIT:
                answer = self._asked_of_simplex(scaled)
        self._bases[place] = self._highs.getBasis()
        return answer

    def _asked_of_simplex(self, cost: Floats) -> Answer:
        """The simplex method's answer: where little room is left interior points may take a program for infeasible."""
        self._take(self._highs.clearSolver())
        self._options({"solver": "simplex"})
        self._run()
        answer = self._answer(cost, "simplex", self._iterations())
        self._options({"solver": self.method})
        return answer

    def _costs(self, cost: Floats) -> None:
        count = len(cost)
        self._take(self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), cost))

    def _begun(self, basis: Any) -> bool:
        """Whether HiGHS begins from a basis of another session: there is one, and it fits."""
        if basis is None or not basis.valid or len(basis.col_status) != len(self.columns):
            return False
        return bool(self._highs.setBasis(basis) == highspy.HighsStatus.kOk)

    def _from(self, cost: Floats) -> int:
        """Solved by the simplex method from the basis that HiGHS was given; the iterations.

        Where only bounds have moved the basis is optimal but for them, and the dual simplex method mends it. Costs
        and norms that moved make some prices wrong: these levels get the cost at which they would be right, the dual
        method mends the rest, and from there the primal one finds the way with the true costs. A basis that is near
        needs neither exact weights of its edges nor perturbed costs, which take longer than the way itself; one that
        is not near after all is given up.
        """
        self._options({"solver": "simplex", "simplex_dual_edge_weight_strategy": 1, _PERTURBATION: 0.0})
        info = self._by(_PRIMAL, 0)
        wrong, most = info.num_dual_infeasibilities > 0, len(self.rows) // 2 + 100
        iterations = 0
        if wrong and info.num_primal_infeasibilities > 0:
            self._costs(cost - self._wrong_prices())
            iterations += int(self._by(_DUAL, most).simplex_iteration_count)
            self._costs(cost)
        iterations += int(self._by(_PRIMAL if wrong else _DUAL, most).simplex_iteration_count)
        self._options({"solver": self.method, "simplex_dual_edge_weight_strategy": -1, _PERTURBATION: 1.0})
        if self._highs.getModelStatus() not in _STATUS:
            self._take(self._highs.clearSolver())
            self._by(_DUAL)
            iterations += self._iterations()
        self._options({"simplex_strategy": _DUAL, "simplex_iteration_limit": highspy.kHighsIInf})
        return iterations

    def _by(self, strategy: int, most: int = highspy.kHighsIInf) -> Any:
        """HiGHS' figures after it has run with a simplex method; with `most` 0 those of the basis as it stands."""
        self._options({"simplex_strategy": strategy, "simplex_iteration_limit": most})
        self._run()
        return self._highs.getInfo()

    def _wrong_prices(self) -> Floats:
        """Of levels whose reduced cost says that they should be elsewhere: that cost."""
        solution = self._highs.getSolution()
        x, reduced = np.asarray(solution.col_value, float), np.asarray(solution.col_dual, float)
        slack = 1e-7 * (1 + np.abs(x))
        at_low, at_high = x - self._scaled.low <= slack, self._scaled.high - x <= slack
        wrong = ((reduced < 0) & ~at_high) | ((reduced > 0) & ~at_low)
        return np.where(wrong, reduced, 0.0)

    def _iterations(self) -> int:
        info = self._highs.getInfo()
        told = (info.simplex_iteration_count, info.ipm_iteration_count, info.pdlp_iteration_count)
        return sum(max(int(one), 0) for one in told)

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
        if self.method != "simplex":
            # Looking for it with another method, HiGHS 1.15 can end the whole process.
            return Session(self.program).clashing()
        # An elastic program finds what clashes; of that alone one after the other is left out (HiGHS' text for the
        # option has the numbers of the last two the wrong way round).
        wanted = highspy.IisStrategy.kIisStrategyFromLp, highspy.IisStrategy.kIisStrategyIrreducible
        self._options({"iis_strategy": sum(map(int, wanted))})
        told: tuple[highspy.HighsStatus, Any] = self._highs.getIis()
        return told

    def _answer(self, cost: Floats, method: Method, iterations: int) -> Answer:
        """The answer in the program's own units, with the residuals of the scaled program, where all count alike."""
        status = self._highs.getModelStatus()
        solution = self._highs.getSolution()
        x, prices = np.asarray(solution.col_value, float), np.asarray(solution.row_dual, float)
        name = _STATUS.get(status, "failed")
        if name in ("infeasible", "unbounded") or len(x) != len(cost) or not np.isfinite(x).all():
            return self._failed(name if name in ("infeasible", "unbounded") else "failed", iterations)
        primal, dual, gap = residuals(self._scaled, cost, x, prices)
        worst = max(primal, dual, gap)
        known = "optimal" if worst <= ACCURATE else "rough" if worst <= _ROUGHEST else "failed"
        x, prices = x * self.columns, prices * self.size / self.rows
        reduced = self.cost - self.program.matrix.T @ prices
        return Answer(known, method, x, prices, reduced, float(self.cost @ x), primal, dual, gap, iterations)

    def _failed(self, status: str, iterations: int = 0) -> Answer:
        nothing = np.empty(0)
        return Answer(status, self.method, nothing, nothing, nothing, iterations=iterations)


def _longer(program: LinearProgram, coefficients: Floats, low: float, high: float) -> LinearProgram:
    """The program with one row more."""
    return replace(
        program,
        matrix=csc_array(vstack([program.matrix, csc_array(coefficients[None, :])], format="csc")),
        row_low=np.append(program.row_low, low),
        row_high=np.append(program.row_high, high),
    )


# What a first-order method is asked for where there is no other: a tenth of it takes four times as long.
_LARGE = 1e-6
# A first-order method has no end of its own; where it is by then is measured like any answer.
_MOST_STEPS = 200_000
# HiGHS' numbers for its simplex methods.
_DUAL, _PRIMAL = 1, 4
_PERTURBATION = "dual_simplex_cost_perturbation_multiplier"
# Beyond this an answer is none.
_ROUGHEST = 1e-2
_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
}


def _finite(bound: Floats) -> Floats:
    """The bounds as HiGHS has them: beyond its infinity there is nothing."""
    return np.clip(bound, -_INFINITE, _INFINITE)


def _handed(highs: Any, program: LinearProgram) -> highspy.HighsStatus:
    """The program handed to HiGHS, all arrays at once."""
    matrix, count, rows = program.matrix, len(program.low), len(program.row_low)
    columnwise, least = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
    status: highspy.HighsStatus = highs.passModel(
        *(count, rows, matrix.nnz, columnwise, least, 0.0, np.zeros(count)),
        *(_finite(bound) for bound in (program.low, program.high, program.row_low, program.row_high)),
        *(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, np.zeros(count, np.int32)),
    )
    return status
