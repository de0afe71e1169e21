"""Expected signs and ranges beside what the model gives, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar.expectation import Range, Sign
from bagdar.language import number
from bagdar.policy.expectations import Judged, Measured
from bagdar.policy.model_tests import Examination
from bagdar.publish.document import Grid, Part
from bagdar.publish.words import Words


def failing_signs(wrong: Sequence[Judged], say: Words) -> Grid:
    """A row for each sign that is not as expected."""
    rows = [
        (
            say.shock(one.row.shock),
            say.cell(one.row.indicator, one.row.labels),
            str(one.period),
            _sign(one.expected),
            say.moved(one),
            say.verdict(one.verdict, one.row.withdrawn),
            _why(one.row, say),
        )
        for one in wrong
    ]
    heads = say.heads("shock", "indicator", "period", "expected", "found", "verdict", "reason")
    return Grid(heads, tuple(rows), say("tests_failing_signs"), len(heads))


def sign_part(tests: Examination, say: Words) -> Part:
    """A table a shock: a row each expectation, first and last period beside one another."""
    plan = tests.solution.plan
    if not plan.expectations.shocks:
        return Part(say("tests_signs"), (say("tests_none"),))
    text, grids = [say("tests_signs_text", cells=len(tests.judged))], [_matrix(tests, say)]
    for tried in tests.tried:
        if tried.solution is None:
            text += [say("tests_not_run", shock=say.shock(tried.shock.code)), *say.errors(tried.findings)]
        rows = []
        for sign in (s for s in plan.expectations.signs if s.shock == tried.shock.code):
            judged = [one for one in tests.judged if one.row is sign]
            cells = [_sign_cells(judged, "first", say), _sign_cells(judged, "last", say)]
            rows.append((say.cell(sign.indicator, sign.labels), *cells[0], *cells[1], _why(sign, say)))
        heads = say.heads("indicator", "expected", "found", "verdict", "expected", "found", "verdict", "reason")
        first, last = str(tried.first), str(plan.header.horizon[1])
        dated = tuple(f"{first}: {h}" if i == 1 else f"{last}: {h}" if i == 4 else h for i, h in enumerate(heads))
        if rows:
            grids.append(Grid(dated, tuple(rows), f"{say.shock(tried.shock.code)} ({tried.shock.code})", len(heads)))
    return Part(say("tests_signs"), tuple(text), tuple(grids))


def _matrix(tests: Examination, say: Words) -> Grid:
    """All at a glance: shocks by indicators, the sign found in the first and in the last period, a cross if wrong."""
    judged = [one for one in tests.judged if not one.row.withdrawn]
    cells = list(dict.fromkeys((one.row.indicator, one.row.labels) for one in judged))
    rows = []
    for tried in tests.tried:
        row = [say.shock(tried.shock.code)]
        for cell in cells:
            own = [o for o in judged if o.row.shock == tried.shock.code and (o.row.indicator, o.row.labels) == cell]
            ends = [next((o for o in own if o.end == end), None) for end in ("first", "last")]
            row.append(" ".join(_mark(one) for one in ends))
        rows.append(tuple(row))
    key = "; ".join(f"{i} {say.cell(*cell)}" for i, cell in enumerate(cells, 1))
    heads = (*say.heads("shock"), *map(str, range(1, len(cells) + 1)))
    return Grid(heads, tuple(rows), say("tests_matrix", columns=key))


def _mark(one: Judged | None) -> str:
    if one is None:
        return "·"
    return _sign(one.found or "?") + ("" if one.verdict == "holds" else "✗")


def _sign_cells(judged: Sequence[Judged], end: str, say: Words) -> tuple[str, str, str]:
    """Expected, found and verdict of a row's first or last period; dashes where nothing is expected."""
    one = next((j for j in judged if j.end == end), None)
    if one is None:
        return "·", "", ""
    return _sign(one.expected), say.moved(one), say.verdict(one.verdict, one.row.withdrawn)


def _why(row: Sign | Range, say: Words) -> str:
    """The reason and source of an expectation, and when and why it was written later or took another's place."""
    notes = [say("tests_replaces", why=row.replaces)] if row.replaces else []
    notes += [say("tests_added", why=row.added)] if row.added else []
    return " ".join([row.reason, *([f"({row.source})"] if row.source else []), *(f"[{note}]" for note in notes)])


def _sign(sign: str) -> str:
    return sign.replace("-", "\N{MINUS SIGN}")


def range_part(tests: Examination, say: Words) -> Part:
    """A row a range: the ratio's two indicators, the range, what is found, and the verdict."""
    if not tests.measured:
        return Part(say("tests_ranges"), (say("tests_none"),))
    rows = [_range_row(one, say) for one in tests.measured]
    heads = say.heads("ratio", "shock", "period", "range", "found", "verdict", "reason")
    return Part(say("tests_ranges"), (say("tests_ranges_text"),), (Grid(heads, tuple(rows), left=len(heads)),))


def _range_row(one: Measured, say: Words) -> tuple[str, ...]:
    row = one.row
    return (
        f"{row.names.get(say.language) or row.code}: {say.cell(*row.effect)} / {say.cell(*row.per)}",
        say.shock(row.shock),
        str(one.period),
        f"{number(row.low, say.language)} … {number(row.high, say.language)}",
        say("value_missing") if one.ratio is None else say.small(one.ratio),
        say.verdict(one.verdict, row.withdrawn),
        _why(row, say),
    )
