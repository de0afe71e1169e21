"""The page: complete in itself, every link with its target, nothing of a plan read as markup."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from bagdar import language as words
from bagdar.language import LANGUAGES, Language
from bagdar.publish import page as paging
from bagdar.publish.chart import line_chart
from bagdar.publish.content import (
    Cell,
    Chapter,
    Chart,
    Figure,
    Input,
    Line,
    Notice,
    Report,
    Section,
    Series,
    Table,
    Trace,
    TraceRow,
)
from bagdar.publish.page import render as rendered

HOSTILE = "<script>alert('Қ')</script>\"'&"
VOID = {"meta", "link", "br", "hr", "img", "input", "col"}


class Anything(dict[str, dict[str, str]]):
    """A catalogue that has every phrase."""

    def __missing__(self, key: str) -> dict[str, str]:
        return {code: f"{key}:{code}" for code in LANGUAGES}


@pytest.fixture(autouse=True)
def phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "catalogue", lambda _: Anything())


class Page(HTMLParser):
    """A page's elements, ids, links and text; an element closed out of turn fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        self.ids.update(value or "" for name, value in attrs if name == "id")
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def report(language: Language = "kk", name: str = "Жалпы ішкі өнім") -> Report:
    figures = (Figure("5\u00a0870,1", "v-2004", "operational"), Figure("6\u00a0500", "v-2005", "plan"))
    growth = Line(name, "%", (Figure(""), Figure("10,7", "", "derived")), "growth")
    table = Table(name, ("2004", name), (Line(name, "млрд ₸", figures), growth), 1, name)
    shown = (Series(name, "actual", ((2003, 1.0), (2004, 2.0))), Series(name, "plan", ((2005, 3.0),)))
    chart = Chart(name, "₸", line_chart(shown, "₸", language, name, 2005), table)
    opened = (table, Table(name, ("2004",), (Line(name, "", (), "group"), Line(name, "", figures[:1])), 1))
    part = Section("production", name, "<p>Safe <em>prose</em></p>", (table,), (chart,), opened)
    rows = (
        TraceRow("v-2004", "2004", "5\u00a0870,1", "operational", "data/a.csv:2:2004", name, name),
        TraceRow("v-2005", "2005", "6\u00a0500", "plan", name, inputs=(Input(name, (Cell(name, "5", "v-2004"),), 3),)),
    )
    return Report(
        language=language,
        title=name,
        subtitle=name,
        summary=(name,),
        chapters=(Chapter("section-one", "1", name, (part,)), Chapter("section-two", "2", name, (), name)),
        notices=(Notice("note", name, name), Notice("error", "a.csv:1", name, name)),
        traces=(Trace("i-gdp", name, name, "млрд ₸", f"gdp = {name}", name, name, rows),),
        identity=name,
        others=tuple((code, f"plan.{code}.html") for code in LANGUAGES if code != language),
    )


def render(told: Report) -> str:
    """The one page of a report that is small."""
    (page,) = rendered(told).values()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_page_has_one_target(language: Language) -> None:
    page = Page(render(report(language)))
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert {"v-2004", "v-2005", "section-one", "section-two", "notices", "traces", "closed"} <= within
    assert all(page.ids[anchor] == 1 for anchor in within)
    assert set(page.ids.values()) == {1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_so_and_leads_to_the_others(language: Language) -> None:
    text = render(report(language))
    assert f'<html lang="{language}">' in text
    assert {f"plan.{code}.html" for code in LANGUAGES if code != language} <= set(Page(text).links)
    assert f"page_traces:{language}" in text
    assert not re.search(rf"page_\w+:(?!{language})", text)


def test_what_a_plan_says_is_never_markup() -> None:
    plain, hostile = Page(render(report())), Page(render(report(name=HOSTILE)))
    assert hostile.tags == plain.tags
    assert hostile.tags["script"] == 0
    assert hostile.ids == plain.ids
    assert hostile.text.count(HOSTILE) > 20


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = render(report())
    page = Page(text)
    assert not {"script", "iframe", "img", "object", "embed"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert not re.search(r"@import|url\(|@font-face|https?://(?!www\.w3\.org/2000/svg)", text)
    assert "default-src 'none'" in text


def test_marks_are_explained_once_and_stand_beside_their_numbers() -> None:
    text = render(report())
    legend = text[text.index('<aside class="legend"') : text.index("</aside>")]
    for status in ("operational", "derived", "estimate", "assumption", "plan"):
        assert legend.count(f"status_{status}:kk") == 1
    assert '<abbr title="status_operational:kk">mark_operational:kk</abbr>' in text
    assert '<a href="#v-2004">5\u00a0870,1</a>' in text


def test_plan_columns_and_growth_lines_are_set_apart() -> None:
    page = render(report())
    assert page.count('<td class="plan">') == 3 * 2
    assert page.count('<tr class="growth">') == 3


def test_notices_go_from_grave_to_light() -> None:
    text = render(report())
    assert 0 < text.index("severity_error:kk") < text.index("severity_note:kk")
    assert "severity_warning" not in text
    assert text.count("page_accepted:kk") == 1
    empty = Report("en", "t", "s", (), (), (), (), "0", ())
    assert "page_no_notices:en" in render(empty)


def test_an_origin_is_not_shut_in_a_closed_details() -> None:
    text = render(report())
    traces = text[text.index('<section id="traces"') :]
    assert not re.search(r"<details(?:(?!</details>).)*<article", traces, re.DOTALL)
    assert traces.count('<article class="origin"') == 2


def test_the_same_each_time() -> None:
    assert render(report()) == render(report())


def test_a_plan_column_says_once_that_it_is_the_plan() -> None:
    text = render(report())
    assert '<abbr title="status_plan:kk">' not in text
    assert '<abbr title="status_operational:kk">' in text


def test_a_section_without_parts_says_so_and_stands_in_the_contents() -> None:
    text = render(report())
    assert '<section class="chapter" id="section-two"><h2><span class="number">2</span>' in text
    assert '<p class="none">' in text
    assert '<a href="#section-two">2. ' in text


def pages(largest: int) -> dict[str, str]:
    return rendered(report(), largest)


def test_a_report_that_is_too_large_is_split_and_every_link_still_finds_its_target() -> None:
    whole = rendered(report())
    assert list(whole) == ["kk.html"]
    apart = pages(len(whole["kk.html"].encode()) - 1)
    assert "kk-numbers-1.html" in apart
    ids = {file: set(Page(page).ids) for file, page in apart.items()}
    for file, page in apart.items():
        for link in Page(page).links:
            target, _, anchor = link.partition("#")
            if anchor:
                assert anchor in ids[target or file], (file, link)
    assert 'href="kk-numbers-1.html#v-2004"' in apart["kk.html"]
    assert 'href="kk.html"' in apart["kk-numbers-1.html"]


def test_the_largest_tables_leave_the_page_when_the_origins_alone_do_not_make_it_small() -> None:
    apart = pages(1)
    assert set(apart) == {"kk.html", "kk-production.html", "kk-numbers-1.html"}
    assert 'href="kk-production.html"' in apart["kk.html"]
    assert apart["kk-production.html"].count("<table") == 2
    assert "<details open><summary>" in apart["kk-production.html"]


def test_a_part_is_written_once_for_each_place_of_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    piece = paging._Writer.piece

    def counting(writer: paging._Writer, name: str, *told: object) -> str:
        if name == "part" and isinstance(told[0], Section):
            written.append(told[0].anchor)
        return piece(writer, name, *told)

    monkeypatch.setattr(paging._Writer, "piece", counting)
    pages(1)
    assert max(Counter(written).values()) <= 2
