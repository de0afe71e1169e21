"""Documents as text, Markdown and a page: what is in them is shown, not obeyed."""

from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt
from tests.conftest import small_plan

from bagdar.equations import simulate
from bagdar.expectation import Balance, Expectations
from bagdar.finding import has_errors
from bagdar.language import LANGUAGES, Names
from bagdar.plan import Fixed
from bagdar.publish.closure import closure_lines
from bagdar.publish.document import Document, Grid, Part, as_html, as_markdown, as_text

HOSTILE = "a|b <script>alert(1)</script> *x* [y](z) `q` _u_ #"
GRID = Grid(("name", "value"), ((HOSTILE, "1"), ("long name", "1,234")), "a table")
DOCUMENT = Document("title", ("first",), (Part("part", ("said",), (GRID,)),))


def test_markdown_shows_every_text_as_it_is() -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(as_markdown(DOCUMENT))
    assert html.count("<tr>") == 3
    assert "a|b &lt;script&gt;alert(1)&lt;/script&gt; *x* [y](z) `q` _u_ #" in html
    assert "<script>" not in html


def test_the_page_shows_every_text_as_it_is() -> None:
    page = as_html(DOCUMENT, "kk")
    assert '<html lang="kk">' in page
    assert "<script>" not in page
    assert "a|b &lt;script&gt;" in page


def test_a_terminal_has_numbers_in_line() -> None:
    lines = as_text(DOCUMENT).splitlines()
    ends = [len(line) for line in lines if line.endswith(("value", " 1", "1,234"))]
    assert len(ends) == 3
    assert len(set(ends)) == 1


def test_the_closure_names_residual_and_equation_in_three_languages() -> None:
    plan = small_plan("u = n - e\n", {"n": (5, 5, 5, 5, 5), "e": (4, 4, 4, 4, 4)}, {"u": ()})
    balance = Balance("labour", Names("еңбек", "труд", "labour"), "u", ("n", "e"))
    plan = replace(plan, expectations=Expectations(closure=(balance,)))
    solution, _ = simulate(plan)
    for language, name in zip(LANGUAGES, ("еңбек", "труд", "labour"), strict=True):
        line = closure_lines(solution, language)[2]
        assert line.split() == [name, "u", "equations/model.eq:1"]


def test_an_instrument_that_gives_way_in_some_periods_is_the_residual_there() -> None:
    plan = small_plan("u = n - e\n", {"n": (5, 5, 5, 5, 5), "e": (4, 4, 4, 4, 4)}, {"u": ()})
    balance = Balance("labour", Names("еңбек", "труд", "labour"), "u", ("n", "e"))
    named = {code: replace(i, names=Names(en=f"the {code}")) for code, i in plan.indicators.items()}
    plan = replace(plan, expectations=Expectations(closure=(balance,)), indicators=named)
    years = plan.header.plan_periods
    for swapped, told in ((years[:1], f"(u): {', '.join(map(str, years[1:]))}"), (years, "(e)")):
        fixed = tuple(Fixed("u", (), year, 2.0, ("e", (), year)) for year in swapped)
        solution, findings = simulate(replace(plan, fixed=fixed))
        assert not has_errors(findings)
        line = closure_lines(solution, "en")[2]
        assert told in line
        assert "(e)" in line
        assert ("(u)" in line) is (swapped != years)


def test_without_a_closure_nothing_is_printed() -> None:
    solution, _ = simulate(small_plan("y = x\n", {"x": (1, 1, 1, 1, 1)}, {"y": ()}))
    assert closure_lines(solution, "en") == []
