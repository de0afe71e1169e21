"""The pictures that a plan declares, each with the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable

from bagdar.drawing import Picture
from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.period import Period
from bagdar.plan import Indicator
from bagdar.policy.naive import COVERED, Spread, spreads
from bagdar.policy.outcome import compare
from bagdar.publish import tables
from bagdar.publish.bars import Bar, paired_bars, two_sided_bars
from bagdar.publish.chart import line_chart
from bagdar.publish.choropleth import choropleth
from bagdar.publish.content import Chart, Line, Series, Table
from bagdar.publish.context import section_of
from bagdar.publish.figures import MISSING, anchor, held_figure, read_off, weakest
from bagdar.publish.labels import label_names, names
from bagdar.publish.units import unit_beside, unit_name
from bagdar.statistics.growth import Percent
from bagdar.statistics.shares import put_together, shares

_PAST = 9  # periods of history that a path shows
_MOST = 24  # bars of a picture; the last stands for the rest where there are more


def pictures(solution: Solution, section: str, language: Language) -> list[Chart]:
    """The plan's pictures that stand in a section of the report, in their order; those without numbers left out."""
    drawn = []
    for one in solution.plan.pictures:
        indicator = solution.plan.indicators.get(one.indicator)
        if indicator is not None and (one.section or section_of(indicator)) == section:
            chart = _KINDS[one.kind](solution, one, indicator, language)
            if chart is not None:
                drawn.append(chart)
    return drawn


def path_chart(solution: Solution, indicator: Indicator, labels: tuple[str, ...], language: Language) -> Chart:
    """History and plan with the band of naive errors, and, where they exist, outcome and naive forecast."""
    header = solution.plan.header
    quantity = solution.values[indicator.code]
    past = [p for p in header.periods if p <= header.base][-_PAST:]
    points = {
        "actual": [(p, quantity.get(*labels, str(p))) for p in past],
        "plan": [(p, quantity.get(*labels, str(p))) for p in header.plan_periods],
    }
    compared = None if labels else compare(solution, indicator)
    if compared is not None:
        points["outcome"] = [(p, compared.outcome.get(p)) for p in header.plan_periods]
        points["naive"] = [(p, compared.naive.get(p)) for p in header.plan_periods]
    series = []
    for kind, pairs in points.items():
        present = tuple((p.ordinal, v) for p, v in pairs if v is not None)
        if present:
            series.append(Series(phrase(f"series_{kind}", language), kind, present))
    unit = unit_name(indicator, language)
    named = [indicator.name(language), *label_names(solution.plan, indicator, labels, language)]
    title = " — ".join(named)
    band = spreads(solution, indicator, labels)
    drawn = line_chart(
        series,
        unit,
        language,
        title,
        header.horizon[0].ordinal,
        lambda at: str(Period(header.frequency, at)),
        [(one.period.ordinal, one.low, one.high) for one in band],
    )
    table = tables.chart_table(solution, indicator, compared, language, labels, band)
    said = _titled(title, unit_beside(indicator, language))
    return Chart(said, unit, drawn, table, _band_note(band, len(header.plan_periods), language))


def _band_note(band: tuple[Spread, ...], ahead: int, language: Language) -> str:
    """What the band is, of how many errors it is made, and that later years of the `ahead` planned have too few."""
    if not band:
        return ""
    counts = ", ".join(f"{one.period} — {one.count}" for one in band)
    told = phrase("chart_band", language, share=number(100 * COVERED, language, 0), counts=counts)
    if any(one.largest for one in band):
        told += " " + phrase("chart_band_largest", language)
    return told if len(band) == ahead else f"{told} {phrase('chart_band_few', language)}"


def _path(solution: Solution, picture: Picture, indicator: Indicator, language: Language) -> Chart | None:
    values = solution.values[indicator.code]
    known = any(values.get(*picture.labels, str(p)) is not None for p in solution.plan.header.periods)
    return path_chart(solution, indicator, picture.labels, language) if known else None


def _structure(solution: Solution, picture: Picture, indicator: Indicator, language: Language) -> Chart | None:
    """Shares of the labels that are no totals, the largest first."""
    group = solution.plan.sets[indicator.dims[0]]
    named, ends = names(group, language), _ends(solution, picture)
    parts = {period: _shares(solution, indicator, group.select(), period) for period in ends}
    listed = [label for label in group.select() if any(label in said for said in parts.values())]
    listed.sort(key=lambda label: -max(parts[ends[-1]].get(label, 0), 0))
    if not listed:
        return None
    bars = _most([Bar(named[label], *(parts[period].get(label) for period in ends)) for label in listed], language)
    title = phrase("picture_structure", language, name=indicator.name(language), first=ends[0], last=ends[1])
    held = solution.values[indicator.code]
    # A share rests on all parts: the whole is as unsure as the least sure of them.
    status = {p: weakest(held, *((label, p) for label in parts[p])) for p in ends}
    lines = tuple(
        Line(
            named[label],
            "%",
            tuple(
                read_off(parts[p].get(label), language, 1, anchor(indicator.code, (label,), p), status=status[p])
                for p in ends
            ),
        )
        for label in listed
    )
    table = Table(title, ends, lines, 1, head=phrase("column_part", language))
    return Chart(f"{title}, %", "%", paired_bars(bars, ends, "", 1, language, title), table, wide=True)


