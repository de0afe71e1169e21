"""The checks: what a plan must not contradict. A check is ``plan, solution -> findings`` and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bagdar.checks.accounts import accounts_do_not_balance
from bagdar.checks.sets import circular_parents, label_not_valid_then, translation_missing
from bagdar.checks.sources import estimate_shown_as_official, later_than_plan_date, no_source, unknown_source
from bagdar.checks.statements import check_fails, check_not_evaluated, stated_figure_differs, target_missed
from bagdar.checks.sums import parts_do_not_add_to_total
from bagdar.checks.values import (
    add_factor_without_effect,
    lever_out_of_bounds,
    number_for_a_missing_indicator,
    observed_value_not_used,
    units_of_equations,
    variant_out_of_date,
)
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding, in_order
from bagdar.plan import Plan

Check = Callable[[Plan, Solution], list[Finding]]

# In the order in which a reader would want to know.
CHECKS: tuple[Check, ...] = (
    circular_parents,
    label_not_valid_then,
    translation_missing,
    no_source,
    unknown_source,
    later_than_plan_date,
    estimate_shown_as_official,
    observed_value_not_used,
    number_for_a_missing_indicator,
    lever_out_of_bounds,
    add_factor_without_effect,
    units_of_equations,
    variant_out_of_date,
    parts_do_not_add_to_total,
    accounts_do_not_balance,
    check_fails,
    check_not_evaluated,
    stated_figure_differs,
    target_missed,
)


def check(plan: Plan, solution: Solution, found: Iterable[Finding] = ()) -> tuple[list[Finding], list[Finding]]:
    """(open findings, accepted findings) of a plan: what reading and solving `found`, and what the checks find.

    An accepted finding that no longer occurs is itself an open one.
    """
    findings = [*found]
    for rule in CHECKS:
        findings += rule(plan, solution)
    accepted = {(a.rule, a.where): a for a in plan.accepted}
    fired = set()
    open_ones, known = [], []
    for item in in_order(findings):
        # An error is accepted by its address only: a whole file's would hide those to come.
        keys = [(item.rule, item.address), *([(item.rule, item.home.file)] if item.severity != "error" else [])]
        key = next((k for k in keys if k in accepted), None)
        if key is None:
            open_ones.append(item)
        else:
            fired.add(key)
            known.append(item)
    for key, row in accepted.items():
        if key not in fired and solution.solved:  # an unsolved plan says nothing of what its solution would
            open_ones.append(finding("accepted_no_longer_fires", row.home, accepted=key[0], where=key[1] or "—"))
    return list(in_order(open_ones)), known
