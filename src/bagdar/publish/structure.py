"""How the economy hangs together: the plan's input-output table in the base period, for readers."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from bagdar.accounts.analysis import Analysis
from bagdar.accounts.composition import FinalUse, ImportContent, costs, final_uses, import_contents
from bagdar.accounts.table import InputOutput, table_of
from bagdar.equations import Solution
from bagdar.header import AccountCodes
from bagdar.language import Language, number, phrase
from bagdar.publish.content import Figure, Line, Section, Table
from bagdar.publish.figures import MISSING, held_figure, indicator_anchor
from bagdar.publish.prose import chapter
from bagdar.publish.units import unit_name
from bagdar.statistics.growth import Percent

Array = NDArray[np.float64]
_NAMED = 3  # sectors that a sentence names


def structure(solution: Solution, language: Language) -> Section:
    """The section, empty where the plan names no accounts, they cannot be read, or nothing is made."""
    title = phrase("section_structure", language)
    table, _ = table_of(solution.plan)
    codes = solution.plan.header.accounts
    if table is None or codes is None or (table.technical.sum(0) >= 1).any():
        return Section("structure", title)
    if table.output.sum() <= 0 or table.added.sum() <= 0:  # of which nothing can be a share
        return Section("structure", title)
    analysis = Analysis(table)
    if not analysis.solvable:
        return Section("structure", title)
    writer = _Writer(solution, codes, table, analysis, language)
    told = "".join(f"<p>{escape(text)}</p>" for text in writer.sentences())
    shown = (writer.resources_and_uses(), writer.value_added(), writer.linkages(), *writer.import_contents())
    return Section("structure", title, told + chapter(solution.plan, "structure", language), shown)


@dataclass(frozen=True)
class _Writer:
    solution: Solution
    codes: AccountCodes
    table: InputOutput
    analysis: Analysis
    language: Language

    # Words

    def say(self, key: str, **facts: object) -> str:
        return phrase(f"structure_{key}", self.language, **facts)

    def name(self, code: str) -> str:
        return self.solution.plan.indicators[code].name(self.language)

    def unit(self, code: str) -> str:
        return unit_name(self.solution.plan.indicators[code], self.language)

    def sectors(self) -> list[str]:
        dim = self.solution.plan.indicators[self.codes.output].dims[0]
        names = {m.code: m.names.get(self.language) for m in self.solution.plan.sets[dim].members}
        return [names[label] or label for label in self.table.labels]

    def title(self, key: str, unit: bool = True) -> str:
        base = self.solution.plan.header.base
        text = self.say(key, base=base)
        return f"{text}, {self.unit(self.codes.output)}" if unit else text

    # Numbers

    def held(self, code: str, label: str) -> Figure:
        """A number of the plan's own, with its status and home."""
        indicator = self.solution.plan.indicators[code]
        base = str(self.solution.plan.header.base)
        key = (label, base) if indicator.role != "coefficient" else (label,)
        return held_figure(self.solution.values[code], indicator, key, self.language)

    def amount(self, value: float) -> Figure:
        """A number in the unit of output."""
        output = self.codes.output
        return self.computed(float(value), self.solution.plan.indicators[output].decimals, output)

    def percent(self, value: float | None) -> Figure:
        return Figure(MISSING) if value is None else self.computed(value, 1, self.codes.output)

    def computed(self, value: float, decimals: int, code: str = "") -> Figure:
        """A number that follows from the table; an estimate where the table holds one."""
        origin = indicator_anchor(code or self.codes.technical)
        return Figure(number(value, self.language, decimals), origin, "estimate" if self.table.estimated else "")

    # Tables

    def resources_and_uses(self) -> Table:
        """Resources and uses by product: output, imports; intermediate, each final use, exports."""
        table, codes = self.table, self.codes
        columns = [
            (self.name(codes.output), table.output, codes.output),
            *([(self.name(codes.imports), table.bought_abroad, codes.imports)] if codes.imports else []),
            (self.say("resources"), table.supply, ""),
            (self.say("intermediate"), table.intermediate_use, ""),
            *([] if table.rest is None else [(self.say("rest"), table.rest, "")]),
            *((self.name(c), v, c) for c, v in table.final_uses.items()),
            *([(self.name(codes.exports), table.sold_abroad, codes.exports)] if codes.exports else []),
        ]
        lines = []
        for i, (label, name) in enumerate(zip(table.labels, self.sectors(), strict=True)):
            figures = (self.held(code, label) if code else self.amount(values[i]) for _, values, code in columns)
            lines.append(Line(name, "", tuple(figures)))
        lines.append(self.total(tuple(self.amount(values.sum()) for _, values, _ in columns)))
        heads = tuple(head for head, _, _ in columns)
        return self.table_of(self.title("uses_title"), heads, lines, self.note())

    def value_added(self) -> Table:
        """How output divides into inputs and value added, and what of it is compensation."""
        keys = ["output", "intermediate", "added", "added_share", "added_ratio"]
        keys += ["paid", "paid_share"] if self.table.compensation is not None else []
        rows = []
        for cost in costs(self.table):
            parts = [*map(self.amount, (cost.output, cost.inputs, cost.added))]
            parts += map(self.percent, (cost.share, cost.ratio))
            if cost.paid is not None:
                parts += [self.amount(cost.paid), self.percent(cost.paid_share)]
            rows.append(tuple(parts))
        lines = [Line(name, "", row) for name, row in zip(self.sectors(), rows, strict=False)]
        lines.append(self.total(rows[-1]))
        return self.table_of(self.title("added_title"), tuple(map(self.say, keys)), lines, self.note())

    def linkages(self) -> Table:
        """Type I multipliers, linkages, and the key sectors."""
        found = self.analysis
        columns: list[tuple[str, Array]] = [(self.say("output_multiplier"), found.output)]
        columns.append((self.say("added_multiplier"), found.value_added))
        if self.table.imports is not None:
            columns.append((self.say("import_multiplier"), found.imports))
        if found.income is not None:
            columns.append((self.say("income_multiplier"), found.income))
        if found.employment is not None:
            unit = f"{self.unit(self.codes.employment[0])}/{self.unit(self.codes.output)}"
            columns.append((self.say("work_multiplier", unit=unit), found.employment))
        columns += [(self.say("backward"), found.backward), (self.say("forward"), found.forward)]
        lines = []
        for i, (label, name) in enumerate(zip(self.table.labels, self.sectors(), strict=True)):
            figures = tuple(self.computed(float(values[i]), 2) for _, values in columns)
            key = f" — {self.say('key')}" if label in found.key_sectors else ""
            lines.append(Line(name + key, "", figures))
        note = f"{self.say('linkages_note')} {self.note()}".strip()
        return self.table_of(self.title("linkages_title", unit=False), tuple(h for h, _ in columns), lines, note)

    def import_contents(self) -> tuple[Table, ...]:
        """What part of each final use is imported, at once and by way of inputs."""
        if self.table.imports is None:
            return ()
        lines = []
        for one in self.contents():
            shares = map(self.percent, (one.direct, one.indirect, one.imported, one.domestic))
            lines.append(Line(self.use(one.use), "", (self.amount(one.amount), *shares)))
        keys = ("amount", "imports_direct", "imports_indirect", "imports_all", "home_content")
        title = self.title("content_title", unit=False)
        columns = (f"{self.say('amount')}, {self.unit(self.codes.output)}", *map(self.say, keys[1:]))
        return (self.table_of(title, columns, lines, self.note(), self.say("use")),)

    def contents(self) -> tuple[ImportContent, ...]:
        return import_contents(self.analysis, final_uses(self.table, self.codes.exports))

    def use(self, use: FinalUse) -> str:
        """The name of a final use."""
        return self.name(use.code) if use.code else self.say("rest")

    def total(self, figures: tuple[Figure, ...]) -> Line:
        return Line(self.say("total"), "", figures, "total")

    def table_of(self, title: str, columns: tuple[str, ...], lines: list[Line], note: str, head: str = "") -> Table:
        """A table of the base period: no column is a plan year."""
        return Table(title, columns, tuple(lines), len(columns), note, head=head or self.say("sector"))

    def note(self) -> str:
        return self.say("estimate_note") if self.table.estimated else ""

    # Sentences

    def sentences(self) -> list[str]:
        """The table in plain words."""
        table, found, language = self.table, self.analysis, self.language
        decimals = self.solution.plan.indicators[self.codes.output].decimals
        *each, whole = costs(table)
        facts = {
            "base": self.solution.plan.header.base,
            "unit": self.unit(self.codes.output),
            "output": number(whole.output, language, decimals),
            "inputs": self.whole(whole.input_ratio),
            "added": self.whole(whole.ratio),
        }
        told = [self.say("told_output", **facts)]
        largest = sorted(zip(self.sectors(), each, strict=True), key=lambda pair: -pair[1].added)[:_NAMED]
        named = (f"{name} ({self.in_words(cost.share)})" for name, cost in largest)
        told.append(self.say("told_largest", sectors="; ".join(named)))
        key = [i for i, label in enumerate(table.labels) if label in found.key_sectors]
        told.append(
            self.say("told_key", sectors="; ".join(self.sectors()[i] for i in key)) if key else self.say("told_no_key")
        )
        if table.imports is not None:
            parts = (f"{self.use(one.use)} — {self.in_words(one.imported)}" for one in self.contents())
            told.append(self.say("told_imports", uses="; ".join(parts)))
        if found.employment is not None:
            most = np.argsort(-found.employment)[:_NAMED]
            told.append(self.say("told_work", sectors="; ".join(self.sectors()[i] for i in most)))
        if table.estimated:
            told.append(self.say("told_estimate"))
        return told

    def whole(self, share: Percent | None) -> str:
        """A share in whole per cent, as sentences tell it."""
        return MISSING if share is None else number(share, self.language, 0)

    def in_words(self, share: Percent | None) -> str:
        """The same with its sign."""
        return f"{self.whole(share)}\N{NO-BREAK SPACE}%"
