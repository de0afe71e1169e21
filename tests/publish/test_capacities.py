"""Capacities for readers: what is installed is what was there and is added, less wear, whether it is used or not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.balances.given import allocated, balance, capacity, plan_of, resource, use

from bagdar.publish.capacities import capacities


def test_what_nobody_needs_is_still_installed() -> None:
    items = (
        resource("made"),
        use("people", quantity="people", rank=1),
        capacity("ovens", quantity="ovens", of="made", loss="wear", additions="new"),
    )
    plan = plan_of(
        {"steel": balance(*items)},
        {"people": [None, 5, 5, 9], "ovens": [10, None, None, None], "wear": 0.1},
        years=3,
    )
    told = {one.kind: one.amounts for one in capacities(allocated(plan))}
    installed, added = told["installed"], told["added"]
    assert told["used"] == pytest.approx([5, 5, 9])
    # A tenth wears out and what is added comes to it, whatever is used: 0.9 × 10 at first, of which 5 are needed.
    assert installed == pytest.approx(0.9 * np.array([10, *installed[:-1]]) + added)
    assert installed[0] >= 9
    assert (installed >= told["used"] - 1e-9).all()
    assert added.sum() > 1
