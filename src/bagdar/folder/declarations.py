"""What a plan declares in tables before any number: sets, indicators, sources, levers, targets and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from bagdar.address import CODE, LABEL
from bagdar.finding import Finding, Home, finding
from bagdar.folder.relations import RELATIONS, sound
from bagdar.folder.rows import dated_cell, names_of, needed_number, open_table, period_of, unique, unknown_label
from bagdar.folder.table import Row, Table
from bagdar.language import LANGUAGES, Names
from bagdar.plan import (
    LEVER_GROUPS,
    MISSING_REASONS,
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

_MOST_DECIMALS = 12
_SET_COLUMNS = ("code", "kk", "ru", "en", "parent", "valid_from", "valid_to")
_INDICATOR_COLUMNS = (
    *(*LANGUAGES, "price_basis", "dims", "section", "polarity", "adds_up", "source", "decimals", "reason", "capped_by"),
    *RELATIONS,
)
_POLARITIES, _ADDING = ("up", "down", "neutral", ""), ("sum", "mean", "share", "part", "ratio", "none", "")
_YES = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False, "": False}


def read_set(root: Path, file: str, findings: list[Finding]) -> LabelSet | None:
    """A classification, `sets/<code>.csv`."""
    table = open_table(root, file, ("code",), findings, None)
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
                names_of(table, row),
                table.get(row, "parent"),
                period_of(table, row, "valid_from", findings),
                period_of(table, row, "valid_to", findings),
                frozenset(carried),
                table.home(row),
            )
        )
    members = unique(members, lambda m: m.code, findings)
    known = {m.code for m in members}
    for m in members:
        if m.parent and m.parent not in known:
            findings.append(unknown_label(m.home, m.parent, Path(file).stem, known))
    return LabelSet(Path(file).stem, tuple(members), flags, Home(file))


def read_indicators(root: Path, sets: Iterable[str], findings: list[Finding]) -> dict[str, Indicator]:
    """The indicator system, `indicators.csv`."""
    table = open_table(root, "indicators.csv", ("code", "unit", "role"), findings, _INDICATOR_COLUMNS)
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
        axes = [d if dims.index(d) == i else f"{d}_{i + 1}" for i, d in enumerate(dims)]
        _words(table, row, axes, findings)
        if len({*axes, PERIOD}) <= len(axes):
            findings.append(finding("dims_collide", table.home(row, "dims"), code=code, dims=" ".join(dims)))
        elif unit is not None and role in get_args(Role) and known.issuperset(dims):
            indicators.append(_indicator(table, row, unit, findings))
    return sound({i.code: i for i in unique(indicators, lambda i: i.code, findings)}, table.header, findings)


def _words(table: Table, row: Row, axes: list[str], findings: list[Finding]) -> None:
    """What `polarity` and `adds_up` may say; a share may name the axis along which it adds up."""
    adding = (*_ADDING[:-1], *(f"share {axis}" for axis in axes), "")
    reasons = MISSING_REASONS if table.get(row, "role") == "missing" else ("",)
    for column, allowed in (("polarity", _POLARITIES), ("adds_up", adding), ("reason", reasons)):
        if table.get(row, column) not in allowed:
            expected = ", ".join(allowed).rstrip(", ") or "—"
            facts = {"column": column, "found": table.get(row, column), "expected": expected}
            findings.append(finding("word_unknown", table.home(row, column), **facts))


def _indicator(table: Table, row: Row, unit: Unit, findings: list[Finding]) -> Indicator:
    decimals = table.number(row, "decimals", findings)
    return Indicator(
        table.get(row, "code"),
        names_of(table, row),
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
        table.get(row, "total_of"),
        table.get(row, "capacity"),
        tuple(table.get(row, "index_of").split()),
        tuple(table.get(row, "volume_of").split()),
        table.get(row, "capped_by"),
        table.get(row, "reason"),
        table.home(row),
    )


def read_sources(root: Path, sets: dict[str, LabelSet], findings: list[Finding]) -> dict[str, Source]:
    """`sources.csv`: where figures come from and when they were published."""
    table = open_table(
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
        code, title = table.get(row, "code"), table.get(row, "title")
        publisher = _body(table.get(row, "publisher"), sets)
        sources.append(Source(code, publisher, title, published, kind, address, licence, note, table.home(row)))
    return {s.code: s for s in unique(sources, lambda s: s.code, findings)}


def read_levers(root: Path, frame: Plan, findings: list[Finding]) -> tuple[Lever, ...]:
    """`levers.csv`: what the state sets, by which group of instruments, within which bounds."""
    table = open_table(root, "levers.csv", ("code", "group"), findings, ("low", "high", "step", "authority"))
    levers = []
    for row in table.rows if table else ():
        assert table is not None
        code, group = table.get(row, "code"), table.get(row, "group")
        declared = frame.indicators.get(code)
        if declared is None or declared.role != "lever":
            findings.append(finding("lever_without_an_indicator", table.home(row, "code"), code=code))
            continue
        if group not in LEVER_GROUPS:
            expected = ", ".join(LEVER_GROUPS)
            findings.append(finding("lever_group_unknown", table.home(row, "group"), found=group, expected=expected))
        low, high, step = (table.number(row, name, findings) for name in ("low", "high", "step"))
        authority = _body(table.get(row, "authority"), frame.sets)
        levers.append(Lever(code, group, low, high, step, authority, table.home(row)))
    return tuple(unique(levers, lambda x: x.indicator, findings))


def _body(text: str, sets: Mapping[str, LabelSet]) -> Names:
    """The names of a label of the set ``body``; any other text is a name as it is, in all languages."""
    members = sets["body"].members if "body" in sets else ()
    return next((member.names for member in members if member.code == text), Names(text, text, text))


def read_targets(root: Path, frame: Plan, findings: list[Finding]) -> tuple[Target, ...]:
    """`targets.csv`: what indicators should reach."""
    table = open_table(
        root, "targets.csv", ("indicator", "period", "sense", "value"), findings, ("labels", "source", "note")
    )
    targets = []
    for row in table.rows if table else ():
        assert table is not None
        cell = dated_cell(table, row, "indicator", frame, findings)
        sense, value = table.get(row, "sense"), needed_number(table, row, "value", findings)
        if sense not in (">=", "<=", "="):
            findings.append(finding("target_without_a_sense", table.home(row, "sense"), found=sense))
        elif cell is not None and value is not None:
            rest = (table.get(row, "source"), table.get(row, "note"), table.home(row))
            targets.append(Target(*cell, cast("Any", sense), value, *rest))
    return tuple(unique(targets, lambda t: f"{t.indicator} {t.labels} {t.period}", findings))


def read_add_factors(root: Path, frame: Plan, findings: list[Finding]) -> tuple[AddFactor, ...]:
    """`add_factors.csv`: judgements on behavioural equations."""
    table = open_table(root, "add_factors.csv", ("equation", "period", "value"), findings, ("labels", "who", "why"))
    judged = []
    for row in table.rows if table else ():
        assert table is not None
        cell = dated_cell(table, row, "equation", frame, findings)
        value = needed_number(table, row, "value", findings)
        if cell is not None and value is not None:
            judged.append(AddFactor(*cell, value, table.get(row, "who"), table.get(row, "why"), table.home(row)))
    return tuple(unique(judged, lambda a: f"{a.equation} {a.labels} {a.period}", findings))


def read_accepted(root: Path, findings: list[Finding]) -> tuple[Accepted, ...]:
    """`accepted.csv`: findings that are known, and why they are lived with."""
    table = open_table(root, "accepted.csv", ("finding", "where", "reason"), findings, ("who",))
    accepted = []
    for row in table.rows if table else ():
        assert table is not None
        texts = tuple(table.get(row, name) for name in ("finding", "where", "reason", "who"))
        rule, where, reason, who = texts
        accepted.append(Accepted(rule, where, reason, who, table.home(row)))
        if not accepted[-1].reason:
            findings.append(finding("accepted_without_a_reason", table.home(row, "reason")))
    return tuple(accepted)
