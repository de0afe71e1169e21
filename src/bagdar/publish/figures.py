"""Numbers as printed, each with the way to its origin."""

from __future__ import annotations

from bagdar.equations import Solution
from bagdar.language import Language, number
from bagdar.plan import Indicator
from bagdar.publish.content import Figure
from bagdar.quantity import STATUSES, Quantity

MISSING = "—"


def anchor(code: str, labels: tuple[str, ...] = (), period: str = "", kind: str = "v") -> str:
    """The id of a number's trace; a colon parts what a label cannot hold."""
    return ":".join([kind, code, *labels, *([period] if period else [])])


def figure(
    solution: Solution, indicator: Indicator, period: str, language: Language, labels: tuple[str, ...] = ()
) -> Figure:
    """The plan's number of an indicator in a period, or a dash."""
    return held_figure(solution.values[indicator.code], indicator, (*labels, period), language)


def held_figure(
    quantity: Quantity, indicator: Indicator, key: tuple[str, ...], language: Language, kind: str = "v"
) -> Figure:
    """The number that a quantity holds under `key`, or a dash. `kind` tells outcomes' anchors from the plan's."""
    cell = quantity.position(key)
    if cell is None or not quantity.present[cell]:
        return Figure(MISSING)
    status = STATUSES[int(quantity.status[cell])]
    timed = indicator.role != "coefficient"
    labels, period = (key[:-1], key[-1]) if timed else (key, "")
    text = number(float(quantity.values[cell]), language, indicator.decimals)
    return Figure(text, anchor(indicator.code, labels, period, kind), "" if status == "actual" else status)


def read_off(
    value: float | None, language: Language, decimals: int, leads_to: str, signed: bool = False, status: str = ""
) -> Figure:
    """A number that is computed from others of the report, such as a growth rate; it leads to those.

    `status` is the weakest of theirs.
    """
    if value is None:
        return Figure(MISSING)
    text = number(value, language, decimals)
    return Figure(("+" if signed and round(value, decimals) > 0 else "") + text, leads_to, status)


def weakest(quantity: Quantity, *keys: tuple[str, ...]) -> str:
    """The least sure status among the numbers under `keys`, that of what is computed from them; '' if all are actual.

    What is computed from official figures alone is as good as they are: no mark.
    """
    held = [cell for key in keys if (cell := quantity.position(key)) is not None and quantity.present[cell]]
    status = STATUSES[max((int(quantity.status[cell]) for cell in held), default=0)]
    return status if status in ("estimate", "assumption", "plan") else ""


def indicator_anchor(code: str) -> str:
    """The id of an indicator's trace: all its numbers and its equation."""
    return anchor(code, kind="t")
