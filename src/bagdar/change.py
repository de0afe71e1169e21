"""Changes: the only way in which one plan differs from another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np

from bagdar.address import Address
from bagdar.finding import Finding, Home, finding
from bagdar.language import Names
from bagdar.plan import AddFactor, Fixed, Member, Origin, Plan, Target
from bagdar.quantity import STATUSES, Quantity, empty
from bagdar.statement import split

Op = Literal["set", "add", "scale", "insert", "delete", "replace", "fix", "swap", "observe"]
OPS: tuple[Op, ...] = get_args(Op)
Result = tuple[Plan, list[Finding]]


@dataclass(frozen=True)
class Change:
    """`op` at `address`: what was there (`old`, None for nothing), what comes (`new`), who and why.

    set, observe: a number, or None for missing · add, scale: an amount, a factor · insert, delete, replace: an
    equation's or chapter's text, a set member as {kk, ru, en, parent, flags} · fix: a number · swap: {value,
    instrument}. If what stands in the plan is not `old`, the change is not made: a conflict finding says so.
    """

    op: Op
    address: Address
    old: Any = None
    new: Any = None
    who: str = ""
    why: str = ""
    home: Home = field(default_factory=Home, compare=False)


def apply(plan: Plan, changes: Sequence[Change]) -> Result:
    """The plan after all `changes`, in order; what cannot be applied is a finding and is left out."""
    findings: list[Finding] = []
    for change in changes:
        plan, found = _apply_one(plan, change)
        findings += found
    return plan, findings


def inverse(plan: Plan, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes that lead from `apply(plan, changes)` back to `plan`, exactly."""
    undo: list[Change] = []
    for change in changes:
        after, found = _apply_one(plan, change)
        if not found:
            undo.append(_undo(plan, after, change))
        plan = after
    return tuple(reversed(undo))


def variant_hash(plan: Plan, changes: Sequence[Change]) -> str:
    """The identity of a variant: the hash of the base plan's hash and of the changes."""
    text = "\n".join([plan.hash, *(f"{c.op} {c.address} {c.old!r} {c.new!r}" for c in changes)])
    return hashlib.sha256(text.encode()).hexdigest()


def current(plan: Plan, address: Address) -> Any:
    """What stands at `address` now, in the form that `Change.old` takes; None for nothing."""
    look: dict[str, Callable[[Plan, Address], Any]] = {
        "equation": _statement_text,
        "text": lambda p, a: p.chapters.get(a.code),
        "set": _member,
        "addfactor": lambda p, a: next((x.value for x in p.add_factors if _same(a, x.equation, x)), None),
        "target": lambda p, a: next((x.value for x in p.targets if _same(a, x.indicator, x)), None),
    }
    return look.get(address.kind, _cell_value)(plan, address)


def _apply_one(plan: Plan, change: Change) -> Result:
    address = change.address
    if address.path:
        return plan, [finding("address_of_another_plan", change.home, address)]
    kinds: dict[str, Callable[[Plan, Change], Result]] = {
        "equation": _change_equation,
        "text": _change_text,
        "set": _change_set,
        "addfactor": _change_add_factor,
        "target": _change_target,
        "value": _change_cell,
        "lever": _change_cell,
        "coefficient": _change_cell,
    }
    if address.kind not in kinds:
        return plan, [finding("change_has_no_place", change.home, address, op=change.op)]
    if change.op not in ("fix", "swap"):
        now = current(plan, address)
        if _placeless(now) != _placeless(change.old):
            return plan, [
                finding("conflicting_change", change.home, address, expected=_show(change.old), found=_show(now))
            ]
    return kinds[address.kind](plan, change)


# -- numbers -------------------------------------------------------------------------------------


def _change_cell(plan: Plan, change: Change) -> Result:
    address, indicator = change.address, plan.indicators.get(change.address.code)
    quantity = plan.values.get(address.code)
    if indicator is None or quantity is None:
        return plan, [finding("unknown_address", change.home, address)]
    cell = quantity.position(_key(address))
    if cell is None:
        return plan, [finding("unknown_address", change.home, address)]
    if change.op in ("fix", "swap"):
        return _hold(plan, change)
    period = address.period
    planned = period is not None and plan.header.horizon[0] <= period <= plan.header.horizon[1]
    if indicator.role == "endogenous" and planned and change.op != "observe":
        return plan, [finding("set_of_an_endogenous_value", change.home, address)]
    value = _new_value(change, quantity.get(*_key(address)))
    if isinstance(value, Finding):
        return plan, [value]
    origins = plan.origins
    origin = Origin(change.home.file or f"change by {change.who or '?'}")
    if origin not in origins:
        origins = (*origins, origin)
    status = _status(change, quantity, cell)
    home = (origins.index(origin), change.home.row, change.home.column)
    values = dict(plan.values)
    values[address.code] = quantity.with_cell(cell, value, status, home)
    return replace(plan, values=values, origins=origins), []


