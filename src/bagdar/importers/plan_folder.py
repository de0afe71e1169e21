"""A foreign model as the files of a plan's folder.

Every series that an equation determines or reads is an indicator, under the model's own name. The file does not say
in which units its series are, so all are pure numbers (`1`), which may be added and multiplied without end; nor does
it name them in more than one language, or put them into sections. The first is told by a finding, the rest is lived
with in `accepted.csv`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bagdar.equations.expression import distinct
from bagdar.equations.grammar import parse
from bagdar.finding import Fact, Finding, Home, finding
from bagdar.importers.foreign import ForeignModel
from bagdar.importers.numbers import SOURCE, Layout, add_factors, data_files, variants
from bagdar.importers.past import TOLERANCE, past
from bagdar.importers.shaping import Shaped, Shapes, reach, shape
from bagdar.importers.texts import listed, plain, quoted, table
from bagdar.importers.wording import comment, statement
from bagdar.language import LANGUAGES
from bagdar.period import Period
from bagdar.statement import BEHAVIOUR, split

_WHO = "bagdar import"
_UNDATED = "The file does not say when it was written; the end of the base period stands in."


@dataclass(frozen=True)
class Imported:
    """The files of the folder by their paths, and how much there is of what."""

    files: Mapping[str, bytes]
    equations: int
    behaviour: int
    indicators: int
    horizon: tuple[Period, Period]


def as_folder(model: ForeignModel, findings: list[Finding]) -> Imported:
    """The plan that the model is; what does not fit is a finding."""
    shapes = shape(model)
    equations = _sound(model, shapes, findings)
    roles = _roles(model, equations)
    terminal = model.horizon[1] + reach(equations)
    history, tolerance = past(model, shapes, equations, roles, terminal, findings)
    layout = Layout(model, equations, roles, history, terminal)
    _tell(layout, shapes, findings)
    groups = _groups(layout)
    files = {
        "plan.toml": _header(layout, tolerance),
        "indicators.csv": _indicators(layout),
        "sources.csv": _sources(layout),
        **data_files(layout, findings),
        **_statements(equations),
        "add_factors.csv": add_factors(layout),
        **groups,
        **variants(layout),
        "accepted.csv": _accepted(layout, bool(groups)),
    }
    behaviour = sum(one.behaviour for one in equations)
    encoded = {name: text.encode() for name, text in files.items() if text}
    return Imported(encoded, len(equations), behaviour, len(roles), model.horizon)


def _sound(model: ForeignModel, shapes: Shapes, findings: list[Finding]) -> tuple[Shaped, ...]:
    """The equations that Bagdar's language takes as they will be written."""
    sound = []
    for one in shapes.equations:
        code, home = one.equation.code, Home(model.file, one.equation.row)
        statements, _ = split(statement(code, one.transform, one.right))
        read = parse(statements[0]) if len(statements) == 1 else None
        if not one.behaviour and any((c.code, c.lag) == (code, 0) for c in distinct(one.right)):
            read = finding("circular_definition", home, code=code)
        if read is None or isinstance(read, Finding):
            said = read.text() if read is not None else one.equation.text[:60]
            findings.append(finding("foreign_equation_beyond_the_language", home, found=said, code=code))
        else:
            sound.append(one)
    return tuple(sound)


def _roles(model: ForeignModel, equations: Sequence[Shaped]) -> dict[str, str]:
    roles = {one.equation.code: "statistic" if one.reported else "endogenous" for one in equations}
    read = dict.fromkeys(cell.code for one in equations for cell in distinct(one.right))
    for code in (*(code for code in model.series if code in read), *read):
        roles.setdefault(code, "coefficient" if code in model.wanted.fixed else "exogenous")
    return roles


# -- declarations --------------------------------------------------------------------------------


def _header(layout: Layout, tolerance: float) -> str:
    model, base = layout.model, layout.base
    name = plain(model.name)
    group = next((codes for name, codes in model.groups if name.lower() == "headline"), ())
    headline = [code for code in group if layout.roles.get(code) == "endogenous"]
    lines = [
        f"# Imported from {plain(model.file)} by `bagdar import`.",
        f"code = {quoted(re.sub(r'[^A-Za-z0-9_-]', '_', name) or 'model')}",
        'profile = "generic"',
        f'base = "{base}"',
        f'horizon = ["{model.horizon[0]}", "{model.horizon[1]}"]',
        f'history = "{layout.history}"',
        *([f'terminal = "{layout.terminal}"'] if layout.terminal != model.horizon[1] else []),
        f"plan_date = {_day(layout).isoformat()}",
        *([f"headline = {json.dumps(headline, ensure_ascii=False)}"] if headline else []),
        "",
        "[title]",
        *(f"{language} = {quoted(name)}" for language in LANGUAGES),
    ]
    if tolerance > TOLERANCE:
        lines += ["", "[checks]", "# The file's own data miss its identities by that much."]
        lines += [f"identity_tolerance = {tolerance!r}"]
    return "\n".join(lines) + "\n"


