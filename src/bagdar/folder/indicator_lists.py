"""`indicator_lists.csv`: the indicator system, which indicators stand in which group."""

from __future__ import annotations

from pathlib import Path

from bagdar.finding import Finding, Home, finding
from bagdar.folder.rows import is_cell, open_table, unique, unknown_label
from bagdar.plan import INDICATOR_GROUPS, ListedIndicator, Plan


def read_indicator_lists(root: Path, frame: Plan, findings: list[Finding]) -> tuple[ListedIndicator, ...]:
    """`indicator_lists.csv`: which indicators stand in which group of the set `indicator_group`, in file order."""
    table = open_table(root, "indicator_lists.csv", ("group", "indicator"), findings, ("labels",))
    if table is None:
        return ()
    named = frame.sets.get(INDICATOR_GROUPS)
    if named is None:
        findings.append(finding("unknown_set", Home(table.file, 1), found=INDICATOR_GROUPS))
        return ()
    groups, listed = named.select(), []
    for row in table.rows:
        group, code = table.get(row, "group"), table.get(row, "indicator")
        labels = tuple(table.get(row, "labels").split())
        if group not in groups:
            findings.append(unknown_label(table.home(row, "group"), group, INDICATOR_GROUPS, groups))
        elif is_cell(code, labels, frame, (table.home(row, "indicator"), table.home(row, "labels")), findings):
            listed.append(ListedIndicator(group, code, labels, table.home(row)))
    filled = {table.get(row, "group") for row in table.rows}
    empty = [member for member in named.members if member.code in groups and member.code not in filled]
    findings += [
        finding("indicator_group_empty", m.home, f"set:{INDICATOR_GROUPS}[{m.code}]", code=m.code) for m in empty
    ]
    return tuple(unique(listed, lambda x: " ".join((x.group, x.indicator, *x.labels)), findings))