def _status(change: Change, quantity: Quantity, cell: tuple[int, ...]) -> int:
    if isinstance(change.new, Mapping):
        return STATUSES.index(change.new["status"])
    if change.op == "observe":
        return STATUSES.index("actual")
    return int(quantity.status[cell]) if quantity.present[cell] else STATUSES.index("assumption")


def _new_value(change: Change, now: float | None) -> float | Finding | None:
    new = change.new["value"] if isinstance(change.new, Mapping) and "value" in change.new else change.new
    if change.op == "delete":
        return None
    if new is None and change.op in ("set", "observe"):
        return None
    if isinstance(new, bool) or not isinstance(new, int | float) or not abs(new) < float("inf"):
        return finding("change_without_a_number", change.home, change.address, found=_show(new))
    if change.op in ("set", "observe", "insert", "replace"):
        return float(new)
    if now is None:
        return finding("change_of_a_missing_value", change.home, change.address, op=change.op)
    return now + new if change.op == "add" else now * new


def _hold(plan: Plan, change: Change) -> Result:
    """Fix and swap: an endogenous cell of the horizon is held at a value. `new` None releases it."""
    address = change.address
    indicator, period = plan.indicators[address.code], address.period
    if indicator.role != "endogenous" or period is None or period not in plan.header.plan_periods:
        return plan, [finding("fix_of_a_given_value", change.home, address)]
    before = next((f for f in plan.fixed if _same(address, f.indicator, f)), None)
    held = before.value if before else None
    if held != change.old:
        return plan, [
            finding("conflicting_change", change.home, address, expected=_show(change.old), found=_show(held))
        ]
    others = tuple(f for f in plan.fixed if f is not before)
    if change.new is None:
        return replace(plan, fixed=others), []
    value, instrument = change.new, None
    if change.op == "swap":
        value, named = change.new.get("value"), Address.parse(str(change.new.get("instrument")))
        given = plan.indicators.get(named.code) if named else None
        if named is None or named.period is None or given is None or given.role not in ("exogenous", "lever"):
            return plan, [finding("swap_without_an_instrument", change.home, address)]
        instrument = (named.code, named.labels, named.period)
    elif not any(s.behaviour and s.code == address.code for s in plan.statements):
        return plan, [finding("fix_of_an_identity", change.home, address)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return plan, [finding("change_without_a_number", change.home, address, found=_show(value))]
    fixed = Fixed(address.code, address.labels, period, float(value), instrument, change.home)
    return replace(plan, fixed=(*others, fixed)), []


def _change_add_factor(plan: Plan, change: Change) -> Result:
    address, period = change.address, change.address.period
    if period is None or not any(s.code == address.code and s.behaviour for s in plan.statements):
        return plan, [finding("unknown_address", change.home, address)]
    others = tuple(a for a in plan.add_factors if not _same(address, a.equation, a))
    value = _new_value(change, change.old)
    if isinstance(value, Finding):
        return plan, [value]
    if value is None:
        return replace(plan, add_factors=others), []
    judged = AddFactor(address.code, address.labels, period, value, change.who, change.why, change.home)
    return replace(plan, add_factors=(*others, judged)), []


def _change_target(plan: Plan, change: Change) -> Result:
    address = change.address
    before = next((t for t in plan.targets if _same(address, t.indicator, t)), None)
    value = _new_value(change, change.old)
    if isinstance(value, Finding):
        return plan, [value]
    others = tuple(t for t in plan.targets if t is not before)
    if value is None:
        return replace(plan, targets=others), []
    if before is not None:
        after = tuple(replace(t, value=value) if t is before else t for t in plan.targets)
        return replace(plan, targets=after), []
    if address.period is None or address.code not in plan.indicators:
        return plan, [finding("unknown_address", change.home, address)]
    sense: Any = change.new.get("sense", ">=") if isinstance(change.new, Mapping) else ">="
    target = Target(address.code, address.labels, address.period, sense, value, home=change.home)
    return replace(plan, targets=(*plan.targets, target)), []


# -- equations, prose, sets ----------------------------------------------------------------------


def _change_equation(plan: Plan, change: Change) -> Result:
    others = [s for s in plan.statements if s.code != change.address.code]
    if len(plan.statements) - len(others) > 1:
        return plan, [finding("change_of_several_equations", change.home, change.address)]
    if change.op == "delete":
        return replace(plan, statements=tuple(others)), []
    if not isinstance(change.new, str):
        return plan, [finding("change_without_a_text", change.home, change.address)]
    written, findings = split(change.new, change.home.file, change.home.row or 1)
    if findings or len(written) != 1 or written[0].code != change.address.code:
        return plan, [*findings, finding("change_of_another_equation", change.home, change.address)]
    return replace(plan, statements=(*others, *written)), []


def _change_text(plan: Plan, change: Change) -> Result:
    chapters = {k: v for k, v in plan.chapters.items() if k != change.address.code}
    if change.op != "delete":
        if not isinstance(change.new, str):
            return plan, [finding("change_without_a_text", change.home, change.address)]
        chapters[change.address.code] = change.new
    return replace(plan, chapters=chapters), []


def _change_set(plan: Plan, change: Change) -> Result:
    address, labels = change.address, change.address.labels
    group = plan.sets.get(address.code)
    if group is None or len(labels) != 1 or change.op not in ("insert", "delete", "replace"):
        return plan, [finding("change_has_no_place", change.home, address, op=change.op)]
    users = [i for i in plan.indicators.values() if address.code in i.dims]
    if change.op == "delete":
        used = [i.code for i in users if _has_values(plan.values[i.code], address.code, labels[0])]
        if used:
            return plan, [finding("member_still_used", change.home, address, used=", ".join(used))]
        members = tuple(m for m in group.members if m.code != labels[0])
    else:
        told = change.new
        if not isinstance(told, Mapping):
            return plan, [finding("change_without_a_text", change.home, address)]
        member = Member(
            labels[0],
            Names(told.get("kk", ""), told.get("ru", ""), told.get("en", "")),
            told.get("parent", ""),
            flags=frozenset(told.get("flags", ())),
            home=change.home,
        )
        if change.op == "replace":
            members = tuple(member if m.code == member.code else m for m in group.members)
        else:
            place = told.get("position", len(group.members))
            members = (*group.members[:place], member, *group.members[place:])
    plan = replace(plan, sets={**plan.sets, address.code: replace(group, members=members)})
    values = dict(plan.values)
    for indicator in users:
        values[indicator.code] = _relabel(values[indicator.code], plan.dims(indicator))
    return replace(plan, values=values), []


def _relabel(quantity: Quantity, dims: Mapping[str, tuple[str, ...]]) -> Quantity:
    """`quantity` over new labels: a label it lacks is missing, one no longer there is dropped."""
    result = empty(dims, quantity.unit)
    values, present = result.values.copy(), result.present.copy()
    status, homes = result.status.copy(), result.homes.copy()
    common = [[x for x in axis if x in old] for axis, old in zip(result.labels, quantity.labels, strict=True)]
    if all(common):
        to = np.ix_(*[[axis.index(x) for x in c] for axis, c in zip(result.labels, common, strict=True)])
        at = np.ix_(*[[axis.index(x) for x in c] for axis, c in zip(quantity.labels, common, strict=True)])
        values[to], present[to] = quantity.values[at], quantity.present[at]
        status[to], homes[to] = quantity.status[at], quantity.homes[at]
    return Quantity(result.dims, result.labels, values, present, quantity.unit, status, homes)


# -- looking things up ---------------------------------------------------------------------------


def _key(address: Address) -> tuple[str, ...]:
    return address.labels + ((str(address.period),) if address.period is not None else ())


def _same(address: Address, code: str, held: Any) -> bool:
    return (address.code, address.labels, address.period) == (code, held.labels, held.period)


def _cell_value(plan: Plan, address: Address) -> float | None:
    quantity = plan.values.get(address.code)
    return quantity.get(*_key(address)) if quantity is not None else None


def _statement_text(plan: Plan, address: Address) -> str | None:
    return next((s.source for s in plan.statements if s.code == address.code), None)


def _member(plan: Plan, address: Address) -> dict[str, Any] | None:
    group = plan.sets.get(address.code)
    member = next((m for m in group.members if (m.code,) == address.labels), None) if group else None
    if member is None:
        return None
    told: dict[str, Any] = {code: name for code in ("kk", "ru", "en") if (name := getattr(member.names, code))}
    told["position"] = group.labels.index(member.code) if group else 0
    if member.parent:
        told["parent"] = member.parent
    if member.flags:
        told["flags"] = sorted(member.flags)
    return told


def _placeless(value: Any) -> Any:
    return {k: v for k, v in value.items() if k != "position"} if isinstance(value, Mapping) else value


def _has_values(quantity: Quantity, dim: str, label: str) -> bool:
    return bool(quantity.select(dim, (label,)).present.any())


def _undo(before: Plan, after: Plan, change: Change) -> Change:
    address = change.address
    if change.op in ("fix", "swap"):
        held = next((f for f in before.fixed if _same(address, f.indicator, f)), None)
        now = next((f for f in after.fixed if _same(address, f.indicator, f)), None)
        new: Any = held.value if held else None
        if held is not None and held.instrument is not None:
            named = Address("value", held.instrument[0], held.instrument[1], held.instrument[2])
            return Change("swap", address, now.value if now else None, {"value": new, "instrument": str(named)})
        return Change("fix", address, now.value if now else None, new)
    old, new = current(after, address), current(before, address)
    op: Op = "delete" if new is None else "insert" if old is None else "replace"
    if address.kind in ("value", "lever", "coefficient"):
        op = "observe"
        if new is not None:
            quantity = before.values[address.code]
            cell = quantity.position(_key(address))
            assert cell is not None  # it was changed a moment ago
            new = {"value": new, "status": STATUSES[int(quantity.status[cell])]}
    return Change(op, address, old, new, change.who, f"undoes: {change.why}")


def _show(value: Any) -> str:
    text = repr(value) if value is not None else "nothing"
    return text if len(text) < 80 else text[:77] + "…"
