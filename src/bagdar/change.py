"""Changes: the only way in which one plan differs from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from bagdar import form
from bagdar.address import Address
from bagdar.balance import MOST_RANKS, rank_of, with_rank
from bagdar.canonical import canonical
from bagdar.finding import Finding, Home, finding
from bagdar.members import users, with_members
from bagdar.period import Period
from bagdar.plan import AddFactor, Fixed, Origin, Plan, Target
from bagdar.quantity import STATUSES, Quantity
from bagdar.statement import split

Op = Literal["set", "add", "scale", "insert", "delete", "replace", "fix", "swap", "observe"]
OPS: tuple[Op, ...] = get_args(Op)
Result = tuple[Plan, list[Finding]]


@dataclass(frozen=True)
class Change:
    """`op` at `address`: what was there (`old`, None for nothing), what comes (`new`), who and why.

    set, observe: a number, or None for missing · add, scale: an amount, a factor · insert, delete, replace: an
    equation's or chapter's text, a set member as {kk, ru, en, parent, valid_from, valid_to, flags, position} ·
    fix: a number, None to release · swap: {value, instrument}. A rank is set to a whole number; a norm is changed as
    the indicator that it is. Where more than the number matters it may be a
    table: a cell {value, status}, a target {value, sense, source, note}, an add-factor {value, who, why}; a bare
    number there means only the value. If what stands in the plan is not `old`, the change is not made: a conflict
    finding says so.
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
    told = [plan.hash, *([c.op, str(c.address), c.old, c.new] for c in changes)]
    text = json.dumps(canonical(told), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def current(plan: Plan, address: Address) -> Any:
    """What stands at `address` now, in the form that `Change.old` takes; None for nothing."""
    look: dict[str, Callable[[Plan, Address], Any]] = {
        "equation": lambda p, a: next((s.source for s in p.statements if s.code == a.code), None),
        "text": lambda p, a: p.chapters.get(a.code),
        "set": _member,
        "rank": lambda p, a: rank_of(p.balances, a.code),
        "addfactor": lambda p, a: next(
            (form.add_factor_form(x) for x in p.add_factors if _same(a, x.equation, x)), None
        ),
        "target": lambda p, a: next((form.target_form(x) for x in p.targets if _same(a, x.indicator, x)), None),
    }
    return look.get(address.kind, _cell_value)(plan, address)


def _apply_one(plan: Plan, change: Change) -> Result:
    address = change.address
    if address.path:
        return plan, [finding("address_of_another_plan", change.home, address)]
    texts, numbers = ("insert", "delete", "replace"), tuple(op for op in OPS if op not in ("fix", "swap"))
    places: dict[str, tuple[Callable[[Plan, Change], Result], tuple[str, ...]]] = {
        "equation": (_change_equation, texts),
        "text": (_change_text, texts),
        "set": (_change_set, texts),
        "addfactor": (_change_add_factor, numbers),
        "target": (_change_target, numbers),
        "rank": (_change_rank, ("set",)),
        **dict.fromkeys(("value", "lever", "coefficient", "norm"), (_change_cell, OPS)),
    }
    make, ops = places.get(address.kind, (_change_cell, ()))
    no_norm = address.kind == "norm" and all(norm.indicator != address.code for norm in plan.norms)
    if change.op not in ops or no_norm:
        return plan, [finding("change_has_no_place", change.home, address, op=change.op)]
    if change.op not in ("fix", "swap"):
        now = current(plan, address)
        if not form.same_form(change.old, now):
            return plan, [_conflict(change, now)]
    return make(plan, change)


def _conflict(change: Change, now: Any) -> Finding:
    if isinstance(now, Mapping) and "value" in now and not isinstance(change.old, Mapping):
        now = now["value"]
    return finding(
        "conflicting_change", change.home, change.address, expected=form.show(change.old), found=form.show(now)
    )


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
    status = _status(change, quantity, cell)
    if isinstance(status, Finding):
        return plan, [status]
    origins = plan.origins
    origin = Origin(change.home.file or f"change by {change.who or '?'}")
    if origin not in origins:
        origins = (*origins, origin)
    home = (origins.index(origin), change.home.row, change.home.column)
    values = dict(plan.values)
    values[address.code] = quantity.with_cell(cell, value, status, home)
    return replace(plan, values=values, origins=origins), []


def _status(change: Change, quantity: Quantity, cell: tuple[int, ...]) -> int | Finding:
    if isinstance(change.new, Mapping):
        told = {"status": None, **change.new}
        wrong = form.unusable(told, ("value", "status"), change.home, change.address)
        return wrong or STATUSES.index(told["status"])
    if change.op == "observe":
        return STATUSES.index("actual")
    # What somebody puts in place of an official figure is no official figure any more.
    held = int(quantity.status[cell]) if quantity.present[cell] else 0
    return max(held, STATUSES.index("assumption")) if held < STATUSES.index("estimate") else held


def _new_value(change: Change, now: float | None) -> float | Finding | None:
    new = change.new["value"] if isinstance(change.new, Mapping) and "value" in change.new else change.new
    if change.op == "delete" or (new is None and change.op in ("set", "observe")):
        return None
    number = form.as_number(new)
    if number is None:
        return form.no_number(new, change.home, change.address)
    if change.op in ("set", "observe", "insert", "replace"):
        return number
    if now is None:
        return finding("change_of_a_missing_value", change.home, change.address, op=change.op)
    result = now + number if change.op == "add" else now * number
    return result if form.as_number(result) is not None else finding("number_too_large", change.home, change.address)


def _hold(plan: Plan, change: Change) -> Result:
    """Fix and swap: an endogenous cell of the horizon is held at a value. `new` None releases it.

    An identity is not fixed. {value, instrument = ""} is what stood there before: it is put back as it was, even
    if the equation has become an identity since, so that a release can be undone.
    """
    address, home = change.address, change.home
    indicator, period = plan.indicators[address.code], address.period
    if indicator.role != "endogenous" or period is None or period not in plan.header.plan_periods:
        return plan, [finding("fix_of_a_given_value", home, address)]
    before = next((f for f in plan.fixed if _same(address, f.indicator, f)), None)
    held = before.value if before else None
    if held != change.old:
        return plan, [_conflict(change, held)]
    others = tuple(f for f in plan.fixed if f is not before)
    if change.new is None:
        return replace(plan, fixed=others), []
    told = change.new if isinstance(change.new, Mapping) else {"value": change.new}
    instrument = _instrument(plan, told.get("instrument"))
    if instrument is None and (change.op == "swap" or told.get("instrument")):
        return plan, [finding("swap_without_an_instrument", home, address)]
    if instrument is None and "instrument" not in told and not _is_behaviour(plan, address.code):
        return plan, [finding("fix_of_an_identity", home, address)]
    value = form.as_number(told.get("value"))
    if value is None:
        return plan, [form.no_number(told.get("value"), home, address)]
    if wrong := form.unusable(told, ("value", "instrument"), home, address):
        return plan, [wrong]
    fixed = Fixed(address.code, address.labels, period, value, instrument, home)
    return replace(plan, fixed=(*others, fixed)), []


def _instrument(plan: Plan, text: Any) -> tuple[str, tuple[str, ...], Period] | None:
    """The given cell of the horizon that `text` names; None if it names none."""
    named = Address.parse(text) if isinstance(text, str) else None
    if named is None or named.path or named.kind not in ("value", "lever") or named.period is None:
        return None
    given = plan.indicators.get(named.code)
    if given is None or given.role not in ("exogenous", "lever") or not _has_cell(plan, named):
        return None
    return (named.code, named.labels, named.period) if named.period in plan.header.plan_periods else None


def _change_add_factor(plan: Plan, change: Change) -> Result:
    address, period, home = change.address, change.address.period, change.home
    if period is None or not _has_cell(plan, address) or not _is_behaviour(plan, address.code):
        return plan, [finding("unknown_address", home, address)]
    before = next((a for a in plan.add_factors if _same(address, a.equation, a)), None)
    value = _new_value(change, before.value if before else None)
    if isinstance(value, Finding):
        return plan, [value]
    others = tuple(a for a in plan.add_factors if a is not before)
    if value is None:
        return replace(plan, add_factors=others), []
    told = change.new if isinstance(change.new, Mapping) else {}
    if wrong := form.unusable(told, ("value", "who", "why"), home, address):
        return plan, [wrong]
    who, why = told.get("who", change.who), told.get("why", change.why)
    judged = AddFactor(address.code, address.labels, period, value, who, why, home)
    return replace(plan, add_factors=(*others, judged)), []


def _change_target(plan: Plan, change: Change) -> Result:
    address, period, home = change.address, change.address.period, change.home
    if period is None or not _has_cell(plan, address):
        return plan, [finding("unknown_address", home, address)]
    before = next((t for t in plan.targets if _same(address, t.indicator, t)), None)
    value = _new_value(change, before.value if before else None)
    if isinstance(value, Finding):
        return plan, [value]
    others = tuple(t for t in plan.targets if t is not before)
    if value is None:
        return replace(plan, targets=others), []
    told = change.new if isinstance(change.new, Mapping) else {}
    if wrong := form.unusable(told, ("value", "sense", "source", "note"), home, address):
        return plan, [wrong]
    start = before or Target(address.code, address.labels, period, ">=", value, home=home)
    return replace(plan, targets=(*others, replace(start, **{**told, "value": value}))), []


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
    address, labels, home = change.address, change.address.labels, change.home
    group = plan.sets.get(address.code)
    if group is None or len(labels) != 1:
        return plan, [finding("change_has_no_place", home, address, op=change.op)]
    there = labels[0] in group.labels
    if there and change.op == "insert":
        return plan, [
            finding("conflicting_change", home, address, expected=form.show(None), found=form.show(change.old))
        ]
    if not there and change.op != "insert":
        return plan, [finding("unknown_address", home, address)]
    others = tuple(m for m in group.members if m.code != labels[0])
    if change.op == "delete":
        if used := users(plan, address.code, labels[0]):
            return plan, [finding("member_still_used", home, address, used=", ".join(used))]
        return with_members(plan, address.code, others), []
    if not isinstance(change.new, Mapping):
        return plan, [finding("change_without_a_text", home, address)]
    if wrong := form.unusable(change.new, form.MEMBER_FIELDS, home, address):
        return plan, [wrong]
    member = form.member_from(labels[0], change.new, home)
    place = group.labels.index(labels[0]) if there else change.new.get("position", len(others))
    return with_members(plan, address.code, (*others[:place], member, *others[place:])), []


def _change_rank(plan: Plan, change: Change) -> Result:
    """How important a use is: a whole number, 1 the most important; one that has none gets none this way."""
    rank = form.as_number(change.new)
    if not rank_of(plan.balances, change.address.code):
        return plan, [finding("unknown_address", change.home, change.address)]
    if rank is None or not 1 <= rank <= MOST_RANKS or rank != int(rank):
        return plan, [finding("rank_unusable", change.home, change.address, found=form.show(change.new))]
    return replace(plan, balances=with_rank(plan.balances, change.address.code, int(rank))), []


# -- looking things up ---------------------------------------------------------------------------


def _key(address: Address) -> tuple[str, ...]:
    return address.labels + ((str(address.period),) if address.period is not None else ())


def _same(address: Address, code: str, held: Any) -> bool:
    return (address.code, address.labels, address.period) == (code, held.labels, held.period)


def _cell_value(plan: Plan, address: Address) -> float | None:
    quantity = plan.values.get(address.code)
    return quantity.get(*_key(address)) if quantity is not None else None


def _member(plan: Plan, address: Address) -> dict[str, Any] | None:
    group = plan.sets.get(address.code)
    return form.member_form(group, address.labels[0]) if group is not None and len(address.labels) == 1 else None


def _has_cell(plan: Plan, address: Address) -> bool:
    quantity = plan.values.get(address.code)
    return quantity is not None and quantity.position(_key(address)) is not None


def _is_behaviour(plan: Plan, code: str) -> bool:
    return any(s.behaviour and s.code == code for s in plan.statements)


def _undo(before: Plan, after: Plan, change: Change) -> Change:
    """The change that puts back what stood at the address before, in its complete form."""
    address, why = change.address, f"undoes: {change.why}"
    if change.op in ("fix", "swap"):
        held = next((f for f in before.fixed if _same(address, f.indicator, f)), None)
        now = next((f.value for f in after.fixed if _same(address, f.indicator, f)), None)
        instrument = str(Address("value", *held.instrument)) if held is not None and held.instrument else ""
        told = {"value": held.value, "instrument": instrument} if held is not None else None
        return Change("swap" if instrument else "fix", address, now, told, change.who, why)
    old, new = current(after, address), current(before, address)
    op: Op = "delete" if new is None else "insert" if old is None else "replace"
    if address.kind == "rank":
        op = "set"
    if address.kind in ("value", "lever", "coefficient", "norm"):
        op = "observe"
        if new is not None:
            quantity = before.values[address.code]
            cell = quantity.position(_key(address))
            assert cell is not None  # it was changed a moment ago
            new = {"value": new, "status": STATUSES[int(quantity.status[cell])]}
    return Change(op, address, old, new, change.who, why)