def _day(layout: Layout) -> date:
    """The day on which the plan was made: when its file was written, else the end of the base period."""
    return layout.model.made or _end(layout.base)


def _end(period: Period) -> date:
    """The last day of a period."""
    following = period + 1
    month = following.ordinal % following.per_year * (12 // following.per_year) + 1
    return date(following.year, month, 1) - timedelta(days=1)


def _indicators(layout: Layout) -> str:
    head = ("code", *LANGUAGES, "unit", "role", "decimals")
    return table(head, [(code, "", "", _name(layout, code), "1", role, "4") for code, role in layout.roles.items()])


def _name(layout: Layout, code: str) -> str:
    """What the file calls a series; a code that is only repeated is no name."""
    name = layout.model.names.get(code, "")
    return "" if name == code else name


def _sources(layout: Layout) -> str:
    row = (SOURCE, "", plain(layout.model.file), _day(layout).isoformat(), "document", _UNDATED)
    head = ("code", "publisher", "title", "date", "kind", "note")
    return table(head, [row if layout.model.made is None else (*row[:-1], "")])


def _statements(equations: Sequence[Shaped]) -> dict[str, str]:
    """The equations, each under the text that it was read from."""
    files: dict[str, list[str]] = {"identities": [], "behaviour": [], "fitted": []}
    for one in equations:
        text = statement(one.equation.code, one.transform, one.right)
        kind = "behaviour" if one.behaviour else "fitted" if one.equation.kind == "fitted" else "identities"
        mark = f"{BEHAVIOUR}\n" if one.behaviour else ""
        files[kind].append(f"{comment(one.equation.text)}\n{mark}{text}\n")
    return {f"equations/{name}.eq": "\n".join(found) for name, found in files.items() if found}


def _groups(layout: Layout) -> dict[str, str]:
    """The file's groups of series as the plan's indicator system."""
    members, rows = [], []
    for place, (name, codes) in enumerate(layout.model.groups, 1):
        inside = [code for code in codes if code in layout.roles]
        if inside:
            members.append((f"group_{place}", "", "", name))
            rows += [(f"group_{place}", code) for code in inside]
    if not rows:
        return {}
    return {
        "sets/indicator_group.csv": table(("code", *LANGUAGES), members),
        "indicator_lists.csv": table(("group", "indicator"), rows),
    }


def _accepted(layout: Layout, groups: bool) -> str:
    rows = [("indicator_without_section", "indicators.csv", "The model's file has no sections.", _WHO)]
    reason = "The model's file has names in one language."
    if any(_name(layout, code) for code in layout.roles):
        rows.append(("translation_missing", "indicators.csv", reason, _WHO))
    if groups:
        rows.append(("translation_missing", "sets/indicator_group.csv", reason, _WHO))
    return table(("finding", "where", "reason", "who"), rows)


# -- what a reader of the plan should know -------------------------------------------------------


def _tell(layout: Layout, shapes: Shapes, findings: list[Finding]) -> None:
    model, roles, home = layout.model, layout.roles, Home(layout.model.file)
    used = {one.add for one in layout.equations}
    used |= {f"{one.equation.code}{end}" for one in layout.equations for end in ("_D", "_X")}
    left_out = [code for code in model.series if code not in roles and code not in used]
    if left_out:
        facts: dict[str, Fact] = {"count": len(left_out), "names": listed(left_out)}
        findings.append(finding("series_that_nothing_reads", home, **facts))
    given = {*model.series, *model.wanted.clocks}
    for code in (code for code, role in roles.items() if role == "exogenous" and code not in given):
        reader = next(one.equation for one in layout.equations if any(c.code == code for c in distinct(one.right)))
        at = Home(model.file, reader.row)
        findings.append(finding("foreign_series_missing", at, f"value:{code}", code=code, reader=reader.code))
    if shapes.held:
        facts = {"count": len(shapes.held), "names": listed(shapes.held)}
        findings.append(finding("held_by_a_dummy", home, **facts))
    if shapes.unready:
        facts = {"count": len(shapes.unready), "names": listed(shapes.unready)}
        findings.append(finding("behaviour_without_a_base", home, **facts))
    findings.append(finding("units_not_in_the_file", home, count=len(roles)))
