"""Where every number of a report comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from bagdar.address import Address
from bagdar.equations import Explanation, Solution, explain
from bagdar.equations.explain import Input as Read
from bagdar.language import Language, number, phrase, written_date
from bagdar.period import Period
from bagdar.plan import Indicator, Source
from bagdar.publish.content import Cell, Input, Trace, TraceRow
from bagdar.publish.figures import MISSING, anchor, indicator_anchor
from bagdar.publish.labels import label_names, names
from bagdar.publish.regulators import bounds
from bagdar.publish.units import unit_name
from bagdar.quantity import STATUSES

MOST = 8  # cells of one indicator that an origin lists; `bagdar explain` has them all
LONGEST = 300  # rows of a trace
Explained = Mapping[str, Sequence[Explanation]]


def explained(solution: Solution) -> Explained:
    """Every present number of every indicator explained, in no language yet."""
    return {code: tuple(_explained(solution, i)) for code, i in solution.plan.indicators.items()}


def _explained(solution: Solution, indicator: Indicator) -> Iterator[Explanation]:
    quantity = solution.values[indicator.code]
    timed = indicator.role != "coefficient"
    for labels in product(*quantity.labels):
        if quantity.get(*labels) is None:
            continue
        period = Period.parse(labels[-1]) if timed else None
        kept = labels[:-1] if timed else labels
        told = explain(solution, Address("value" if timed else "coefficient", indicator.code, kept, period))
        assert isinstance(told, Explanation)  # the address comes from the quantity itself
        yield told


def traces(solution: Solution, told: Explained, language: Language) -> tuple[Trace, ...]:
    """One trace an indicator that has any number; a very long one goes on in others."""
    found, writer = [], _Writer(solution, language)
    for indicator in solution.plan.indicators.values():
        rows = (*map(writer.row, told[indicator.code]), *_outcome_rows(solution, indicator, language))
        if rows:
            whole = _trace(solution, indicator, rows, language)
            starts = range(0, len(rows), LONGEST)
            found += [replace(whole, anchor=_nth(whole.anchor, at), rows=rows[at : at + LONGEST]) for at in starts]
    return tuple(found)


def _nth(anchor: str, at: int) -> str:
    return f"{anchor}+{at}" if at else anchor


def _trace(solution: Solution, indicator: Indicator, rows: tuple[TraceRow, ...], language: Language) -> Trace:
    statements = [p.statement for p in solution.model.parsed if p.left is not None and p.left.code == indicator.code]
    lever = next((one for one in solution.plan.levers if one.indicator == indicator.code), None)
    return Trace(
        indicator_anchor(indicator.code),
        indicator.name(language),
        indicator.code,
        unit_name(indicator, language),
        "\n".join(s.text for s in statements),
        ", ".join(str(s.home) for s in statements),
        " ".join(dict.fromkeys(s.doc for s in statements if s.doc)),
        rows,
        bounds(lever, indicator, language) if lever is not None else "",
    )


class _Writer:
    """Writes explanations in one language; a cell that many equations read is written out once."""

    def __init__(self, solution: Solution, language: Language) -> None:
        self.solution, self.language = solution, language
        self.cells: dict[tuple[str, tuple[str, ...], Period | None], tuple[str, str]] = {}
        self.known: dict[str, tuple[dict[str, str], ...]] = {}

    def row(self, told: Explanation) -> TraceRow:
        address = told.address
        period = str(address.period) if address.period is not None else ""
        return TraceRow(
            anchor(address.code, address.labels, period),
            self.place(told.indicator, address, None),
            MISSING if told.value is None else number(told.value, self.language, told.indicator.decimals),
            told.status,
            str(told.home),
            _source(told.source, self.language),
            told.note,
            self.inputs(told),
        )

    def place(self, indicator: Indicator, address: Address, reader: Address | None) -> str:
        """Labels and period in words; beside the number of a `reader` only those that it does not share."""
        own = reader.labels if reader is not None else ()
        known = self.known.get(address.code)
        if known is None:
            sets = (names(self.solution.plan.sets[dim], self.language) for dim in indicator.dims)
            known = self.known[address.code] = tuple(sets)
        shown = [some[label] for some, label in zip(known, address.labels, strict=True) if label not in own]
        if address.period is not None and (reader is None or address.period != reader.period):
            shown.append(str(address.period))
        return ", ".join(shown)

    def inputs(self, told: Explanation) -> tuple[Input, ...]:
        """What the number's equation read, an indicator a line."""
        by_code: dict[str, list[Cell]] = {}
        counts: dict[str, int] = {}
        for read in told.inputs:
            code = read.address.code
            counts[code] = counts.get(code, 0) + 1
            if counts[code] <= MOST:
                by_code.setdefault(code, []).append(self.cell(read, told.address))
        indicators = self.solution.plan.indicators
        inputs = [
            Input(indicators[code].name(self.language), tuple(cells), max(0, counts[code] - MOST))
            for code, cells in by_code.items()
        ]
        if told.add_factor is not None:
            text = number(told.add_factor, self.language, 5)
            inputs.append(Input(phrase("explain_add_factor", self.language), (Cell("", text, ""),)))
        return tuple(inputs)

    def cell(self, read: Read, reader: Address) -> Cell:
        address = read.address
        text, link = self.written(read)
        return Cell(self.place(read.indicator, address, reader), text, link)

    def written(self, read: Read) -> tuple[str, str]:
        """The number and the link of a cell, written out once for all that read it."""
        address = read.address
        key = (address.code, address.labels, address.period)
        if key not in self.cells:
            period = str(address.period) if address.period is not None else ""
            if read.value is None:
                self.cells[key] = (MISSING, "")
            else:
                text = number(read.value, self.language, read.indicator.decimals)
                self.cells[key] = (text, anchor(address.code, address.labels, period))
        return self.cells[key]


def _outcome_rows(solution: Solution, indicator: Indicator, language: Language) -> Iterator[TraceRow]:
    quantity = solution.plan.outcomes.get(indicator.code)
    for labels in product(*quantity.labels) if quantity is not None else ():
        assert quantity is not None
        value, cell = quantity.get(*labels), quantity.position(labels)
        if value is None or cell is None:
            continue
        home = solution.plan.home(quantity, cell)
        place = ", ".join([*label_names(solution.plan, indicator, labels[:-1], language), labels[-1]])
        yield TraceRow(
            anchor(indicator.code, labels[:-1], labels[-1], "o"),
            f"{place} — {phrase('series_outcome', language).lower()}",
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
    return f"{source.publisher.get(language)}. {source.title}{dated}"
