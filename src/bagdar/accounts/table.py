"""A plan's input-output table: product balances and the structure of value added in the base period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bagdar.address import Address
from bagdar.finding import Finding, Home, finding
from bagdar.folder.rows import unknown_indicator
from bagdar.header import AccountCodes
from bagdar.plan import Indicator, Plan
from bagdar.quantity import STATUSES, Quantity
from bagdar.unit import ONE, Unit

Array = NDArray[np.float64]
_PERSON = Unit(powers=(("person", Fraction(1)),))
_ESTIMATE = STATUSES.index("estimate")
_ROLES = ("output", "imports", "exports", "value_added", "compensation")


@dataclass(frozen=True)
class InputOutput:
    """An input-output table of n sectors, product by product, in one period.

    `technical` is n × n, use of product i for a unit of output j; with `imports` its uses are composite,
    domestic and imported together, without them domestic. The vectors have length n and the unit of
    output; `final_uses` and `employment` hold one each by the code of their indicator. `rest` is what is
    left of supply where the plan names no final uses. `estimated` holds the codes that are estimates.
    """

    labels: tuple[str, ...]
    technical: Array
    output: Array
    imports: Array | None = None
    exports: Array | None = None
    final_uses: Mapping[str, Array] = field(default_factory=dict)
    rest: Array | None = None
    value_added: Array | None = None
    compensation: Array | None = None
    employment: Mapping[str, Array] = field(default_factory=dict)
    estimated: frozenset[str] = frozenset()

    @property
    def intermediate(self) -> Array:
        """Use of product i by sector j, n × n."""
        return self.technical * self.output

    @property
    def inputs(self) -> Array:
        """Intermediate consumption of each sector."""
        return np.asarray(self.intermediate.sum(0))

    @property
    def intermediate_use(self) -> Array:
        """Use of each product by all sectors."""
        return np.asarray(self.technical @ self.output)

    @property
    def bought_abroad(self) -> Array:
        """Imports, 0 where the plan's accounts have none."""
        return np.zeros(len(self.labels)) if self.imports is None else self.imports

    @property
    def supply(self) -> Array:
        """Output and imports of each product."""
        return self.output + self.bought_abroad

    @property
    def added(self) -> Array:
        """Value added: as stated, or what inputs leave of output."""
        return self.output - self.inputs if self.value_added is None else self.value_added

    @property
    def sold_abroad(self) -> Array:
        """Exports, 0 where the plan's accounts have none."""
        return np.zeros(len(self.labels)) if self.exports is None else self.exports

    @property
    def import_share(self) -> Array:
        """Imports in the domestic use of a product, the same in all its uses (Eurostat 2008, chapter 11)."""
        used = self.supply - self.sold_abroad
        return np.divide(self.bought_abroad, used, out=np.zeros_like(used), where=used > 0)

    @property
    def domestic(self) -> Array:
        """Input coefficients of domestic products, n × n."""
        return (1 - self.import_share)[:, None] * self.technical

    @property
    def persons(self) -> Array | None:
        """People at work."""
        return sum(self.employment.values(), np.zeros(len(self.labels))) if self.employment else None

    @property
    def final(self) -> Array:
        """Final uses at home, all together."""
        start = np.zeros(len(self.labels)) if self.rest is None else self.rest
        return sum(self.final_uses.values(), start)


def table_of(plan: Plan) -> tuple[InputOutput | None, list[Finding]]:
    """The table that `[accounts]` of the plan names, in the base period, and what is wrong with it.

    None, without findings, where the plan names none; None with findings where it cannot be used.
    """
    codes = plan.header.accounts
    if codes is None:
        return None, []
    reader = _Reader(plan, codes)
    table = reader.table()
    return (None if reader.findings else table), reader.findings


