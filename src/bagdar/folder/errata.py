"""`source_errata.csv`: what is damaged or contradictory in the sources that a plan quotes."""

from __future__ import annotations

from pathlib import Path

from bagdar.address import CODE
from bagdar.erratum import ERRATUM_KINDS, Erratum
from bagdar.finding import Finding, finding
from bagdar.folder.rows import names_of, open_table, unique
from bagdar.language import LANGUAGES


def read_errata(root: Path, findings: list[Finding]) -> tuple[Erratum, ...]:
    """`source_errata.csv`: what is damaged or contradictory in the sources, and how it is read here."""
    needed = ("code", "source", "kind", "place", *LANGUAGES)
    table = open_table(root, "source_errata.csv", needed, findings, ("evidence",))
    errata = []
    for row in table.rows if table else ():
        assert table is not None
        code, source, kind, place, evidence = (table.get(row, name) for name in (*needed[:4], "evidence"))
        reading = names_of(table, row)
        if not CODE.fullmatch(code):
            findings.append(finding("code_unusable", table.home(row, "code"), found=code))
            continue
        if kind not in ERRATUM_KINDS:
            facts = {"column": "kind", "found": kind, "expected": ", ".join(ERRATUM_KINDS)}
            findings.append(finding("word_unknown", table.home(row, "kind"), **facts))
            continue
        for column, told in (("source", source), ("place", place), (LANGUAGES[0], reading.get(LANGUAGES[0]))):
            if not told:
                findings.append(finding("erratum_left_empty", table.home(row, column), code=code, column=column))
        errata.append(Erratum(code, source, kind, place, reading, evidence, table.home(row)))
    return tuple(unique(errata, lambda e: e.code, findings))
