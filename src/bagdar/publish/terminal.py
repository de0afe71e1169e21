"""Results as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from bagdar.address import cell_name
from bagdar.equations import Explanation, Solution
from bagdar.finding import Finding, alike
from bagdar.importers import Imported
from bagdar.language import Language, number, phrase, scientific, signed
from bagdar.plan import Indicator
from bagdar.publish.tables import NOTHING
from bagdar.publish.units import unit_name


def finding_lines(found: Sequence[Finding], language: Language, root: str) -> Iterator[str]:
    """A line a finding, as `Finding.line` writes it; what is like the lines before is only counted."""
    for shown, more in alike(found):
        yield from (one.line(language, root) for one in shown)
        if more:
            yield "  " + phrase("findings_alike", language, count=number(more, language), rule=shown[0].rule)


def summary_line(found: Sequence[Finding], accepted: Sequence[Finding], language: Language) -> str:
    """How many errors, warnings and notes are open, and how many findings are accepted."""
    counts = {s: sum(f.severity == s for f in found) for s in ("error", "warning", "note")}
    parts = [phrase(f"{s}s", language, count=n) for s, n in counts.items()]
    return ", ".join([*parts, phrase("accepted", language, count=len(accepted))])


def solution_line(solution: Solution, language: Language) -> str:
    """What was solved and how exactly."""
    if not solution.solved:
        return phrase("not_solved", language)
    return phrase(
        "solved_line",
        language,
        equations=number(len(solution.model.equations), language),
        periods=len(solution.plan.header.plan_periods),
        blocks=number(solution.blocks, language),
        largest=number(solution.largest_block, language),
        residual=scientific(solution.residual, language),
    )


def imported_line(imported: Imported, folder: object, language: Language) -> str:
    """What was made of a model of another program."""
    counts = {"equations": imported.equations, "behaviour": imported.behaviour, "indicators": imported.indicators}
    told = {name: number(count, language) for name, count in counts.items()}
    first, last = imported.horizon
    return phrase("imported_line", language, path=folder, first=first, last=last, **told)


def headline(solution: Solution, language: Language) -> list[str]:
    """The headline indicators as lines of columns: name, unit, base period and plan periods."""
    header = solution.plan.header
    periods = [header.base, *header.plan_periods]
    rows = [["", "", *map(str, periods)]]
    for code in header.headline:
        indicator = solution.plan.indicators.get(code)
        if indicator is None or indicator.dims:
            continue
        values = (solution.values[code].get(str(p)) for p in periods)
        texts = [
            phrase("value_missing", language) if v is None else number(v, language, indicator.decimals) for v in values
        ]
        rows.append([indicator.name(language), unit_name(indicator, language), *texts])
    return columns(rows, left=2)


def columns(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """`rows` as lines of aligned columns, the first `left` of them to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    return [
        "  ".join(
            t.ljust(w) if i < left else t.rjust(w) for i, (t, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def add_factor_lines(solution: Solution, language: Language) -> list[str]:
    """Every base-period add-factor, on the left side as its equation writes it; those of nothing are counted."""
    base = str(solution.plan.header.base)
    rows, none = [], 0
    for code, quantity in sorted(solution.add_factors.items()):
        for labels in product(*quantity.labels[:-1]):
            value = quantity.get(*labels, base)
            if value is not None and abs(value) <= NOTHING:
                none += 1
            elif value is not None:
                rows.append([cell_name(code, labels), signed(value, language)])
    counted = [phrase("add_factors_of_nothing", language, count=none)] if none else []
    return [phrase("add_factor_column", language), *columns(rows, left=1), *counted] if rows or none else []


def explanation_lines(told: Explanation, language: Language) -> list[str]:
    """An explanation as lines: the number, then its home and source, or its equation and what it read."""
    indicator = told.indicator
    value = phrase("value_missing", language) if told.value is None else number(told.value, language)
    status = f" ({phrase('status_' + told.status, language)})" if told.status else ""
    lines = [f"{told.address} = {_with_unit(value, indicator, language)}{status}", f"  {indicator.name(language)}"]
    if told.statement is None:
        lines.append(f"  {told.home}")
        if told.source is not None:
            dated = f", {told.source.date.isoformat()}" if told.source.date else ""
            publisher = told.source.publisher.get(language)
            lines.append(f"  {phrase('explain_source', language)}: {publisher}, {told.source.title}{dated}")
        if told.note:
            lines.append(f"  {phrase('explain_note', language)}: {told.note}")
        return lines
    if told.home != told.statement.home:
        lines.append(f"  {phrase('explain_held', language)} {told.home}")
    lines.append(f"  {phrase('explain_equation', language)} {told.statement.home}")
    lines += [f"    {line}" for line in told.statement.text.split("\n")]
    if told.statement.doc:
        lines.append(f"    # {told.statement.doc}")
    if told.add_factor is not None:
        lines.append(f"  {phrase('explain_add_factor', language)}: {signed(told.add_factor, language)}")
    lines.append(f"  {phrase('explain_reads', language)}:")
    rows = []
    for read in told.inputs:
        held = phrase("value_missing", language) if read.value is None else number(read.value, language)
        sure = phrase("status_" + read.status, language) if read.status else ""
        rows.append([f"    {read.address}", held, f" {unit_name(read.indicator, language)}", sure, str(read.home)])
    return lines + list(columns(rows, left=1))


def _with_unit(text: str, indicator: Indicator, language: Language) -> str:
    unit = unit_name(indicator, language)
    return f"{text} {unit}" if unit else text
