"""The plan: one frozen value that everything else is a function of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from bagdar.balance import Balance
from bagdar.canonical import canonical, ordered
from bagdar.drawing import Outlines, Picture
from bagdar.erratum import Erratum
from bagdar.expectation import Expectations
from bagdar.finding import Home
from bagdar.header import Header
from bagdar.language import Language, Names
from bagdar.norm import Norm
from bagdar.period import Period
from bagdar.quantity import Quantity
from bagdar.statement import Statement
from bagdar.unit import Unit

Role = Literal["endogenous", "exogenous", "lever", "coefficient", "statistic", "missing"]
# Why an indicator has no number: there is no series, it begins too late, or it is of another scope.
MISSING_REASONS = ("not_in_sources", "starts_later", "not_comparable")
INDICATOR_GROUPS = "indicator_group"  # the set of the groups of `indicator_lists.csv` and, above them, the lists
# Which instruments of the state a lever belongs to: the source text's two lists (S38, S39).
LEVER_GROUPS = (
    "centralised_finance",
    "tax",
    "depreciation",
    "customs",
    "state_purchases",
    "natural_monopoly_tariffs",
    "wages_and_benefits",
    "foreign_labour_quota",
    "standards",
)
# The report's sections of indicators, in order; an indicator of any other is filed under "other".
SECTIONS = (
    "production",
    "demand",
    "investment",
    "industry",
    "prices",
    "labour",
    "income",
    "living_standard",
    "government",
    "money",
    "external",
    "regions",
    "efficiency",
    "physical",
    "social",
    "environment",
    "science",
)
SOURCE_KINDS = ("official", "document", "estimate", "assumption")


def _home() -> Any:
    """Where it is written down: kept beside the value, no part of it."""
    return field(default_factory=Home, compare=False)


@dataclass(frozen=True)
class Member:
    """A label of a set. `parent` is the label it is part of; `flags` are the set's yes/no columns."""

    code: str
    names: Names
    parent: str = ""
    valid_from: Period | None = None
    valid_to: Period | None = None
    flags: frozenset[str] = frozenset()
    home: Home = _home()


@dataclass(frozen=True)
class LabelSet:
    """A classification: sectors, territories, products."""

    code: str
    members: tuple[Member, ...]
    flags: tuple[str, ...] = ()
    home: Home = _home()

    def __post_init__(self) -> None:
        # The order of the columns means nothing, that of the members does.
        object.__setattr__(self, "flags", tuple(sorted(self.flags)))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """All codes in the order of the file."""
        return tuple(member.code for member in self.members)

    def select(self, flag: str = "") -> tuple[str, ...]:
        """The codes that carry `flag`; all that are not totals of others if it is empty."""
        if flag:
            return tuple(m.code for m in self.members if flag in m.flags)
        parents = {m.parent for m in self.members}
        return tuple(m.code for m in self.members if m.code not in parents)


@dataclass(frozen=True)
class Indicator:
    """A row of `indicators.csv`: what a number of this name means and how it hangs together with others.

    adds_up: ``sum``: a label is the sum of its parts; ``mean``: it lies between them; ``share``, or ``share AXIS``:
        the labels (of that axis) add up to 100 %; ``part``: each number is a part of a whole of its own;
        ``ratio``: it is computed anew from the sums it is made of; ``none``.
    total_of: the indicator whose labels add up to this one.
    capacity: the indicator that this one cannot exceed.
    index_of: (level,): this is that level as a share of its previous period's; (level, period): of that period's;
        (level, ``growth``): its change as a share of the previous period's.
    reason: why one of the role ``missing`` has no number.
    capped_by: the item of a balance, as in ``oil.exports``, whose shortage returns to the model as a ceiling on this.
    volume_of: (value, deflator) or (value,): what this is the volume of, and by which price index.
    """

    code: str
    names: Names
    unit: Unit
    unit_text: str
    price_basis: str
    dims: tuple[str, ...]
    role: Role
    section: str = ""
    polarity: str = "neutral"
    adds_up: str = "none"
    source: str = ""
    decimals: int = 1
    total_of: str = ""
    capacity: str = ""
    index_of: tuple[str, ...] = ()
    volume_of: tuple[str, ...] = ()
    capped_by: str = ""
    reason: str = ""
    home: Home = _home()

    def name(self, language: Language) -> str:
        """Its name in `language` or in the nearest that has one; its code if it has none."""
        return self.names.get(language) or self.code


@dataclass(frozen=True)
class ListedIndicator:
    """A row of `indicator_lists.csv`: an indicator, or one cell of it, in a `group` of the indicator system."""

    group: str
    indicator: str
    labels: tuple[str, ...] = ()
    home: Home = _home()


@dataclass(frozen=True)
class Source:
    """A row of `sources.csv`; `date` is when it was published, `kind` one of `SOURCE_KINDS`."""

    code: str
    publisher: Names
    title: str
    date: date | None
    kind: str = "official"
    address: str = ""
    licence: str = ""
    note: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class Origin:
    """What a cell's home points to: a file of the folder and the source its rows come from."""

    file: str
    source: str = ""


