"""CSV tables in the dialects that spreadsheets save, read and patched in place.

A table remembers where each field stands in the text, so that writing one number back leaves every
other byte as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bagdar.finding import Finding, Home, finding
from bagdar.folder.text import read_text

_FIELD = {d: re.compile(rf'("(?:[^"]|"")*"|[^{re.escape(d)}\r\n]*)({re.escape(d)}|\r\n|\n|\r|\Z)') for d in ",;\t"}
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
class Field:
    """One field: its text without quotes and where it stands (start, end) in the table's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """One record: its file row, from 1, and its fields by the table's columns."""

    number: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Table:
    """A CSV file: its text, its dialect (delimiter, decimal mark), header and rows."""

    file: str
    text: str
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def home(self, row: Row, column: str = "") -> Home:
        """Where a row, or its field in `column`, stands."""
        return Home(self.file, row.number, self.header.index(column) + 1 if column in self.header else 0)

    def get(self, row: Row, column: str) -> str:
        """The text in `column`, stripped; '' if the table has no such column."""
        return row.fields[self.header.index(column)].text.strip() if column in self.header else ""

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
        spots = []
        for row in self.rows:
            for column, old in enumerate(row.fields, 1):
                new = changes.get((row.number, column))
                if new is not None:
                    spots.append((old.start, old.end, self._quoted(new)))
        text = self.text
        for start, end, new in sorted(spots, reverse=True):
            text = text[:start] + new + text[end:]
        return text

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
    if not records or not any(f.text.strip() for f in records[0].fields):
        findings.append(finding("empty_table", Home(file)))
        return None
    header = tuple(f.text.strip() for f in records[0].fields)
    for name in {h for h in header if header.count(h) > 1}:
        findings.append(finding("column_twice", Home(file, records[0].number), column=name or "''"))
        return None
    rows = []
    for record in records[1:]:
        if not any(f.text.strip() for f in record.fields):
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
        if _DECIMAL_COMMA.fullmatch(text := row.fields[i].text.strip())
    ]
    if written and all(_THOUSANDS.fullmatch(text) for _, text in written):
        home, text = written[0]
        findings.append(finding("decimal_mark_unclear", home, found=text[:40]))
    return "," if written else "."


def _records(text: str, delimiter: str) -> Iterator[Row]:
    position, number, fields = 0, 1, list[Field]()
    start_row = number
    while position < len(text) or fields:
        match = _FIELD[delimiter].match(text, position)
        assert match is not None  # the pattern admits any text up to a delimiter or an end
        raw, ending = match[1], match[2]
        quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
        value = raw[1:-1].replace('""', '"') if quoted else raw
        fields.append(Field(value, match.start(1), match.end(1)))
        number += raw.count("\n")
        position = match.end()
        if ending != delimiter:
            yield Row(start_row, tuple(fields))
            fields, number = [], number + 1
            start_row = number
            if position >= len(text):
                return
