"""A plan's equations, compiled once: a plan with the same equations and other numbers uses them again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product

from bagdar.equations.compile import Function, compile_expressions
from bagdar.equations.derivative import derivative
from bagdar.equations.expression import Cell, Expression, Op, terms
from bagdar.equations.model import Equation, Key, Model, build
from bagdar.finding import Finding
from bagdar.plan import Plan


@dataclass(frozen=True)
class Compiled:
    """An equation as functions of the numbers."""

    equation: Equation
    left: int
    add: int | None
    reads: tuple[tuple[int, int], ...]  # (cell index, lag) of every cell it reads, its left side included
    right: Function
    judged: Function | None
    # Compiled when first asked for: the terms of an identity's right side, and the slopes of left − right by the
    # places asked for, all at once, so that what they share is computed once.
    terms: Callable[[], Function]
    slopes: Callable[[tuple[tuple[int, int], ...]], Function]


@dataclass(frozen=True)
class Program:
    """The cells of a plan by index, and its model's equations and checks as functions of their numbers.

    It depends on the plan's statements, sets and indicators alone.
    """

    model: Model
    findings: tuple[Finding, ...]
    keys: tuple[Key, ...]
    # What it was made of, to know whether another plan may use it.
    made_of: tuple[object, ...] = field(repr=False)

    @staticmethod
    def of(plan: Plan) -> Program:
        """The program of a plan; `findings` are its equations' faults."""
        model, findings = build(plan)
        add = [(e.add.code, e.add.labels) for e in model.equations if e.add is not None]
        return Program(model, tuple(findings), (*_keys(plan), *add), _made_of(plan))

    def fits(self, plan: Plan) -> bool:
        """Whether it is the plan's program too: only numbers differ."""
        return self.made_of == _made_of(plan)

    @cached_property
    def index(self) -> Mapping[Key, int]:
        """The place of each cell among the numbers of a period."""
        return {key: i for i, key in enumerate(self.keys)}

    @cached_property
    def equations(self) -> tuple[Compiled, ...]:
        """The model's equations, compiled."""
        return tuple(self._compile(e) for e in self.model.equations)

    @cached_property
    def sides(self) -> tuple[tuple[Function, ...], ...]:
        """The two sides of each of the model's checks, compiled."""
        return tuple(tuple(self.compile(side) for side in check.condition.args) for check in self.model.checks)

    def compile(self, expression: Expression) -> Function:
        """The expression as a function of the numbers."""
        return compile_expressions((expression,), self.index)

    def _compile(self, equation: Equation) -> Compiled:
        difference = Op("sub", (equation.left, equation.right))
        read: dict[tuple[int, int], Cell] = {}
        for cell in difference.reads:
            read.setdefault((self.index[cell.code, cell.labels], cell.lag), cell)

        @cache
        def all_terms() -> Function:
            return compile_expressions(tuple(terms(equation.right)), self.index)

        @cache
        def slopes(places: tuple[tuple[int, int], ...]) -> Function:
            return compile_expressions([derivative(difference, read[place]) for place in places], self.index)

        return Compiled(
            equation,
            self.index[equation.key],
            None if equation.add is None else self.index[equation.add.code, equation.add.labels],
            tuple(read),
            self.compile(equation.right),
            None if equation.judged is None else self.compile(equation.judged),
            all_terms,
            slopes,
        )


def _made_of(plan: Plan) -> tuple[object, ...]:
    return plan.statements, tuple(plan.sets.values()), tuple(plan.indicators.values())


def _keys(plan: Plan) -> Iterator[Key]:
    for indicator in plan.indicators.values():
        axes = [plan.sets[dim].labels for dim in indicator.dims]
        for labels in product(*axes):
            yield indicator.code, labels
