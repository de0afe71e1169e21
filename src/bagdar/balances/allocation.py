"""allocate: plan, solution -> allocation: who gets how much by rank, in every period, and what is short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from bagdar.balance import Balance, Item
from bagdar.balances.clash import clash
from bagdar.balances.frame import Expanded, Floats, expand
from bagdar.balances.framing import Framed, frame_of
from bagdar.balances.highs import METHODS, Answer, Method, Session, method_for
from bagdar.balances.joins import Key
from bagdar.balances.levels import Level
from bagdar.balances.ranks import WAYS, Ranked, Way, demanding, solve_ranked, weight_of, whole
from bagdar.balances.reading import Line, Reading
from bagdar.finding import Finding, finding
from bagdar.plan import Plan
from bagdar.quantity import STATUSES, Quantity

# Less than this share of a demand is no shortage but the solver's tolerance,
SERVED = 1e-6
# less than this may be the slack that ranks leave each other. Who lacks more lacks it, whatever the reason.
NOTICED = 1e-2


@dataclass(frozen=True)
class Options:
    """How an allocation is made: `[allocation]` of `plan.toml`, or the command line.

    epsilon: the share of a rank's demand that a later rank may cost it; growth: of everything, a period, after the
    horizon; method: None chooses by size.
    """

    way: Way = "epsilon"
    epsilon: float = 1e-4
    growth: float = 0.0
    method: Method | None = None


def options_of(plan: Plan, ranks: str = "", method: str = "") -> Options:
    """The options that a plan states, with those that are given in their place."""
    header = plan.header
    way = next(way for way in WAYS if way == (ranks or header.ranks))
    chosen = next((one for one in METHODS if one == method), None)
    return Options(way, header.rank_slack, header.growth_after, chosen)


@dataclass(frozen=True)
class Shortage:
    """What a ranked use lacks in one period: `demanded - delivered`, in its balance's unit."""

    level: Level
    cell: int
    period: int
    demanded: float
    delivered: float

    @property
    def item(self) -> Item:
        """The use or stock that is short."""
        return self.level.item

    @property
    def amount(self) -> float:
        """How much is lacking."""
        return self.demanded - self.delivered


@dataclass(frozen=True)
class Allocation:
    """What a plan's balances come to when ranks decide.

    framed, expanded: what was solved; ranked: the solution of each rank.
    amounts: by balance and item, by period of the horizon and cell of the item, in the balance's unit.
    session: the solver with its last basis, for what is asked next (prices, relief, a new plan).
    """

    framed: Framed
    expanded: Expanded
    ranked: Ranked
    amounts: Mapping[Key, Floats]
    session: Session = field(compare=False, repr=False)

    @property
    def plan(self) -> Plan:
        """The plan that it is of."""
        return self.framed.plan

    @property
    def answer(self) -> Answer:
        """The last solution: the allocation itself."""
        return self.ranked.answer

    def met(self, rank: int) -> float:
        """The share of a rank's demand, valued, that is met in the horizon; the closing period is left out."""
        frame, got, whole_of_it = self.framed.frame, 0.0, 0.0
        for key, demanded in self.framed.demands.items():
            level = self.framed.levels[key]
            if level.item.rank != rank or level.columns is None:
                continue
            worth = frame.worth[: frame.periods, level.columns]
            got += float((worth * np.minimum(self.amounts[key], demanded)).sum())
            whole_of_it += float((worth * demanded).sum())
        return got / whole_of_it if whole_of_it else 1.0

    def shortages(self) -> tuple[Shortage, ...]:
        """All, the most important rank first, then in the order of balances, items, cells and periods."""
        return tuple(sorted(_shortages(self), key=lambda s: s.item.rank))

    def readings(self) -> tuple[Reading, ...]:
        """The balances as they are allocated, by period of the plan; known in the horizon only."""
        return tuple(_reading(self, balance) for balance in self.plan.balances if balance.code in self.framed.rows)

    def used(self, level: Level) -> Floats:
        """How much of a capacity is taken up by what it limits, by period of the horizon and cell."""
        return amount(replace(level, columns=None), self.framed, self.answer.x)

    def left_over(self, balance: str) -> Floats:
        """What of a balance's resources nobody uses, by period and cell."""
        begun, frame = self.framed.rows[balance], self.framed.frame
        count = len(self.framed.cells[balance].labels)
        made = (self.expanded.program.matrix @ self.answer.x)[: frame.periods * frame.rows]
        made = made - self.expanded.program.row_low[: frame.periods * frame.rows]
        rows: Floats = made.reshape(frame.periods, frame.rows)[:, begun : begun + count]
        return rows


