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
    """A row of a table: a name, its unit and a figure a column. `kind` growth is set smaller below a level."""

    name: str
    unit: str
    figures: tuple[Figure, ...]
    kind: str = "level"


@dataclass(frozen=True)
class Table:
    """A table; the columns from `planned_from` on are plan years."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    planned_from: int
    note: str = ""


@dataclass(frozen=True)
class Series:
    """A line of a chart: (counted period, value) points. `kind` is actual, plan, outcome or naive."""

    name: str
    kind: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Chart:
    """A picture with the table that says the same in numbers."""

    title: str
    unit: str
    svg: str
    table: Table


@dataclass(frozen=True)
class Section:
    """A part of the page: prose (safe HTML), tables and charts."""

    anchor: str
    title: str
    prose: str = ""
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Input:
    """A quantity that an equation reads, with its number; `anchor` leads to its own trace."""

    name: str
    text: str
    anchor: str


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
    """All numbers of one indicator and where each comes from."""

    anchor: str
    name: str
    code: str
    unit: str
    equation: str
    equation_home: str
    explanation: str
    rows: tuple[TraceRow, ...]


@dataclass(frozen=True)
class Notice:
    """A finding as shown: severity (error, warning, note), where, text, and why it is accepted, if it is."""

    severity: str
    where: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """One language's page."""

    language: Language
    title: str
    subtitle: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    notices: tuple[Notice, ...]
    traces: tuple[Trace, ...]
    identity: str
    others: tuple[tuple[Language, str], ...]
