"""What is expected of the model: `expectations/*.csv` and `closure.csv`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from bagdar.address import CODE, Address
from bagdar.expectation import SHIFTS, SIGNS, Balance, Cell, Expectations, Range, Shift, Shock, Sign
from bagdar.finding import Finding, finding
from bagdar.folder.rows import has_periods, is_cell, names_of, needed_number, open_table, period_of, unknown_indicator
from bagdar.folder.table import Row, Table
from bagdar.language import LANGUAGES
from bagdar.period import Period
from bagdar.plan import Plan

Row_ = TypeVar("Row_", Sign, Range)
FILES = (
    "expectations/shocks.csv",
    "expectations/signs.csv",
    "expectations/ranges.csv",
    "expectations/homogeneity.csv",
    "closure.csv",
)
_CELL = re.compile(r"(?P<code>\w+)(?:\[(?P<labels>[^\]]*)\])?")


def read_expectations(root: Path, frame: Plan, findings: list[Finding]) -> Expectations:
    """All that the folder expects of its model; none of the files need be there."""
    shocks = _shocks(root, frame, findings)
    known = {shock.code: shock for shock in shocks}
    signs, ranges = _signs(root, frame, known, findings), _ranges(root, frame, known, findings)
    return Expectations(shocks, signs, ranges, _closure(root, frame, findings), *_money(root, frame, findings))


def _shocks(root: Path, frame: Plan, findings: list[Finding]) -> tuple[Shock, ...]:
    table = open_table(
        root, FILES[0], ("shock", "address", "op", "amount"), findings, (*LANGUAGES, "from", "to", "added")
    )
    shocks: dict[str, Shock] = {}
    for row in table.rows if table else ():
        assert table is not None
        code, shift = table.get(row, "shock"), _shift(table, row, frame, findings)
        if not _is_code(table, row, "shock", findings):
            continue
        before = shocks.get(code, Shock(code, names_of(table, row), (), home=table.home(row)))
        shifts = (*before.shifts, *([shift] if shift is not None else []))
        shocks[code] = replace(before, shifts=shifts, added=before.added or table.get(row, "added"))
    return tuple(shocks.values())


def _is_code(table: Table, row: Row, column: str, findings: list[Finding]) -> bool:
    """Whether what the row is called is a code; if not, a finding."""
    found = table.get(row, column)
    if not CODE.fullmatch(found):
        findings.append(finding("code_unusable", table.home(row, column), found=found))
    return CODE.fullmatch(found) is not None


def _shift(table: Table, row: Row, frame: Plan, findings: list[Finding]) -> Shift | None:
    address = Address.parse(table.get(row, "address"))
    if address is None or address.period is not None or address.path:
        findings.append(finding("address_unreadable", table.home(row, "address"), found=table.get(row, "address")))
        return None
    if address.kind not in ("value", "lever", "coefficient", "addfactor"):
        findings.append(finding("change_has_no_place", table.home(row, "address"), address, op=table.get(row, "op")))
        return None
    op, amount = table.get(row, "op"), needed_number(table, row, "amount", findings)
    if op not in SHIFTS:
        findings.append(finding("change_op_unknown", table.home(row, "op"), found=op, expected=", ".join(SHIFTS)))
        return None
    homes = (table.home(row, "address"), table.home(row, "address"))
    bare = not address.labels and address.code in frame.indicators
    if amount is None or not (bare or is_cell(address.code, address.labels, frame, homes, findings)):
        return None
    first, last = (_plan_period(table, row, column, frame, findings) for column in ("from", "to"))
    return Shift(address, cast("Any", op), amount, first, last, table.home(row))


def _plan_period(table: Table, row: Row, column: str, frame: Plan, findings: list[Finding]) -> Period | None:
    period = period_of(table, row, column, findings)
    if period is not None and period not in frame.header.plan_periods:
        findings.append(finding("period_unreadable", table.home(row, column), found=str(period)))
        return None
    return period


def _signs(root: Path, frame: Plan, shocks: Mapping[str, Shock], findings: list[Finding]) -> tuple[Sign, ...]:
    table = open_table(
        root,
        FILES[1],
        ("shock", "indicator", "first", "last", "reason"),
        findings,
        ("labels", "source", "replaces", "added"),
    )
    signs = []
    for row in table.rows if table else ():
        assert table is not None
        code, labels = table.get(row, "indicator"), tuple(table.get(row, "labels").split())
        homes = (table.home(row, "indicator"), table.home(row, "labels"))
        sound = is_cell(code, labels, frame, homes, findings) and has_periods(code, frame, homes[0], findings)
        ways = [_sign(table, row, column, findings) for column in ("first", "last")]
        if not _known_and_reasoned(table, row, shocks, findings) or not sound or None in ways:
            continue
        shock, reason, source, replaces = (table.get(row, n) for n in ("shock", "reason", "source", "replaces"))
        first, last = cast("list[str]", ways)
        told = Sign(shock, code, labels, first, last, reason, source, replaces, home=table.home(row))
        signs.append(replace(told, added=table.get(row, "added") or shocks[shock].added))
    return _withdrawn(signs, lambda s: f"{s.shock} {Address('value', s.indicator, s.labels)}", findings)


def _sign(table: Table, row: Row, column: str, findings: list[Finding]) -> str | None:
    """The sign in a column; the typographic minus is one too."""
    found = table.get(row, column).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    if found in SIGNS:
        return found
    facts = {"column": column, "found": found, "expected": ", ".join(SIGNS).rstrip(", ")}
    findings.append(finding("word_unknown", table.home(row, column), **facts))
    return None


def _ranges(root: Path, frame: Plan, shocks: Mapping[str, Shock], findings: list[Finding]) -> tuple[Range, ...]:
    table = open_table(
        root,
        FILES[2],
        ("name", "shock", "effect", "per", "period", "low", "high", "reason"),
        findings,
        (*LANGUAGES, "source", "replaces", "added"),
    )
    ranges = []
    for row in table.rows if table else ():
        assert table is not None
        effect, per = (_named_cell(table, row, column, frame, findings) for column in ("effect", "per"))
        low, high = (needed_number(table, row, column, findings) for column in ("low", "high"))
        period = table.get(row, "period")
        fits = period in ("first", "last") or _plan_period(table, row, "period", frame, findings) is not None
        if not _known_and_reasoned(table, row, shocks, findings) or not fits:
            continue
        if effect is None or per is None or low is None or high is None or not _is_code(table, row, "name", findings):
            continue
        if low > high:
            home, name = table.home(row, "low"), table.get(row, "name")
            findings.append(finding("range_upside_down", home, name=name, low=low, high=high))
            continue
        name, shock, reason, source, replaces = (
            table.get(row, n) for n in ("name", "shock", "reason", "source", "replaces")
        )
        told = Range(name, names_of(table, row), shock, effect, per, period, low, high, reason, source, replaces)
        ranges.append(replace(told, added=table.get(row, "added") or shocks[shock].added, home=table.home(row)))
    return _withdrawn(ranges, lambda r: r.code, findings)


def _named_cell(table: Table, row: Row, column: str, frame: Plan, findings: list[Finding]) -> Cell | None:
    """A cell as equations write it: ``gdp``, ``output[oil]``."""
    written, home = table.get(row, column), table.home(row, column)
    match = _CELL.fullmatch(written)
    if match is None:
        findings.append(unknown_indicator(home, written, frame.indicators))
        return None
    labels = tuple(label.strip() for label in match["labels"].split(",")) if match["labels"] else ()
    return (match["code"], labels) if is_cell(match["code"], labels, frame, (home, home), findings) else None


def _known_and_reasoned(table: Table, row: Row, shocks: Mapping[str, Shock], findings: list[Finding]) -> bool:
    """Whether the row's shock is known; an expectation that gives no reason is a finding, and counts."""
    if not table.get(row, "reason"):
        findings.append(finding("expectation_without_a_reason", table.home(row, "reason")))
    shock = table.get(row, "shock")
    if shock not in shocks:
        facts = {"name": shock, "known": ", ".join(sorted(shocks)) or "—"}
        findings.append(finding("unknown_shock", table.home(row, "shock"), **facts))
    return shock in shocks


