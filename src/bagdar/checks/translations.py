"""Translations: names and chapters are there in all languages, and as new as what they translate."""

from __future__ import annotations

from collections.abc import Iterator

from bagdar.equations.solution import Solution
from bagdar.finding import Finding, Home, finding
from bagdar.folder.translation import fingerprint, mark
from bagdar.language import Names
from bagdar.plan import Plan


def translation_stale(plan: Plan, _solution: Solution) -> list[Finding]:
    """A chapter whose mark says that it translates another, which has changed since (`folder.translation`).

    A chapter without a mark is not looked at.
    """
    findings = []
    for code, text in plan.chapters.items():
        told = mark(text)
        if told is None:
            continue
        home = Home(f"chapters/{code}.md", 1)
        source = f"{code.rpartition('.')[0]}.{told[0]}"
        facts = {"chapter": code, "source": source, "language": told[0]}
        if source not in plan.chapters or source == code:
            findings.append(finding("translation_of_nothing", home, f"text:{code}", **facts))
        elif told[1] != fingerprint(plan.chapters[source]):
            facts |= {"found": told[1] or "—", "now": fingerprint(plan.chapters[source])}
            findings.append(finding("translation_stale", home, f"text:{code}", **facts))
    return findings


def translation_missing(plan: Plan, _solution: Solution) -> list[Finding]:
    """A name that is there in some language but not in all; a plan that names nothing is left alone."""
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
