"""Sources: every figure has one, known on the plan date, and an estimate is called so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from operator import eq

from bagdar.checks.cells import Cell, cell, cells, first_of_rows, from_origins, given_cells, in_periods, with_status
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Origin, Plan
from bagdar.quantity import Mask, Quantity

# Statuses that say: this has happened and was observed.
OBSERVED = ("actual", "operational")


def no_source(plan: Plan, _solution: Solution) -> list[Finding]:
    """Figures of an indicator without a source: one finding a file and indicator."""
    return [
        finding("no_source", one.home, one.address, code=one.indicator.code)
        # A change is its own source.
        for one in _first(plan, lambda origin: not origin.source and origin.file.endswith(".csv"))
    ]


def unknown_source(plan: Plan, _solution: Solution) -> list[Finding]:
    """A source that is named but not listed in `sources.csv`: one finding a source and what names it."""
    errata = [e for e in plan.errata if e.source and e.source not in plan.sources]
    stated = [s for s in plan.stated if s.source and s.source not in plan.sources]
    return [
        finding("unknown_source", one.home, one.address, code=one.indicator.code, source=one.source)
        for one in _first(plan, lambda origin: bool(origin.source) and origin.source not in plan.sources)
    ] + [
        *(finding("unknown_source", e.home, code=e.code, source=e.source) for e in errata),
        *(finding("unknown_source", s.home, code=s.indicator, source=s.source) for s in stated),
    ]


def _first(plan: Plan, at_fault: Callable[[Origin], bool]) -> list[Cell]:
    """Of each indicator the first cell that each faulty source, or file without one, gives."""
    found: dict[tuple[str, str], Cell] = {}
    faulty = [origin for origin in plan.origins if at_fault(origin)]
    for indicator in plan.indicators.values() if faulty else ():
        quantity = plan.values[indicator.code]
        for origin in faulty:
            one = next(cells(plan, indicator, quantity, from_origins(plan, quantity, partial(eq, origin))), None)
            if one is not None:
                found.setdefault((origin.source or origin.file, indicator.code), one)
    return list(found.values())


def later_than_plan_date(plan: Plan, _solution: Solution) -> list[Finding]:
    """A figure of the horizon, or of history in a plan that says it is as of its date, published after the plan date.

    A plan on revised data may know history as it is known now, but nothing of its own future.
    """
    header = plan.header
    late = {origin for origin in plan.origins if (day := _published(plan, origin)) and day > header.plan_date}
    undated = {o for o in plan.origins if o.source in plan.sources and _published(plan, o) is None}

    def told(quantity: Quantity) -> Mask:
        future = in_periods(quantity, lambda period: period > header.base)
        guarded = future | (header.data == "as_of_plan_date")
        return (from_origins(plan, quantity, late.__contains__) & guarded) | (
            from_origins(plan, quantity, undated.__contains__) & future
        )

    findings = []
    for figure in given_cells(plan, told) if late | undated else ():
        facts = {"code": figure.indicator.code, "period": str(figure.period or "—"), "source": figure.source}
        published = plan.sources[figure.source].date
        if published is None:
            findings.append(finding("source_without_a_date", figure.home, figure.address, **facts))
        else:
            facts |= {"date": published.isoformat(), "plan_date": header.plan_date.isoformat()}
            findings.append(finding("later_than_plan_date", figure.home, figure.address, **facts))
    return findings


def estimate_shown_as_official(plan: Plan, _solution: Solution) -> list[Finding]:
    """A figure called actual or operational whose source is an estimate or assumption."""
    unsure = {s.code for s in plan.sources.values() if s.kind in ("estimate", "assumption")}
    return [
        finding(
            "estimate_shown_as_official",
            figure.home,
            figure.address,
            code=figure.indicator.code,
            period=str(figure.period or "—"),
            status=figure.status,
            source=figure.source,
        )
        for figure in given_cells(
            plan, lambda q: with_status(q, *OBSERVED) & from_origins(plan, q, lambda o: o.source in unsure)
        )
    ]


def future_shown_as_observed(plan: Plan, _solution: Solution) -> list[Finding]:
    """A figure called actual or operational of a year that begins after the plan date: the first of each row."""
    header, findings = plan.header, list[Finding]()
    for indicator in plan.indicators.values():
        quantity = plan.values[indicator.code]
        off = quantity.present & with_status(quantity, *OBSERVED)
        off &= in_periods(quantity, lambda p: p > header.base and p.year > header.plan_date.year)
        for place in first_of_rows(quantity, off):
            one = cell(plan, indicator, quantity, place)
            if one.home.file.endswith(".csv"):  # what has come in since stands in a change
                facts = {"code": indicator.code, "period": str(one.period), "status": one.status}
                facts |= {"plan_date": header.plan_date.isoformat()}
                findings.append(finding("future_shown_as_observed", one.home, one.address, **facts))
    return findings


def source_never_cited(plan: Plan, _solution: Solution) -> list[Finding]:
    """A source of `sources.csv` from which nothing comes."""
    cited = {origin.source for origin in plan.origins} | {i.source for i in plan.indicators.values()}
    cited |= {s.source for s in plan.stated} | {t.source for t in plan.targets} | {e.source for e in plan.errata}
    cited |= {s.source for s in plan.expectations.signs} | {r.source for r in plan.expectations.ranges}
    return [
        finding("source_never_cited", source.home, source=source.code)
        for source in plan.sources.values()
        if source.code not in cited
    ]


def _published(plan: Plan, origin: Origin) -> date | None:
    source = plan.sources.get(origin.source)
    return source.date if source is not None else None
