"""The published pages: HTML files from a report, complete in themselves, one a language while it is not too large."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bagdar.language import Language, phrase
from bagdar.publish.origins import trace_html
from bagdar.publish.split import LONGER, led_home, packed

if TYPE_CHECKING:
    from bagdar.publish.content import Chapter, Notice, Report

STATUSES = ("operational", "derived", "estimate", "assumption", "plan")
SEVERITIES = ("error", "warning", "note")
_FRAME = 30_000  # bytes of a page's style and frame
LARGEST = 1_500_000  # bytes of a page that a reader on a slow line still opens


def render(report: Report, largest: int = LARGEST) -> dict[str, str]:
    """The pages of `report` by file name; every text is escaped but `Section.prose` and `Chart.svg`.

    One page, `<language>.html`, while it has at most `largest` bytes. A larger one leaves the origins of its
    numbers to pages of their own, and then, the largest first, the tables that a reader opens; every link is led
    to the page that its target stands on.
    """
    writer = _writer(report)
    parts = [part for chapter in report.chapters for part in chapter.sections]
    tables = {part.anchor: writer.piece("details", part) if part.details else "" for part in parts}
    traces = [trace_html(trace, report.language) for trace in report.traces]
    away: list[str] = []
    whole = writer.main(tables, away, traces)
    if _bytes(whole) <= largest:
        return {f"{report.language}.html": whole}
    apart = packed(traces, largest - _FRAME)
    for anchor in sorted(tables, key=lambda one: -len(tables[one])):
        main = writer.main(tables, away, [], apart=bool(apart))
        if _bytes(main, apart=True) <= largest or not tables[anchor]:
            break
        away.append(anchor)
    pages = {f"{report.language}.html": writer.main(tables, away, [], apart=bool(apart))}
    for part in parts:
        if part.anchor in away:
            pages[writer.file(part.anchor)] = writer.page(part.title, tables[part.anchor])
    for number, pile in enumerate(apart, 1):
        pages[writer.file(f"numbers-{number}")] = writer.origins(pile)
    return led_home(pages)


@dataclass(frozen=True)
class _Writer:
    """Writes the pieces of a report with its words and templates."""

    report: Report
    pieces: Any
    frame: Any
    style: str
    parts: dict[tuple[str, str], str] = field(default_factory=dict)  # as written, by anchor and where its tables are

    def say(self, key: str) -> str:
        return phrase(key, self.report.language)

    def file(self, name: str) -> str:
        return f"{self.report.language}-{name}.html"

    def piece(self, name: str, *told: object) -> str:
        return str(getattr(self.pieces, name)(*told))

    def main(self, tables: dict[str, str], away: list[str], traces: list[str], apart: bool = False) -> str:
        """The report itself: its chapters, findings, and the origins that stand on this page."""
        body = [self.chapter(chapter, tables, away) for chapter in self.report.chapters]
        body.append(self.notices)
        body.append(self.origins_of(traces, apart))
        return self.page(self.report.title, "".join(body), self.contents())

    def chapter(self, chapter: Chapter, tables: dict[str, str], away: list[str]) -> str:
        parts = []
        for part in chapter.sections:
            href = self.file(part.anchor) if part.anchor in away else ""
            # The page is put together anew for each part whose tables leave it; the parts themselves stay as they are.
            if (part.anchor, href) not in self.parts:
                self.parts[part.anchor, href] = self.piece("part", part, tables[part.anchor], href)
            parts.append(self.parts[part.anchor, href])
        number = f'<span class="number">{chapter.number}</span> ' if chapter.number else ""
        note = f'<p class="none">{escape(chapter.note)}</p>' if chapter.note else ""
        head = f'<section class="chapter" id="{escape(chapter.anchor)}"><h2>{number}{escape(chapter.title)}</h2>'
        return f"{head}{note}{''.join(parts)}</section>"

    @cached_property
    def notices(self) -> str:
        """The findings, the gravest first."""
        return self.piece("notices", _groups(self.report.notices))

    def contents(self) -> str:
        """The table of contents: chapters and their parts."""
        items = []
        for chapter in self.report.chapters:
            parts = "".join(_item(part.anchor, part.title) for part in chapter.sections)
            inner = f"<ol>{parts}</ol>" if len(chapter.sections) > 1 else ""
            number = f"{chapter.number}. " if chapter.number else ""
            items.append(_item(chapter.anchor, number + chapter.title, inner))
        items += [_item("notices", self.say("page_notices")), _item("traces", self.say("page_traces"))]
        head = f'<h2 id="contents">{escape(self.say("page_contents"))}</h2>'
        return f'<nav class="contents" aria-labelledby="contents">{head}<ol>{"".join(items)}</ol></nav>'

    def origins_of(self, traces: list[str], apart: bool = False) -> str:
        """Where the numbers come from: the traces, or the list of indicators whose traces stand elsewhere."""
        note = escape(self.say("page_traces_note"))
        listed = "".join(
            f'<li><a href="#{escape(t.anchor)}">{escape(t.name)}</a> <code>{escape(t.code)}</code></li>'
            for t in self.report.traces
        )
        body = f'<ul class="index">{listed}</ul>' if apart else "".join(traces)
        head = f"<h2>{escape(self.say('page_traces'))}</h2>"
        css = "origins" if apart else "traces"
        return f'<section id="traces" class="{css}">{head}<p>{note}</p>{body}</section>'

    def origins(self, traces: list[str]) -> str:
        """A page of traces."""
        body = f'<section class="traces">{"".join(traces)}</section>'
        return self.page(self.say("page_traces"), body, origins=True)

    def page(self, heading: str, body: str, contents: str = "", origins: bool = False) -> str:
        """A page about `body`; one without contents is apart from the report and leads back to it."""
        apart = not contents
        title = f"{heading} — {self.report.title}" if apart else heading
        return str(
            self.frame.render(
                report=self.report, title=title, heading=heading, body=body, contents=contents,
                apart=apart, origins=origins, style=self.style,
            )
        )  # fmt: skip


def _writer(report: Report) -> _Writer:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # slow, only needed here

    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say = partial(_say, report.language)
    environment.globals.update(
        say=say,
        say_in=phrase,
        marks={status: (say(f"mark_{status}"), say(f"status_{status}")) for status in STATUSES},
    )
    pieces = environment.get_template("pieces.html.j2").module
    return _Writer(report, pieces, environment.get_template("page.html.j2"), _template("style.css"))


def _item(anchor: str, title: str, inner: str = "") -> str:
    return f'<li><a href="#{escape(anchor)}">{escape(title)}</a>{inner}</li>'


def _bytes(text: str, apart: bool = False) -> int:
    """The size of a page; links that will lead to other pages grow by those pages' names."""
    return len(text.encode()) + (text.count('href="#') * LONGER if apart else 0)


def _groups(notices: tuple[Notice, ...]) -> list[tuple[str, list[Notice]]]:
    """The notices by severity, the gravest first; a severity without any is left out."""
    groups = [(severity, [one for one in notices if one.severity == severity]) for severity in SEVERITIES]
    return [(severity, group) for severity, group in groups if group]


def _say(language: Language, key: str) -> str:
    """The phrase in `language`."""
    return phrase(key, language)


def _template(name: str) -> str:
    """The text of a file in `templates`."""
    return files("bagdar.publish").joinpath("templates", name).read_text("utf-8")
