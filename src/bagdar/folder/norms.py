"""`norms.csv`: the normative base."""

from __future__ import annotations

from pathlib import Path

from bagdar.balance import Reference
from bagdar.finding import Finding, finding
from bagdar.folder.balances import REFERENCE, is_number
from bagdar.folder.rows import open_table, unique, unknown_indicator
from bagdar.folder.table import Row, Table
from bagdar.folder.ties import free_dims, units_differ
from bagdar.norm import NORM_KINDS, Norm
from bagdar.plan import Plan
from bagdar.unit import ONE, Unit

_REFERENCES = ("use", "per", "coefficient", "price")


def read_norms(root: Path, frame: Plan, findings: list[Finding]) -> tuple[Norm, ...]:
    """The norms whose rows can be used; what cannot is a finding."""
    table = open_table(root, "norms.csv", ("indicator", "kind"), findings, (*_REFERENCES, "programme", "note"))
    norms = []
    for row in table.rows if table else ():
        assert table is not None
        code, written = table.get(row, "indicator"), table.get(row, "kind")
        kind = next((kind for kind in NORM_KINDS if kind == written), None)
        if code not in frame.indicators:
            findings.append(unknown_indicator(table.home(row, "indicator"), code, frame.indicators))
        elif kind is None:
            facts = {"column": "kind", "found": written, "expected": ", ".join(NORM_KINDS)}
            findings.append(finding("word_unknown", table.home(row, "kind"), **facts))
        elif (told := _references(table, row, code, frame, findings)) is not None:
            rest = (table.get(row, "programme"), table.get(row, "note"), table.home(row))
            norms.append(Norm(code, kind, told["use"], told["per"], told["coefficient"], told["price"], *rest))
    return tuple(unique(norms, lambda norm: norm.indicator, findings))


def _references(
    table: Table, row: Row, code: str, frame: Plan, findings: list[Finding]
) -> dict[str, Reference | None] | None:
    """What the norm is held against, by column; None, with a finding, if it cannot be."""
    told: dict[str, Reference | None] = {}
    for name in _REFERENCES:
        written = table.get(row, name)
        match = REFERENCE.fullmatch(written) if written else None
        if is_number(written):
            facts = {"key": name, "found": written, "expected": "output, output[oil]"}
            findings.append(finding("number_in_a_balance", table.home(row, name), **facts))
            return None
        if written and match is None:
            findings.append(unknown_indicator(table.home(row, name), written, frame.indicators))
            return None
        told[name] = None
        if match is not None:
            labels = tuple(label.strip() for label in match["labels"].split(",")) if match["labels"] else ()
            reference = told[name] = Reference(match["code"], labels)
            if free_dims(reference, frame, table.home(row, name), findings) is None:
                return None
    pairs = (("use", "per"), ("coefficient", "price"))
    return told if all(_comparable(table, row, code, frame, findings, pair, told) for pair in pairs) else None


def _comparable(
    table: Table,
    row: Row,
    code: str,
    frame: Plan,
    findings: list[Finding],
    columns: tuple[str, str],
    told: dict[str, Reference | None],
) -> bool:
    """Whether a pair of columns gives what the norm can be compared with: both or neither, its unit, its labels."""
    first, second = (told[name] for name in columns)
    if first is None and second is None:
        return True
    if first is None or second is None:
        lacking = columns[0] if first is None else columns[1]
        findings.append(finding("norm_half_compared", table.home(row, lacking), code=code, column=lacking))
        return False
    dims = frame.indicators[code].dims
    for name, reference in zip(columns, (first, second), strict=True):
        free = free_dims(reference, frame, table.home(row, name), findings) or ()
        # What is used has the norm's labels; what it is held against may have fewer of them.
        if free != dims and (name in ("use", "coefficient") or any(dim not in dims for dim in free)):
            facts = {"found": str(reference), "dims": " ".join(free) or "—", "over": " ".join(dims) or "—"}
            findings.append(finding("balance_dims_differ", table.home(row, name), **facts))
            return False
    own, one, other = (frame.indicators[name].unit for name in (code, first.code, second.code))
    actual = columns[0] == "use"
    made, wanted = (one / other, own) if actual else (own * other, ONE)
    if not made.same_kind(wanted):
        shown = f"{first} / {second}" if actual else f"{code} · {second}"

        def fits(basis: str) -> bool:
            priced = Unit.parse(frame.indicators[code].unit_text, basis)
            return priced is not None and (one / other if actual else priced * other).same_kind(
                priced if actual else ONE
            )

        home, at = table.home(row, columns[0]), f"{code} (indicators.csv)"
        findings.append(units_differ(home, (shown, made), (str(wanted), wanted), at, fits))
        return False
    return True
