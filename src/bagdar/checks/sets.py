"""Sets and names: labels that are part of themselves, labels out of their time, names not translated."""

from __future__ import annotations

from collections.abc import Iterator

from bagdar.checks.cells import given_cells
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, Home, finding
from bagdar.language import Names
from bagdar.period import Period
from bagdar.plan import Plan


def circular_parents(plan: Plan, _solution: Solution) -> list[Finding]:
    """A label that is, through its parents, a part of itself: one finding a circle."""
    findings = []
    for group in plan.sets.values():
        parents = {m.code: m.parent for m in group.members}
        seen: set[str] = set()
        for member in group.members:
            path, label = [], member.code
            while label and label not in path and label not in seen:
                path.append(label)
                label = parents.get(label, "")
            if label in path:
                home = next(m.home for m in group.members if m.code == label)
                findings.append(finding("circular_parents", home, f"set:{group.code}[{label}]", label=label))
            seen.update(path)
    return findings


def label_not_valid_then(plan: Plan, _solution: Solution) -> list[Finding]:
    """A number of a label in a period in which the label is not valid."""
    spans = {
        (group.code, m.code): (m.valid_from, m.valid_to)
        for group in plan.sets.values()
        for m in group.members
        if m.valid_from or m.valid_to
    }
    findings = []
    for cell in given_cells(plan) if spans else ():
        for dim, label in zip(cell.indicator.dims, cell.labels, strict=True):
            first, last = spans.get((dim, label), (None, None))
            if cell.period is None or not _outside(cell.period, first, last):
                continue
            valid = f"{first or '…'}–{last or '…'}"
            findings.append(
                finding(
                    "label_not_valid_then",
                    cell.home,
                    cell.address,
                    label=label,
                    period=str(cell.period),
                    valid=valid,
                )
            )
    return findings


def _outside(period: Period, first: Period | None, last: Period | None) -> bool:
    """Whether a period lies before `first` or after `last`; of another frequency, years are compared."""
    if first and (period < first if period.frequency == first.frequency else period.year < first.year):
        return True
    return bool(last and (period > last if period.frequency == last.frequency else period.year > last.year))


def translation_missing(plan: Plan, _solution: Solution) -> list[Finding]:
    """A name or text that is there in some language but not in all; a plan that names nothing is left alone."""
    return [
        finding("translation_missing", home, code=code, languages=", ".join(names.missing))
        for code, names, home in _named(plan)
        if names.missing and len(names.missing) < 3
    ]


def _named(plan: Plan) -> Iterator[tuple[str, Names, Home]]:
    yield "plan.toml", plan.header.title, plan.header.home
    for indicator in plan.indicators.values():
        yield indicator.code, indicator.names, indicator.home
    for group in plan.sets.values():
        for member in group.members:
            yield member.code, member.names, member.home
    for erratum in plan.errata:
        yield erratum.code, erratum.reading, erratum.home
    expected = plan.expectations
    for shock in expected.shocks:
        yield shock.code, shock.names, shock.home
    for one in expected.ranges:
        yield one.code, one.names, one.home
    for balance in expected.closure:
        yield balance.code, balance.names, balance.home