def allocate(
    plan: Plan,
    values: Mapping[str, Quantity],
    options: Options = Options(),
    before: Allocation | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Allocation | None, list[Finding]]:
    """The allocation of a plan's balances with the numbers of a solution; None, with findings, if there is none.

    `before` is an earlier allocation of a plan with the same balances: where a basis exists, work begins from its.
    """
    framed, findings = frame_of(plan, values, options.growth)
    if framed is None:
        return None, findings or [finding("no_balances")]
    expanded = expand(framed.frame)
    by_size: Method = "simplex" if options.way == "exact" else method_for(expanded.program)
    method = options.method or by_size
    if options.way == "exact" and method != "simplex":
        return None, [finding("exact_ranks_need_a_basis", method=method)]
    way, found = options.way, list[Finding]()
    if way == "epsilon" and method == "hipdlp":
        # What each rank got is a row over all that it demands; first-order methods come to no end on such rows.
        way = "weighted"
        rows, ranks = len(expanded.program.row_low), len(demanding(expanded))
        found.append(finding("ranks_are_weighted", method=method, rows=rows, weight=weight_of(method, ranks)))
    session = Session(expanded.program, method, before=before.session if before is not None else None)
    ranked = solve_ranked(expanded, session, way, options.epsilon, progress=progress)
    if not ranked.solved:
        return None, [_unsolved(framed, expanded, session, ranked)]
    if ranked.rough:
        found.append(finding("allocation_rough", residual=max(ranked.residuals), method=ranked.answer.method))
    x = ranked.answer.x
    amounts = {key: amount(level, framed, x) for key, level in framed.levels.items()}
    return Allocation(framed, expanded, ranked, amounts, session), found


def amount(level: Level, framed: Framed, x: Floats) -> Floats:
    """How much an item comes to by period of the horizon and cell, with these levels `x` of the program."""
    frame = framed.frame
    if level.columns is not None:
        return np.array(x.reshape(-1, frame.levels)[: frame.periods, level.columns])
    result = np.zeros((frame.periods, len(level.cells)))
    for block in level.blocks:
        for t in range(frame.periods):
            coefficients = block.coefficients if block.coefficients.ndim == 1 else block.coefficients[t]
            driving = level_at(framed, x, t + block.lead)
            np.add.at(result[t], block.rows, coefficients * driving[block.columns])
    return result


def level_at(framed: Framed, x: Floats, t: int) -> Floats:
    """All levels in a period of the horizon, before it (t < 0) or after it, where they grow from the closing one."""
    frame = framed.frame
    if t < 0:
        return np.array(frame.past[-t - 1])
    return np.array(x.reshape(-1, frame.levels)[min(t, frame.periods)] * frame.growth ** max(t - frame.periods, 0))


def _reading(allocation: Allocation, balance: Balance) -> Reading:
    header, cells = allocation.plan.header, allocation.framed.cells[balance.code]
    first = header.periods.index(header.plan_periods[0])
    horizon = slice(first, first + len(header.plan_periods))
    shape = (len(header.periods), len(cells.labels))
    sums = {1: np.zeros(shape), -1: np.zeros(shape)}
    known = np.zeros(shape, bool)
    known[horizon] = True
    planned = np.full(shape, STATUSES.index("plan"))
    lines = []
    for item in (one for one in balance.items if one.side != "capacity"):
        level, amounts = allocation.framed.levels[balance.code, item.code], np.zeros(shape)
        amounts[horizon, level.cells] = allocation.amounts[level.key]
        if item.side == "stock":
            opening = np.zeros(shape)
            opening[horizon, level.cells] = _opening(allocation, level)
            lines.append(Line(item, 1, opening, known, planned))
        lines.append(Line(item, level.sign, amounts, known, planned))
    for line in lines:
        sums[line.sign] = sums[line.sign] + line.amounts
    return Reading(balance, cells, tuple(lines), (), (), sums[1], sums[-1], known)


def _opening(allocation: Allocation, level: Level) -> Floats:
    """What is left of a stock from the period before, as its balance's rows have it."""
    closing = allocation.amounts[level.key]
    before = np.vstack([allocation.framed.frame.past[:1, level.columns], closing[:-1]])
    opening: Floats = before * kept(allocation.framed, level)
    return opening


def kept(framed: Framed, level: Level) -> Floats:
    """What of a stock or capacity is left a period later, as a share, by period of the horizon and cell."""
    frame = framed.frame
    assert level.columns is not None
    first = level.columns[0]
    share = next(b for b in frame.blocks if b.lead == -1 and len(b.columns) and b.columns[0] == first).coefficients
    return np.array(np.broadcast_to(share, (frame.periods + 1, len(level.cells)))[: frame.periods])


def _unsolved(framed: Framed, expanded: Expanded, session: Session, ranked: Ranked) -> Finding:
    last = ranked.stages[-1]
    statements = clash(framed, expanded, session) if last.answer.status == "infeasible" else ()
    if not statements:
        return finding("allocation_failed", rank=last.rank, status=last.answer.status)
    home = statements[-1].home
    told = tuple(part for one in statements for part in ("; ", *one.told))[1:]
    return finding("balances_clash", home, count=len(statements), statements=told)


def _shortages(allocation: Allocation) -> Iterator[Shortage]:
    """Deliveries below demand by more than the slack that ranks leave each other."""
    framed = allocation.framed
    frame = framed.frame
    slack = {
        rank: 1.01 * allocation.ranked.epsilon * whole(allocation.expanded, rank)
        if allocation.ranked.way != "exact"
        else 0.0
        for rank in frame.ranks
    }
    for key, demanded in framed.demands.items():
        level, delivered = framed.levels[key], allocation.amounts[key]
        assert level.columns is not None
        worth = frame.worth[: frame.periods, level.columns]
        lacking = demanded - delivered
        told = (lacking * worth > slack[level.item.rank]) | (lacking > NOTICED * demanded)
        # What stands as given, below nothing, is no demand.
        short = (lacking > SERVED * demanded) & (demanded > 0) & told
        for t, cell in np.argwhere(short):
            yield Shortage(level, int(cell), int(t), float(demanded[t, cell]), float(delivered[t, cell]))
