"""Sources: every figure has one, known on the plan date, and an estimate is called so."""

from __future__ import annotations

from datetime import date

from bagdar.checks.cells import Cell, given_cells
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Plan


def no_source(plan: Plan, _solution: Solution) -> list[Finding]:
    """Figures of an indicator without a source: one finding a file and indicator."""
    found: dict[tuple[str, str], Finding] = {}
    for cell in given_cells(plan):
        if not cell.source and cell.home.file.endswith(".csv"):  # a change is its own source
            item = finding("no_source", cell.home, cell.address, code=cell.indicator.code)
            found.setdefault((cell.home.file, cell.indicator.code), item)
    return list(found.values())


def unknown_source(plan: Plan, _solution: Solution) -> list[Finding]:
    """A source that is named but not listed in `sources.csv`: one finding an indicator, or erratum, and source."""
    found: dict[tuple[str, str], Finding] = {}
    for cell in given_cells(plan):
        if cell.source and cell.source not in plan.sources:
            item = finding("unknown_source", cell.home, cell.address, code=cell.indicator.code, source=cell.source)
            found.setdefault((cell.source, cell.indicator.code), item)
    errata = (e for e in plan.errata if e.source and e.source not in plan.sources)
    return [*found.values(), *(finding("unknown_source", e.home, code=e.code, source=e.source) for e in errata)]


def later_than_plan_date(plan: Plan, _solution: Solution) -> list[Finding]:
    """A figure of the horizon, or of history in a plan that says it is as of its date, published after the plan date.

    A plan on revised data may know history as it is known now, but nothing of its own future.
    """
    findings = []
    for cell in given_cells(plan):
        published = _published(plan, cell)
        future = cell.period is not None and cell.period > plan.header.base
        guarded = future or plan.header.data == "as_of_plan_date"
        if future and cell.source in plan.sources and published is None:
            facts = {"code": cell.indicator.code, "period": str(cell.period), "source": cell.source}
            findings.append(finding("source_without_a_date", cell.home, cell.address, **facts))
        if guarded and published is not None and published > plan.header.plan_date:
            findings.append(
                finding(
                    "later_than_plan_date",
                    cell.home,
                    cell.address,
                    code=cell.indicator.code,
                    period=str(cell.period or "—"),
                    source=cell.source,
                    date=published.isoformat(),
                    plan_date=plan.header.plan_date.isoformat(),
                )
            )
    return findings


def estimate_shown_as_official(plan: Plan, _solution: Solution) -> list[Finding]:
    """A figure called actual or operational whose source is an estimate or assumption."""
    findings = []
    for cell in given_cells(plan):
        source = plan.sources.get(cell.source)
        if (
            cell.status in ("actual", "operational")
            and source is not None
            and source.kind in ("estimate", "assumption")
        ):
            findings.append(
                finding(
                    "estimate_shown_as_official",
                    cell.home,
                    cell.address,
                    code=cell.indicator.code,
                    period=str(cell.period or "—"),
                    status=cell.status,
                    source=cell.source,
                )
            )
    return findings


def _published(plan: Plan, cell: Cell) -> date | None:
    source = plan.sources.get(cell.source)
    return source.date if source is not None else None
