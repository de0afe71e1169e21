"""A model of another program, as its file tells it: equations, series, names. What a plan's folder is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bagdar.equations.expression import Expression
from bagdar.importers.evaluation import Series
from bagdar.importers.formula import Made
from bagdar.period import Period

Kind = Literal["identity", "behaviour", "fitted"]


@dataclass(frozen=True)
class ForeignEquation:
    """One equation: what it determines, under which transform, and what it was read from.

    `kind`: an identity; a behavioural equation, which may be fixed; or what such an equation gives without its
    add-factor, which is only reported. `row` and `text` are those of the file. `add` names the series of its
    add-factor, if that is not its own name with ``_A``.
    """

    code: str
    kind: Kind
    transform: str
    right: Expression
    row: int
    text: str
    add: str = ""


@dataclass(frozen=True)
class ForeignModel:
    """All that a file tells of a model.

    `series` hold a number for each of `periods`, NaN where there is none. `kept` are other solutions by their names.
    `made`: the day on which the file was written, if it says so.
    """

    file: str
    name: str
    equations: tuple[ForeignEquation, ...]
    periods: tuple[Period, ...]
    horizon: tuple[Period, Period]
    series: Mapping[str, Series]
    names: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kept: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)
    wanted: Made = field(default_factory=Made)
    made: date | None = None
