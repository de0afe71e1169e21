"""A plan's equations laid out as tables: the cells by place, and of each equation what it reads and by which code.

A plan with the same statements, sets and indicators and other numbers uses the program again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, product
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.engine import Engine, Layout, Reads
from bagdar.equations.expression import Cell, Expression, Op
from bagdar.equations.grammar import TRANSFORMS, Parsed
from bagdar.equations.model import Key, Model, build, free_letters
from bagdar.equations.shape import Shape, Slot, shape
from bagdar.finding import Finding
from bagdar.plan import Plan

Places = NDArray[np.int32]
Found = TypeVar("Found")
# How much a program keeps of what it found out for one plan or another.
_KEPT = 200


@dataclass(frozen=True)
class Activity:
    """By which cells slopes are wanted, beside those of endogenous indicators in the equation's own period.

    instruments: indicators that stand in for held ones. stacked: periods may be solved together, since something
    looks ahead or an instrument lies in another period than what it is swapped with.
    """

    instruments: frozenset[str]
    stacked: bool

    @staticmethod
    def of(plan: Plan, model: Model) -> Activity:
        """What the equations and the swaps of a plan ask for."""
        swaps = [(f.period, f.instrument) for f in plan.fixed if f.instrument is not None]
        crossing = any(period != instrument[2] for period, instrument in swaps)
        return Activity(frozenset(instrument[0] for _, instrument in swaps), crossing or model.looks_ahead)

    def covers(self, other: Activity) -> bool:
        """Whether all that `other` wants is wanted here too."""
        return other.instruments <= self.instruments and (self.stacked or not other.stacked)


@dataclass(frozen=True)
class Program:
    """The cells of a plan by place, and its model's equations, then the two sides of each of its checks, by number."""

    model: Model
    findings: tuple[Finding, ...]
    keys: tuple[Key, ...]
    # Where each indicator's cells begin.
    base: Mapping[str, int]
    layout: Layout
    activity: Activity
    # What it was made of, to know whether another plan may use it.
    made_of: tuple[object, ...] = field(repr=False)
    # What was found out before (see `found`).
    _known: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def of(plan: Plan) -> Program:
        """The program of a plan; `findings` are its equations' faults."""
        model, findings = build(plan)
        keys = (*_keys(plan), *((e.add.code, e.add.labels) for e in model.equations if e.add is not None))
        activity = Activity.of(plan, model)
        layers = _Layers(plan, model, len(keys), activity)
        return Program(model, tuple(findings), keys, layers.base, layers.layout(), activity, _made_of(plan))

    def fits(self, plan: Plan) -> bool:
        """Whether it is the plan's program too: only numbers differ."""
        return self.made_of == _made_of(plan)

    def serves(self, plan: Plan) -> bool:
        """Whether it fits the plan and gives all slopes that the plan's swaps ask for."""
        return self.fits(plan) and self.activity.covers(Activity.of(plan, self.model))

    @cached_property
    def index(self) -> Mapping[Key, int]:
        """The place of each cell among the numbers of a period."""
        return {key: i for i, key in enumerate(self.keys)}

    @cached_property
    def numbers(self) -> Mapping[Key, int]:
        """The number of the equation of each cell that has one."""
        return {equation.key: i for i, equation in enumerate(self.model.equations)}

    @cached_property
    def behaving(self) -> tuple[str, ...]:
        """The indicators with behavioural equations."""
        return tuple(dict.fromkeys(e.left.code for e in self.model.equations if e.statement.behaviour))

    @cached_property
    def homes(self) -> tuple[tuple[str, ...], Places]:
        """(the files of the equations, of each equation which of them, its row and its column)."""
        told = [e.statement.home for e in self.model.equations]
        files = {file: at for at, file in enumerate(dict.fromkeys(home.file for home in told))}
        rows = [(files[home.file], home.row, home.column) for home in told]
        return tuple(files), np.array(rows, np.int32).reshape(-1, 3)

    @cached_property
    def sides(self) -> Places:
        """The numbers of the two sides of each check: a statement's left sides stand before its right sides."""
        begun, pairs = len(self.model.equations), [np.empty((0, 2), np.int32)]
        for parsed, count in zip(self.model.parsed, self.model.families, strict=True):
            if parsed.left is None:
                pairs.append(begun + np.arange(2 * count, dtype=np.int32).reshape(2, count).T)
                begun += 2 * count
        return np.concatenate(pairs)

    @cached_property
    def read_by_checks(self) -> tuple[Places, Places, NDArray[np.int64]]:
        """(cells, lags) that the checks read, one check after the other, and where those of each begin."""
        reads = self.layout.reads
        parts = [np.r_[tuple(slice(reads.at[side], reads.at[side + 1]) for side in pair)] for pair in self.sides]
        every = np.concatenate(parts)
        return reads.cell[every], reads.lag[every], np.cumsum([0, *map(len, parts)])[:-1]

    def found(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What `find` finds, kept by a key for other plans with this program; the oldest is forgotten."""
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = find()
        known: Found = self._known[key]
        return known

    @cached_property
    def engine(self) -> Engine:
        """What evaluates the equations, made when first asked for."""
        from bagdar.equations.native import engine  # noqa: PLC0415  # it looks for a compiler

        return engine(self.layout)


def _made_of(plan: Plan) -> tuple[object, ...]:
    """What the program and its findings depend on: homes, which equality leaves out, and which cells are observed."""
    homes = *(s.home for s in plan.statements), *(i.home for i in plan.indicators.values())
    cells = [plan.values.get(i.code) for i in plan.indicators.values() if i.dims and i.role == "endogenous"]
    observed = tuple(q.present.any(axis=-1).tobytes() if q is not None else b"" for q in cells)
    return plan.statements, tuple(plan.sets.values()), tuple(plan.indicators.values()), homes, observed


def _keys(plan: Plan) -> Iterator[Key]:
    for indicator in plan.indicators.values():
        axes = [plan.sets[dim].labels for dim in indicator.dims]
        for labels in product(*axes):
            yield indicator.code, labels


@dataclass
class _Family:
    """The tables of one statement's cells: a row an equation."""

    shape: int
    params: Places  # sizes of the loops, then the places of the slots
    loops: int
    lags: Places  # of the slots' places
    numbers: tuple[float, ...]  # written in the statement


class _Layers:
    """Lays out a model, statement by statement."""

    def __init__(self, plan: Plan, model: Model, width: int, activity: Activity) -> None:
        self.plan, self.model, self.width, self.activity = plan, model, width, activity
        self.roles = {code: indicator.role for code, indicator in plan.indicators.items()}
        sizes = [len(list(product(*(plan.sets[d].labels for d in i.dims)))) for i in plan.indicators.values()]
        self.base = dict(zip(plan.indicators, accumulate(sizes, initial=0), strict=False))
        self.cells = sum(sizes)
        self.places = {s.code: {label: i for i, label in enumerate(s.labels)} for s in plan.sets.values()}
        self.shapes: dict[str, int] = {}
        self.made: list[Shape] = []

    def layout(self) -> Layout:
        equations, sides = list[_Family](), list[_Family]()
        left, add, transform = list[Places](), list[Places](), list[Places]()
        given = self.cells
        for parsed, count in zip(self.model.parsed, self.model.families, strict=True):
            if parsed.left is None:
                assert isinstance(parsed.right, Op)
                sides += [self.family(parsed, side, count) for side in parsed.right.args]
                continue
            equations.append(self.family(parsed, parsed.right, count))
            left.append(self.slot(Slot(parsed.left, ()), self.letters(parsed, count), [], count)[:, 0])
            behaves = parsed.statement.behaviour
            add.append(np.arange(given, given + count, dtype=np.int32) if behaves else np.full(count, -1, np.int32))
            given += count if behaves else 0
            kind = ("", *TRANSFORMS).index(parsed.transform)
            transform.append(np.full(count, kind, np.int32))
        checked = sum(len(f.params) for f in sides)
        nothing = np.full(checked, -1, np.int32)
        lefts, adds = _joined([*left, nothing]), _joined([*add, nothing])
        kinds = _joined([*transform, np.zeros(checked, np.int32)]).astype(np.int8)
        families = [*equations, *sides]
        rows = np.array([f.params.shape[1] for f in families for _ in range(len(f.params))], np.int64)
        loops = np.array([f.loops for f in families for _ in range(len(f.params))], np.int64)
        numbers_at = np.cumsum([0, *(len(f.numbers) for f in families)])[:-1]
        return Layout(
            self.width,
            tuple(self.made),
            np.array([f.shape for f in families for _ in range(len(f.params))], np.int32),
            _joined([f.params.ravel() for f in families]),
            np.concatenate([[0], np.cumsum(rows)]).astype(np.int64),
            np.array([value for f in families for value in f.numbers], float),
            np.repeat(numbers_at, [len(f.params) for f in families]).astype(np.int64),
            (rows - loops).astype(np.int32),
            lefts,
            adds,
            kinds,
            self.reads(families, lefts, adds, kinds),
        )

    def reads(self, families: list[_Family], left: Places, add: Places, kind: NDArray[np.int8]) -> Reads:
        cells, lags, counts = list[Places](), list[Places](), list[int]()
        begun = 0
        for f in families:
            rows = slice(begun, begun + len(f.params))
            begun += len(f.params)
            before = np.where(kind[rows] >= 2, left[rows], -1)
            cells.append(np.column_stack([f.params[:, f.loops :], add[rows], before]).ravel())
            one = np.concatenate([f.lags, [0, 1]])
            lags.append(np.tile(one, len(f.params)))
            counts += [len(one)] * len(f.params)
        at = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Reads(at, _joined(cells).astype(np.int32), _joined(lags).astype(np.int32))

    def family(self, parsed: Parsed, expression: Expression, count: int) -> _Family:
        solved = parsed.left is not None and self.roles[parsed.left.code] == "endogenous"
        made = shape(expression, lambda code: self.roles[code] == "coefficient", lambda c: solved and self.moves(c))
        number = self.shapes.setdefault(made.text, len(self.made))
        if number == len(self.made):
            self.made.append(made)
        sets = [self.plan.sets[group] for group, _ in made.loops]
        runs = [s.select(flag) for s, (_, flag) in zip(sets, made.loops, strict=True)]
        sizes = np.array([len(run) for run in runs], np.int32)
        letters = self.letters(parsed, count)
        columns = [np.broadcast_to(sizes, (count, len(runs)))]
        lags = []
        for slot in made.slots:
            places = self.slot(slot, letters, runs, count)
            columns.append(places)
            lags.append(np.full(places.shape[1], slot.cell.lag, np.int32))
        params = np.ascontiguousarray(np.concatenate(columns, axis=1), np.int32)
        return _Family(number, params, len(runs), _joined(lags), made.numbers)

    def moves(self, cell: Cell) -> bool:
        """Whether a cell that an equation reads may be unknown together with the one that it gives."""
        held_back = cell.lag > 0 and not self.activity.stacked
        return not held_back and (self.roles[cell.code] == "endogenous" or cell.code in self.activity.instruments)

    def letters(self, parsed: Parsed, count: int) -> dict[str, NDArray[np.intp]]:
        """For each free letter of a statement, the number of its label in each of the statement's equations."""
        declared = {name: (group, flag) for name, group, flag in parsed.statement.letters}
        free = free_letters(parsed)
        chosen = {name: self.plan.sets[declared[name][0]].select(declared[name][1]) for name in free}
        grid = np.indices([len(labels) for labels in chosen.values()]).reshape(len(free), count)
        found = {}
        for name, numbers in zip(free, grid, strict=True):
            places = self.places[declared[name][0]]
            found[name] = np.array([places[label] for label in chosen[name]], np.intp)[numbers]
        return found

    def slot(
        self, slot: Slot, letters: Mapping[str, NDArray[np.intp]], runs: list[tuple[str, ...]], count: int
    ) -> Places:
        """The places that a slot reads: a row an equation, a column a turn of its loops."""
        indicator = self.plan.indicators[slot.cell.code]
        shape = [count, *(len(runs[i]) for i in slot.loops)]
        place: NDArray[np.intp] = np.full([1] * len(shape), 0, np.intp)
        for dim, label in zip(indicator.dims, slot.cell.labels, strict=True):
            known, number = self.places[dim], np.zeros(1, np.intp)
            axis = 0
            if label.startswith("#"):
                axis = 1 + slot.loops.index(int(label[1:]))
                number = np.array([known[x] for x in runs[int(label[1:])]], np.intp)
            elif label in letters:
                number = letters[label]
            else:
                number = np.array([known[label.strip('"')]], np.intp)
            wide = [1] * len(shape)
            wide[axis] = len(number)
            place = place * len(known) + number.reshape(wide)
        whole = np.broadcast_to(place + self.base[slot.cell.code], shape)
        return whole.reshape(count, -1).astype(np.int32)


def _joined(parts: list[Places]) -> Places:
    return np.concatenate(parts) if parts else np.empty(0, np.int32)
