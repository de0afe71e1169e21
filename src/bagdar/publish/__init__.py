"""Publishing: the report as pages, results as tables."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar.equations import Solution
from bagdar.finding import Finding
from bagdar.language import LANGUAGES


def pages(
    solution: Solution, found: Sequence[Finding], accepted: Sequence[Finding], variant: str = ""
) -> dict[str, str]:
    """The page set: file name -> HTML, one in each language, each complete in itself.

    `variant` names the variant that has been applied, if any: the page then says so, and compares no others.
    """
    from bagdar.policy.hindsight import in_hindsight
    from bagdar.policy.variants import effects
    from bagdar.publish.page import render
    from bagdar.publish.report import report

    solved, known = () if variant else effects(solution), in_hindsight(solution)
    return {
        f"{code}.html": render(report(solution, found, accepted, solved, known, code, variant)) for code in LANGUAGES
    }
