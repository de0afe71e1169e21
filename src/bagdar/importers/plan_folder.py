"""A foreign model as the files of a plan's folder.

Every series that an equation determines or reads is an indicator, under the model's own name. What stands before the
first solved period is taken as observed, given series in the horizon as assumptions. The file does not say in which
units its series are, so all are pure numbers (`1`), which adds up and multiplies without end; nor does it name them in
more than one language. Both are told by findings, and lived with in `accepted.csv`.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bagdar.equations.expression import distinct
from bagdar.equations.grammar import parse
from bagdar.finding import Fact, Finding, Home, finding
from bagdar.importers.clocks import clock
from bagdar.importers.evaluation import Series
from bagdar.importers.foreign import ForeignModel
from bagdar.importers.periods import in_order, read_period
from bagdar.importers.shaping import Shaped, Shapes, look_back, off_by, reach, shape
from bagdar.importers.wording import comment, statement
from bagdar.period import Period, periods
from bagdar.statement import BEHAVIOUR, split

SOURCE = "model_file"
_WHO = "bagdar import"
_LONGEST = 1000  # periods that a plan may have
_TOLERANCE = 1e-6  # a plan's own tolerance of identities in history
_ROUNDING = 1e-3  # by more than this no rounding of figures misses an identity
_SHOWN = 5


@dataclass(frozen=True)
class Imported:
    """The files of the folder by their paths, and how much there is of what."""

    files: Mapping[str, bytes]
    equations: int
    behaviour: int
    indicators: int
    horizon: tuple[Period, Period]


def as_folder(model: ForeignModel, findings: list[Finding]) -> Imported:
    """The plan that the model is; what does not fit is a finding."""
    shapes = shape(model)
    sound = _sound(model, shapes, findings)
    return _Folder(model, shapes, sound, findings).imported()


def _sound(model: ForeignModel, shapes: Shapes, findings: list[Finding]) -> tuple[Shaped, ...]:
    """The equations that Bagdar's language takes as they will be written."""
    sound = []
    for one in shapes.equations:
        statements, _ = split(statement(one.equation.code, one.transform, one.right))
        read = parse(statements[0]) if len(statements) == 1 else None
        if read is None or isinstance(read, Finding):
            facts = {"found": read.text() if read is not None else one.equation.text[:60], "code": one.equation.code}
            home = Home(model.file, one.equation.row)
            findings.append(finding("foreign_equation_beyond_the_language", home, **facts))
        else:
            sound.append(one)
    return tuple(sound)


