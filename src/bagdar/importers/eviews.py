"""EViews equations as text, with data beside them (EViews User's Guide II, "Models").

One equation a line: ``@IDENTITY y = …`` holds exactly, any other is a behavioural equation, whose left side may be
``log(y)``, ``dlog(y)``, ``d(y)``, ``@pch(y)`` or any expression that can be solved for its first series. A line that
ends in ``_`` goes on in the next; ``'`` begins a comment. ``name.append …`` may stand before an equation, as programs
write it. ``@ADD y name`` names the series that is the equation's add-factor (``@ADD(V)``: on y itself); without it
that is ``y_A``, if the data have it. ``SMPL first last`` says for which periods the model is solved; without it, from
the period after the last for which all that equations determine is there.

The data are a CSV file of the same name: its first column the periods, each other a series, empty or ``NA`` for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bagdar.address import CODE
from bagdar.equations.expression import Cell, Op
from bagdar.equations.model import level
from bagdar.finding import Fact, Finding, Home, finding
from bagdar.folder.table import Table, parse_number, read_table
from bagdar.folder.text import read_text
from bagdar.importers.evaluation import Series
from bagdar.importers.foreign import ForeignEquation, ForeignModel
from bagdar.importers.formula import Made, Misread, Notation, code_of, read_formula, split_sides, told
from bagdar.importers.left_side import determined, solved
from bagdar.importers.notation import eviews
from bagdar.importers.periods import in_order, read_period
from bagdar.period import Period, periods

_COMMENT = re.compile(r"'(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$).*")
_APPEND = re.compile(r"[^\W\d]\w*\.append\s+", re.IGNORECASE)
_ADD = re.compile(r"@ADD\s*(?:\((?P<how>\w)\))?\s+(?P<of>\w+)\s+(?P<add>\w+)", re.IGNORECASE)
_SAMPLE = re.compile(r"SMPL\s+(?P<first>\S+)\s+(?P<last>\S+)", re.IGNORECASE)
_IDENTITY = re.compile(r"@IDENTITY\s+", re.IGNORECASE)
_NOTHING = ("", "NA", "N/A", "NAN", ".")


@dataclass(frozen=True)
class _Data:
    """What the CSV file holds."""

    periods: tuple[Period, ...]
    series: Mapping[str, Series]


def read_eviews(path: Path, findings: list[Finding]) -> ForeignModel | None:
    """The model in a text of EViews equations and the CSV file beside it; None, with findings, if there is none."""
    text = read_text(path.parent, path.name, findings)
    if text is None:
        return None
    data = _data(path, findings)
    if data is None:
        return None
    lines = list(_lines(text))
    made = Made()
    equations = _equations(path.name, lines, data, made, findings)
    if not equations:
        findings.append(finding("model_file_lacks", Home(path.name), field="y = …"))
        return None
    horizon = _horizon(path.name, lines, equations, data, findings)
    if horizon is None:
        return None
    span = (min(data.periods[0], horizon[0]), max(data.periods[-1], horizon[1]))
    before, after = data.periods[0] - span[0], span[1] - data.periods[-1]
    series = {code: np.pad(values, (before, after), constant_values=np.nan) for code, values in data.series.items()}
    return ForeignModel(path.name, path.stem, tuple(equations), periods(*span), horizon, series, wanted=made)


# -- the text ------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(row, statement) with continued lines joined and comments left out."""
    start, held = 0, ""
    for row, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        plain = _COMMENT.sub("", line).rstrip()
        start = start if held else row
        goes_on = plain.endswith("_") and (len(plain) == 1 or plain[-2] in " \t+-*/^(,=")
        held += (" " if held else "") + (plain[:-1] if goes_on else plain).strip()
        if goes_on:
            continue
        if held.strip():
            yield start, held.strip()
        held = ""
    if held.strip():
        yield start, held.strip()


def _equations(
    file: str, lines: list[tuple[int, str]], data: _Data, made: Made, findings: list[Finding]
) -> list[ForeignEquation]:
    notation = eviews(data.periods[0].per_year)
    known = frozenset(data.series)
    adds = {code_of(m["of"]): (code_of(m["add"]), m["how"] or "") for _, line in lines if (m := _ADD.fullmatch(line))}
    result: dict[str, ForeignEquation] = {}
    for row, line in lines:
        if _ADD.fullmatch(line) or _SAMPLE.fullmatch(line):
            continue
        try:
            equation = read_equation(_APPEND.sub("", line, count=1), row, (notation, known, made), adds)
        except Misread as problem:
            findings.append(told(problem, Home(file, row), line))
            continue
        if equation is None:
            findings.append(finding("eviews_line_unknown", Home(file, row), found=line[:80]))
        elif equation.code in result:
            facts = {"code": equation.code, "first": f"{file}:{result[equation.code].row}"}
            findings.append(finding("foreign_equation_twice", Home(file, row), f"equation:{equation.code}", **facts))
        else:
            result[equation.code] = equation
    return list(result.values())


