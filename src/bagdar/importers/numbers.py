"""The numbers of an imported plan: its data files, add-factors, and variants from other solutions that a file keeps."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bagdar.finding import Finding, Home, finding
from bagdar.importers.clocks import clock
from bagdar.importers.evaluation import Series
from bagdar.importers.foreign import ForeignModel
from bagdar.importers.periods import in_order, read_period
from bagdar.importers.shaping import Shaped
from bagdar.importers.texts import number, plain, quoted, table
from bagdar.period import Period, periods

SOURCE = "model_file"


@dataclass(frozen=True)
class Layout:
    """What the plan's files are made of: the model, its equations as they will be, each series' role, the periods."""

    model: ForeignModel
    equations: tuple[Shaped, ...]
    roles: Mapping[str, str]
    history: Period
    terminal: Period

    @property
    def base(self) -> Period:
        """The last period before the horizon."""
        return self.model.horizon[0] + -1

    def at(self, series: Series | None, period: Period) -> float:
        """A series' number, NaN if there is none."""
        place = period - self.model.periods[0]
        return float(series[place]) if series is not None and 0 <= place < len(series) else math.nan


def data_files(layout: Layout, findings: list[Finding]) -> dict[str, str]:
    """The data files and `tables.toml`. What stands before the first plan period is taken as observed."""
    model, roles = layout.model, layout.roles
    # History has all that the file has, though the plan may read it only from a later period on.
    before = periods(min(model.periods[0], layout.history), layout.base)
    ahead = periods(layout.base + 1, layout.terminal)
    told = {
        code: model.series[code]
        for code, role in roles.items()
        if code in model.series and role in ("endogenous", "exogenous")
    }
    observed, given = [], []
    for code, series in told.items():
        observed.append((code, *(number(layout.at(series, period)) for period in before)))
        # What is determined in the horizon is given only beyond it, for leads.
        start = layout.base + 1 if roles[code] == "exogenous" else model.horizon[1] + 1
        given.append((code, *(number(layout.at(series, p)) if p >= start else "" for p in ahead)))
    files = {
        "data/history.csv": table(("indicator", *map(str, before)), _some(observed)),
        "data/assumptions.csv": table(("indicator", *map(str, ahead)), _some(given)),
        "data/clocks.csv": _clocks(layout, findings),
        "data/coefficients.csv": _coefficients(layout, findings),
    }
    files = {name: text for name, text in files.items() if text.count("\n") > 1}
    entries = []
    for name in files:
        form = "long" if name == "data/coefficients.csv" else "wide"
        status = "actual" if name == "data/history.csv" else "assumption"
        entries.append(f'["{name}"]\nlayout = "{form}"\nstatus = "{status}"\nsource = "{SOURCE}"\n')
    return {**files, "tables.toml": "\n".join(entries)}