class _Folder:
    """Gathers the folder's files."""

    def __init__(
        self, model: ForeignModel, shapes: Shapes, equations: tuple[Shaped, ...], findings: list[Finding]
    ) -> None:
        self.model, self.shapes, self.equations, self.findings = model, shapes, equations, findings
        self.base = model.horizon[0] + -1
        self.terminal = model.horizon[1] + reach(equations)
        self.roles = self._roles()
        self.history, self.tolerance = self._past()

    def imported(self) -> Imported:
        self._tell()
        files = {
            "plan.toml": self._header(),
            "indicators.csv": self._indicators(),
            "sources.csv": self._sources(),
            **self._numbers(),
            **self._statements(),
            "add_factors.csv": self._add_factors(),
            **self._groups(),
            **self._variants(),
        }
        files["accepted.csv"] = self._accepted(files)
        behaviour = sum(one.behaviour for one in self.equations)
        encoded = {name: text.encode() for name, text in files.items() if text}
        return Imported(encoded, len(self.equations), behaviour, len(self.roles), self.model.horizon)

    # -- indicators ------------------------------------------------------------------------------

    def _roles(self) -> dict[str, str]:
        roles = {one.equation.code: "statistic" if one.reported else "endogenous" for one in self.equations}
        read = dict.fromkeys(cell.code for one in self.equations for cell in distinct(one.right))
        for code in (*(code for code in self.model.series if code in read), *read):
            roles.setdefault(code, "coefficient" if code in self.model.wanted.fixed else "exogenous")
        return roles

    def _indicators(self) -> str:
        head = ("code", "kk", "ru", "en", "unit", "price_basis", "dims", "section", "polarity", "adds_up", "role", "source", "decimals")
        rows = [
            (code, "", "", self._name(code), "1", "", "", "", "neutral", "none", role, "", "4")
            for code, role in self.roles.items()
        ]
        return _table(head, rows)

    def _name(self, code: str) -> str:
        """The model's name of a series; of a fitted one, an add-factor or a dummy what the file says, if anything."""
        name = self.model.names.get(code, "")
        return "" if name == code else name

    # -- plan.toml -------------------------------------------------------------------------------

    def _past(self) -> tuple[Period, float]:
        """(the first period of history, the tolerance that its identities need).

        History goes back to the first period for which the file has numbers, unless it misses identities by more than
        rounding before some later one: files that write 0 for what is missing do. Then it begins after that, though
        never so late that equations of the horizon lack what they read of the past.
        """
        start = self.model.periods[0]
        known = [np.flatnonzero(~np.isnan(self.model.series[code])) for code in self.roles if code in self.model.series]
        there = min((int(found[0]) for found in known if len(found)), default=0)
        latest = self.base - start
        first = max(min(there, latest), self.terminal + (1 - _LONGEST) - start)
        misses = self._misses(first)
        needed = max(first, latest - look_back(self.equations))
        grave = [at for share, _, at in misses if share > _ROUNDING]
        begin = min(max(grave, default=first - 1) + 1, needed)
        home = Home(self.model.file)
        if begin > first:
            before = [miss for miss in misses if miss[2] < begin]
            facts = {**self._worst(before), "first": str(start + begin)}
            self.findings.append(finding("history_cut_at_identities", home, **facts))
        after = [miss for miss in misses if miss[2] >= begin]
        if not after:
            return start + begin, _TOLERANCE
        tolerance = float(f"{max(after)[0] * 1.05:.1e}")
        facts = {**self._worst(after), "tolerance": tolerance}
        self.findings.append(finding("identity_tolerance_widened", home, **facts))
        return start + begin, tolerance

    def _misses(self, first: int) -> list[tuple[float, str, int]]:
        """(by which share, whose, when) the file's data miss identities, from the period at place `first` on."""
        latest, misses = self.base - self.model.periods[0], []
        for one in self.equations:
            if not one.behaviour and not one.reported and latest >= 0:
                off = off_by(one, self.shapes.history, latest)
                places = np.flatnonzero(off > _TOLERANCE)
                misses += [(float(off[at]), one.equation.code, int(at)) for at in places if at >= first]
        return misses

    def _worst(self, misses: Sequence[tuple[float, str, int]]) -> dict[str, Fact]:
        share, code, at = max(misses)
        count = len({miss[1] for miss in misses})
        return {"count": count, "code": code, "period": str(self.model.periods[0] + at), "share": 100 * share}

    def _header(self) -> str:
        name = _plain(self.model.name)
        known = {code for code, role in self.roles.items() if role == "endogenous"}
        headline = next((codes for name_, codes in self.model.groups if name_.lower() == "headline"), ())
        planned = self.model.made or _end(self.base)
        lines = [
            f"# Imported from {_plain(self.model.file)} by `bagdar import`.",
            f"code = {_quoted(re.sub(r'[^A-Za-z0-9_-]', '_', name) or 'model')}",
            'profile = "generic"',
            f'base = "{self.base}"',
            f'horizon = ["{self.model.horizon[0]}", "{self.model.horizon[1]}"]',
            f'history = "{self.history}"',
            *([f'terminal = "{self.terminal}"'] if self.terminal != self.model.horizon[1] else []),
            f"plan_date = {max(planned, _end(self.base)).isoformat()}",
            *([f"headline = {json.dumps([c for c in headline if c in known], ensure_ascii=False)}"] if headline else []),
            "",
            "[title]",
            *(f"{language} = {_quoted(name)}" for language in ("kk", "ru", "en")),
        ]
        if self.tolerance > _TOLERANCE:
            lines += ["", "[checks]", "# The file's own data miss its identities by that much."]
            lines += [f"identity_tolerance = {self.tolerance!r}"]
        return "\n".join(lines) + "\n"

    # -- sources and numbers ---------------------------------------------------------------------

    def _sources(self) -> str:
        day = self.model.made or _end(self.base)
        note = "" if self.model.made else "The file does not say when it was written; the end of the base period stands in."
        row = (SOURCE, "", _plain(self.model.file), day.isoformat(), "document", "", "", note)
        return _table(("code", "publisher", "title", "date", "kind", "address", "licence", "note"), [row])

    def _numbers(self) -> dict[str, str]:
        """The data files and `tables.toml`."""
        past, ahead = periods(min(self.model.periods[0], self.history), self.base), periods(self.base + 1, self.terminal)
        own = {code: self.model.series[code] for code in self.roles if code in self.model.series}
        determined = {code for code, role in self.roles.items() if role != "exogenous"}
        told = {code: series for code, series in own.items() if self.roles[code] not in ("statistic", "coefficient")}
        history = [(code, *self._row(series, past)) for code, series in told.items()]
        last = self.model.horizon[1]
        given = [
            (code, *(text if period > last or code not in determined else "" for text, period in zip(self._row(series, ahead), ahead, strict=True)))
            for code, series in told.items()
        ]
        files = {
            "data/history.csv": _table(("indicator", *map(str, past)), _some(history)),
            "data/assumptions.csv": _table(("indicator", *map(str, ahead)), _some(given)),
            "data/clocks.csv": self._clocks(),
            "data/coefficients.csv": self._coefficients(),
        }
        files = {name: text for name, text in files.items() if text.count("\n") > 1}
        entries = []
        for name in files:
            layout = "long" if name == "data/coefficients.csv" else "wide"
            status = "actual" if name == "data/history.csv" else "assumption"
            entries.append(f'["{name}"]\nlayout = "{layout}"\nstatus = "{status}"\nsource = "{SOURCE}"\n')
        return {**files, "tables.toml": "\n".join(entries)}

    def _row(self, series: Series, wanted: Sequence[Period]) -> list[str]:
        start, length = self.model.periods[0], len(series)
        return [_number(series[p - start]) if 0 <= p - start < length else "" for p in wanted]

    def _clocks(self) -> str:
        wanted, rows = periods(self.history, self.terminal), []
        for code, (function, told) in self.model.wanted.clocks.items():
            if code not in self.roles:
                continue
            # EViews counts a trend from the first period of its file, not of the plan.
            whole = periods(min(self.model.periods[0], self.history), self.terminal)
            values = clock(function, told, whole)
            if values is None:
                found = f"@{function}({', '.join(told)})"
                self.findings.append(finding("foreign_period_unreadable", Home(self.model.file), found=found))
            else:
                rows.append((code, *(_number(v) for p, v in zip(whole, values, strict=True) if p in set(wanted))))
        return _table(("indicator", *map(str, wanted)), rows)

    def _coefficients(self) -> str:
        rows = []
        for code, (series, written) in self.model.wanted.fixed.items():
            label = read_period(written)
            period = in_order([label], self.base.frequency)[label] if label is not None else None
            if code not in self.roles:
                continue
            numbers = self.model.series.get(series)
            if period is not None and period.frequency == "A" != self.base.frequency:
                period = Period(self.base.frequency, period.year * self.base.per_year)
            at = period - self.model.periods[0] if period is not None and period.frequency == self.base.frequency else -1
            if numbers is None or not 0 <= at < len(numbers) or math.isnan(numbers[at]):
                found = f"@elem({series}, {written})"
                self.findings.append(finding("foreign_period_unreadable", Home(self.model.file), found=found))
            else:
                rows.append((code, _number(numbers[at]), f"{series} {written}"))
        return _table(("indicator", "value", "note"), rows)

    # -- equations -------------------------------------------------------------------------------

    def _statements(self) -> dict[str, str]:
        files: dict[str, list[str]] = {"identities": [], "behaviour": [], "fitted": []}
        for one in self.equations:
            text = statement(one.equation.code, one.transform, one.right)
            kind = "behaviour" if one.behaviour else "fitted" if one.equation.kind == "fitted" else "identities"
            mark = f"{BEHAVIOUR}\n" if one.behaviour else ""
            files[kind].append(f"{comment(one.equation.text)}\n{mark}{text}\n")
        return {f"equations/{name}.eq": "\n".join(found) for name, found in files.items() if found}

    def _add_factors(self) -> str:
        """A row for each behavioural equation and plan period: the file's add-factor, or 0 where it has none."""
        rows = []
        why = _plain(self.model.file)
        for one in self.equations:
            if not one.behaviour:
                continue
            for period in periods(*self.model.horizon):
                value = self._add_factor(one, self.model.series, period)
                if value is not None:
                    rows.append((one.equation.code, "", str(period), _number(value), "", why))
        return _table(("equation", "labels", "period", "value", "who", "why"), rows) if rows else ""

    def _add_factor(self, one: Shaped, series: Mapping[str, Series], period: Period) -> float | None:
        if not one.add:
            return 0.0
        numbers, at = series.get(one.add), period - self.model.periods[0]
        if numbers is None or not 0 <= at < len(numbers) or math.isnan(numbers[at]):
            return None
        return float(one.scale * numbers[at])

    # -- groups, variants, what is known ---------------------------------------------------------

    def _groups(self) -> dict[str, str]:
        members, listed = [], []
        for number, (name, codes) in enumerate(self.model.groups, 1):
            inside = [code for code in codes if code in self.roles]
            if inside:
                members.append((f"group_{number}", "", "", _plain(name)))
                listed += [(f"group_{number}", code, "") for code in inside]
        if not listed:
            return {}
        return {
            "sets/indicator_group.csv": _table(("code", "kk", "ru", "en"), members),
            "indicator_lists.csv": _table(("group", "indicator", "labels"), listed),
        }

    def _variants(self) -> dict[str, str]:
        """Another solution that the file keeps, as the changes of given numbers that lead to it."""
        files: dict[str, str] = {}
        for name, series in self.model.kept.items():
            changes = [change for code in self.roles for change in self._changed(code, series)]
            for one in self.equations:
                changes += self._changed_add_factors(one, series)
            stem = re.sub(r"\W+", "_", _plain(name)).strip("_").lower()[:60] or "variant"
            stem = next(s for s in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if f"variants/{s}.toml" not in files)
            title = "\n".join(f"{language} = {_quoted(_plain(name))}" for language in ("kk", "ru", "en"))
            files[f"variants/{stem}.toml"] = f"[title]\n{title}\n" + "".join(changes)
        return files

    def _changed(self, code: str, series: Mapping[str, Series]) -> list[str]:
        if self.roles[code] != "exogenous" or code not in series or code not in self.model.series:
            return []
        found = []
        for period in periods(self.base + 1, min(self.terminal, self.model.periods[-1])):
            at = period - self.model.periods[0]
            old, new = float(self.model.series[code][at]), float(series[code][at])
            if old != new and not math.isnan(new):
                found.append(_change(f"value:{code}[; {period}]", None if math.isnan(old) else old, new))
        return found

    def _changed_add_factors(self, one: Shaped, series: Mapping[str, Series]) -> list[str]:
        if not one.behaviour or not one.add:
            return []
        found = []
        for period in periods(*self.model.horizon):
            old, new = (self._add_factor(one, of, period) for of in (self.model.series, series))
            if old != new and new is not None:
                found.append(_change(f"addfactor:{one.equation.code}[; {period}]", old, new))
        return found

    def _accepted(self, files: Mapping[str, str]) -> str:
        rows = [("indicator_without_section", "indicators.csv", "The model's file puts its series into no sections.", _WHO)]
        if any(self._name(code) for code in self.roles):
            rows.append(("translation_missing", "indicators.csv", "The model's file names its series in one language.", _WHO))
        if "sets/indicator_group.csv" in files:
            rows.append(("translation_missing", "sets/indicator_group.csv", "The model's file names its groups in one language.", _WHO))
        return _table(("finding", "where", "reason", "who"), rows)

    def _tell(self) -> None:
        """What a reader of the plan should know of how it was made."""
        home, file = Home(self.model.file), self.model.file
        left_out = [code for code in self.model.series if code not in self.roles]
        known = {one.add for one in self.equations if one.add} | {f"{one.equation.code}{end}" for one in self.equations for end in ("_D", "_X")}
        left_out = [code for code in left_out if code not in known]
        if left_out:
            facts = {"count": len(left_out), "names": _listed(left_out)}
            self.findings.append(finding("series_that_nothing_reads", home, **facts))
        lacking = [code for code, role in self.roles.items() if role == "exogenous" and code not in self.model.series and code not in self.model.wanted.clocks]
        for code in lacking:
            reader = next(one.equation for one in self.equations if any(c.code == code for c in distinct(one.right)))
            self.findings.append(
                finding("foreign_series_missing", Home(file, reader.row), f"value:{code}", code=code, reader=reader.code)
            )
        if self.shapes.held:
            facts = {"count": len(self.shapes.held), "names": _listed(self.shapes.held)}
            self.findings.append(finding("held_by_a_dummy", home, **facts))
        if self.shapes.unready:
            facts = {"count": len(self.shapes.unready), "names": _listed(self.shapes.unready)}
            self.findings.append(finding("behaviour_without_a_base", home, **facts))
        self.findings.append(finding("units_not_in_the_file", home, count=len(self.roles)))


def _end(period: Period) -> date:
    """The last day of a period."""
    following = period + 1
    month = following.ordinal % following.per_year * (12 // following.per_year) + 1
    return date(following.year, month, 1) - timedelta(days=1)


def _number(value: float) -> str:
    """The shortest text that reads back as the number; '' for none."""
    number = float(value)
    return "" if math.isnan(number) else repr(number).removesuffix(".0")


def _change(address: str, old: float | None, new: float) -> str:
    before = "" if old is None else f"old = {old!r}\n"
    return f'\n[[change]]\nop = "set"\naddress = {_quoted(address)}\n{before}new = {new!r}\n'


def _some(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows that hold a number."""
    return [row for row in rows if any(row[1:])]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_plain(field) for field in row] for row in rows)
    return stream.getvalue()


def _plain(text: str) -> str:
    """The text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _quoted(text: str) -> str:
    """A TOML text."""
    return json.dumps(_plain(text), ensure_ascii=False)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
