"""Plans whose allocations are shown: settled with their models."""

from __future__ import annotations

from typing import Any

from tests.balances.given import balance, plan_of, resource, stock, use

from bagdar.balances import Options
from bagdar.balances.loop import Settled, settle
from bagdar.equations import simulate
from bagdar.plan import Plan


def settled_of(plan: Plan, options: Options | None = None) -> Settled:
    """The plan solved and allocated; nothing may be found."""
    solution, _ = simulate(plan)
    made, findings = settle(solution, options or Options())
    assert findings == []
    assert made is not None
    return made


def growing() -> Settled:
    """What is fed is that of two years later, and the years after the plan grow."""
    items = (
        resource("made", limit="most"),
        use("feed", norm="fed", of="made", lead=2),
        use("people", quantity="people", rank=1),
    )
    numbers: dict[str, Any] = {"people": [10, 12, 12, 12, 12], "most": [20] * 5, "fed": 0.5}
    return settled_of(plan_of({"steel": balance(*items)}, numbers, years=3, beyond=1), Options("exact", growth=0.1))


def capped() -> Settled:
    """Exports that cannot be delivered return to the model, and with them a norm that it gives."""
    items = (
        resource("mined", quantity="mined"),
        use("own", norm="used", of="exports", lead=1),
        use("exports", quantity="exports", rank=1),
    )
    numbers: dict[str, Any] = {"mined": [9, 9, 9], "exports": [5, 9, 9], "used": [0.5, None, None], "half": 0.1}
    plan = plan_of(
        {"coal": balance(*items)}, {**numbers, "unit": 1.0}, units={"used": "1", "unit": "t"}, years=2,
        equations="used = half*exports/unit\n", capped={"exports": "coal.exports"},
    )  # fmt: skip
    made = settled_of(plan, Options("exact"))
    assert made.caps
    return made


def stored() -> Settled:
    """A tenth of what is stored is lost from one year to the next."""
    items = (
        resource("mined", quantity="mined"),
        use("homes", quantity="homes", rank=1),
        stock("stored", quantity="stored", loss="lost"),
    )
    numbers: dict[str, Any] = {"mined": [9, 12, 3, 9], "homes": [5, 5, 7, 14], "stored": [2, 2, 2, 2], "lost": 0.1}
    return settled_of(plan_of({"coal": balance(*items)}, numbers, years=3))