def _some(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows that hold a number."""
    return [row for row in rows if any(row[1:])]


def _clocks(layout: Layout, findings: list[Finding]) -> str:
    """Series that only time determines. A trend is counted from the first period of the model's file."""
    wanted, rows = periods(layout.history, layout.terminal), []
    whole = periods(min(layout.model.periods[0], layout.history), layout.terminal)
    for code, (function, told) in layout.model.wanted.clocks.items():
        if code not in layout.roles:
            continue
        values = clock(function, told, whole)
        if values is None:
            found = f"@{function}({', '.join(told)})"
            findings.append(finding("foreign_period_unreadable", Home(layout.model.file), found=found))
        else:
            rows.append((code, *(number(value) for value in values[layout.history - whole[0] :])))
    return table(("indicator", *map(str, wanted)), rows)


def _coefficients(layout: Layout, findings: list[Finding]) -> str:
    """The numbers of one period that equations read."""
    rows = []
    for code, (series, written) in layout.model.wanted.fixed.items():
        if code not in layout.roles:
            continue
        period = _named(written, layout.base)
        value = layout.at(layout.model.series.get(series), period) if period is not None else math.nan
        if math.isnan(value):
            found = f"@elem({series}, {written})"
            findings.append(finding("foreign_period_unreadable", Home(layout.model.file), found=found))
        else:
            rows.append((code, number(value), f"{series} {written}"))
    return table(("indicator", "value", "note"), rows)


def _named(written: str, like: Period) -> Period | None:
    """The period of the plan's frequency that a text names; a year is its first."""
    label = read_period(written)
    period = in_order([label], like.frequency)[label] if label is not None else None
    if period is not None and period.frequency == "A" != like.frequency:
        return Period(like.frequency, period.year * like.per_year)
    return period if period is not None and period.frequency == like.frequency else None


# -- add-factors ---------------------------------------------------------------------------------


def add_factors(layout: Layout) -> str:
    """A row for each behavioural equation and plan period: the file's add-factor, or 0 where it has none.

    Where the file has the series of add-factors but no number for a period, there is no row, and Bagdar's own rule
    carries the add-factor of the base period on.
    """
    rows, why = [], plain(layout.model.file)
    for one in layout.equations:
        for period in periods(*layout.model.horizon) if one.behaviour else ():
            value = _add_factor(layout, one, layout.model.series, period)
            if value is not None:
                rows.append((one.equation.code, "", str(period), number(value), "", why))
    return table(("equation", "labels", "period", "value", "who", "why"), rows) if rows else ""


def _add_factor(layout: Layout, one: Shaped, series: Mapping[str, Series], period: Period) -> float | None:
    if not one.add:
        return 0.0
    value = layout.at(series.get(one.add), period)
    return None if math.isnan(value) else one.scale * value


# -- variants ------------------------------------------------------------------------------------


def variants(layout: Layout) -> dict[str, str]:
    """The other solutions that the file keeps, each as the changes of given numbers and add-factors that lead to it."""
    files: dict[str, str] = {}
    for name, series in layout.model.kept.items():
        changes = [*_changed_values(layout, series), *_changed_add_factors(layout, series)]
        if not changes:  # the solution that the plan itself is
            continue
        stem = re.sub(r"\W+", "_", plain(name)).strip("_").lower()[:60] or "variant"
        tried = (stem, *(f"{stem}_{n}" for n in range(2, len(files) + 3)))
        stem = next(one for one in tried if f"variants/{one}.toml" not in files)
        title = "\n".join(f"{language} = {quoted(name)}" for language in ("kk", "ru", "en"))
        files[f"variants/{stem}.toml"] = f"[title]\n{title}\n" + "".join(changes)
    return files


def _changed_values(layout: Layout, series: Mapping[str, Series]) -> list[str]:
    found = []
    for code, role in layout.roles.items():
        if role != "exogenous" or code not in series:
            continue
        for period in periods(layout.base + 1, layout.terminal):
            old, new = (layout.at(of.get(code), period) for of in (layout.model.series, series))
            if old != new and not math.isnan(new):
                found.append(_change(f"value:{code}[; {period}]", None if math.isnan(old) else old, new))
    return found


def _changed_add_factors(layout: Layout, series: Mapping[str, Series]) -> list[str]:
    """Of each behavioural equation the add-factors that differ; where its dummy holds it, the value it is held at."""
    found = []
    for one in layout.equations:
        code = one.equation.code
        for period in periods(*layout.model.horizon) if one.behaviour else ():
            old, new = (_add_factor(layout, one, of, period) for of in (layout.model.series, series))
            held = layout.at(series.get(f"{code}_X"), period)
            if f"{code}_D" not in layout.roles and layout.at(series.get(f"{code}_D"), period) == 1:
                if not math.isnan(held):
                    found.append(_change(f"value:{code}[; {period}]", None, held, "fix"))
            elif old != new and new is not None:
                found.append(_change(f"addfactor:{code}[; {period}]", old, new))
    return found


def _change(address: str, old: float | None, new: float, op: str = "set") -> str:
    before = "" if old is None else f"old = {old!r}\n"
    return f'\n[[change]]\nop = "{op}"\naddress = {quoted(address)}\n{before}new = {new!r}\n'
