"""The tests of a plan's model as a document: what each came to, every cell, the failing ones first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bagdar import __version__
from bagdar.address import cell_name
from bagdar.equations.solution import CheckResult
from bagdar.language import Language, number, scientific
from bagdar.policy.counted import tally
from bagdar.policy.expectations import Judged, Measured
from bagdar.policy.homogeneity import nominal
from bagdar.policy.model_tests import Examination, identity
from bagdar.publish import tables
from bagdar.publish.closure import closure_part
from bagdar.publish.content import Table
from bagdar.publish.document import Document, Grid, Part
from bagdar.publish.expectations import failing_signs, range_part, sign_part
from bagdar.publish.words import Words

_SHOWN = 10  # of the equations and indicators that are furthest off


def model_document(tests: Examination, language: Language) -> Document:
    """The whole document in one language."""
    plan, say = tests.solution.plan, Words(tests.solution, language)
    parts = [
        closure_part(tests.solution, language),
        _base_part(tests, say),
        _check_part(tests, say),
        _homogeneity_part(tests, say),
        sign_part(tests, say),
        range_part(tests, say),
        _backcast_part(tests, say),
    ]
    title = say("tests_title", title=plan.header.title.get(language) or plan.header.code)
    told = say("tests_identity", hash=plan.hash[:16], tests=identity(plan)[:16], version=__version__)
    return Document(title, (told,), (_summary(tests, say), *parts))


def _summary(tests: Examination, say: Words) -> Part:
    """Each test and how many of its cells hold; then all that fail."""
    signs, ranges = ([one for one in told if not one.row.withdrawn] for told in (tests.judged, tests.measured))
    off = sum(d.missed for d in tests.doublings)
    counted = [
        ("base", sum(r.closes for r in tests.base.residuals), len(tests.base.residuals) + len(tests.base.unread)),
        ("checks", len(tests.solution.checks) - len(tests.broken_checks), len(tests.solution.checks)),
        ("homogeneity", (judged := sum(d.judged for d in tests.doublings)) - off, judged),
        ("signs", *_held(signs)),
        ("ranges", *_held(ranges)),
    ]
    rows = [
        (
            say(f"tests_{name}"),
            number(of, say.language),
            number(holding, say.language),
            number(of - holding, say.language),
        )
        for name, holding, of in counted
    ]
    text = [say("tests_passed" if tests.passed else "tests_failed")]
    if unstated := [say(f"tests_{name}") for name, _, of in counted if not of]:
        text.append(say("tests_unstated", names="; ".join(unstated)))
    for name, told in (("signs", signs), ("ranges", ranges)):
        if any(one.row.later for one in told):
            parts = [_held([one for one in told if one.row.later is later]) for later in (False, True)]
            (before, of), (after, of_these) = ([number(n, say.language) for n in part] for part in parts)
            facts = {"before": before, "of": of, "after": after, "of_these": of_these}
            text.append(say("tests_later", name=say(f"tests_{name}"), **facts))
    grids = [Grid(say.heads("test", "cells", "hold", "fail"), tuple(rows))]
    wrong = [one for one in tests.judged if one.verdict != "holds"]
    if wrong:
        grids.append(failing_signs(wrong, say))
    return Part(say("tests_summary"), tuple(text), tuple(grids))


def _held(told: Sequence[Judged | Measured]) -> tuple[int, int]:
    """(how many hold, of how many)."""
    return sum(one.verdict == "holds" for one in told), len(told)


def _base_part(tests: Examination, say: Words) -> Part:
    residuals = tests.base.residuals
    worst = [r for r in residuals if not r.closes][:_SHOWN] or list(residuals[:1])
    identities = [r.share for r in residuals if r.equation.add is None]
    text = [
        say(
            "tests_base_text",
            base=tests.solution.plan.header.base,
            equations=number(len(residuals), say.language),
            all=scientific(max((r.share for r in residuals), default=0.0), say.language),
            identities=scientific(max(identities, default=0.0), say.language),
            planned=scientific(tests.solution.residual, say.language),
        )
    ]
    for name, equations in (("unread", tests.base.unread), ("before", tests.base.before)):
        if equations:
            named = ", ".join(cell_name(*e.key) for e in equations[:_SHOWN])
            told = named + (" …" if len(equations) > _SHOWN else "")
            text.append(say(f"tests_base_{name}", count=len(equations), names=told))
    rows = [
        (
            say.cell(*r.equation.key),
            str(r.equation.statement.home),
            number(r.left, say.language),
            number(r.right, say.language),
            scientific(r.share, say.language),
            say.verdict("holds" if r.closes else "fails"),
        )
        for r in worst
    ]
    grid = Grid(say.heads("equation", "home", "left", "right", "share", "verdict"), tuple(rows), left=2)
    return Part(say("tests_base"), tuple(text), (grid,) if rows else ())


def _check_part(tests: Examination, say: Words) -> Part:
    """A row for each ``check``: how many periods it is tested in, the worst of them, and every one that fails."""
    rows = []

    def name(result: CheckResult) -> str:
        return cell_name(result.check.statement.code, result.check.labels)

    for code, group in groupby(tests.solution.checks, key=name):
        results = list(group)
        worst = max(results, key=lambda r: (not r.holds, abs(r.left - r.right)))
        broken = [r for r in results if not r.holds]
        for shown in broken or [worst]:
            rows.append(
                (
                    code,
                    str(shown.period) if broken else f"{results[0].period}–{results[-1].period}",
                    number(shown.left, say.language),
                    number(shown.right, say.language),
                    say.small(shown.left - shown.right),
                    say.verdict("holds" if shown.holds else "fails"),
                )
            )
    grid = Grid(say.heads("check", "period", "left", "right", "difference", "verdict"), tuple(rows), left=2)
    return Part(say("tests_checks"), (say("tests_checks_text" if rows else "tests_none"),), (grid,) if rows else ())


def _homogeneity_part(tests: Examination, say: Words) -> Part:
    plan = tests.solution.plan
    codes = nominal(plan)
    text = [say("tests_homogeneity_text", nominal=len(codes), of=len(plan.indicators))]
    declared = [*plan.expectations.nominal, *plan.expectations.real]
    if declared:
        text.append(say("tests_homogeneity_declared", codes=", ".join(declared)))
    grids = []
    for doubling in tests.doublings:
        cells = number(doubling.judged, say.language)
        text.append(say(f"tests_homogeneity_{doubling.way}", cells=cells, off=len(doubling.off)))
        text += [] if doubling.solved else [say("tests_homogeneity_unsolved"), *say.errors(doubling.findings)]
        rows = [
            (
                say.cell(o.indicator.code, o.labels),
                o.period,
                number(o.expected, say.language),
                number(o.found, say.language),
                f"{number(100 * o.share, say.language)} %",
                say.verdict("fails"),
            )
            for o in doubling.off[:_SHOWN]
        ]
        heads = say.heads("indicator", "period", "expected", "found", "share", "verdict")
        grids += [Grid(heads, tuple(rows), say(f"tests_{doubling.way}"), 2)] if rows else []
    return Part(say("tests_homogeneity"), tuple(text), tuple(grids))


def _backcast_part(tests: Examination, say: Words) -> Part:
    if not tests.compared:
        return Part(say("tests_backcast"), (say("tests_none"),))
    grids = [_grid(table, say) for table in tables.error_tables(tests.compared, say.language)]
    better, worse = tally(tests.compared)
    pseudo = [say("summary_pseudo")] if tests.solution.plan.header.data == "revised" else []
    return Part(say("tests_backcast"), (say("tests_backcast_text", better=better, worse=worse), *pseudo), tuple(grids))


def _grid(table: Table, say: Words) -> Grid:
    rows = tuple((line.name, *(f.text for f in line.figures)) for line in table.lines)
    return Grid((*say.heads("indicator"), *table.columns), rows, table.title)
