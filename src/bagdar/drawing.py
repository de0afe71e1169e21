"""What a plan wants drawn: pictures of its numbers, and outlines of the areas that its labels name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from bagdar.finding import Home
from bagdar.period import Period

Kind = Literal["path", "structure", "two_sided", "map"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Ring = tuple[tuple[float, float], ...]  # longitude and latitude in degrees; the last point joins the first


@dataclass(frozen=True)
class Picture:
    """A `[[picture]]` of `plan.toml`.

    path: an indicator (of `labels`, if it has dims) over the years, with a band of naive errors.
    structure: shares of the labels of an indicator's one dim, in the base period and in `period`.
    two_sided: the labels of `indicator` to the right and those of `against` to the left, in `period`.
    map: the areas of an indicator's one dim in `period`.

    `period` None is the last plan period; `section` is the part of the report it stands in, '' the indicator's own.
    """

    kind: Kind
    indicator: str
    against: str = ""
    labels: tuple[str, ...] = ()
    period: Period | None = None
    section: str = ""
    home: Home = field(default_factory=Home, compare=False)


@dataclass(frozen=True)
class Outlines:
    """`maps/<set>.json`: the rings of each label's area, holes among them (even-odd), and whose work they are."""

    set: str
    areas: Mapping[str, tuple[Ring, ...]]
    source: str
    licence: str
    attribution: str
    home: Home = field(default_factory=Home, compare=False)
