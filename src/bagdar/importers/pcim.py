"""ModelFlow's `.pcim`: one JSON object, gzipped or plain, as `modeldump` of ModelFlow (Ib Hansen) writes it.

`frml` holds the equations, ``FRML <FLAGS> LEFT = RIGHT $``; `lastdf` the data, column -> {period: number};
`current_per` the periods that were solved; `var_description` the names; `var_groups` groups of series by patterns;
`keep_solutions` other solutions, each like `lastdf`. Equations with the flag ``FIT`` give what a behavioural equation
comes to without its add-factor; those with ``CALC_ADD_FACTOR`` serve ModelFlow to compute add-factors, and are no
part of the solution.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from bagdar.address import CODE
from bagdar.equations.expression import Cell, cells
from bagdar.finding import Fact, Finding, Home, finding
from bagdar.importers.behaviour import without_switch
from bagdar.importers.evaluation import Series
from bagdar.importers.foreign import ForeignEquation, ForeignModel, Kind
from bagdar.importers.formula import Made, Misread, code_of, read_formula, split_sides, told
from bagdar.importers.left_side import solved
from bagdar.importers.notation import MODELFLOW
from bagdar.importers.periods import in_order, read_entry, read_period
from bagdar.importers.wording import worded
from bagdar.period import Period, periods

LARGEST = 1 << 30  # bytes of JSON: a small file may unpack to more than a machine holds
_GZIP = b"\x1f\x8b"
_FORMULA = re.compile(
    r"FRML\s*(?P<name>[^\W\d]\w*(?=\s*<|\s+[^\W\d]))?\s*(?:<(?P<flags>[^>]*)>)?(?P<text>.*)", re.I | re.S
)
# Lists that loops have been written out over: exploded equations need them no more.
_LIST = re.compile(r"\s*LIST\s+\w+\s*=", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*[£!].*$", re.MULTILINE)
# What may be held at a given value: ModelFlow's words for equations that estimation gave.
_ESTIMATED = {"STOC", "EXO", "FIXABLE"}


def read_pcim(path: Path, findings: list[Finding]) -> ForeignModel | None:
    """The model in a `.pcim` file; None, with findings, if it holds none."""
    raw = _unpacked(path, findings)
    content = _object(path.name, raw, findings) if raw is not None else None
    if content is None or raw is None:
        return None
    file = path.name
    frml, table = content.get("frml"), _nested(content.get("lastdf"))
    solved_in = _nested(content.get("current_per"))
    if not isinstance(frml, str) or not frml.strip():
        findings.append(finding("model_file_lacks", Home(file), field="frml"))
    if not isinstance(table, dict) or not table:
        findings.append(finding("model_file_lacks", Home(file), field="lastdf"))
    if not isinstance(solved_in, dict | list) or not solved_in:
        findings.append(finding("model_file_lacks", Home(file), field="current_per"))
    if any(f.rule == "model_file_lacks" for f in findings):
        return None
    assert isinstance(frml, str)
    assert isinstance(table, dict)
    read = _Table(file, findings)
    span = read.span(table)
    horizon = _horizon(file, solved_in, findings)
    if span is None or horizon is None:
        return None
    if span[0].frequency != horizon[0].frequency:
        findings.append(finding("foreign_period_unreadable", Home(file), found=f"{span[0]}, {horizon[0]}"))
        return None
    span = (min(span[0], horizon[0]), max(span[1], horizon[1]))
    series = read.series(table, span)
    equations = _equations(file, frml, frozenset(series), findings)
    kept = {str(name): read.series(_nested(other), span) for name, other in _mapping(content, "keep_solutions").items()}
    return ForeignModel(
        file,
        str(content.get("modelname") or path.stem),
        tuple(equations),
        periods(*span),
        horizon,
        series,
        _names(content),
        _groups(content, series),
        kept,
        made=_day(path, raw),
    )


# -- the file ------------------------------------------------------------------------------------


def _unpacked(path: Path, findings: list[Finding]) -> bytes | None:
    try:
        if not path.is_file():
            findings.append(finding("missing_file", Home(path.name)))
            return None
        with path.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error, ValueError) as problem:
        said = getattr(problem, "strerror", None) or str(problem)
        findings.append(finding("model_file_unreadable", Home(path.name), problem=said))
        return None
    if len(raw) > LARGEST:
        findings.append(finding("file_too_large", Home(path.name), size=len(raw) / 1e6))
        return None
    return raw


def _object(file: str, raw: bytes, findings: list[Finding]) -> dict[str, Any] | None:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        findings.append(finding("model_file_unreadable", Home(file), problem=str(problem)[:120]))
        return None
    if not isinstance(told, dict):
        findings.append(finding("model_file_unreadable", Home(file), problem=type(told).__name__))
        return None
    return told


def _nested(value: Any) -> Any:
    """JSON within JSON, as ModelFlow writes its tables."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _mapping(told: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = told.get(field)
    return value if isinstance(value, dict) else {}


