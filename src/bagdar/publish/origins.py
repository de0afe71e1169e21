"""The origins of numbers as HTML: tens of thousands a report, so they are written by hand and not by templates."""

from __future__ import annotations

from functools import cache
from html import escape

from bagdar.language import Language, phrase
from bagdar.publish.content import Cell, Input, Trace, TraceRow
from bagdar.quantity import STATUSES


def trace_html(trace: Trace, language: Language) -> str:
    """An indicator with its equation and the origin of each of its numbers.

    The origins stand beside their ``<details>``, not in it: a link's target inside a closed one stays unseen.
    """
    head = (
        f'<details id="{escape(trace.anchor)}"><summary><h3>{escape(trace.name)} '
        f'<span class="unit">{escape(trace.unit)}</span></h3> <code>{escape(trace.code)}</code></summary></details>'
    )
    equation = _equation(trace, language)
    rows = "".join(_origin(trace, row, language) for row in trace.rows)
    return f'<section class="trace">{head}<div class="body">{equation}{rows}</div></section>\n'


def _equation(trace: Trace, language: Language) -> str:
    told = ""
    if trace.equation:
        told += f"<h4>{_say('page_equation', language)}</h4><pre><code>{escape(trace.equation)}</code></pre>"
    if trace.explanation:
        told += f"<p>{escape(trace.explanation)}</p>"
    if trace.bounds:
        told += f'<p><span class="unit">{_say("page_bounds", language)}:</span> {escape(trace.bounds)}</p>'
    if trace.equation_home:
        told += f'<p class="home"><code>{escape(trace.equation_home)}</code></p>'
    return f'<div class="equation">{told}</div>'


def _origin(trace: Trace, row: TraceRow, language: Language) -> str:
    known = row.status in STATUSES
    facts = [
        ("page_status", _say(f"status_{row.status}", language) if known else ""),
        ("page_home", f"<code>{escape(row.home)}</code>" if row.home else ""),
        ("page_source", escape(row.source)),
        ("page_note", escape(row.note)),
    ]
    told = "".join(f"<div><dt>{_say(key, language)}</dt><dd>{text}</dd></div>" for key, text in facts if text)
    return (
        f'<article class="origin" id="{escape(row.anchor)}" tabindex="-1">'
        f'<h4><span class="name">{escape(trace.name)}, </span>{escape(row.period)}<span class="colon">:</span> '
        f'<b>{escape(row.text)}</b> <span class="unit">{escape(trace.unit)}</span></h4>'
        f'<a class="close" href="#closed">{_say("page_close", language)}</a><dl>{told}</dl>'
        f"{_inputs(row.inputs, language)}</article>\n"
    )


def _inputs(inputs: tuple[Input, ...], language: Language) -> str:
    if not inputs:
        return ""
    lines = "".join(
        f'<tr><th scope="row">{escape(one.name)}</th><td>{" ".join(map(_cell, one.cells))}'
        f"{f' <span>… +{one.more}</span>' if one.more else ''}</td></tr>"
        for one in inputs
    )
    return f'<table class="inputs"><caption>{_say("page_inputs", language)}</caption>{lines}</table>'


@cache
def _cell(cell: Cell) -> str:
    name = f"{escape(cell.name)}: " if cell.name else ""
    text = escape(cell.text)
    return (
        f'<span>{name}<a href="#{escape(cell.anchor)}">{text}</a></span>'
        if cell.anchor
        else f"<span>{name}{text}</span>"
    )


@cache
def _say(key: str, language: Language) -> str:
    return escape(phrase(key, language))
