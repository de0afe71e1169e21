"""The checks: what a plan must not contradict. A check is ``plan, solution -> findings`` and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bagdar.checks.accounts import accounts_do_not_balance
from bagdar.checks.balances import (
    norm_exceeded,
    numbers_of_balances,
    quantity_beyond_its_limit,
    resources_exceed_uses,
    ties_in_a_circle,
    uses_exceed_resources,
)
from bagdar.checks.capacity import target_beyond_capacity, value_beyond_capacity
from bagdar.checks.expectations import (
    balance_without_residual,
    residual_not_an_identity,
    residual_of_something_else,
    shock_cannot_be_made,
    two_residuals_in_a_balance,
)
from bagdar.checks.indicators import indicator_without_section, prices_of_another_base
from bagdar.checks.indices import (
    index_chain_broken,
    index_chain_has_a_gap,
    nominal_beside_real,
    volume_and_price_do_not_give_the_value,
)
from bagdar.checks.inputs import (
    coefficient_outside_its_range,
    input_never_read,
    lever_not_listed,
    lever_without_effect,
    path_jumps,
)
from bagdar.checks.sets import circular_parents, label_not_valid_then
from bagdar.checks.shares import (
    percent_written_as_fraction,
    share_outside_its_whole,
    shares_do_not_add_to_the_whole,
)
from bagdar.checks.sources import (
    estimate_shown_as_official,
    future_shown_as_observed,
    later_than_plan_date,
    no_source,
    source_never_cited,
    unknown_source,
)
from bagdar.checks.statements import (
    check_fails,
    check_not_evaluated,
    stated_differently_elsewhere,
    stated_figure_differs,
    target_missed,
)
from bagdar.checks.sums import (
    mean_outside_its_parts,
    parts_do_not_add_to_total,
    total_is_not_the_sum_of_labels,
)
from bagdar.checks.translations import translation_missing, translation_stale
from bagdar.checks.values import (
    add_factor_without_effect,
    derived_figure_not_recomputable,
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
    # Declarations.
    circular_parents,
    label_not_valid_then,
    translation_missing,
    translation_stale,
    indicator_without_section,
    prices_of_another_base,
    # Where figures come from.
    no_source,
    unknown_source,
    source_never_cited,
    later_than_plan_date,
    future_shown_as_observed,
    estimate_shown_as_official,
    derived_figure_not_recomputable,
    observed_value_not_used,
    # What the plan is given.
    input_never_read,
    lever_without_effect,
    lever_not_listed,
    number_for_a_missing_indicator,
    lever_out_of_bounds,
    coefficient_outside_its_range,
    path_jumps,
    add_factor_without_effect,
    units_of_equations,
    variant_out_of_date,
    shock_cannot_be_made,
    balance_without_residual,
    two_residuals_in_a_balance,
    residual_not_an_identity,
    residual_of_something_else,
    # How figures hang together.
    parts_do_not_add_to_total,
    accounts_do_not_balance,
    mean_outside_its_parts,
    total_is_not_the_sum_of_labels,
    share_outside_its_whole,
    shares_do_not_add_to_the_whole,
    percent_written_as_fraction,
    index_chain_broken,
    index_chain_has_a_gap,
    nominal_beside_real,
    volume_and_price_do_not_give_the_value,
    # What the plan, and other documents, say of it.
    check_fails,
    check_not_evaluated,
    stated_figure_differs,
    stated_differently_elsewhere,
    value_beyond_capacity,
    numbers_of_balances,
    quantity_beyond_its_limit,
    uses_exceed_resources,
    resources_exceed_uses,
    ties_in_a_circle,
    norm_exceeded,
    target_beyond_capacity,
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
