"""What a report holds, before any form: texts already in its language, numbers already written out."""

from __future__ import annotations

from dataclasses import dataclass

from bagdar.language import Language


@dataclass(frozen=True)
class Figure:
    """One number as printed. `anchor` leads to its trace; `mark` is its status if that is not ``actual``."""

    text: str
    anchor: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table: a name, its unit and a figure a column.

    `kind` growth is set smaller below a level, total in bold, group heads the rows below it and has no figures.
    """

    name: str
    unit: str
    figures: tuple[Figure, ...]
    kind: str = "level"


@dataclass(frozen=True)
class Table:
    """A table; the columns from `planned_from` on, up to `planned_to` if that is told, are plan years.

    `head` says what the rows are, if they are no indicators.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    planned_from: int
    note: str = ""
    planned_to: int = 0
    head: str = ""

    @property
    def crossed(self) -> bool:
        """Whether the columns are labels with long names."""
        return any(len(column) > 12 for column in self.columns) and len(self.columns) > 4


@dataclass(frozen=True)
class Series:
    """A line of a chart: (counted period, value) points. `kind` is actual, plan, outcome or naive."""

    name: str
    kind: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Chart:
    """A picture with the table that says the same in numbers; `note` says what the picture alone does not,
    and a `wide` one needs room. `keys` are what its numbered places stand for, where there is no room for names.
    """

    title: str
    unit: str
    svg: str
    table: Table
    note: str = ""
    wide: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the report: prose (safe HTML), charts, tables; `details` are tables that the reader opens."""

    anchor: str
    title: str
    prose: str = ""
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    details: tuple[Table, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to print."""
        return not (self.prose or self.tables or self.charts or self.details)


@dataclass(frozen=True)
class Chapter:
    """A section of the plan document with its parts; `number` is '' in an annex, `note` says that it is empty."""

    anchor: str
    number: str
    title: str
    sections: tuple[Section, ...]
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A number that an equation reads: its labels and period; `anchor` leads to its own trace."""

    name: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Input:
    """A quantity that an equation reads and its cells; `more` says how many are not shown."""

    name: str
    cells: tuple[Cell, ...]
    more: int = 0


@dataclass(frozen=True)
class TraceRow:
    """Where one number comes from: a home and source, or an equation's inputs."""

    anchor: str
    period: str
    text: str
    status: str
    home: str
    source: str = ""
    note: str = ""
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True)
class Trace:
    """All numbers of one indicator and where each comes from; `bounds` are a lever's, and who sets it."""

    anchor: str
    name: str
    code: str
    unit: str
    equation: str
    equation_home: str
    explanation: str
    rows: tuple[TraceRow, ...]
    bounds: str = ""


@dataclass(frozen=True)
class Notice:
    """A finding as shown: severity (error, warning, note), where, text, and why it is accepted, if it is."""

    severity: str
    where: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """The whole report in one language."""

    language: Language
    title: str
    subtitle: str
    summary: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    notices: tuple[Notice, ...]
    traces: tuple[Trace, ...]
    identity: str
    others: tuple[tuple[Language, str], ...]
