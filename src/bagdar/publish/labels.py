"""Labels of sets as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar.language import Language
from bagdar.plan import Indicator, LabelSet, Plan


def names(group: LabelSet, language: Language) -> dict[str, str]:
    """The name of each label, its code where it has none, in the order of the set."""
    return {m.code: m.names.get(language) or m.code for m in group.members}


def label_names(plan: Plan, indicator: Indicator, labels: Sequence[str], language: Language) -> list[str]:
    """The names of an indicator's labels, in the order of its dims."""
    return [
        names(plan.sets[dim], language).get(label, label) for dim, label in zip(indicator.dims, labels, strict=False)
    ]