def _day(path: Path, raw: bytes) -> date | None:
    """The day that stands in the head of a gzipped file (RFC 1952)."""
    with path.open("rb") as stream:
        head = stream.read(8)
    seconds = int.from_bytes(head[4:8], "little") if head[:2] == _GZIP and raw else 0
    return datetime.fromtimestamp(seconds, UTC).date() if seconds else None


def _names(told: Mapping[str, Any]) -> dict[str, str]:
    return {code_of(str(code)): " ".join(str(name).split()) for code, name in _mapping(told, "var_description").items()}


def _groups(told: Mapping[str, Any], known: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each group's name with the series that its patterns match, in their order; one of all series says nothing."""
    codes, words = list(known), _mapping(told, "substitution")
    groups = []
    for name, written in _mapping(told, "var_groups").items():
        text = str(written)
        for word, meaning in words.items():
            text = text.replace("{" + str(word) + "}", str(meaning))
        patterns = [code_of(pattern) for pattern in text.split()]
        found = [code for pattern in patterns if pattern != "*" for code in codes if fnmatchcase(code, pattern)]
        if found:
            groups.append((" ".join(str(name).split()), tuple(dict.fromkeys(found))))
    return tuple(groups)


# -- data ----------------------------------------------------------------------------------------


def _horizon(file: str, solved_in: Any, findings: list[Finding]) -> tuple[Period, Period] | None:
    entries = list(solved_in.values()) if isinstance(solved_in, dict) else list(solved_in)
    labels = [read_entry(entry) for entry in entries]
    wrong = [entry for entry, label in zip(entries, labels, strict=True) if label is None]
    if wrong:
        findings.append(finding("foreign_period_unreadable", Home(file), found=str(wrong[0])[:40]))
        return None
    told = in_order(label for label in labels if label is not None).values()
    if len({period.frequency for period in told}) > 1:
        findings.append(finding("foreign_period_unreadable", Home(file), found=", ".join(map(str, told))[:40]))
        return None
    return min(told), max(told)


class _Table:
    """Reads tables of one file: column -> {period: number}."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file, self.findings = file, findings
        self.labels: dict[str, Period] = {}

    def span(self, table: Mapping[str, Any]) -> tuple[Period, Period] | None:
        """The first and the last period of the table; None, with a finding, if a label is no period."""
        written = dict.fromkeys(key for column in table.values() if isinstance(column, dict) for key in column)
        read = {key: read_period(key) for key in written}
        wrong = [key for key, label in read.items() if label is None]
        if wrong or not read:
            found = ", ".join(wrong[:3])[:40] or "—"
            self.findings.append(finding("foreign_period_unreadable", Home(self.file), found=found))
            return None
        told = in_order(label for label in read.values() if label is not None)
        self.labels = {key: told[label] for key, label in read.items() if label is not None}
        # Of two frequencies, or days and weeks, of which many are in one month.
        if len({period.frequency for period in told.values()}) > 1 or len({*told.values()}) < len(told):
            found = ", ".join(list(written)[:3])[:40]
            self.findings.append(finding("foreign_period_unreadable", Home(self.file), found=found))
            return None
        return min(self.labels.values()), max(self.labels.values())

    def series(self, table: Any, span: tuple[Period, Period]) -> dict[str, Series]:
        """The columns by code, a number a period; what is no finite number is left out, with a finding."""
        found: dict[str, Series] = {}
        wrong: list[str] = []
        places = {key: period - span[0] for key, period in self.labels.items() if span[0] <= period <= span[1]}
        for column, numbers in table.items() if isinstance(table, dict) else ():
            code = code_of(str(column))
            if not isinstance(numbers, dict):
                wrong.append(str(column))
                continue
            if code in found:
                self.findings.append(finding("foreign_series_twice", Home(self.file), code=code[:60]))
                continue
            found[code] = np.full(span[1] - span[0] + 1, np.nan)
            for key, number in numbers.items():
                if number is None or key not in places:
                    continue
                value = _finite(number)
                if value is None:
                    wrong.append(f"{column} {key}")
                else:
                    found[code][places[key]] = value
        if wrong:
            facts: dict[str, Fact] = {"count": len(wrong), "found": ", ".join(wrong[:3])[:80]}
            self.findings.append(finding("foreign_numbers_left_out", Home(self.file), **facts))
        return found


def _finite(number: Any) -> float | None:
    """The number; NaN for what pandas writes as NaN, None for what is no number or beyond all measure."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    try:
        value = float(number)
    except OverflowError:
        return None
    return None if abs(value) == float("inf") else value


# -- equations -----------------------------------------------------------------------------------


def _equations(file: str, frml: str, known: frozenset[str], findings: list[Finding]) -> list[ForeignEquation]:
    """The equations of the text; what is not understood is a finding, and left out."""
    statements = list(_statements(file, frml, findings))
    lefts = (re.match(r"\W*(\w+)\W*=", text) for _, _, text in statements)
    known |= {code_of(match[1]) for match in lefts if match}
    result: list[ForeignEquation] = []
    first: dict[str, int] = {}
    helpers = 0
    for row, flags, text in statements:
        if "CALC_ADD_FACTOR" in _words(flags):
            helpers += 1
            continue
        equation = _equation(file, row, flags, text, known, findings)
        if equation is None:
            continue
        if equation.code in first:
            facts = {"code": equation.code, "first": f"{file}:{first[equation.code]}"}
            findings.append(finding("foreign_equation_twice", Home(file, row), f"equation:{equation.code}", **facts))
            continue
        first[equation.code] = row
        result.append(equation)
    if helpers:
        findings.append(finding("add_factor_formulas_left_out", Home(file), count=helpers))
    return result


def _statements(file: str, frml: str, findings: list[Finding]) -> Iterable[tuple[int, str, str]]:
    """(row in the text of equations, flags, equation) of each FRML."""
    text = _COMMENT.sub("", frml)
    at = 0
    for part in text.split("$"):
        row = text.count("\n", 0, at + len(part) - len(part.lstrip())) + 1
        at += len(part) + 1
        if not part.strip() or _LIST.match(part):
            continue
        match = _FORMULA.fullmatch(part.strip())
        if match is None or re.search(r"\bFRML\s", match["text"], re.I):
            shown = " ".join(part.split())[:80]
            findings.append(finding("foreign_statement_unknown", Home(file, row), found=shown))
            continue
        yield row, (match["flags"] or "").strip(), match["text"].strip()


def _equation(
    file: str, row: int, flags: str, text: str, known: frozenset[str], findings: list[Finding]
) -> ForeignEquation | None:
    shown = " ".join(text.split())
    try:
        left, right = (read_formula(side, MODELFLOW, known, Made()) for side in split_sides(text))
        transform, side = solved(left, right)
        code = next(cell.code for cell in cells(left) if not cell.lag)
        if not CODE.fullmatch(code):
            raise Misread("foreign_left_side_unusable", found=worded(left)[:60])
    except Misread as problem:
        findings.append(told(problem, Home(file, row), text))
        return None
    words = _words(flags)
    # Older models call the add-factor that the flag J asks for Y_J.
    add = next((f"{code}{end}" for end in ("_A", "_J") if Cell(f"{code}{end}") in cells(side)), "")
    estimated = words & _ESTIMATED or without_switch(code, side) is not None or add
    kind: Kind = "fitted" if "FIT" in words else "behaviour" if estimated else "identity"
    return ForeignEquation(code, kind, transform, side, row, f"FRML <{flags}> {shown}", add)


def _words(flags: str) -> set[str]:
    """The flags of a formula, without what they are set to."""
    return {flag.split("=")[0].strip().upper() for flag in flags.split(",")}
