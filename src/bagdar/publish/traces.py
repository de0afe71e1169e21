"""Where every number of a report comes from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from bagdar.address import Address
from bagdar.equations import Explanation, Solution, explain
from bagdar.language import Language, number, phrase, written_date
from bagdar.period import Period
from bagdar.plan import Indicator, Source
from bagdar.publish.content import Input, Trace, TraceRow
from bagdar.publish.figures import MISSING, anchor, indicator_anchor
from bagdar.publish.units import unit_name
from bagdar.quantity import STATUSES


def traces(solution: Solution, language: Language) -> tuple[Trace, ...]:
    """One trace an indicator that has any number."""
    found = []
    for indicator in solution.plan.indicators.values():
        rows = (*_rows(solution, indicator, language), *_outcome_rows(solution, indicator, language))
        if rows:
            found.append(_trace(solution, indicator, rows, language))
    return tuple(found)


def _trace(solution: Solution, indicator: Indicator, rows: tuple[TraceRow, ...], language: Language) -> Trace:
    statements = [e.statement for e in solution.model.equations if e.left.code == indicator.code]
    statements = list(dict.fromkeys(statements))
    return Trace(
        indicator_anchor(indicator.code),
        indicator.names.get(language) or indicator.code,
        indicator.code,
        unit_name(indicator, language),
        "\n".join(s.text for s in statements),
        ", ".join(str(s.home) for s in statements),
        " ".join(dict.fromkeys(s.doc for s in statements if s.doc)),
        rows,
    )


def _rows(solution: Solution, indicator: Indicator, language: Language) -> Iterator[TraceRow]:
    quantity = solution.values[indicator.code]
    for labels in product(*quantity.labels):
        if quantity.get(*labels) is None:
            continue
        timed = indicator.role != "coefficient"
        period = Period.parse(labels[-1]) if timed else None
        kept = labels[:-1] if timed else labels
        kind = "coefficient" if not timed else "value"
        told = explain(solution, Address(kind, indicator.code, kept, period))  # type: ignore[arg-type]  # one of two kinds
        assert isinstance(told, Explanation)  # the address comes from the quantity itself
        yield _row(told, language)


def _row(told: Explanation, language: Language) -> TraceRow:
    address = told.address
    period = str(address.period) if address.period is not None else ""
    shown = ", ".join([*address.labels, *([period] if period else [])])
    return TraceRow(
        anchor(address.code, address.labels, period),
        shown,
        MISSING if told.value is None else number(told.value, language, told.indicator.decimals),
        told.status,
        str(told.home),
        _source(told.source, language),
        told.note,
        _inputs(told, language),
    )


def _inputs(told: Explanation, language: Language) -> tuple[Input, ...]:
    inputs = []
    for read in told.inputs:
        period = str(read.address.period) if read.address.period is not None else ""
        name = read.indicator.names.get(language) or read.indicator.code
        shown = ", ".join([name, *read.address.labels, *([period] if period else [])])
        text = MISSING if read.value is None else number(read.value, language, read.indicator.decimals)
        link = anchor(read.address.code, read.address.labels, period) if read.value is not None else ""
        inputs.append(Input(shown, text, link))
    if told.add_factor is not None:
        inputs.append(Input(phrase("explain_add_factor", language), number(told.add_factor, language, 5), ""))
    return tuple(inputs)


def _outcome_rows(solution: Solution, indicator: Indicator, language: Language) -> Iterator[TraceRow]:
    quantity = solution.plan.outcomes.get(indicator.code)
    for labels in product(*quantity.labels) if quantity is not None else ():
        assert quantity is not None
        value, cell = quantity.get(*labels), quantity.position(labels)
        if value is None or cell is None:
            continue
        home = solution.plan.home(quantity, cell)
        yield TraceRow(
            anchor(indicator.code, labels[:-1], labels[-1], "o"),
            f"{', '.join(labels)} — {phrase('series_outcome', language).lower()}",
            number(value, language, indicator.decimals),
            STATUSES[int(quantity.status[cell])],
            str(home),
            _source(solution.plan.source(quantity, cell), language),
            solution.plan.note(home),
        )


def _source(source: Source | None, language: Language) -> str:
    if source is None:
        return ""
    dated = f", {written_date(source.date, language)}" if source.date else ""
    return f"{source.publisher}. {source.title}{dated}"
