"""The numbers of a plan: `tables.toml` says what each data file holds, and nothing is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bagdar.address import Address
from bagdar.finding import Finding, Home, finding
from bagdar.folder.rows import unknown_indicator
from bagdar.folder.table import Row, Table, read_table
from bagdar.folder.text import read_toml, row_of
from bagdar.period import Period
from bagdar.plan import Indicator, Origin, Plan, Stated
from bagdar.quantity import STATUSES, Quantity, empty
from bagdar.unit import Unit

_KEYS = {"layout", "dims", "unit", "price_basis", "status", "source", "vintage", "use", "indicator", "decimal"}
_USES = ("history", "outcome", "stated")
_MOST_DECIMALS = 12
_VINTAGE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True)
class TableEntry:
    """An entry of `tables.toml`: the columns of a data file and what its numbers are by default."""

    file: str
    layout: str
    dims: tuple[str, ...]
    unit: str
    price_basis: str
    status: str
    source: str
    vintage: str
    decimal: str
    use: str
    indicator: str
    home: Home


@dataclass
class _Cells:
    """Cells of one use (history or outcome) as they are read, before they become quantities."""

    found: dict[str, dict[tuple[str, ...], tuple[float, int, tuple[int, int, int], str]]] = field(default_factory=dict)


@dataclass
class Numbers:
    """What the data files hold."""

    values: dict[str, Quantity] = field(default_factory=dict)
    outcomes: dict[str, Quantity] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)
    origins: dict[Origin, int] = field(default_factory=dict)
    factors: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    notes: dict[tuple[str, int], str] = field(default_factory=dict)
    ranges: dict[tuple[str, tuple[str, ...]], tuple[float | None, float | None]] = field(default_factory=dict)


def read_entries(root: Path, findings: list[Finding]) -> list[TableEntry]:
    """The entries of `tables.toml`; a faulty one is left out, with findings."""
    read = read_toml(root, "tables.toml", findings) if (root / "tables.toml").exists() else ({}, "")
    if read is None:
        return []
    told, text = read
    entries = []
    for file, entry in told.items():
        home = Home("tables.toml", row_of(text, file))
        if not _inside(file):
            findings.append(finding("file_outside_the_folder", home))
            continue
        if not isinstance(entry, dict):
            findings.append(finding("table_entry_unusable", home, file=file, key=file, found=str(entry)))
            continue
        filled = {"layout": "wide", "status": "actual", "use": "history"} | entry
        bad = [(key, str(entry[key])) for key in entry.keys() - _KEYS]
        bad += [("layout", filled["layout"])] if filled["layout"] not in ("wide", "long") else []
        bad += [("status", filled["status"])] if filled["status"] not in STATUSES else []
        bad += [("use", filled["use"])] if filled["use"] not in _USES else []
        dims: object = filled.get("dims", [])
        bad += [("decimal", filled["decimal"])] if filled.get("decimal", ".") not in (".", ",") else []
        if not (isinstance(dims, list) and all(isinstance(d, str) for d in dims)):
            bad.append(("dims", str(dims)))
        for key, found in bad:
            at = Home("tables.toml", row_of(text, key, home.row))
            findings.append(finding("table_entry_unusable", at, file=file, key=key, found=str(found)))
        if not bad:
            texts = {
                k: str(filled.get(k, "")) for k in ("unit", "price_basis", "source", "vintage", "indicator", "decimal")
            }
            fixed = {k: str(filled[k]) for k in ("layout", "status", "use")}
            entries.append(TableEntry(file, dims=tuple(filled.get("dims", ())), home=home, **texts, **fixed))
    return entries


def read_numbers(root: Path, frame: Plan, entries: Iterable[TableEntry], findings: list[Finding]) -> Numbers:
    """All numbers of the declared data files, as quantities in the own units of the `frame`'s indicators."""
    numbers = Numbers()
    cells = {"history": _Cells(), "outcome": _Cells()}
    for entry in entries:
        table = read_table(root, entry.file, findings, entry.decimal)
        if table is None:
            continue
        reader = _TableReader(entry, table, frame, numbers, findings)
        for row in table.rows:
            reader.read_row(row, cells.get(entry.use))
        if reader.outside:
            first, *_ = reader.outside.values()
            findings.append(finding("periods_not_read", first, periods=", ".join(reader.outside)))
    for use, into in (("history", numbers.values), ("outcome", numbers.outcomes)):
        for code, indicator in frame.indicators.items():
            found = cells[use].found.get(code, {})
            if found or use == "history":
                into[code] = _quantity(frame.dims(indicator), indicator, found)
    return numbers