def read_equation(
    line: str, row: int, reading: tuple[Notation, frozenset[str], Made], adds: Mapping[str, tuple[str, str]]
) -> ForeignEquation | None:
    """The equation of a line, its add-factor on the side where EViews adds it; None if the line is none."""
    identity = _IDENTITY.match(line)
    text = line[identity.end() :] if identity else line
    if "=" not in text or re.match(r"\w+\s+[^\W\d]", text):  # a command, such as `equation eq1.ls …`
        return None
    left, right = (read_formula(side, *reading) for side in split_sides(text))
    code = determined(left).code
    if not CODE.fullmatch(code):
        raise Misread("foreign_left_side_unusable", found=code[:60])
    if identity:
        return ForeignEquation(code, "identity", *solved(left, right), row, line)
    add, how = adds.get(code, (f"{code}_A", ""))
    if code not in adds and add not in reading[1]:
        return ForeignEquation(code, "behaviour", *solved(left, right), row, line)
    if how.upper() == "V":  # added to the series itself, whatever its transform
        transform, side = solved(left, right)
        whole = Op("add", (level(transform, Cell(code), side), Cell(add)))
        return ForeignEquation(code, "behaviour", "", whole, row, line, add)
    return ForeignEquation(code, "behaviour", *solved(left, Op("add", (right, Cell(add)))), row, line, add)


# -- the data ------------------------------------------------------------------------------------


def _data(path: Path, findings: list[Finding]) -> _Data | None:
    """The CSV file beside the text."""
    file = path.with_suffix(".csv").name
    table = read_table(path.parent, file, findings)
    if table is None:
        return None
    labels = [read_period(row.fields[0]) for row in table.rows]
    wrong = next((row for row, label in zip(table.rows, labels, strict=True) if label is None), None)
    told_of = in_order(label for label in labels if label is not None)
    if (
        wrong is not None
        or not labels
        or len({p.frequency for p in told_of.values()}) > 1
        or len(told_of) < len(labels)
    ):
        found = wrong.fields[0][:40] if wrong is not None else "—"
        findings.append(finding("foreign_period_unreadable", Home(file, wrong.number if wrong else 1), found=found))
        return None
    when = [told_of[label] for label in labels if label is not None]
    first, last = min(when), max(when)
    return _Data(periods(first, last), _series(table, when, first, last - first + 1, findings))


def _series(table: Table, when: list[Period], first: Period, length: int, findings: list[Finding]) -> dict[str, Series]:
    series: dict[str, Series] = {}
    wrong: list[str] = []
    for column, name in enumerate(table.header[1:], 1):
        code = code_of(name)
        if code in series:
            findings.append(finding("foreign_series_twice", Home(table.file, 1, column + 1), code=code[:60]))
            continue
        series[code] = np.full(length, np.nan)
        for row, period in zip(table.rows, when, strict=True):
            text = row.fields[column]
            number = parse_number(text, table.decimal)
            if number is not None:
                series[code][period - first] = number
            elif text.upper() not in _NOTHING:
                wrong.append(f"{name} {period}: {text[:20]}")
    if wrong:
        facts: dict[str, Fact] = {"count": len(wrong), "found": ", ".join(wrong[:3])[:80]}
        findings.append(finding("foreign_numbers_left_out", Home(table.file), **facts))
    return series


def _horizon(
    file: str, lines: list[tuple[int, str]], equations: list[ForeignEquation], data: _Data, findings: list[Finding]
) -> tuple[Period, Period] | None:
    """The periods that are solved: what `SMPL` says, else those for which what is determined is not there."""
    for row, line in lines:
        if match := _SAMPLE.fullmatch(line):
            labels = [read_period(match[part]) for part in ("first", "last")]
            told_of = in_order((x for x in labels if x is not None), data.periods[0].frequency)
            ends = [told_of[label] for label in labels if label is not None]
            if len(ends) == 2 and {p.frequency for p in ends} == {data.periods[0].frequency} and ends[0] <= ends[1]:
                return ends[0], ends[1]
            findings.append(finding("foreign_period_unreadable", Home(file, row), found=line[:40]))
            return None
    there = [~np.isnan(data.series[e.code]) for e in equations if e.code in data.series]
    known = np.logical_and.reduce(there) if there else np.zeros(len(data.periods), bool)
    last = int(np.flatnonzero(known)[-1]) if known.any() else -1
    if last + 1 >= len(data.periods):
        findings.append(finding("model_file_lacks", Home(file), field="SMPL"))
        return None
    return data.periods[last + 1], data.periods[-1]
