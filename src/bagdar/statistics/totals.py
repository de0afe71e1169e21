"""Totals of labelled quantities: the parts of a label, and what they sum to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bagdar.plan import LabelSet
from bagdar.quantity import STATUSES, Quantity


class Total(NamedTuple):
    """A sum, and the least sure status among its parts, at best ``derived``."""

    value: float
    status: str


def total(quantity: Quantity, groups: Sequence[LabelSet], key: Sequence[str]) -> Total | None:
    """The sum of the parts of the labels in `key` (a label for each group, then the period if there is one).

    None unless every part that ever has a number has one here: parts that never have, such as regions without a
    sector, are none. In the unit of `quantity`; raises ValueError for a label or period it does not hold.
    """
    parts = [leaves(group, label) for group, label in zip(groups, key, strict=False)]
    places = [[axis.index(label) for label in some] for axis, some in zip(quantity.labels, parts, strict=False)]
    index = np.ix_(*places)
    present = quantity.present[index]  # parts over periods, if there are any
    timed = len(key) > len(parts)
    at = quantity.labels[-1].index(key[-1]) if timed else ...
    ever = present.any(-1) if timed else present
    now = present[..., at]
    if not now.any() or (ever & ~now).any():
        return None
    status = max(int(quantity.status[index][..., at][now].max()), STATUSES.index("derived"))
    return Total(float(quantity.values[index][..., at][now].sum()), STATUSES[status])


def leaves(group: LabelSet, label: str) -> tuple[str, ...]:
    """The labels that `label` is the total of, down to those that are no totals; itself if it is none.

    Labels that are parts of one another (`circular_parents`) have none.
    """
    parts: dict[str, list[str]] = {}
    for member in group.members:
        if member.parent != member.code:
            parts.setdefault(member.parent, []).append(member.code)
    found, seen, waiting = [], {label}, [label]
    while waiting:
        one = waiting.pop()
        below = parts.get(one, [])
        if not below:
            found.append(one)
        waiting += [part for part in reversed(below) if part not in seen]
        seen.update(below)
    return tuple(found)
