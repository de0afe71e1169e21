"""Totals of labelled quantities: what has no parts is its own, and a total of some is none."""

from __future__ import annotations

import numpy as np

from bagdar.language import Names
from bagdar.plan import LabelSet, Member
from bagdar.quantity import STATUSES, Quantity
from bagdar.statistics.totals import Total, leaves, total
from bagdar.unit import ONE

PARENTS = {"economy": "", "farms": "economy", "mines": "economy", "oil": "mines", "ore": "mines", "peat": "mines"}
SECTOR = LabelSet("sector", tuple(Member(code, Names(), parent) for code, parent in PARENTS.items()))


def jobs(numbers: dict[str, list[float | None]], status: str = "actual") -> Quantity:
    """Numbers of 2003 and 2004."""
    rows = [numbers.get(label, [None, None]) for label in PARENTS]
    present = np.array([[v is not None for v in row] for row in rows])
    return Quantity(
        ("sector", "period"),
        (tuple(PARENTS), ("2003", "2004")),
        np.array([[0.0 if v is None else v for v in row] for row in rows]),
        present,
        ONE,
        np.where(present, STATUSES.index(status), 0),
    )


def test_a_total_is_the_sum_of_its_parts_and_at_best_derived() -> None:
    held = jobs({"farms": [4, 5], "oil": [1, 2], "ore": [2, None]})
    assert total(held, [SECTOR], ("economy", "2003")) == Total(7, "derived")
    assert total(jobs({"oil": [1, 2]}, "estimate"), [SECTOR], ("mines", "2004")) == Total(2, "estimate")


def test_parts_of_which_one_is_missing_have_no_total_and_a_part_that_never_was_is_none() -> None:
    held = jobs({"farms": [4, 5], "oil": [1, 2], "ore": [2, None]})
    assert total(held, [SECTOR], ("mines", "2004")) is None  # ore had a number in 2003; peat never had
    assert total(jobs({}), [SECTOR], ("economy", "2003")) is None


def test_leaves_go_down_to_what_is_no_total() -> None:
    assert leaves(SECTOR, "economy") == ("farms", "oil", "ore", "peat")
    assert leaves(SECTOR, "mines") == ("oil", "ore", "peat")
    assert leaves(SECTOR, "oil") == ("oil",)


def test_labels_that_are_parts_of_one_another_have_no_parts_of_their_own() -> None:
    parents = {"a": "b", "b": "a", "c": "c", "d": "e"}
    group = LabelSet("sector", tuple(Member(code, Names(), parent) for code, parent in parents.items()))
    assert [leaves(group, label) for label in "abcd"] == [(), (), ("c",), ("d",)]


def test_a_long_chain_of_parts_has_one_at_its_end() -> None:
    members = tuple(Member(f"m{i}", Names(), f"m{i - 1}" if i else "") for i in range(3000))
    assert leaves(LabelSet("sector", members), "m0") == ("m2999",)
