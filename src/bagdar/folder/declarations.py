"""What a plan declares in tables before any number: sets, indicators, sources, levers, targets and the rest."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from bagdar.address import CODE, LABEL
from bagdar.finding import Finding, Home, finding
from bagdar.folder.table import Row, Table, read_table
from bagdar.language import LANGUAGES, Names
from bagdar.period import Period
from bagdar.plan import (
    LEVER_GROUPS,
    SOURCE_KINDS,
    Accepted,
    AddFactor,
    Indicator,
    LabelSet,
    Lever,
    Member,
    Plan,
    Role,
    Source,
    Target,
)
from bagdar.quantity import PERIOD
from bagdar.unit import Unit

T = TypeVar("T")
_MOST_DECIMALS = 12
_SET_COLUMNS = ("code", "kk", "ru", "en", "parent", "valid_from", "valid_to")
_INDICATOR_COLUMNS = (*LANGUAGES, "price_basis", "dims", "section", "polarity", "adds_up", "source", "decimals")
_POLARITIES, _ADDING = ("up", "down", "neutral", ""), ("sum", "none", "")
_YES = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False, "": False}


def read_set(root: Path, file: str, findings: list[Finding]) -> LabelSet | None:
    """A classification, `sets/<code>.csv`."""
    table = _open(root, file, ("code",), findings, None)
    if table is None:
        return None
    flags = tuple(name for name in table.header if name not in _SET_COLUMNS)
    members = []
    for row in table.rows:
        code = table.get(row, "code")
        if not LABEL.fullmatch(code):
            findings.append(finding("code_unusable", table.home(row, "code"), found=code))
            continue
        carried = set()
        for flag in flags:
            said = _YES.get(table.get(row, flag).lower())
            if said is None:
                findings.append(finding("flag_neither_yes_nor_no", table.home(row, flag), column=flag))
            elif said:
                carried.add(flag)
        members.append(
            Member(
                code,
                _names(table, row),
                table.get(row, "parent"),
                _period(table, row, "valid_from", findings),
                _period(table, row, "valid_to", findings),
                frozenset(carried),
                table.home(row),
            )
        )
    members = _unique(members, lambda m: m.code, findings)
    known = {m.code for m in members}
    for m in members:
        if m.parent and m.parent not in known:
            findings.append(unknown_label(m.home, m.parent, Path(file).stem, known))
    return LabelSet(Path(file).stem, tuple(members), flags, Home(file))


def read_indicators(root: Path, sets: Iterable[str], findings: list[Finding]) -> dict[str, Indicator]:
    """The indicator system, `indicators.csv`."""
    table = _open(root, "indicators.csv", ("code", "unit", "role"), findings, _INDICATOR_COLUMNS)
    if table is None:
        return {}
    known = set(sets)
    indicators = []
    for row in table.rows:
        code, role = table.get(row, "code"), table.get(row, "role")
        unit_text, basis = table.get(row, "unit"), table.get(row, "price_basis")
        dims = tuple(table.get(row, "dims").split())
        unit = Unit.parse(unit_text, basis)
        if not CODE.fullmatch(code):
            findings.append(finding("code_unusable", table.home(row, "code"), found=code))
            continue
        if unit is None:
            shown = f"{unit_text} {basis}".strip()
            findings.append(finding("unit_unreadable", table.home(row, "unit"), found=shown, code=code))
        if role not in get_args(Role):
            expected = ", ".join(get_args(Role))
            findings.append(finding("role_unknown", table.home(row, "role"), found=role, expected=expected))
        for dim in dims:
            if dim not in known:
                findings.append(finding("unknown_set", table.home(row, "dims"), found=dim))
        _words(table, row, findings)
        axes = [d if dims.index(d) == i else f"{d}_{i + 1}" for i, d in enumerate(dims)]
        if len({*axes, PERIOD}) <= len(axes):
            findings.append(finding("dims_collide", table.home(row, "dims"), code=code, dims=" ".join(dims)))
        elif unit is not None and role in get_args(Role) and known.issuperset(dims):
            indicators.append(_indicator(table, row, unit, findings))
    return {i.code: i for i in _unique(indicators, lambda i: i.code, findings)}


def _words(table: Table, row: Row, findings: list[Finding]) -> None:
    for column, allowed in (("polarity", _POLARITIES), ("adds_up", _ADDING)):
        if table.get(row, column) not in allowed:
            expected = ", ".join(allowed).rstrip(", ")
            facts = {"column": column, "found": table.get(row, column), "expected": expected}
            findings.append(finding("word_unknown", table.home(row, column), **facts))


def _indicator(table: Table, row: Row, unit: Unit, findings: list[Finding]) -> Indicator:
    decimals = table.number(row, "decimals", findings)
    return Indicator(
        table.get(row, "code"),
        _names(table, row),
        unit,
        table.get(row, "unit"),
        table.get(row, "price_basis"),
        tuple(table.get(row, "dims").split()),
        cast("Role", table.get(row, "role")),
        table.get(row, "section"),
        table.get(row, "polarity") or "neutral",
        table.get(row, "adds_up") or "none",
        table.get(row, "source"),
        1 if decimals is None else max(-_MOST_DECIMALS, min(_MOST_DECIMALS, int(decimals))),
        table.home(row),
    )


def read_sources(root: Path, findings: list[Finding]) -> dict[str, Source]:
    """`sources.csv`: where figures come from and when they were published."""
    table = _open(
        root, "sources.csv", ("code", "publisher", "title", "date"), findings, ("kind", "address", "licence", "note")
    )
    if table is None:
        return {}
    sources = []
    for row in table.rows:
        written = table.get(row, "date")
        try:
            published = date.fromisoformat(written) if written else None
        except ValueError:
            published = None
            findings.append(finding("date_unreadable", table.home(row, "date"), found=written))
        kind = table.get(row, "kind") or "official"
        if kind not in SOURCE_KINDS:
            expected = ", ".join(SOURCE_KINDS)
            findings.append(finding("source_kind_unknown", table.home(row, "kind"), found=kind, expected=expected))
        address, licence, note = (table.get(row, name) for name in ("address", "licence", "note"))
        head = (table.get(row, "code"), table.get(row, "publisher"), table.get(row, "title"))
        sources.append(Source(*head, published, kind, address, licence, note, table.home(row)))
    return {s.code: s for s in _unique(sources, lambda s: s.code, findings)}


def read_levers(root: Path, indicators: dict[str, Indicator], findings: list[Finding]) -> tuple[Lever, ...]:
    """`levers.csv`: what the state sets, by which group of instruments, within which bounds."""
    table = _open(root, "levers.csv", ("code", "group"), findings, ("low", "high", "step", "authority"))
    levers = []
    for row in table.rows if table else ():
        assert table is not None
        code, group = table.get(row, "code"), table.get(row, "group")
        declared = indicators.get(code)
        if declared is None or declared.role != "lever":
            findings.append(finding("lever_without_an_indicator", table.home(row, "code"), code=code))
            continue
        if group not in LEVER_GROUPS:
            expected = ", ".join(LEVER_GROUPS)
            findings.append(finding("lever_group_unknown", table.home(row, "group"), found=group, expected=expected))
        low, high, step = (table.number(row, name, findings) for name in ("low", "high", "step"))
        levers.append(Lever(code, group, low, high, step, table.get(row, "authority"), table.home(row)))
    return tuple(_unique(levers, lambda x: x.indicator, findings))


def read_targets(root: Path, frame: Plan, findings: list[Finding]) -> tuple[Target, ...]:
    """`targets.csv`: what indicators should reach."""
    table = _open(
        root, "targets.csv", ("indicator", "period", "sense", "value"), findings, ("labels", "source", "note")
    )
    targets = []
    for row in table.rows if table else ():
        assert table is not None
        cell = _cell(table, row, "indicator", frame, findings)
        sense, value = table.get(row, "sense"), table.number(row, "value", findings)
        if sense not in (">=", "<=", "="):
            findings.append(finding("target_without_a_sense", table.home(row, "sense"), found=sense))
        elif cell is not None and value is not None:
            rest = (table.get(row, "source"), table.get(row, "note"), table.home(row))
            targets.append(Target(*cell, cast("Any", sense), value, *rest))
    return tuple(_unique(targets, lambda t: f"{t.indicator} {t.labels} {t.period}", findings))


def read_add_factors(root: Path, frame: Plan, findings: list[Finding]) -> tuple[AddFactor, ...]:
    """`add_factors.csv`: judgements on behavioural equations."""
    table = _open(root, "add_factors.csv", ("equation", "period", "value"), findings, ("labels", "who", "why"))
    judged = []
    for row in table.rows if table else ():
        assert table is not None
        cell = _cell(table, row, "equation", frame, findings)
        value = table.number(row, "value", findings)
        if cell is not None and value is not None:
            judged.append(AddFactor(*cell, value, table.get(row, "who"), table.get(row, "why"), table.home(row)))
    return tuple(_unique(judged, lambda a: f"{a.equation} {a.labels} {a.period}", findings))


def read_accepted(root: Path, findings: list[Finding]) -> tuple[Accepted, ...]:
    """`accepted.csv`: findings that are known, and why they are lived with."""
    table = _open(root, "accepted.csv", ("finding", "where", "reason"), findings, ("who",))
    accepted = []
    for row in table.rows if table else ():
        assert table is not None
        texts = tuple(table.get(row, name) for name in ("finding", "where", "reason", "who"))
        rule, where, reason, who = texts
        accepted.append(Accepted(rule, where, reason, who, table.home(row)))
        if not accepted[-1].reason:
            findings.append(finding("accepted_without_a_reason", table.home(row, "reason")))
    return tuple(accepted)


def _cell(
    table: Table, row: Row, column: str, frame: Plan, findings: list[Finding]
) -> tuple[str, tuple[str, ...], Period] | None:
    """(indicator, labels, period) of a row of targets or add-factors; labels are separated by spaces."""
    code, labels = table.get(row, column), tuple(table.get(row, "labels").split())
    period = _period(table, row, "period", findings)
    indicator = frame.indicators.get(code)
    if indicator is None:
        findings.append(finding("unknown_indicator", table.home(row, column), found=code))
        return None
    home = table.home(row, "labels")
    if len(labels) != len(indicator.dims):
        expected = " ".join(indicator.dims) or "—"
        findings.append(finding("labels_do_not_fit_dims", home, code=code, expected=expected))
        return None
    told = [(label, dim, frame.sets[dim].labels) for label, dim in zip(labels, indicator.dims, strict=True)]
    unknown = [unknown_label(home, label, dim, known) for label, dim, known in told if label not in known]
    findings += unknown
    if period is None or unknown:
        return None
    if period not in frame.header.periods:
        findings.append(finding("period_unreadable", table.home(row, "period"), found=str(period)))
        return None
    return code, labels, period


def _open(
    root: Path, file: str, needed: tuple[str, ...], findings: list[Finding], known: tuple[str, ...] | None = ()
) -> Table | None:
    """The table if the folder has it; None, with findings, if a needed column is absent.

    Columns beyond those `needed` and `known` are findings; None for `known` means that any may be there.
    """
    if not (root / file).exists() and file not in ("indicators.csv",):
        return None
    table = read_table(root, file, findings)
    if table is None:
        return None
    absent = [name for name in needed if name not in table.header]
    if absent:
        findings.append(finding("column_missing", Home(file, 1), column=", ".join(absent)))
        return None
    for place, name in enumerate(table.header, 1):
        if known is not None and name not in (*needed, *known):
            near = difflib.get_close_matches(name, (*needed, *known), 1)
            findings.append(finding("column_not_known", Home(file, 1, place), column=name, near=", ".join(near) or "—"))
    return table


def _names(table: Table, row: Row) -> Names:
    return Names(*(table.get(row, code) for code in LANGUAGES))


def _period(table: Table, row: Row, column: str, findings: list[Finding]) -> Period | None:
    text = table.get(row, column)
    parsed = Period.parse(text) if text else None
    if parsed is None and (text or column == "period"):
        findings.append(finding("period_unreadable", table.home(row, column), found=text))
    return parsed


def _unique(items: list[T], key: Callable[[T], str], findings: list[Finding]) -> list[T]:
    """`items` without repeats; a repeat is a finding that names the first."""
    first: dict[str, T] = {}
    for item in items:
        name = key(item)
        if name in first:
            home, earlier = cast("Any", item).home, cast("Any", first[name]).home
            findings.append(finding("duplicate_key", home, key=name, first=str(earlier)))
        else:
            first[name] = item
    return list(first.values())


def unknown_label(home: Home, label: str, group: str, known: Iterable[str]) -> Finding:
    """A label that its set does not have."""
    listed = sorted(known)
    shown = ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")
    return finding("unknown_label", home, label=label, set=group, known=shown)
