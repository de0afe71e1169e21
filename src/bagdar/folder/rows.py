"""What the rows of a plan's declarations have in common: columns, names, periods, cells, no repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from bagdar.finding import Finding, Home, finding, nearest
from bagdar.folder.table import Row, Table, read_table
from bagdar.language import LANGUAGES, Names
from bagdar.period import Period
from bagdar.plan import Plan

T = TypeVar("T")


def open_table(
    root: Path, file: str, needed: tuple[str, ...], findings: list[Finding], known: tuple[str, ...] | None = ()
) -> Table | None:
    """The table if the folder has it; None, with findings, if a needed column is absent.

    Columns beyond those `needed` and `known` are findings; None for `known` means that any may be there.
    """
    if not (root / file).exists() and file not in ("indicators.csv",):
        return None
    table = read_table(root, file, findings)
    if table is None:
        return None
    absent = [name for name in needed if name not in table.header]
    if absent:
        findings.append(finding("column_missing", Home(file, 1), column=", ".join(absent)))
        return None
    for place, name in enumerate(table.header, 1):
        if known is not None and name not in (*needed, *known):
            near = nearest(name, (*needed, *known), 1)
            findings.append(finding("column_not_known", Home(file, 1, place), column=name, near=", ".join(near) or "—"))
    return table


def dated_cell(
    table: Table, row: Row, column: str, frame: Plan, findings: list[Finding]
) -> tuple[str, tuple[str, ...], Period] | None:
    """(indicator, labels, period) of a row of targets or add-factors; labels are separated by spaces."""
    period = period_of(table, row, "period", findings)
    code, labels = table.get(row, column), tuple(table.get(row, "labels").split())
    homes = (table.home(row, column), table.home(row, "labels"))
    if not is_cell(code, labels, frame, homes, findings) or period is None:
        return None
    if period not in frame.header.periods:
        findings.append(finding("period_unreadable", table.home(row, "period"), found=str(period)))
        return None
    return (code, labels, period) if has_periods(code, frame, homes[0], findings) else None


def has_periods(code: str, frame: Plan, home: Home, findings: list[Finding]) -> bool:
    """Whether an indicator is no coefficient; else a finding."""
    if frame.indicators[code].role != "coefficient":
        return True
    findings.append(finding("coefficient_has_no_period", home, code=code))
    return False


def is_cell(code: str, labels: tuple[str, ...], frame: Plan, homes: tuple[Home, Home], findings: list[Finding]) -> bool:
    """Whether an indicator has such labels; if not, findings at the homes of the code and of the labels."""
    indicator = frame.indicators.get(code)
    if indicator is None:
        findings.append(unknown_indicator(homes[0], code, frame.indicators))
        return False
    if len(labels) != len(indicator.dims):
        expected = " ".join(indicator.dims) or "—"
        findings.append(finding("labels_do_not_fit_dims", homes[1], code=code, expected=expected))
        return False
    told = [(label, dim, frame.sets[dim].labels) for label, dim in zip(labels, indicator.dims, strict=True)]
    unknown = [unknown_label(homes[1], label, dim, known) for label, dim, known in told if label not in known]
    findings += unknown
    return not unknown


def names_of(table: Table, row: Row) -> Names:
    """The row's names in the three languages."""
    return Names(*(table.get(row, code) for code in LANGUAGES))


def period_of(table: Table, row: Row, column: str, findings: list[Finding]) -> Period | None:
    """The period in a column; a finding if it is unreadable, or empty in the column ``period``."""
    text = table.get(row, column)
    parsed = Period.parse(text) if text else None
    if parsed is None and (text or column == "period"):
        findings.append(finding("period_unreadable", table.home(row, column), found=text))
    return parsed


def needed_number(table: Table, row: Row, column: str, findings: list[Finding]) -> float | None:
    """The number in a column that may not be empty."""
    if table.get(row, column) == "":
        facts = {"found": "", "column": column, "mark": table.decimal}
        findings.append(finding("text_in_a_number", table.home(row, column), **facts))
        return None
    return table.number(row, column, findings)


def unique(items: list[T], key: Callable[[T], str], findings: list[Finding]) -> list[T]:
    """`items` without repeats; a repeat is a finding that names the first."""
    first: dict[str, T] = {}
    for item in items:
        name = key(item)
        if name in first:
            home, earlier = cast("Any", item).home, cast("Any", first[name]).home
            findings.append(finding("duplicate_key", home, key=name, first=str(earlier)))
        else:
            first[name] = item
    return list(first.values())


def unknown_indicator(home: Home, written: str, known: Iterable[str]) -> Finding:
    """The finding for an indicator that is not declared, with those that look most like it."""
    return finding("unknown_indicator", home, found=written, near=_near(written, tuple(known)))


@lru_cache(maxsize=1024)  # a wrong name stands in every row of its series
def _near(written: str, known: tuple[str, ...]) -> str:
    return ", ".join(nearest(written, known)) or "—"


def unknown_label(home: Home, label: str, group: str, known: Iterable[str]) -> Finding:
    """The finding for a label that a set does not have."""
    listed = sorted(known)
    shown = ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")
    return finding("unknown_label", home, label=label, set=group, known=shown)
