"""Expressions: the form in which an equation is differentiated, compiled and explained.

A small tree of five kinds of node. Lags are already distributed to the cells, so that `dlog(x)` has
become ``log(x) − log(lag(x))``; set letters stay letters until `expand` replaces them by labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

# Operators by name: how many arguments each takes (None: two or more).
ARITY: dict[str, int | None] = {
    "add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1,
    "lt": 2, "le": 2, "gt": 2, "ge": 2, "eq": 2, "ne": 2, "if": 3,
    "min": None, "max": None, "abs": 1, "exp": 1, "log": 1, "sqrt": 1, "logistic": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number written in the equation."""

    value: float


@dataclass(frozen=True)
class Cell:
    """An indicator's cell, `lag` periods ago (negative: ahead).

    `labels` may hold set letters until they are expanded; one in quotes is never a letter.
    `at` is (row, column) in the statement's text, both from 1, for findings.
    """

    code: str
    labels: tuple[str, ...] = ()
    lag: int = 0
    at: tuple[int, int] = field(default=(0, 0), compare=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.code, self.labels, self.lag)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True)
class Op:
    """An operator applied to arguments. Hash, size and cells are kept, so that shared parts are never walked twice."""

    name: str
    args: tuple[Expression, ...]
    size: int = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)
    _reads: dict[Cell, None] | None = field(init=False, compare=False, repr=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(size(arg) for arg in self.args))
        object.__setattr__(self, "_hash", hash((self.name, self.args)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def reads(self) -> dict[Cell, None]:
        """The cells in it, each once, in reading order."""
        if self._reads is None:
            object.__setattr__(self, "_reads", {cell: None for arg in self.args for cell in distinct(arg)})
        assert self._reads is not None
        return self._reads


@dataclass(frozen=True)
class Sum:
    """``sum`` (or ``prod``, if `product`) of `body` over the labels that `letter` takes."""

    body: Expression
    letter: str
    group: str
    flag: str = ""
    product: bool = False
    at: tuple[int, int] = field(default=(0, 0), compare=False)


Expression = Number | Cell | Op | Sum
ZERO, ONE = Number(0.0), Number(1.0)


def size(expression: Expression) -> int:
    """How many nodes the expression has, written out."""
    if isinstance(expression, Op):
        return expression.size
    return 1 + size(expression.body) if isinstance(expression, Sum) else 1


def cells(expression: Expression) -> Iterator[Cell]:
    """Every cell in the expression, in reading order, repeats included."""
    if isinstance(expression, Cell):
        yield expression
    elif isinstance(expression, Op):
        for arg in expression.args:
            yield from cells(arg)
    elif isinstance(expression, Sum):
        yield from cells(expression.body)


def distinct(expression: Expression) -> dict[Cell, None]:
    """Every cell in the expression once, in reading order."""
    if isinstance(expression, Op):
        return expression.reads
    return dict.fromkeys(cells(expression))


def terms(expression: Expression) -> Iterator[Expression]:
    """What is added and subtracted to make the expression."""
    if isinstance(expression, Op) and expression.name in ("add", "sub", "neg"):
        for arg in expression.args:
            yield from terms(arg)
    else:
        yield expression


def substitute(expression: Expression, change: Callable[[Cell], Expression]) -> Expression:
    """The expression with every cell replaced."""
    if isinstance(expression, Cell):
        return change(expression)
    if isinstance(expression, Op):
        return Op(expression.name, tuple(substitute(arg, change) for arg in expression.args))
    if isinstance(expression, Sum):
        return replace(expression, body=substitute(expression.body, change))
    return expression


def shift(expression: Expression, lag: int) -> Expression:
    """The expression `lag` periods earlier."""
    return substitute(expression, lambda cell: replace(cell, lag=cell.lag + lag))


def expand(
    expression: Expression, letters: Mapping[str, str], members: Callable[[str, str], tuple[str, ...]]
) -> Expression:
    """The expression with `letters` replaced by labels and sums written out over `members(group, flag)`."""
    if isinstance(expression, Cell):
        labels = tuple(letters.get(x, x).strip('"') for x in expression.labels)
        return Cell(expression.code, labels, expression.lag, expression.at)
    if isinstance(expression, Op):
        return Op(expression.name, tuple(expand(arg, letters, members) for arg in expression.args))
    if isinstance(expression, Sum):
        labels = members(expression.group, expression.flag)
        terms = [expand(expression.body, {**letters, expression.letter: label}, members) for label in labels]
        return _fold("mul" if expression.product else "add", terms, ONE if expression.product else ZERO)
    return expression


def _fold(name: str, terms: list[Expression], nothing: Expression) -> Expression:
    # Halving keeps the tree shallow for sums over many labels.
    if not terms:
        return nothing
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Op(name, (_fold(name, terms[:half], nothing), _fold(name, terms[half:], nothing)))