@dataclass(frozen=True)
class Lever:
    """A row of `levers.csv`: an indicator that the state sets, the group of S38–S39 it belongs to, its bounds."""

    indicator: str
    group: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    authority: Names = Names()
    home: Home = _home()


@dataclass(frozen=True)
class Target:
    """A row of `targets.csv`: `value` that an indicator should reach (``>=``), keep below (``<=``) or meet (``=``)."""

    indicator: str
    labels: tuple[str, ...]
    period: Period
    sense: Literal[">=", "<=", "="]
    value: float
    source: str = ""
    note: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class AddFactor:
    """A judgement on a behavioural equation: `value` replaces its carried add-factor in `period`."""

    equation: str
    labels: tuple[str, ...]
    period: Period
    value: float
    who: str = ""
    why: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class Stated:
    """What another document states of a cell; compared with the plan at its printed precision, never used."""

    indicator: str
    labels: tuple[str, ...]
    period: Period
    value: float
    decimals: int
    source: str
    note: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class Fixed:
    """An endogenous cell held at `value`: by its own add-factor, or by the `instrument` cell it is swapped with."""

    indicator: str
    labels: tuple[str, ...]
    period: Period
    value: float
    instrument: tuple[str, tuple[str, ...], Period] | None = None
    home: Home = _home()


@dataclass(frozen=True)
class Accepted:
    """A row of `accepted.csv`: a finding that is known and lived with, and why."""

    rule: str
    where: str
    reason: str
    who: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class Plan:
    """Everything that determines a result.

    `values` holds what the folder states: history, exogenous paths, levers, coefficients.
    `outcomes` is what happened after the plan date: shown beside the plan, never seen by it.
    `variants` (name -> changes), `accepted`, `errata`, `indicator_lists` and `expectations` are no part of the plan's
    identity: they say how a source was read, a finding judged, indicators shown, a model tested, pictures drawn;
    nothing is computed from them.
    """

    header: Header
    sets: Mapping[str, LabelSet] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    values: Mapping[str, Quantity] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    add_factors: tuple[AddFactor, ...] = ()
    levers: tuple[Lever, ...] = ()
    targets: tuple[Target, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    balances: tuple[Balance, ...] = ()
    norms: tuple[Norm, ...] = ()
    chapters: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, Quantity] = field(default_factory=dict, compare=False)
    stated: tuple[Stated, ...] = field(default=(), compare=False)
    notes: Mapping[tuple[str, int], str] = field(default_factory=dict, compare=False)
    origins: tuple[Origin, ...] = field(default=(), compare=False)
    # The lowest and highest that a coefficient's row allows: by code and labels.
    ranges: Mapping[tuple[str, tuple[str, ...]], tuple[float | None, float | None]] = field(
        default_factory=dict, compare=False
    )
    # The scales between a row's unit and its indicator's, where they differ: by file and row.
    factors: Mapping[tuple[str, int], tuple[float, float]] = field(default_factory=dict, compare=False)
    variants: Mapping[str, Any] = field(default_factory=dict, compare=False)
    variant_titles: Mapping[str, Names] = field(default_factory=dict, compare=False)
    accepted: tuple[Accepted, ...] = field(default=(), compare=False)
    errata: tuple[Erratum, ...] = field(default=(), compare=False)
    expectations: Expectations = field(default_factory=Expectations, compare=False)
    indicator_lists: tuple[ListedIndicator, ...] = field(default=(), compare=False)
    pictures: tuple[Picture, ...] = field(default=(), compare=False)
    maps: Mapping[str, Outlines] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        # The order of these means nothing, so two plans that say the same are equal.
        for name in ("statements", "add_factors", "levers", "targets", "fixed"):
            object.__setattr__(self, name, ordered(getattr(self, name)))

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical values, equations, sets and prose; not of bytes, homes or variants."""
        text = json.dumps(canonical(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def home(self, quantity: Quantity, cell: tuple[int, ...]) -> Home:
        """Where the number of a cell is written down; an empty home if nowhere."""
        origin, row, column = (int(i) for i in quantity.homes[cell])
        return Home(self.origins[origin].file, row, column) if origin >= 0 else Home()

    def source(self, quantity: Quantity, cell: tuple[int, ...]) -> Source | None:
        """The source of the number of a cell."""
        origin = int(quantity.homes[cell][0])
        return self.sources.get(self.origins[origin].source) if origin >= 0 else None

    def note(self, home: Home) -> str:
        """What the row's ``note`` column says."""
        return self.notes.get((home.file, home.row), "")

    def axes(self, indicator: Indicator) -> dict[str, str]:
        """The set of each axis in the order of the dims; a table over one set twice has sector, sector_2."""
        dims = indicator.dims
        return {dim if dims.index(dim) == i else f"{dim}_{i + 1}": dim for i, dim in enumerate(dims)}

    def dims(self, indicator: Indicator) -> dict[str, tuple[str, ...]]:
        """The axes of an indicator's quantity: its sets' labels, then the periods unless a coefficient."""
        axes = {axis: self.sets[dim].labels for axis, dim in self.axes(indicator).items() if dim in self.sets}
        if indicator.role != "coefficient":
            axes["period"] = self.header.labels
        return axes
