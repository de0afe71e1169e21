"""Changes -> folder: only the cells that changed are written, all other bytes stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bagdar.address import Address
from bagdar.change import Change, apply
from bagdar.finding import Finding, Home, finding, has_errors
from bagdar.folder.atomic import write_files
from bagdar.folder.table import parse_number, read_table
from bagdar.folder.text import read_text
from bagdar.plan import Plan


def write_changes(folder: Path | str, plan: Plan, changes: Sequence[Change]) -> tuple[Plan, list[Finding]]:
    """Make `changes` in the folder that `plan` was read from, and return the plan after them.

    All or nothing: with any finding nothing is written. A number goes into the cell it came from, in the
    file's own dialect; an equation replaces its rows; a chapter its file.
    """
    root = Path(folder)
    after, findings = apply(plan, changes)
    texts: dict[str, str] = {}
    if not has_errors(findings):
        for change in changes:
            findings += _put(root, plan, after, change.address, change, texts)
    if not has_errors(findings):
        findings += write_files(root, {file: _bytes(root, file, text) for file, text in texts.items()})
    return (plan if has_errors(findings) else after), findings


def _put(root: Path, plan: Plan, after: Plan, address: Address, change: Change, texts: dict[str, str]) -> list[Finding]:
    if address.kind in ("value", "lever", "coefficient") and change.op not in ("fix", "swap"):
        return _put_number(root, plan, after, address, change, texts)
    if address.kind == "text":
        texts[f"chapters/{address.code}.md"] = after.chapters.get(address.code, "")
        return []
    if address.kind == "equation":
        return _put_statement(root, plan, after, address, change, texts)
    return [finding("change_has_no_place", change.home, address, op=change.op)]


def _put_number(
    root: Path, plan: Plan, after: Plan, address: Address, change: Change, texts: dict[str, str]
) -> list[Finding]:
    labels = address.labels + ((str(address.period),) if address.period is not None else ())
    before, quantity = plan.values[address.code], after.values[address.code]
    cell = before.position(labels)
    home = plan.home(before, cell) if cell is not None else Home()
    if not home.row or not home.column:  # a number that no file holds yet has no cell to be patched
        return [finding("change_has_no_place", change.home, address, op=change.op)]
    findings: list[Finding] = []
    table = read_table(root, home.file, findings, texts.get(home.file))
    if table is None or findings:
        return findings
    row = next(r for r in table.rows if r.number == home.row)
    value = quantity.get(*labels)
    if value is not None:
        value /= _factor(row.fields[home.column - 1].text, before.get(*labels), table.decimal)
    texts[home.file] = table.patched({(home.row, home.column): table.write_number(value)})
    return []


def _factor(text: str, held: float | None, decimal: str) -> float:
    """The factor between a file's unit and the indicator's, from a number that is known in both."""
    written = parse_number(text.strip(), decimal)
    return held / written if written and held else 1.0


def _put_statement(
    root: Path, plan: Plan, after: Plan, address: Address, change: Change, texts: dict[str, str]
) -> list[Finding]:
    old = next((s for s in plan.statements if s.code == address.code), None)
    new = next((s for s in after.statements if s.code == address.code), None)
    if old is None or not old.home.file:
        return [finding("change_has_no_place", change.home, address, op=change.op)]
    findings: list[Finding] = []
    text = texts.get(old.home.file) or read_text(root, old.home.file, findings)
    if text is None:
        return findings
    written = old.text
    start = text.index(written)
    body = new.text if new is not None else ""
    texts[old.home.file] = text[:start] + body + text[start + len(written) :]
    return []


def _bytes(root: Path, file: str, text: str) -> bytes:
    path = root / file
    mark = b"\xef\xbb\xbf" if path.exists() and path.read_bytes()[:3] == b"\xef\xbb\xbf" else b""
    return mark + text.encode()