def _inside(file: str) -> bool:
    """Whether a path stays inside the folder, as it is written."""
    return (
        not file.startswith("/")
        and not any(part in ("", ".", "..") for part in file.split("/"))
        and all(c.isprintable() and c != "\\" for c in file)
    )


def convert(number: float, factor: tuple[float, float]) -> float:
    """`number` in a unit of scale factor[0] as one of scale factor[1]; exact for scales that are powers of ten."""
    written, own = factor
    return number * (written / own) if written >= own else number / (own / written)


def _quantity(
    dims: dict[str, tuple[str, ...]],
    indicator: Indicator,
    found: Mapping[tuple[str, ...], tuple[float, int, tuple[int, int, int], str]],
) -> Quantity:
    blank = empty(dims, indicator.unit)
    values, present = blank.values.copy(), blank.present.copy()
    status, homes = blank.status.copy(), blank.homes.copy()
    for labels, (value, sure, home, _) in found.items():
        cell = blank.position(labels)
        if cell is None:  # a period outside history and horizon
            continue
        values[cell], present[cell], status[cell], homes[cell] = value, True, sure, home
    return Quantity(blank.dims, blank.labels, values, np.asarray(present), indicator.unit, status, homes)


@dataclass
class _TableReader:
    """Reads one data file's rows."""

    entry: TableEntry
    table: Table
    frame: Plan
    numbers: Numbers
    findings: list[Finding]
    outside: dict[str, Home] = field(default_factory=dict)  # periods of the file that the plan does not have

    def __post_init__(self) -> None:
        labels = set(self.label_columns)
        known = {
            "indicator",
            "unit",
            "price_basis",
            "status",
            "source",
            "vintage",
            "note",
            "decimals",
            "low",
            "high",
        }
        known |= {"period", "value"} if self.entry.layout == "long" else set()
        self.period_columns = {c: p for c in self.table.header if (p := Period.parse(c)) is not None}
        if self.entry.layout == "long":
            self.period_columns = {}
        for column, period in list(self.period_columns.items()):
            if period.frequency != self.frame.header.frequency:  # data until a named conversion, never mixed in
                at = Home(self.table.file, 1, self.table.header.index(column) + 1)
                self.findings.append(finding("period_unreadable", at, found=column))
                del self.period_columns[column]
        for name in self.table.header:
            if name not in known | labels and name not in self.period_columns:
                at = Home(self.table.file, 1, self.table.header.index(name) + 1)
                self.findings.append(finding("column_unknown", at, column=name))
        for column, period in self.period_columns.items():
            if period not in self.frame.header.periods:
                self.outside[column] = Home(self.table.file, 1, self.table.header.index(column) + 1)
        if not self.entry.indicator and "indicator" not in self.table.header:
            self.findings.append(finding("column_missing", Home(self.table.file, 1), column="indicator"))

    @property
    def label_columns(self) -> tuple[str, ...]:
        """The columns that hold labels: a dim's name, and ``dim_2`` for a set used twice."""
        dims = self.entry.dims
        return tuple(d if dims.index(d) == i else f"{d}_{i + 1}" for i, d in enumerate(dims))

    def read_row(self, row: Row, cells: _Cells | None) -> None:
        """The row's numbers into `cells`, or into the stated figures if there are none."""
        indicator = self._indicator(row)
        labels = self._labels(row, indicator) if indicator else None
        factor = self._factor(row, indicator) if indicator else None
        status = self._status(row)
        if indicator is None or labels is None or factor is None or status is None:
            return
        origin = self._origin(row, indicator)
        if factor[0] != factor[1]:
            self.numbers.factors[self.table.file, row.number] = factor
        if note := self._note(row):
            self.numbers.notes[self.table.file, row.number] = note
        if indicator.role == "coefficient" and cells is not None:
            low, high = (self.table.number(row, name, self.findings) for name in ("low", "high"))
            span = (None if low is None else convert(low, factor), None if high is None else convert(high, factor))
            self.numbers.ranges[indicator.code, labels] = span
        for column, period in self._periods(row, indicator):
            value = self.table.number(row, column, self.findings)
            if value is None:
                continue
            home = self.table.home(row, column)
            key = labels + ((str(period),) if period is not None else ())
            converted = convert(value, factor)
            if not abs(converted) < float("inf"):
                self.findings.append(finding("number_too_large", home))
            elif cells is None:
                self._state(row, indicator, labels, period, converted, column, factor)
            else:
                self._put(cells, indicator, key, converted, status, (origin, home.row, home.column), row)

    def _note(self, row: Row) -> str:
        """What the row says of its figures: a coefficient's range and the note."""
        low, high, note = (self.table.get(row, name) for name in ("low", "high", "note"))
        span = f"[{low or '…'}; {high or '…'}]" if low or high else ""
        return " ".join(part for part in (span, note) if part)

    def _indicator(self, row: Row) -> Indicator | None:
        code = self.table.get(row, "indicator") or self.entry.indicator
        indicator = self.frame.indicators.get(code)
        if indicator is None:
            self.findings.append(unknown_indicator(self.table.home(row, "indicator"), code, self.frame.indicators))
        return indicator

    def _labels(self, row: Row, indicator: Indicator) -> tuple[str, ...] | None:
        given = tuple(self.table.get(row, column) for column in self.label_columns)
        if indicator.dims != self.entry.dims and not (set(given) <= {""} and not indicator.dims):
            expected = " ".join(indicator.dims) or "—"
            home = self.table.home(row, "indicator")
            self.findings.append(finding("labels_do_not_fit_dims", home, code=indicator.code, expected=expected))
            return None
        labels = given[: len(indicator.dims)]
        for dim, column, label in zip(indicator.dims, self.label_columns, labels, strict=False):
            known = self.frame.sets[dim].labels
            if label not in known:
                shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
                home = self.table.home(row, column)
                self.findings.append(finding("unknown_label", home, label=label, set=dim, known=shown))
                return None
        return labels

    def _factor(self, row: Row, indicator: Indicator) -> tuple[float, float] | None:
        """The scales of the row's unit and of the indicator's (see `convert`)."""
        text = self.table.get(row, "unit") or self.entry.unit or indicator.unit_text
        basis = self.table.get(row, "price_basis") or self.entry.price_basis or indicator.price_basis
        unit = Unit.parse(text, basis)
        home = self.table.home(row, "unit" if "unit" in self.table.header else "indicator")
        if unit is None:
            self.findings.append(finding("unit_unreadable", home, found=text, code=indicator.code))
            return None
        if not unit.same_kind(indicator.unit):
            rule = "price_basis_mixed" if unit.same_but_for_prices(indicator.unit) else "unit_clash"
            address = Address("value", indicator.code)
            facts = {"found": str(unit), "expected": str(indicator.unit), "code": indicator.code}
            if rule == "price_basis_mixed":
                facts |= {"found": basis or "—", "expected": indicator.price_basis or "—"}
            self.findings.append(finding(rule, home, address, **facts))
            return None
        return unit.scale, indicator.unit.scale

    def _status(self, row: Row) -> int | None:
        text = self.table.get(row, "status") or self.entry.status
        if text not in STATUSES:
            expected = ", ".join(STATUSES)
            home = self.table.home(row, "status")
            self.findings.append(finding("status_unknown", home, found=text, expected=expected))
            return None
        return STATUSES.index(text)

    def _origin(self, row: Row, indicator: Indicator) -> int:
        source = self.table.get(row, "source") or self.entry.source or indicator.source
        origin = Origin(self.table.file, source)
        return self.numbers.origins.setdefault(origin, len(self.numbers.origins))

    def _periods(self, row: Row, indicator: Indicator) -> list[tuple[str, Period | None]]:
        if indicator.role == "coefficient":
            if "value" not in self.table.header:
                self.findings.append(finding("column_missing", self.table.home(row, "indicator"), column="value"))
            return [("value", None)]
        if self.entry.layout == "wide":
            return list(self.period_columns.items())
        text = self.table.get(row, "period")
        period = Period.parse(text)
        if period is None or period.frequency != self.frame.header.frequency:
            self.findings.append(finding("period_unreadable", self.table.home(row, "period"), found=text))
            return []
        if self.entry.use != "stated" and period not in self.frame.header.periods:
            self.outside.setdefault(str(period), self.table.home(row, "period"))
            return []
        return [("value", period)]

    def _state(
        self,
        row: Row,
        indicator: Indicator,
        labels: tuple[str, ...],
        period: Period | None,
        value: float,
        column: str,
        factor: tuple[float, float],
    ) -> None:
        """Note what a row states, at its printed precision, in the indicator's unit."""
        if period is None:
            self.findings.append(
                finding("coefficient_has_no_period", self.table.home(row, "indicator"), code=indicator.code)
            )
            return
        printed = self.table.get(row, column)
        after = len(printed.replace(",", ".").partition(".")[2])
        told = self.table.number(row, "decimals", self.findings)
        if told is None and self.table.get(row, "decimals"):
            return
        decimals = after if told is None else int(told)
        if told is not None and (told != decimals or abs(decimals) > _MOST_DECIMALS):
            home = self.table.home(row, "decimals")
            found = self.table.get(row, "decimals")[:40]
            self.findings.append(
                finding("text_in_a_number", home, found=found, column="decimals", mark=self.table.decimal)
            )
            return
        decimals += round(math.log10(factor[1] / factor[0]))
        source = self.table.get(row, "source") or self.entry.source
        note, home = self.table.get(row, "note"), self.table.home(row, column)
        self.numbers.stated.append(Stated(indicator.code, labels, period, value, decimals, source, note, home))

    def _put(
        self,
        cells: _Cells,
        indicator: Indicator,
        key: tuple[str, ...],
        value: float,
        status: int,
        home: tuple[int, int, int],
        row: Row,
    ) -> None:
        vintage = self.table.get(row, "vintage") or self.entry.vintage
        if vintage and not _VINTAGE.fullmatch(vintage):
            self.findings.append(finding("date_unreadable", self.table.home(row, "vintage"), found=vintage[:40]))
        found = cells.found.setdefault(indicator.code, {})
        earlier = found.get(key)
        if earlier is not None and earlier[3] == vintage:
            first = f"{tuple(self.numbers.origins)[earlier[2][0]].file}:{earlier[2][1]}"
            at = Home(self.table.file, home[1], home[2])
            self.findings.append(finding("duplicate_key", at, key=" ".join([indicator.code, *key]), first=first))
        elif earlier is None or vintage > earlier[3]:  # the newest vintage counts
            found[key] = (value, status, home, vintage)


def entry_proposed(file: str, table: Table | None) -> dict[str, Any]:
    """What `tables.toml` could say of an undeclared file, read off its header."""
    header = table.header if table else ()
    wide = any(Period.parse(name) for name in header)
    special = {"indicator", "period", "value", "unit", "status", "source", "vintage", "note", "low", "high"}
    dims = [name for name in header if name not in special and Period.parse(name) is None]
    listed = ", ".join(f'"{name}"' for name in dims)
    return {"file": file, "layout": "wide" if wide else "long", "dims": f"[{listed}]"}