def _withdrawn(rows: list[Row_], key: Callable[[Row_], str], findings: list[Finding]) -> tuple[Row_, ...]:
    """The rows, those that a later one replaces marked; a repeat that replaces nothing is left out, a finding."""
    kept: list[Row_] = []
    places: dict[str, list[int]] = {}
    for row in rows:
        name = key(row)
        earlier = places.setdefault(name, [])
        if row.replaces and not earlier:
            findings.append(finding("replaced_expectation_is_gone", row.home, key=name))
        if earlier and not row.replaces:
            facts = {"key": name, "first": str(kept[earlier[0]].home)}
            findings.append(finding("duplicate_key", row.home, **facts))
            continue
        for i in earlier:
            kept[i] = replace(kept[i], withdrawn=True)
        earlier.append(len(kept))
        kept.append(row)
    return tuple(kept)


def _money(root: Path, frame: Plan, findings: list[Finding]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(the indicators that are declared nominal, those declared real)."""
    table = open_table(root, FILES[3], ("indicator", "nominal", "reason"), findings)
    declared: dict[str, list[str]] = {"yes": [], "no": []}
    first: dict[str, str] = {}
    for row in table.rows if table else ():
        assert table is not None
        code, word = table.get(row, "indicator"), table.get(row, "nominal").lower()
        if not table.get(row, "reason"):
            findings.append(finding("expectation_without_a_reason", table.home(row, "reason")))
        if code not in frame.indicators:
            findings.append(unknown_indicator(table.home(row, "indicator"), code, frame.indicators))
        elif word not in declared:
            findings.append(finding("flag_neither_yes_nor_no", table.home(row, "nominal"), column="nominal"))
        elif code in first:
            findings.append(finding("duplicate_key", table.home(row), key=code, first=first[code]))
        else:
            first[code] = str(table.home(row))
            declared[word].append(code)
    return tuple(declared["yes"]), tuple(declared["no"])


def _closure(root: Path, frame: Plan, findings: list[Finding]) -> tuple[Balance, ...]:
    table = open_table(root, FILES[4], ("balance", "residual"), findings, (*LANGUAGES, "determined_by", "note"))
    balances = []
    for row in table.rows if table else ():
        assert table is not None
        residual, parts = table.get(row, "residual"), tuple(table.get(row, "determined_by").split())
        for column, named in (("residual", (residual,) if residual else ()), ("determined_by", parts)):
            unknown = [one for one in named if one not in frame.indicators]
            findings += [unknown_indicator(table.home(row, column), one, frame.indicators) for one in unknown]
        code, note = table.get(row, "balance"), table.get(row, "note")
        if _is_code(table, row, "balance", findings):
            balances.append(Balance(code, names_of(table, row), residual, parts, note, table.home(row)))
    return tuple(balances)
