"""Changes -> folder: only what changed is written, all other bytes stay."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bagdar.balance import rank_of
from bagdar.change import Change, apply
from bagdar.finding import Finding, Home, finding, has_errors
from bagdar.folder.atomic import write_files
from bagdar.folder.data import convert, read_entries
from bagdar.folder.models import in_a_model
from bagdar.folder.table import Table, parse_number, read_table
from bagdar.folder.text import read_text
from bagdar.plan import Plan
from bagdar.quantity import Quantity
from bagdar.statement import BEHAVIOUR, Statement

_CHAPTER = re.compile(r"[\w-]+\.(?:kk|ru|en)")
_CELLS = ("value", "lever", "coefficient", "norm")
_RANK = re.compile(r"^\s*rank\s*=\s*(?P<rank>\d+)", re.MULTILINE)


def write_changes(folder: Path | str, plan: Plan, changes: Sequence[Change]) -> tuple[Plan, list[Finding]]:
    """Make `changes` in the folder that `plan` was read from, and return the plan after them.

    All or nothing: with any error nothing is written. A number goes into the cell it came from, in the
    file's own unit and dialect; an equation replaces its rows; a chapter its file. What has no such place,
    or stands otherwise on the disk than when it was read, is a finding.
    """
    after, findings = apply(plan, changes)
    if has_errors(findings):
        return plan, findings
    writer = _Writer(Path(folder), plan, after)
    for change in {(c.address.kind, c.address.code, c.address.labels, c.address.period): c for c in changes}.values():
        findings += writer.put(change)
    if not has_errors(findings):
        findings += write_files(writer.root, writer.contents())
    return (plan if has_errors(findings) else after), findings


@dataclass
class _Writer:
    """Gathers what each file will hold; reads a file once."""

    root: Path
    before: Plan
    after: Plan
    tables: dict[str, Table] = field(default_factory=dict)
    cells: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)

    def put(self, change: Change) -> list[Finding]:
        """Note one change; findings if it has no place in the folder."""
        address = change.address
        if address.kind in _CELLS and change.op not in ("fix", "swap"):
            return self.put_number(change)
        if address.kind == "text":
            if not _CHAPTER.fullmatch(address.code):
                return [finding("chapter_without_a_language", change.home, address)]
            return self.put_chapter(change, f"chapters/{address.code}.md")
        if address.kind == "equation":
            return self.put_statement(change)
        if address.kind == "rank":
            return self.put_rank(change)
        return [finding("change_not_written", change.home, address)]

    def put_rank(self, change: Change) -> list[Finding]:
        """Note a use's new rank in its balance's file, if that is as it was read."""
        code, _, name = change.address.code.partition(".")
        home = next(i.home for b in self.before.balances if b.code == code for i in b.items if i.code == name)
        findings: list[Finding] = []
        text = self.originals.get(home.file) or read_text(self.root, home.file, findings)
        if text is None:
            return findings
        self.originals[home.file] = text
        lines = text.splitlines(keepends=True)
        begun = sum(len(line) for line in lines[: home.row])
        ended = text.find("\n[[", begun)
        match = _RANK.search(text, begun, len(text) if ended < 0 else ended)
        ranks = [rank_of(plan.balances, change.address.code) for plan in (self.before, self.after)]
        if match is None or int(match["rank"]) != ranks[0]:
            facts = {"expected": str(ranks[0]), "found": match["rank"] if match else "—"}
            return [finding("conflicting_change", home, change.address, **facts)]
        self.spans.setdefault(home.file, []).append((*match.span("rank"), str(ranks[1])))
        return []

    def put_chapter(self, change: Change, file: str) -> list[Finding]:
        """Note a chapter's new text, if its file is as it was read."""
        code, ignored = change.address.code, list[Finding]()
        held = read_text(self.root, file, ignored) if (self.root / file).is_file() else None
        if held != self.before.chapters.get(code):
            facts = {"expected": str(self.before.chapters.get(code))[:60], "found": str(held)[:60]}
            return [finding("conflicting_change", Home(file), change.address, **facts)]
        self.texts[file] = self.after.chapters.get(code)
        return []

    def put_number(self, change: Change) -> list[Finding]:
        address = change.address
        key = address.labels + ((str(address.period),) if address.period is not None else ())
        old, new = self.before.values[address.code], self.after.values[address.code]
        cell = old.position(key)
        home = self.before.home(old, cell) if cell is not None else Home()
        if cell is None or not home.column or self.status_differs(old, new, cell):
            # No file holds the number yet, or its row's status would no longer be true.
            return [finding("change_not_written", change.home, address)]
        findings: list[Finding] = []
        if home.file not in self.tables:
            entries = {entry.file: entry for entry in read_entries(self.root, [])}
            told = entries[home.file].decimal if home.file in entries else ""
            table = read_table(self.root, home.file, findings, told)
            if table is None:
                return findings
            self.tables[home.file] = table
        table = self.tables[home.file]
        factor = self.before.factors.get((home.file, home.row), (1.0, 1.0))
        held = _held(table, home, factor)
        if held != old.get(*key):
            facts = {"expected": str(old.get(*key)), "found": str(held)}
            return [finding("conflicting_change", home, address, **facts)]
        value = new.get(*key)
        written = "" if value is None else _written(value, factor, table)
        self.cells.setdefault(home.file, {})[home.row, home.column] = written
        return []

    @staticmethod
    def status_differs(old: Quantity, new: Quantity, cell: tuple[int, ...]) -> bool:
        return bool(old.present[cell] and new.present[cell] and old.status[cell] != new.status[cell])

    def put_statement(self, change: Change) -> list[Finding]:
        code = change.address.code
        old = next((s for s in self.before.statements if s.code == code), None)
        new = next((s for s in self.after.statements if s.code == code), None)
        if old is not None and new is not None and in_a_model(old.home):
            # A model's text is not the plan's: its own equation replaces it.
            self.texts[f"equations/own_{code}.eq"] = new.source + "\n"
            return []
        placed = old is not None and old.home.file and not in_a_model(old.home)
        if old is None or not placed or (new is not None and new.letters not in ((), old.letters)):
            return [finding("change_not_written", change.home, change.address)]
        findings: list[Finding] = []
        file = old.home.file
        text = self.originals.get(file) or read_text(self.root, file, findings)
        if text is None:
            return findings
        self.originals[file] = text
        span = _span(text, old, delete=new is None)
        if span is None:
            facts = {"expected": old.text[:60], "found": "…"}
            return [finding("conflicting_change", old.home, change.address, **facts)]
        ending = "\r\n" if "\r\n" in text else "\n"
        body = [*([BEHAVIOUR] if new.behaviour else []), *new.text.split("\n")] if new is not None else []
        written = "".join(line.rstrip("\r") + ending for line in body)
        self.spans.setdefault(file, []).append((*span, written))
        return []

    def contents(self) -> dict[str, bytes | None]:
        """What each changed file will hold; None for one that goes."""
        texts = dict(self.texts)
        texts |= {file: self.tables[file].patched(cells) for file, cells in self.cells.items()}
        for file, spans in self.spans.items():
            text = self.originals[file]
            for start, end, written in sorted(spans, reverse=True):
                text = text[:start] + written + text[end:]
            texts[file] = text
        return {file: None if text is None else self.mark(file) + text.encode() for file, text in texts.items()}

    def mark(self, file: str) -> bytes:
        """The byte-order mark that the file has now."""
        path = self.root / file
        return b"\xef\xbb\xbf" if path.is_file() and path.read_bytes()[:3] == b"\xef\xbb\xbf" else b""


