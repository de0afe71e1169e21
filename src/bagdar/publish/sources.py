"""Where the figures come from, and what is wrong with those sources, as safe HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bagdar.erratum import ERRATUM_KINDS, Erratum
from bagdar.language import Language, phrase, written_date
from bagdar.plan import Plan


def sources(plan: Plan, language: Language) -> str:
    """The list of sources, '' if there is none."""
    items = []
    for source in plan.sources.values():
        parts = [f"{source.publisher.get(language)}. {source.title}"]
        if source.date:
            parts.append(phrase("sources_date", language, date=written_date(source.date, language)))
        if source.licence:
            parts.append(phrase("sources_licence", language, licence=source.licence))
        items.append(f"<li>{escape('; '.join(parts))}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def errata(plan: Plan, language: Language) -> str:
    """Known damage and contradictions of the sources by kind, '' if none: the source's words and our reading."""
    if not plan.errata:
        return ""
    heading = f"<h3>{escape(phrase('errata_title', language))}</h3>"
    note = f"<p>{escape(phrase('errata_note', language))}</p>"
    groups = [(kind, [e for e in plan.errata if e.kind == kind]) for kind in ERRATUM_KINDS]
    wrong = {e.source for e in plan.errata}
    named = len(wrong) > 1
    if not named:
        note = f"<p>{escape(_title(plan, wrong.pop(), language))}</p>{note}"
    shown = (_group(plan, kind, group, named, language) for kind, group in groups if group)
    return f'{heading}{note}<div class="errata">{"".join(shown)}</div>'


def _group(plan: Plan, kind: str, group: Sequence[Erratum], named: bool, language: Language) -> str:
    title = f'{escape(phrase(f"erratum_{kind}", language))} <span class="count">{len(group)}</span>'
    items = "".join(_item(plan, erratum, named, language) for erratum in group)
    return f"<h4>{title}</h4><ul>{items}</ul>"


def _item(plan: Plan, erratum: Erratum, named: bool, language: Language) -> str:
    """One erratum; its source is told here where the plan has errata of several (`named`), else once above."""
    basis = erratum.evidence or phrase("erratum_not_verified", language)
    parts = [phrase("erratum_evidence", language, evidence=basis)]
    if named:
        parts.insert(0, _title(plan, erratum.source, language))
    place = f"<p><q>{escape(erratum.place)}</q></p>"
    reading = f"<p>{escape(erratum.reading.get(language))}</p>"
    home = f"<code>{escape(str(erratum.home))}</code>" if erratum.home.file else ""
    return f'<li>{place}{reading}<p class="basis">{escape("; ".join(parts))} {home}</p></li>'


def _title(plan: Plan, code: str, language: Language) -> str:
    source = plan.sources.get(code)
    return f"{source.publisher.get(language)}. {source.title}" if source else code
