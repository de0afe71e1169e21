"""The input-output table: it can be read, and it balances."""

from __future__ import annotations

from bagdar.accounts.table import balances, table_of
from bagdar.equations.solution import Solution
from bagdar.finding import Finding
from bagdar.plan import Plan


def accounts_do_not_balance(plan: Plan, solution: Solution) -> list[Finding]:
    """The table that `[accounts]` names lacks something, or its resources, uses and value added do not add up."""
    table, findings = table_of(plan)
    return findings if table is None else balances(plan, table)