def _held(table: Table, home: Home, factor: tuple[float, float]) -> float | None:
    """The number that a cell holds on the disk, in the indicator's unit; NaN if there is none to read."""
    row = next((r for r in table.rows if r.number == home.row), None)
    if row is None or home.column > len(row.fields):
        return math.nan
    text = row.fields[home.column - 1]
    number = parse_number(text, table.decimal)
    return convert(number, factor) if number is not None else None if text == "" else math.nan


def _written(value: float, factor: tuple[float, float], table: Table) -> str:
    """The shortest text that reads back as `value`."""
    inverse = convert(value, (factor[1], factor[0]))
    for digits in range(6, 18):
        candidate = float(f"{inverse:.{digits}g}")
        if convert(candidate, factor) == value:
            return table.write_number(candidate)
    return table.write_number(inverse)


def _span(text: str, old: Statement, delete: bool) -> tuple[int, int] | None:
    """Where a statement stands, with its decorator, and its comment if it goes; None if it is not there any more."""
    lines = list(_lines(text))
    first, last = old.home.row - 1, old.last_row - 1
    if last >= len(lines):
        return None
    body = "\n".join(line.rstrip("\r\n") for _, line in lines[first : last + 1])
    if body.rstrip() != old.text.replace("\r", ""):
        return None
    above = ("@", "#") if delete else ("@",)
    while first > 0 and lines[first - 1][1].startswith(above):
        first -= 1
    start, end = lines[first][0], lines[last][0] + len(lines[last][1])
    return start, end


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(offset, line with its ending) of each line."""
    offset = 0
    for line in re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text):
        yield offset, line
        offset += len(line)