@dataclass
class _Reader:
    plan: Plan
    codes: AccountCodes
    findings: list[Finding] = field(default_factory=list)

    def table(self) -> InputOutput | None:
        codes = self.codes
        technical = self.indicator("technical", codes.technical)
        output = self.indicator("output", codes.output)
        if technical is None or output is None or len(set(technical.dims)) != 1 or len(technical.dims) != 2:
            if technical is not None and (len(technical.dims) != 2 or len(set(technical.dims)) != 1):
                self.unfit("technical", technical, "dims", " ".join(technical.dims), "sector sector")
            return None
        dim = technical.dims[0]
        held = self.plan.values[technical.code]
        if "period" in held.dims:
            self.unfit("technical", technical, "role", technical.role, "coefficient")
            return None
        # Totals such as "economy" have no column of inputs: the table holds the sectors that have.
        if technical.unit != ONE:
            self.unfit("technical", technical, "unit", technical.unit_text, "1")
            return None
        labels = tuple(label for i, label in enumerate(held.labels[0]) if held.present[i].any())
        at = [held.labels[0].index(label) for label in labels]
        square = np.ix_(at, at)
        if not labels or not held.present[square].all():
            where = next(((a, b) for a in labels for b in labels if held.get(a, b) is None), (dim,))
            self.incomplete(technical.code, where)
            return None
        vectors = {role: self.vector(role, getattr(codes, role), dim, labels, output) for role in _ROLES}
        final = {code: self.vector("final_uses", code, dim, labels, output) for code in codes.final_uses}
        staff = self.plan.indicators.get(codes.employment[0]) if codes.employment else None
        if staff is not None and not staff.unit.same_kind(_PERSON):
            self.unfit("employment", staff, "unit", staff.unit_text, str(_PERSON))
        people = {code: self.vector("employment", code, dim, labels, staff) for code in codes.employment}
        made = vectors.pop("output")
        if made is None or self.findings:
            return None
        table = InputOutput(
            labels,
            held.values[square],
            made,
            final_uses={code: v for code, v in final.items() if v is not None},
            employment={code: v for code, v in people.items() if v is not None},
            estimated=self.estimated(labels),
            **vectors,
        )
        if table.final_uses:
            return table
        return replace(table, rest=table.supply - table.sold_abroad - table.intermediate_use)

    def indicator(self, role: str, code: str) -> Indicator | None:
        found = self.plan.indicators.get(code)
        if found is None or code not in self.plan.values:
            self.findings.append(unknown_indicator(self.codes.home, code or role, self.plan.values))
            return None
        return found

    def vector(self, role: str, code: str, dim: str, labels: tuple[str, ...], like: Indicator | None) -> Array | None:
        """The base period's numbers of an indicator, in the unit of `like`; None if the plan names none."""
        if not code:
            return None
        indicator = self.indicator(role, code)
        if indicator is None:
            return None
        if indicator.dims != (dim,):
            self.unfit(role, indicator, "dims", " ".join(indicator.dims), dim)
            return None
        # In the base period volumes and current values are one, so only kind and scale matter.
        if like is None or not indicator.unit.same_but_for_prices(like.unit):
            self.unfit(role, indicator, "unit", indicator.unit_text, like.unit_text if like else "—")
            return None
        scale = indicator.unit.scale / like.unit.scale
        held = self.plan.values[code]
        period = () if "period" not in held.dims else (str(self.plan.header.base),)
        numbers = [held.get(label, *period) for label in labels]
        for label, value in zip(labels, numbers, strict=True):
            if value is None:
                self.incomplete(code, (label,))
        return None if None in numbers else scale * np.array(numbers, dtype=np.float64)

    def estimated(self, labels: tuple[str, ...]) -> frozenset[str]:
        """The codes that hold an estimate or an assumption for some sector."""
        codes = self.codes
        named = (codes.technical, *(getattr(codes, r) for r in _ROLES), *codes.final_uses, *codes.employment)
        return frozenset(code for code in named if code and self.unsure(self.plan.values[code], labels))

    def unsure(self, held: Quantity, labels: tuple[str, ...]) -> bool:
        base = str(self.plan.header.base)
        if "period" in held.dims:
            held = held.select("period", (base,))
        axis = held.dims[0]
        return bool((held.select(axis, labels).status >= _ESTIMATE).any())

    def unfit(self, role: str, indicator: Indicator, what: str, found: str, expected: str) -> None:
        facts = {"key": role, "code": indicator.code, "what": what, "found": found or "—", "expected": expected}
        self.findings.append(finding("account_unfit", self.codes.home, **facts))

    def incomplete(self, code: str, labels: tuple[str, ...]) -> None:
        home = self.plan.indicators[code].home or Home()
        facts = {"code": code, "labels": ", ".join(labels), "period": str(self.plan.header.base)}
        self.findings.append(finding("account_incomplete", home, **facts))


def balances(plan: Plan, table: InputOutput) -> list[Finding]:
    """What does not add up in a table: resources and uses, value added, inputs that exceed output."""
    codes = plan.header.accounts
    assert codes is not None  # there is a table
    within = plan.header.identity_tolerance
    findings = []
    for label, share in zip(table.labels, table.technical.sum(0), strict=True):
        if share >= 1:
            findings.append(finding("inputs_exceed_output", codes.home, label=label, share=float(share)))
    pairs = []
    if table.final_uses:
        uses = table.intermediate_use + table.final + table.sold_abroad
        pairs.append((codes.output, table.output, uses - table.bought_abroad))
    if table.value_added is not None:
        pairs.append((codes.value_added, table.value_added, table.output - table.inputs))
    for code, stated, computed in pairs:
        indicator = plan.indicators[code]
        for i, label in enumerate(table.labels):
            difference = float(stated[i] - computed[i])
            if abs(difference) > within * max(abs(float(table.output[i])), abs(float(stated[i]))):
                held = plan.values[code]
                cell = held.position((label, str(plan.header.base)))
                address = Address("value", code, (label,), plan.header.base)
                facts = {"stated": float(stated[i]), "computed": float(computed[i]), "difference": difference}
                home = plan.home(held, cell) if cell is not None else codes.home
                unit = plan.indicators[codes.output].unit_text
                findings.append(
                    finding(
                        "accounts_do_not_balance", home, address, code=indicator.code, label=label, unit=unit, **facts
                    )
                )
    return findings
