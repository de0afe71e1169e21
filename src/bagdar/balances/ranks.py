"""Ranks: what is more important gets first; in what ranks leave free no more is taken beyond the plan than need be, and
then the least labour.

Three ways. *Epsilon* (the default): rank by rank the satisfied demand, valued, is made as large as it can be, and
stays so; but a hair's breadth in one rank must not cost another dear: where one unit of it would give a later one
more than ten, it may fall by a small published share of its demand (Ehrgott 2005, chapter 4.1, the epsilon-constraint
method). Without a basis there are no such prices, and every rank may fall by its share. *Exact*: what a rank's
optimum binds is fixed, columns with a reduced cost at their bound, rows with a price as equations; only where there
is a basis. *Weighted*: all at once, each rank a hundred times the next: a rough start. First-order methods, which are
accurate to a share of all that counts, see no rank that is a hundred millionth of the first: for them it is ten times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from bagdar.balances.frame import Expanded, Floats
from bagdar.balances.highs import Answer, Method, Session, method_for

Way = Literal["epsilon", "exact", "weighted"]
WAYS: tuple[Way, ...] = ("epsilon", "exact", "weighted")
# How many times the next rank each is at most, and the last rank the first.
_WEIGHT, _FIRST_ORDER_WEIGHT = (100.0, 1e8), (10.0, 1e4)
# A rank gives way where one unit of value taken from it gives a later one more than this many.
DEAR = 10.0
# What a rank may fall by that does not give way, of its epsilon: the room that the solver's tolerance needs.
_TIGHT = 1e-3
# Who lacks no more than this share of what he demands is served in full; less than the second lacks nothing.
_FULL, _SERVED = 1e-3, 1e-6
# Whose demand is less than this share of his rank's may lose it in the room that ranks leave each other.
_SMALL = 1e-3
# What is held may be less by this share: the room that the solver's tolerance needs.
_HELD = 1e-7
# What a rank gives of its epsilon at first, and then while it pays.
_PARTS = (1e-2, 1e-1, 1.0)


@dataclass(frozen=True)
class Stage:
    """One solution on the way: of a rank, with the share of its demand that is met then; 0 is what comes after ranks.

    prices: of each rank before it, what keeping it whole costs this one, both as shares; before it gives way.
    """

    rank: int
    answer: Answer
    met: float = 1.0
    prices: tuple[float, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """All stages; the last answer is the allocation. `epsilon` is the share that later ranks may cost earlier ones."""

    way: Way
    epsilon: float
    stages: tuple[Stage, ...]

    @property
    def answer(self) -> Answer:
        """The last answer: the allocation itself."""
        return self.stages[-1].answer

    @property
    def residuals(self) -> tuple[float, float, float]:
        """The largest of limits, of prices and of gaps over all stages: later ranks keep what earlier ones found."""
        every = [(one.answer.primal, one.answer.dual, one.answer.gap) for one in self.stages]
        primal, dual, gap = (max(part) for part in zip(*every, strict=True))
        return primal, dual, gap

    @property
    def rough(self) -> bool:
        """Whether any stage was."""
        return any(stage.answer.status == "rough" for stage in self.stages)

    @property
    def solved(self) -> bool:
        """Whether every stage was."""
        return all(stage.answer.solved for stage in self.stages)


def shares(expanded: Expanded, rank: int) -> Floats:
    """What a unit of each level is of a rank's whole demand, valued: the rank's satisfaction is their sum product."""
    frame = expanded.frame
    worth, demanded = frame.worth[: frame.count], whole(expanded, rank)
    mine = frame.rank[None, :] == rank
    return np.where(mine, worth, 0.0).ravel() / demanded if demanded > 0 else np.zeros(worth.size)


def solve_ranked(
    expanded: Expanded,
    session: Session | None = None,
    way: Way = "epsilon",
    epsilon: float = 1e-4,
    progress: Callable[[int, int], None] | None = None,
) -> Ranked:
    """The allocation of a frame by rank. A session that is given must have the frame's program, and no row more.

    progress: told how many of how many solutions there are, before the first and after each.

    Raises ValueError if exact ranks are asked of a method without a basis.
    """
    session = session or Session(expanded.program, method_for(expanded.program))
    if way == "exact" and session.method != "simplex":
        raise ValueError("exact ranks need a basis, which the simplex method alone has")
    ranks, stages = demanding(expanded), list[Stage]()
    tell = progress or (lambda done, of: None)
    tell(0, len(ranks) + 1)
    solving = _at_once(expanded, session, epsilon) if way == "weighted" else _in_turn(expanded, session, way, epsilon)
    for stage in solving:
        stages.append(stage)
        tell(len(stages), len(ranks) + 1)
    rough = way == "weighted" and session.method == "hipdlp"
    if stages and (rough or not stages[-1].answer.solved):
        return Ranked(way, epsilon, tuple(stages))
    if stages and way != "exact" and session.vertex_prices:
        _serve_free(expanded, session, stages[-1].answer)
    stages += _left_free(expanded, session, stages, way, epsilon)
    tell(len(ranks) + 1, len(ranks) + 1)
    return Ranked(way, epsilon, tuple(stages))


def _in_turn(expanded: Expanded, session: Session, way: Way, epsilon: float) -> Iterator[Stage]:
    """Rank by rank, until one has no solution."""
    stages: list[Stage] = []
    ranks = demanding(expanded)
    given: set[int] = set()
    for rank in ranks:
        share = shares(expanded, rank)
        answer = session.solve(-share)
        prices = _prices(expanded, answer, len(stages)) if way == "epsilon" else ()
        if way == "epsilon" and session.vertex_prices:
            answer = _give_way(expanded, session, stages, rank, answer, given, epsilon)
        stages.append(Stage(rank, answer, float(share @ answer.x) if answer.solved else 0.0, prices))
        yield stages[-1]
        if not answer.solved:
            return
        if way == "exact":
            _fix(session, answer)
            continue
        session.add_row(share, stages[-1].met - _TIGHT * epsilon, np.inf)
        if not session.vertex_prices:
            _loosen(session, stages, len(ranks), epsilon)
    _take_back(expanded, session, stages, given, epsilon)


def _give_way(
    expanded: Expanded,
    session: Session,
    stages: list[Stage],
    rank: int,
    answer: Answer,
    given: set[int],
    epsilon: float,
) -> Answer:
    """Let those ranks fall that cost this one dear, by a part of their epsilon, and by more while it still pays.

    A rank that costs nobody dear keeps all that it got: what is printed of it is then no slack, but its optimum.
    """
    if not answer.solved:
        return answer
    for part in _PARTS:
        dear = _dear(expanded, stages, rank, answer)
        if not dear:
            break
        low, rows = session.program.row_low.copy(), len(expanded.program.row_low)
        for place in dear:
            given.add(place)
            low[rows + place] = min(low[rows + place], stages[place].met - part * epsilon)
            _spare(expanded, session, stages[place].rank, answer, part * epsilon)
        session.row_bounds(low, session.program.row_high)
        answer = session.solve(session.cost)
        if not answer.solved:
            break
    return answer


def _spare(expanded: Expanded, session: Session, rank: int, answer: Answer, share: float) -> None:
    """Let nobody of a rank who is served in full fall by more than this share of what he demands.

    Else a small customer would bear alone what is little of the whole rank.
    """
    frame = expanded.frame
    demand = frame.demand[: frame.count].ravel()
    x, program = answer.x, session.program
    served = np.tile(frame.rank == rank, frame.count) & (x >= (1 - _FULL) * demand) & (demand > 0)
    least = np.minimum(np.minimum((1 - share) * demand, x), program.high)
    session.bounds(np.where(served, np.maximum(least, 0), program.low), program.high)


def _dear(expanded: Expanded, stages: list[Stage], rank: int, answer: Answer) -> list[int]:
    """The stages of which one unit of value would give this rank more than `DEAR`."""
    mine, prices = whole(expanded, rank), _prices(expanded, answer, len(stages))
    return [place for place, stage in enumerate(stages) if prices[place] * mine > DEAR * whole(expanded, stage.rank)]


def _prices(expanded: Expanded, answer: Answer, before: int) -> tuple[float, ...]:
    """What keeping each rank before costs, as the rows of ranks have it."""
    rows = len(expanded.program.row_low)
    return tuple(map(float, answer.row_price[rows : rows + before])) if answer.solved else ()


def _take_back(expanded: Expanded, session: Session, stages: list[Stage], given: set[int], epsilon: float) -> None:
    """Give back to ranks that gave way what no later one made use of, the most important first."""
    rows = len(expanded.program.row_low)
    for place in sorted(given):
        share = shares(expanded, stages[place].rank)
        answer = session.solve(-share)
        if answer.solved:
            low = session.program.row_low.copy()
            low[rows + place] = max(low[rows + place], float(share @ answer.x) - _TIGHT * epsilon)
            session.row_bounds(low, session.program.row_high)


def _loosen(session: Session, stages: list[Stage], count: int, epsilon: float) -> None:
    """Let every rank fall by one more of the equal parts of its epsilon, one for each stage that comes after it.

    All of it at once would be used up by the next stage already, and those after it would find no way but the last
    answer: no choice for them, prices that grow as 1/epsilon with every stage, and nothing inside for a barrier.
    """
    low = session.program.row_low.copy()
    begun, now = len(low) - len(stages), len(stages)
    for place, stage in enumerate(stages):
        low[begun + place] = stage.met - epsilon * (now - place) / (count - place)
    session.row_bounds(low, session.program.row_high)


def _left_free(expanded: Expanded, session: Session, stages: list[Stage], way: Way, epsilon: float) -> Iterator[Stage]:
    """What the ranks leave free: no more beyond the plan than need be, and then the least labour."""
    if expanded.frame.beyond.any():
        stage = _least_beyond(expanded, session, way, epsilon)
        yield stage
        if not stage.answer.solved:
            return
    yield _least_labour(expanded, session, stages[-1].answer.x if stages else None)


def _least_beyond(expanded: Expanded, session: Session, way: Way, epsilon: float) -> Stage:
    """Within what the ranks leave free: the least beyond what the plan states of resources of which it can have more.

    So more is taken of one where somebody would lack something, and not to save an hour elsewhere.
    """
    cost = np.tile(expanded.frame.beyond, expanded.frame.count)
    answer = session.solve(cost)
    if answer.solved and way == "exact":
        _fix(session, answer)
    elif answer.solved:
        slack = _TIGHT * epsilon if session.vertex_prices else epsilon
        session.add_row(-cost, -answer.objective - slack, np.inf)
    return Stage(0, answer)


def _least_labour(expanded: Expanded, session: Session, x: Floats | None) -> Stage:
    """Within what the ranks leave free: the least labour; where none is counted, resources of the least worth.

    What the last rank's levels `x` take counts as 1: an objective far from 1 is one that interior points miss.
    """
    frame = expanded.frame
    cost = expanded.labour if expanded.labour.any() else frame.effort[: frame.count].ravel()
    scale = float(np.abs(cost).max(initial=0) if x is None else np.abs(cost) @ np.abs(x)) or 1.0
    return Stage(0, session.solve(cost / scale))


def _fix(session: Session, answer: Answer) -> None:
    """Keep to the optimal face: complementary slackness fixes what has a price."""
    program = session.program
    priced = np.abs(answer.reduced_cost) * session.columns > 1e-9 * session.size
    at_low = priced & (np.abs(answer.x - program.low) <= np.abs(answer.x - program.high))
    at_high = priced & ~at_low
    low, high = program.low.copy(), program.high.copy()
    high[at_low], low[at_high] = low[at_low], high[at_high]
    session.bounds(low, high)
    made = program.matrix @ answer.x
    binds = np.abs(answer.row_price) * session.rows > 1e-9 * session.size
    to_low = binds & (np.abs(made - program.row_low) <= np.abs(made - program.row_high))
    row_low, row_high = program.row_low.copy(), program.row_high.copy()
    row_high[to_low] = row_low[to_low]
    row_low[binds & ~to_low] = row_high[binds & ~to_low]
    session.row_bounds(row_low, row_high)


def weight_of(method: Method, ranks: int) -> float:
    """How many times the next of so many ranks each is, where all are weighted: none must be lost in the first."""
    most, spread = _FIRST_ORDER_WEIGHT if method == "hipdlp" else _WEIGHT
    return float(min(most, spread ** (1 / max(ranks - 1, 1))))


def _at_once(expanded: Expanded, session: Session, epsilon: float) -> Iterator[Stage]:
    """All ranks in one solution, each of which then keeps what it got."""
    ranks = demanding(expanded)
    weight = weight_of(session.method, len(ranks))
    cost = np.zeros(len(expanded.program.low))
    for place, rank in enumerate(ranks):
        # By worth, not by share: else a small rank would come before a large one that is more important.
        cost -= shares(expanded, rank) * whole(expanded, rank) / weight**place
    answer = session.solve(cost)
    for rank in ranks:
        share = shares(expanded, rank)
        stage = Stage(rank, answer, float(share @ answer.x) if answer.solved else 0.0)
        if answer.solved:
            session.add_row(share, stage.met - _TIGHT * epsilon, np.inf)
        yield stage


def _serve_free(expanded: Expanded, session: Session, answer: Answer) -> None:
    """Let those have more who can while nobody has less: what is little of a rank or its weight is beneath tolerance.

    Of each customer who lacks something the share of his demand counts, however small he is. What then comes may not
    take from the small again what in the row of their rank nobody would see.
    """
    frame, program, x = expanded.frame, session.program, answer.x
    demand = frame.demand[: frame.count].ravel()
    short = (demand > 0) & (demand - x > _SERVED * demand)
    if short.any():
        ranked = np.tile(frame.rank > 0, frame.count)
        kept = np.maximum(program.low, (1 - _HELD) * np.minimum(x, program.high))
        session.bounds(np.where(ranked, kept, program.low), program.high)
        more = session.solve(np.where(short, -1 / np.maximum(demand, np.finfo(float).tiny), 0.0))
        x = more.x if more.status == "optimal" else x
    share = sum(shares(expanded, rank) for rank in demanding(expanded)) * demand
    small = (share > 0) & (share < _SMALL) & (demand - x <= _SERVED * demand)
    session.bounds(
        np.where(small, np.maximum(program.low, (1 - _HELD) * np.minimum(x, program.high)), program.low), program.high
    )


def exchange_rates(expanded: Expanded, ranked: Ranked) -> tuple[tuple[int, int, float], ...]:
    """(rank, the next one, what that would gain for one given up by the first), both in worth, at the margin.

    It is the price of the first's epsilon row when the second was served, before the first gave way; a rate far above
    1 says that the order of the two is dear. There is none where ranks are not solved one by one.
    """
    if ranked.way != "epsilon":
        return ()
    rates = []
    for place, (first, second) in enumerate(pairwise(stage for stage in ranked.stages if stage.rank)):
        price = second.prices[place]
        one, other = whole(expanded, first.rank), whole(expanded, second.rank)
        rates.append((first.rank, second.rank, float(price) * other / one if one else 0.0))
    return tuple(rates)


def demanding(expanded: Expanded) -> tuple[int, ...]:
    """The ranks that demand anything: of others there is no share to speak of."""
    return tuple(rank for rank in expanded.frame.ranks if whole(expanded, rank) > 0)


def whole(expanded: Expanded, rank: int) -> float:
    """All that a rank demands, valued."""
    frame = expanded.frame
    mine = frame.rank == rank
    return float((frame.worth * frame.demand)[: frame.count, mine].sum())