def _shares(solution: Solution, indicator: Indicator, labels: tuple[str, ...], period: str) -> dict[str, Percent]:
    """Each label's part of the sum in per cent; labels that never have a number are no part of it."""
    quantity = solution.values[indicator.code].select(indicator.dims[0], labels)
    ever = [label for label, some in zip(labels, quantity.present, strict=True) if some.any()]
    return shares({label: quantity.get(label, period) for label in ever})


def _most(bars: list[Bar], language: Language) -> list[Bar]:
    """The first bars, and beyond `_MOST` the others together in one."""
    if len(bars) <= _MOST:
        return bars
    shown, rest = bars[: _MOST - 1], bars[_MOST - 1 :]
    others = phrase("picture_others", language, count=len(rest))
    return [
        *shown,
        Bar(others, *(put_together(values) for values in ([bar.first for bar in rest], [bar.second for bar in rest]))),
    ]


def _two_sided(solution: Solution, picture: Picture, indicator: Indicator, language: Language) -> Chart | None:
    """One indicator to the right, the other to the left, label by label, the largest first."""
    other = solution.plan.indicators[picture.against]
    group = solution.plan.sets[indicator.dims[0]]
    named, period = names(group, language), _ends(solution, picture)[1]
    left, right = (solution.values[i.code] for i in (other, indicator))
    bars = {label: Bar(named[label], left.get(label, period), right.get(label, period)) for label in group.select()}
    listed = sorted((label for label, bar in bars.items() if bar.size > 0), key=lambda label: -bars[label].size)
    if not listed:
        return None
    unit = unit_name(indicator, language)
    heads = (other.name(language), indicator.name(language))
    title = f"{heads[1]} / {heads[0]}, {period}"
    keys = [(i, p) for p in _ends(solution, picture) for i in (other, indicator)]
    columns = tuple(f"{i.name(language)}, {p}" for i, p in keys)
    lines = tuple(
        Line(named[x], "", tuple(held_figure(solution.values[i.code], i, (x, p), language) for i, p in keys))
        for x in listed
    )
    decimals = min(indicator.decimals, 1)
    drawn = two_sided_bars(_most([bars[x] for x in listed], language), heads, "", decimals, language, title)
    table = Table(title, columns, lines, 2, head=phrase("column_part", language))
    return Chart(_titled(title, unit), unit, drawn, table, wide=True)


def _map(solution: Solution, picture: Picture, indicator: Indicator, language: Language) -> Chart | None:
    """The areas of a set in five classes, with the outlines' licence beneath."""
    outlines = solution.plan.maps.get(indicator.dims[0])
    group = solution.plan.sets[indicator.dims[0]]
    period, quantity = _ends(solution, picture)[1], solution.values[indicator.code]
    if outlines is None:
        return None
    values = {x: v for x in outlines.areas if (v := quantity.get(x, period)) is not None}
    if not values:
        return None
    named, unit = names(group, language), unit_name(indicator, language)
    title = f"{indicator.name(language)}, {period}"
    lines = tuple(
        Line(named[x], "", (held_figure(quantity, indicator, (x, period), language),))
        for x in group.labels
        if x in values
    )
    planned = int(period <= str(solution.plan.header.base))
    drawn = choropleth(outlines.areas, values, named, "", indicator.decimals, language, title)
    source = f"{outlines.attribution}. {outlines.source}"
    note = phrase("map_note", language, source=source, licence=outlines.licence)
    return Chart(
        _titled(title, unit),
        unit,
        drawn,
        Table(title, (period,), lines, planned, head=phrase("column_part", language)),
        note,
        wide=True,
        keys=tuple(f"{named[x]}: {_said(values.get(x), indicator, language)}" for x in outlines.areas),
    )


def _ends(solution: Solution, picture: Picture) -> tuple[str, str]:
    """The base period and the period of a picture."""
    header = solution.plan.header
    return str(header.base), str(picture.period or header.horizon[1])


def _said(value: float | None, indicator: Indicator, language: Language) -> str:
    return MISSING if value is None else number(value, language, indicator.decimals)


def _titled(title: str, unit: str) -> str:
    return f"{title}, {unit}" if unit else title


_KINDS: dict[str, Callable[[Solution, Picture, Indicator, Language], Chart | None]] = {
    "path": _path,
    "structure": _structure,
    "two_sided": _two_sided,
    "map": _map,
}
