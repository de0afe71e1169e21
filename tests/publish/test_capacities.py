"""Capacities for readers: what is installed is what was there and is added, less wear, whether it is used or not."""

from __future__ import annotations

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
    told = {(one.kind): one.amounts for one in capacities(allocated(plan))}
    assert told["used"] == pytest.approx([5, 5, 9])
    # 9, 8.1, and the 1.71 that 9 lack of 0.9 × 8.1, or more before: in all three years what is added counts.
    added = told["added"]
    assert told["installed"] == pytest.approx([9 + added[0], 8.1 + 0.9 * added[0] + added[1], told["installed"][2]])
    assert told["installed"][2] == pytest.approx(0.9 * told["installed"][1] + added[2])
    assert (told["installed"] >= told["used"] - 1e-9).all()
