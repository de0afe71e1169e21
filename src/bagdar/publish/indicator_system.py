"""The indicator system: the plan's lists of indicators, group by group, with what each number rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal

from bagdar.address import cell_name
from bagdar.equations import Solution
from bagdar.language import Language, phrase
from bagdar.plan import INDICATOR_GROUPS, ListedIndicator, Member, Plan
from bagdar.publish.content import Figure, Line, Section, Table
from bagdar.publish.figures import figure
from bagdar.publish.labels import label_names
from bagdar.publish.prose import chapter
from bagdar.publish.terminal import columns
from bagdar.publish.units import unit_beside, unit_name

Origin = Literal["given", "solved", "formula", "missing"]
ORIGINS: tuple[Origin, ...] = ("given", "solved", "formula", "missing")
Group = tuple[Member, Member, tuple[ListedIndicator, ...]]


def groups(plan: Plan) -> Iterator[Group]:
    """(list, group, its indicators) in the order of the set; a group without a parent is its own list."""
    named = plan.sets.get(INDICATOR_GROUPS)
    members = {m.code: m for m in named.members} if named else {}
    for code in named.select() if named else ():
        listed = tuple(one for one in plan.indicator_lists if one.group == code)
        if listed:
            yield members.get(members[code].parent, members[code]), members[code], listed


def origin(plan: Plan, code: str) -> Origin:
    """What an indicator's number rests on: nothing, a behavioural equation, an identity, or figures put in."""
    if plan.indicators[code].role == "missing":
        return "missing"
    equations = [s for s in plan.statements if s.code == code and s.kind == "equation"]
    if not equations:
        return "given"
    return "solved" if any(s.behaviour for s in equations) else "formula"


def counted(plan: Plan, listed: Sequence[ListedIndicator]) -> Counter[Origin]:
    """How many of the indicators rest on what; one that stands in several groups counts once."""
    return Counter(origin(plan, code) for code, _ in dict.fromkeys((x.indicator, x.labels) for x in listed))


def indicator_system(solution: Solution, language: Language) -> Section:
    """The section: counts, then a table a group; empty where the plan has no lists."""
    plan, title = solution.plan, phrase("section_indicator_system", language)
    if not plan.indicator_lists:
        return Section("indicator_system", title)
    told = "".join(f"<p>{escape(text)}</p>" for text in _sentences(solution, language))
    shown = tuple(_group_table(solution, group, language) for group in groups(plan))
    prose = told + chapter(plan, "indicator_system", language)
    return Section("indicator_system", title, prose, (_count_table(plan, language), *shown))


def system_lines(plan: Plan, language: Language) -> list[str]:
    """The counts and the lists for a terminal; the plan need not be solved."""
    if not plan.indicator_lists:
        return [phrase("system_none", language)]
    heads = [phrase(f"system_{key}", language) for key in ("all", *ORIGINS)]
    rows = [["", *heads], *([name, *map(str, numbers)] for name, numbers in _counts(plan, language))]
    lines = columns(rows, left=1)
    for above, group, listed in groups(plan):
        lines += ["", _titled(above, group, language)]
        lines += columns([_row(plan, one, language) for one in listed], left=5)
    return lines


def _row(plan: Plan, one: ListedIndicator, language: Language) -> list[str]:
    unit = unit_name(plan.indicators[one.indicator], language)
    return [
        f"  {cell_name(one.indicator, one.labels)}",
        name_of(plan, one, language),
        unit,
        *_told(plan, one, language),
    ]


def name_of(plan: Plan, one: ListedIndicator, language: Language) -> str:
    """The name of an indicator, with those of its labels."""
    indicator = plan.indicators[one.indicator]
    named = label_names(plan, indicator, one.labels, language)
    return " — ".join([indicator.name(language), *named])


def _titled(above: Member, group: Member, language: Language) -> str:
    names = (m.names.get(language) or m.code for m in dict.fromkeys((group, above)))
    return " — ".join(names)


def _counts(plan: Plan, language: Language) -> Iterator[tuple[str, list[int]]]:
    """(name, [all, given, solved, formula, missing]): a row a list, one a group under it, and one for the whole."""
    by_list: dict[Member, list[Group]] = {}
    for one in groups(plan):
        by_list.setdefault(one[0], []).append(one)
    for above, below in by_list.items():
        yield above.names.get(language) or above.code, _numbers(plan, [x for _, _, listed in below for x in listed])
        for _, group, listed in below:
            if group != above:
                yield f"  {group.names.get(language) or group.code}", _numbers(plan, listed)
    yield phrase("system_total", language), _numbers(plan, plan.indicator_lists)


def _numbers(plan: Plan, listed: Sequence[ListedIndicator]) -> list[int]:
    found = counted(plan, listed)
    return [found.total(), *(found[key] for key in ORIGINS)]


def _sentences(solution: Solution, language: Language) -> Iterator[str]:
    plan, header = solution.plan, solution.plan.header
    cells = list(dict.fromkeys((x.indicator, x.labels) for x in plan.indicator_lists))
    shown = [str(p) for p in (header.base, *header.plan_periods)]
    valued = sum(any(solution.values[c].get(*labels, p) is not None for p in shown) for c, labels in cells)
    missing = counted(plan, plan.indicator_lists)["missing"]
    yield phrase("system_intro", language, distinct=len(cells), valued=valued, missing=missing)
    yield phrase("system_how", language)
    yield phrase("system_adding", language)


def _count_table(plan: Plan, language: Language) -> Table:
    heads = tuple(phrase(f"system_{key}", language) for key in ("all", *ORIGINS))
    lines = []
    for name, numbers in _counts(plan, language):
        figures = tuple(Figure(str(n), "indicator_system") for n in numbers)
        lines.append(Line(name.strip(), "", figures, "growth" if name.startswith(" ") else "level"))
    head = phrase("column_group", language)
    return Table(phrase("system_counts", language), heads, tuple(lines), len(heads), head=head)


def _group_table(solution: Solution, group: Group, language: Language) -> Table:
    """A group: the base period and the plan's; beside the unit, where each comes from and how it adds up."""
    plan, header = solution.plan, solution.plan.header
    above, named, listed = group
    periods = tuple(str(p) for p in (header.base, *header.plan_periods))
    lines = []
    for one in listed:
        indicator = plan.indicators[one.indicator]
        told = "; ".join(filter(None, (unit_beside(indicator, language), *_told(plan, one, language))))
        figures = tuple(figure(solution, indicator, p, language, one.labels) for p in periods)
        lines.append(Line(name_of(plan, one, language), told, figures))
    return Table(_titled(above, named, language), periods, tuple(lines), 1)


def _told(plan: Plan, one: ListedIndicator, language: Language) -> tuple[str, str]:
    """In words: what an indicator's number rests on, or why it has none, and how it adds up."""
    indicator = plan.indicators[one.indicator]
    known = phrase(f"system_{origin(plan, one.indicator)}", language).lower()
    if indicator.role == "missing":
        known = f"{known}: {phrase(f'missing_{indicator.reason}', language)}"
    return known, phrase(f"adds_{indicator.adds_up.partition(' ')[0] or 'none'}", language)
