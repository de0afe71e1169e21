"""CSV tables in the dialects that spreadsheets save, read and patched in place.

A table remembers where each field stands in the text, so that writing one number back leaves every
other byte as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bagdar.finding import Finding, Home, finding
from bagdar.folder.text import read_text

_FIELD = {d: re.compile(rf'("(?:[^"]|"")*"|[^{re.escape(d)}\r\n]*)({re.escape(d)}|\r\n|\n|\r|\Z)') for d in ",;\t"}
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_END = re.compile(r"\r\n|\n|\r|\Z")
_GROUPED = re.compile("[+-]?\\d{1,3}(?:[ \u00a0\u202f]\\d{3})+(?=[.,]|$)")
_DECIMAL_COMMA = re.compile("[+\u2212-]?[\\d \u00a0\u202f]*,\\d+(?:[eE][+\u2212-]?\\d+)?")
# 1,234 may be a number with three decimals or one in thousands; columns of prose hold commas of their own.
_THOUSANDS = re.compile("[+\u2212-]?[1-9]\\d{0,2},\\d{3}")
_TEXTS = (
    "kk", "ru", "en", "note", "why", "who", "reason", "title", "publisher", "licence", "address", "authority",
    "place", "evidence",
)  # fmt: skip
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Row:
    """One record: its file row, from 1, its fields by the table's columns, and where it begins in the table's text.

    Fields are without quotes and the spaces around them.
    """

    number: int
    fields: tuple[str, ...]
    start: int


@dataclass(frozen=True)
class Table:
    """A CSV file: its text, its dialect (delimiter, decimal mark), header and rows."""

    file: str
    text: str
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each column among the fields."""
        return {name: at for at, name in enumerate(self.header)}

    def home(self, row: Row, column: str = "") -> Home:
        """Where a row, or its field in `column`, stands."""
        return Home(self.file, row.number, self.places.get(column, -1) + 1)

    def get(self, row: Row, column: str) -> str:
        """The text in `column`, stripped; '' if the table has no such column."""
        at = self.places.get(column)
        return row.fields[at] if at is not None else ""

    def number(self, row: Row, column: str, findings: list[Finding]) -> float | None:
        """The number in `column`; None if empty, and None with a finding if it is no number."""
        text = self.get(row, column)
        if text == "":
            return None
        value = parse_number(text, self.decimal)
        if value is None:
            findings.append(
                finding("text_in_a_number", self.home(row, column), found=text[:40], column=column, mark=self.decimal)
            )
        return value

    def patched(self, changes: dict[tuple[int, int], str]) -> str:
        """The text with the fields at (file row, column from 1) replaced, all else untouched."""
        spots = list[tuple[int, int, str]]()
        for row in self.rows:
            told = {at: changes.get((row.number, at + 1)) for at in range(len(row.fields))}
            if any(new is not None for new in told.values()):
                spans = self.spans(row)
                spots += [(*spans[at], self._quoted(new)) for at, new in told.items() if new is not None]
        text = self.text
        for start, end, new in sorted(spots, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def spans(self, row: Row) -> list[tuple[int, int]]:
        """Where each field of a row begins and ends in the text, its quotes and spaces included."""
        return _record(self.text, self.delimiter, row.start)

    def write_number(self, value: float | None) -> str:
        """`value` in the table's decimal mark, exact to the last digit; '' if missing."""
        if value is None:
            return ""
        text = repr(value)
        return (text[:-2] if text.endswith(".0") else text).replace(".", self.decimal)

    def _quoted(self, text: str) -> str:
        if any(c in text for c in (self.delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text


def parse_number(text: str, decimal: str) -> float | None:
    """The number that a spreadsheet shows as `text`, or None.

    Digit groups set off by (no-break) spaces are understood; groups set off by commas are not, since
    ``1,234`` means two different numbers in two dialects.
    """
    plain = text.replace("\N{MINUS SIGN}", "-")
    if grouped := _GROUPED.match(plain):
        plain = re.sub(r"\s", "", grouped[0]) + plain[grouped.end() :]
    if decimal == ",":
        if "." in plain:
            return None
        plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain):
        return None
    value = float(plain)
    return value if abs(value) < float("inf") else None


def read_table(root: Path, file: str, findings: list[Finding], decimal: str = "") -> Table | None:
    """The table in `root/file`, or None with findings (see `parse_table`)."""
    text = read_text(root, file, findings)
    return None if text is None else parse_table(file, text, findings, decimal)


def parse_table(file: str, text: str, findings: list[Finding], decimal: str = "") -> Table | None:
    """The table that `text` is, or None with findings. Rows of a wrong length are left out, each a finding.

    `decimal` is the decimal mark, if it is told; else it is read off the numbers.
    """
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    delimiter = max(",;\t", key=first.count) if first.strip() else ","
    records = list(_records(text, delimiter))
    if not records or not any(records[0].fields):
        findings.append(finding("empty_table", Home(file)))
        return None
    header = records[0].fields
    for name in {h for h in header if header.count(h) > 1}:
        findings.append(finding("column_twice", Home(file, records[0].number), column=name or "''"))
        return None
    rows = []
    for record in records[1:]:
        if not any(record.fields):
            continue
        if len(record.fields) != len(header):
            facts = {"found": len(record.fields), "expected": len(header)}
            findings.append(finding("ragged_row", Home(file, record.number), **facts))
            continue
        rows.append(record)
    return Table(
        file, text, delimiter, decimal or _decimal(file, delimiter, header, rows, findings), header, tuple(rows)
    )


def _decimal(file: str, delimiter: str, header: tuple[str, ...], rows: list[Row], findings: list[Finding]) -> str:
    """The decimal mark of a table. A spreadsheet that writes the decimal comma separates fields by something else."""
    if delimiter == ",":
        return "."
    numbers = [i for i, name in enumerate(header) if name not in _TEXTS]
    written = [
        (Home(file, row.number, i + 1), text)
        for row in rows
        for i in numbers
        if _DECIMAL_COMMA.fullmatch(text := row.fields[i])
    ]
    if written and all(_THOUSANDS.fullmatch(text) for _, text in written):
        home, text = written[0]
        findings.append(finding("decimal_mark_unclear", home, found=text[:40]))
    return "," if written else "."


def _records(text: str, delimiter: str) -> Iterator[Row]:
    position, number = 0, 1
    while position < len(text):
        line = _LINE.match(text, position)
        assert line is not None  # the pattern admits any line
        if '"' not in line[1]:
            yield Row(number, tuple(map(str.strip, line[1].split(delimiter))), position)
            position, number = line.end(), number + 1
            continue
        spans = _record(text, delimiter, position)
        parts = [text[start:end] for start, end in spans]
        yield Row(number, tuple(_unquoted(part).strip() for part in parts), position)
        number += 1 + sum(part.count("\n") for part in parts)
        ending = _END.match(text, spans[-1][1])
        assert ending is not None
        position = ending.end()


def _record(text: str, delimiter: str, position: int) -> list[tuple[int, int]]:
    """Where the fields of the record at `position` begin and end in the text."""
    spans = list[tuple[int, int]]()
    while True:
        match = _FIELD[delimiter].match(text, position)
        assert match is not None  # the pattern admits any text up to a delimiter or an end
        spans.append(match.span(1))
        position = match.end()
        if match[2] != delimiter:
            return spans


def _unquoted(field: str) -> str:
    quoted = len(field) > 1 and field[0] == field[-1] == '"'
    return field[1:-1].replace('""', '"') if quoted else field
