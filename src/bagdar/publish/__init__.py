"""Publishing: the report as pages, results as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bagdar.equations import Solution
from bagdar.finding import Finding
from bagdar.language import LANGUAGES

if TYPE_CHECKING:
    from bagdar.balances.loop import Settled


def pages(
    solution: Solution,
    found: Sequence[Finding],
    accepted: Sequence[Finding],
    variant: str = "",
    settled: Settled | None = None,
) -> dict[str, str]:
    """The pages: file name -> HTML, `<language>.html` and, if that would be too large, the pages that it leads to.

    `variant` names the variant that has been applied, if any: the page then says so, and compares no others.
    `settled` is the plan's balances allocated by rank, if it has any.
    """
    from bagdar.policy.counted import comparisons
    from bagdar.policy.hindsight import in_hindsight
    from bagdar.policy.variants import effects
    from bagdar.publish.context import Context, headline
    from bagdar.publish.page import render
    from bagdar.publish.report import report
    from bagdar.publish.traces import explained, traces

    solved, known = () if variant else effects(solution), in_hindsight(solution)
    listed = dict.fromkeys([*headline(solution.plan), *solution.plan.indicators.values()])
    compared = comparisons(solution, listed, known)
    told = explained(solution)
    written: dict[str, str] = {}
    for code in LANGUAGES:
        traced = traces(solution, told, code)
        context = Context(solution, compared, solved, code, settled)
        written |= render(report(context, found, accepted, traced, variant))
    return written
