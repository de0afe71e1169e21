"""How the economy hangs together: the plan's input-output table in the base period, for readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from bagdar.accounts.analysis import Analysis
from bagdar.accounts.table import InputOutput, table_of
from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.plan import AccountCodes
from bagdar.publish.content import Figure, Line, Section, Table
from bagdar.publish.figures import held_figure, indicator_anchor
from bagdar.publish.prose import chapter
from bagdar.publish.units import unit_name

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
        return self.solution.plan.indicators[code].names.get(self.language)

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

    def computed(self, value: float, decimals: int, code: str = "") -> Figure:
        """A number that follows from the table; an estimate where the table holds one."""
        origin = indicator_anchor(code or self.codes.technical)
        return Figure(number(value, self.language, decimals), origin, "estimate" if self.table.estimated else "")

    # Tables

    def resources_and_uses(self) -> Table:
        """Resources and uses by product: output, imports; intermediate, each final use, exports."""
        table, codes = self.table, self.codes
        decimals = self.solution.plan.indicators[codes.output].decimals
        own = [c for c in (codes.output, codes.imports) if c]
        used = [*table.final_uses, *([codes.exports] if codes.exports else [])]
        imported = np.zeros_like(table.output) if table.imports is None else table.imports
        intermediate = table.technical @ table.output
        lines = []
        for i, (label, name) in enumerate(zip(table.labels, self.sectors(), strict=True)):
            figures = [self.held(code, label) for code in own]
            figures.append(self.computed(float(table.output[i] + imported[i]), decimals, codes.output))
            figures.append(self.computed(float(intermediate[i]), decimals))
            if table.rest is not None:
                figures.append(self.computed(float(table.rest[i]), decimals))
            figures += [self.held(code, label) for code in used]
            lines.append(Line(name, "", tuple(figures)))
        sums = [table.output, *([imported] if codes.imports else []), table.output + imported, intermediate]
        sums += [] if table.rest is None else [table.rest]
        sums += [*table.final_uses.values(), *([table.sold_abroad] if codes.exports else [])]
        lines.append(self.total([float(v.sum()) for v in sums], [decimals] * len(sums)))
        columns = [*map(self.name, own), self.say("resources"), self.say("intermediate")]
        columns += [] if table.rest is None else [self.say("rest")]
        columns += map(self.name, used)
        return Table(self.title("uses_title"), tuple(columns), tuple(lines), len(columns), self.note())

    def value_added(self) -> Table:
        """How output divides into inputs and value added, and what of it is compensation."""
        table, codes = self.table, self.codes
        decimals = self.solution.plan.indicators[codes.output].decimals
        paid = table.compensation
        rows = []
        for at in [*range(len(table.labels)), slice(None)]:
            made, inputs, added = (float(np.sum(v[at])) for v in (table.output, table.inputs, table.added))
            row = [made, inputs, added, 100 * added / float(table.added.sum()), 100 * added / made if made else 0.0]
            if paid is not None:
                share = float(np.sum(paid[at]))
                row += [share, 100 * share / added if added else 0.0]
            rows.append(row)
        places = [decimals, decimals, decimals, 1, 1, decimals, 1]
        lines = [
            Line(name, "", tuple(self.computed(v, d, codes.output) for v, d in zip(row, places, strict=False)))
            for name, row in zip(self.sectors(), rows, strict=False)
        ]
        lines.append(self.total(rows[-1], places))
        keys = ["output", "intermediate", "added", "added_share", "added_ratio"]
        keys += ["paid", "paid_share"] if paid is not None else []
        columns = tuple(map(self.say, keys))
        return Table(self.title("added_title"), columns, tuple(lines), len(columns), self.note())

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
        heads = tuple(head for head, _ in columns)
        note = f"{self.say('linkages_note')} {self.note()}".strip()
        return Table(self.title("linkages_title", unit=False), heads, tuple(lines), len(heads), note)

    def import_contents(self) -> tuple[Table, ...]:
        """What part of each final use is imported, at once and by way of inputs."""
        if self.table.imports is None:
            return ()
        decimals = self.solution.plan.indicators[self.codes.output].decimals
        lines = []
        for name, vector, at_home in self.uses():
            whole = float(vector.sum())
            if whole <= 0:  # a use that is a deduction has no contents
                continue
            direct = float(self.table.import_share @ vector) if at_home else 0.0
            all_in_all = self.analysis.import_content(vector, at_home)
            row = [whole, *(100 * v / whole for v in (direct, all_in_all - direct, all_in_all, whole - all_in_all))]
            figures = [self.computed(v, d) for v, d in zip(row, (decimals, 1, 1, 1, 1), strict=True)]
            lines.append(Line(name, "", tuple(figures)))
        keys = ("amount", "imports_direct", "imports_indirect", "imports_all", "home_content")
        title = self.title("content_title", unit=False)
        columns = (f"{self.say('amount')}, {self.unit(self.codes.output)}", *map(self.say, keys[1:]))
        return (Table(title, columns, tuple(lines), len(columns), self.note()),)

    def uses(self) -> list[tuple[str, Array, bool]]:
        """Each final use: its name, its products, whether it is at home."""
        listed = [(self.name(code), vector, True) for code, vector in self.table.final_uses.items()]
        if self.table.rest is not None:
            listed.append((self.say("rest"), self.table.rest, True))
        if self.codes.exports:
            listed.append((self.name(self.codes.exports), self.table.sold_abroad, False))
        return listed

    def total(self, values: Sequence[float], decimals: Sequence[int]) -> Line:
        figures = tuple(self.computed(v, d, self.codes.output) for v, d in zip(values, decimals, strict=False))
        return Line(self.say("total"), "", figures)

    def note(self) -> str:
        return self.say("estimate_note") if self.table.estimated else ""

    # Sentences

    def sentences(self) -> list[str]:
        """The table in plain words."""
        table, found, language = self.table, self.analysis, self.language
        decimals = self.solution.plan.indicators[self.codes.output].decimals
        whole, inputs, added = (float(v.sum()) for v in (table.output, table.inputs, table.added))
        facts = {
            "base": self.solution.plan.header.base,
            "unit": self.unit(self.codes.output),
            "output": number(whole, language, decimals),
            "inputs": number(100 * inputs / whole, language, 0),
            "added": number(100 * added / whole, language, 0),
        }
        told = [self.say("told_output", **facts)]
        first = np.argsort(-table.added)[:_NAMED]
        told.append(self.say("told_largest", sectors=self.listed(first, 100 * table.added / added)))
        key = [i for i, label in enumerate(table.labels) if label in found.key_sectors]
        told.append(
            self.say("told_key", sectors="; ".join(self.sectors()[i] for i in key)) if key else self.say("told_no_key")
        )
        if table.imports is not None:
            shares = {n: found.import_content(v, home) / float(v.sum()) for n, v, home in self.uses() if v.sum() > 0}
            parts = [f"{n} — {number(100 * share, language, 0)}\N{NO-BREAK SPACE}%" for n, share in shares.items()]
            told.append(self.say("told_imports", uses="; ".join(parts)))
        if found.employment is not None:
            most = np.argsort(-found.employment)[:_NAMED]
            told.append(self.say("told_work", sectors="; ".join(self.sectors()[i] for i in most)))
        if table.estimated:
            told.append(self.say("told_estimate"))
        return told

    def listed(self, at: NDArray[np.intp], shares: Array) -> str:
        names = self.sectors()
        return "; ".join(f"{names[i]} ({number(float(shares[i]), self.language, 0)}\N{NO-BREAK SPACE}%)" for i in at)
