"""A plan's equations as one system: names resolved, sets expanded, every fault found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from bagdar.address import Address
from bagdar.equations.expression import (
    ONE,
    Cell,
    Expression,
    Number,
    Op,
    Sum,
    cells,
    distinct,
    expand,
    shift,
    substitute,
)
from bagdar.equations.grammar import Parsed, parse
from bagdar.finding import Finding, Home, finding, nearest
from bagdar.plan import Plan
from bagdar.statement import Statement

Key = tuple[str, tuple[str, ...]]
# The code of an equation's add-factor cell is its indicator's with this mark before it.
ADD = "+"
# The most nodes that one equation may have when its sums are written out.
LARGEST = 500_000


@dataclass(frozen=True)
class Equation:
    """One cell's equation: ``left = right`` in levels; a behavioural one reads its `add` cell.

    `transform` is what the statement has on its left side: log, dlog, diff, pct or nothing.
    """

    statement: Statement
    left: Cell
    transform: str
    _written_out: Callable[[], Expression] = field(compare=False, repr=False)

    @property
    def key(self) -> Key:
        """The cell that it determines."""
        return self.left.code, self.left.labels

    @property
    def add(self) -> Cell | None:
        """The cell of its add-factor, if it is behavioural."""
        return Cell(ADD + self.left.code, self.left.labels) if self.statement.behaviour else None

    @cached_property
    def right(self) -> Expression:
        """The right side in levels, its sums written out."""
        written, add = self._written_out(), self.add
        return level(self.transform, self.left, written if add is None else Op("add", (written, add)))


@dataclass(frozen=True)
class Check:
    """One ``check`` with concrete labels: its two sides stand to each other as `relation` says."""

    statement: Statement
    labels: tuple[str, ...]
    relation: str


@dataclass(frozen=True)
class Model:
    """The system: its equations and checks, in the order of the statements they come from.

    families: for each statement that gives equations or checks, how many.
    """

    equations: tuple[Equation, ...]
    checks: tuple[Check, ...]
    parsed: tuple[Parsed, ...]
    families: tuple[int, ...]

    @cached_property
    def looks_ahead(self) -> bool:
        """Whether an equation reads a later period."""
        return any(cell.lag < 0 for parsed in self.parsed if parsed.left for cell in cells(parsed.right))

    @cached_property
    def _by_cell(self) -> dict[Key, Equation]:
        return {e.key: e for e in reversed(self.equations)}

    def of(self, key: Key) -> Equation | None:
        """The equation of a cell."""
        return self._by_cell.get(key)


def build(plan: Plan) -> tuple[Model, list[Finding]]:
    """The model of a plan's statements; a statement with a fault is left out, with its finding."""
    findings: list[Finding] = []
    sound: list[Parsed] = []
    for statement in sorted(plan.statements, key=lambda s: s.home):
        parsed = parse(statement)
        if isinstance(parsed, Finding):
            findings.append(parsed)
            continue
        wrong = _faults(plan, parsed)
        findings += wrong
        if not wrong:
            sound.append(parsed)
    equations, checks, families = list[Equation](), list[Check](), list[int]()
    for parsed in sound:
        before = len(equations) + len(checks)
        if parsed.left is None:
            checks += _checks(plan, parsed)
        else:
            equations += _equations(plan, parsed)
        families.append(len(equations) + len(checks) - before)
    findings += _twice(equations)
    if not any(f.severity == "error" for f in findings):
        findings += _undetermined(plan, equations)
    return Model(tuple(equations), tuple(checks), tuple(sound), tuple(families)), findings


# -- one statement -------------------------------------------------------------------------------


def _faults(plan: Plan, parsed: Parsed) -> list[Finding]:
    statement = parsed.statement
    findings = [
        finding("unknown_set", statement.home, found=group)
        for _, group, flag in statement.letters
        if group not in plan.sets or (flag and flag not in plan.sets[group].flags)
    ]
    findings += _unknown_sums(plan, parsed.right, statement)
    if not findings and _written_out(plan, parsed.right) > LARGEST:
        findings.append(finding("equation_too_long", statement.home, f"equation:{statement.code}", most=str(LARGEST)))
    if findings:
        return findings
    letters = {name: group for name, group, _ in statement.letters}
    free = set(parsed.left.labels) & letters.keys() if parsed.left else set(letters)
    for cell, summed in _cells_with_sums(parsed.right, {}):
        findings += _cell_faults(plan, statement, cell, {**letters, **summed}, free | summed.keys())
    if parsed.left is not None:
        findings += _cell_faults(plan, statement, parsed.left, letters, free)
        findings += _left_faults(plan, parsed, parsed.left)
    elif statement.code in plan.indicators:
        findings.append(finding("check_named_as_an_indicator", statement.home, code=statement.code))
    return findings


def _left_faults(plan: Plan, parsed: Parsed, left: Cell) -> list[Finding]:
    statement = parsed.statement
    address = Address("equation", left.code)
    declared = plan.indicators.get(left.code)
    if declared is None:
        return []
    if declared.role not in ("endogenous", "statistic"):
        return [finding("equation_for_a_given_indicator", statement.home, address, code=left.code, role=declared.role)]
    if not statement.behaviour and any(
        (c.code, c.labels, c.lag) == (left.code, left.labels, 0) for c in cells(parsed.right)
    ):
        return [finding("circular_definition", statement.home, address, code=left.code)]
    return []


def _cell_faults(
    plan: Plan, statement: Statement, cell: Cell, letters: Mapping[str, str], usable: Iterable[str]
) -> list[Finding]:
    home = Home(statement.home.file, statement.home.row + cell.at[0] - 1, cell.at[1])
    address = Address("equation", statement.code) if statement.code else ""
    declared = plan.indicators.get(cell.code)
    if declared is None:
        near = ", ".join(nearest(cell.code, plan.indicators)) or "—"
        return [finding("undefined_name", home, address, name=cell.code, near=near)]
    if declared.role == "missing" and cell.code != statement.code:
        return [finding("missing_indicator_read", home, address, code=cell.code)]
    if len(cell.labels) != len(declared.dims):
        expected = " ".join(declared.dims) or "—"
        return [finding("labels_do_not_fit_dims", home, address, code=cell.code, expected=expected)]
    findings = []
    for label, dim in zip(cell.labels, declared.dims, strict=True):
        if label in letters:
            if letters[label] != dim:
                findings.append(
                    finding("letter_of_another_set", home, address, letter=label, set=letters[label], expected=dim)
                )
            elif label not in usable:
                findings.append(finding("letter_not_bound", home, address, letter=label))
        elif (label := label.strip('"')) not in plan.sets[dim].labels:
            known = ", ".join(plan.sets[dim].labels[:12])
            findings.append(finding("unknown_label", home, address, label=label, set=dim, known=known))
    return findings


def _written_out(plan: Plan, expression: Expression) -> int:
    """How many nodes the expression has when its sums are written out."""
    if isinstance(expression, Sum):
        return len(plan.sets[expression.group].select(expression.flag)) * (1 + _written_out(plan, expression.body))
    if isinstance(expression, Op):
        return 1 + sum(_written_out(plan, arg) for arg in expression.args)
    return 1


def _unknown_sums(plan: Plan, expression: Expression, statement: Statement) -> list[Finding]:
    findings = []
    if isinstance(expression, Sum):
        group = plan.sets.get(expression.group)
        if group is None or (expression.flag and expression.flag not in group.flags):
            found = expression.group + ("." + expression.flag if expression.flag else "")
            home = Home(statement.home.file, statement.home.row + expression.at[0] - 1, expression.at[1])
            findings.append(finding("unknown_set", home, f"equation:{statement.code}", found=found))
        findings += _unknown_sums(plan, expression.body, statement)
    elif isinstance(expression, Op):
        for arg in expression.args:
            findings += _unknown_sums(plan, arg, statement)
    return findings


def _cells_with_sums(expression: Expression, summed: dict[str, str]) -> Iterator[tuple[Cell, dict[str, str]]]:
    """Every cell with the letters that sums around it run over, each with its set."""
    if isinstance(expression, Cell):
        yield expression, summed
    elif isinstance(expression, Sum):
        yield from _cells_with_sums(expression.body, {**summed, expression.letter: expression.group})
    elif isinstance(expression, Op):
        for arg in expression.args:
            yield from _cells_with_sums(arg, summed)


# -- statements to cells -------------------------------------------------------------------------


def _equations(plan: Plan, parsed: Parsed) -> list[Equation]:
    assert parsed.left is not None
    result = []
    for letters in assignments(plan, parsed):
        left = expand(parsed.left, letters, _members(plan))
        assert isinstance(left, Cell)
        result.append(Equation(parsed.statement, left, parsed.transform, _writer(plan, parsed, letters)))
    return result


def _writer(plan: Plan, parsed: Parsed, letters: Mapping[str, str]) -> Callable[[], Expression]:
    return lambda: _timeless(plan, expand(parsed.right, letters, _members(plan)))


def _checks(plan: Plan, parsed: Parsed) -> list[Check]:
    assert isinstance(parsed.right, Op)
    names, relation = free_letters(parsed), parsed.right.name
    return [
        Check(parsed.statement, tuple(letters[name] for name in names), relation)
        for letters in assignments(plan, parsed)
    ]


def free_letters(parsed: Parsed) -> tuple[str, ...]:
    """The set letters that make a statement many: those on an equation's left, those that a check reads."""
    declared = [name for name, _, _ in parsed.statement.letters]
    if parsed.left is not None:
        return tuple(dict.fromkeys(label for label in parsed.left.labels if label in declared))
    used = {
        label for cell, summed in _cells_with_sums(parsed.right, {}) for label in cell.labels if label not in summed
    }
    return tuple(name for name in declared if name in used)


def assignments(plan: Plan, parsed: Parsed) -> Iterator[dict[str, str]]:
    """Every choice of labels for the free letters of a statement, the last one running fastest."""
    letters = {name: (group, flag) for name, group, flag in parsed.statement.letters}
    free = free_letters(parsed)
    for chosen in product(*(plan.sets[letters[n][0]].select(letters[n][1]) for n in free)):
        yield dict(zip(free, chosen, strict=True))


def _timeless(plan: Plan, expression: Expression) -> Expression:
    """The expression with coefficients unlagged: they are the same in every period."""
    read = distinct(expression)
    if not any(cell.lag and plan.indicators[cell.code].role == "coefficient" for cell in read):
        return expression

    def unlagged(cell: Cell) -> Cell:
        return replace(cell, lag=0) if plan.indicators[cell.code].role == "coefficient" else cell

    return substitute(expression, unlagged)


def _members(plan: Plan) -> Callable[[str, str], tuple[str, ...]]:
    return lambda group, flag: plan.sets[group].select(flag)


def level(transform: str, left: Cell, whole: Expression) -> Expression:
    """What ``transform(left) = whole`` gives for `left` in levels."""
    before = shift(left, 1)
    match transform:
        case "log":
            return Op("exp", (whole,))
        case "dlog":
            return Op("mul", (before, Op("exp", (whole,))))
        case "diff":
            return Op("add", (before, whole))
        case "pct":
            return Op("mul", (before, Op("add", (ONE, Op("div", (whole, Number(100.0)))))))
    return whole


# -- the system ----------------------------------------------------------------------------------


def _twice(equations: list[Equation]) -> list[Finding]:
    first: dict[Key, Equation] = {}
    findings = []
    for equation in equations:
        if equation.key in first:
            earlier = first[equation.key].statement.home
            address = Address("equation", equation.left.code, equation.left.labels)
            findings.append(finding("two_equations_for_one_cell", equation.statement.home, address, first=str(earlier)))
        first.setdefault(equation.key, equation)
    return findings


def _undetermined(plan: Plan, equations: list[Equation]) -> list[Finding]:
    """An endogenous indicator that no equation determines; or cells of it that none does though they hold a number.

    A quantity may have fewer cells than its sets have labels: tonnes only of sectors with tonnes. Such a cell
    that an equation reads is a missing value, wherever it is read.
    """
    determined: dict[str, set[tuple[str, ...]]] = {}
    for equation in equations:
        determined.setdefault(equation.left.code, set()).add(equation.left.labels)
    findings = []
    for indicator in plan.indicators.values():
        if indicator.role != "endogenous":
            continue
        known = determined.get(indicator.code, set())
        axes = [plan.sets[dim].select() for dim in indicator.dims]
        without = [labels for labels in product(*axes) if labels not in known]
        if known:
            without = [labels for labels in without if _observed(plan, indicator.code, labels)]
        if without:
            named = "" if not indicator.dims else f"[{'; '.join(', '.join(labels) for labels in without[:6])}]"
            address = Address("value", indicator.code)
            findings.append(finding("no_equation", indicator.home, address, code=indicator.code + named))
    return findings


def _observed(plan: Plan, code: str, labels: tuple[str, ...]) -> bool:
    """Whether the folder states a number of the cell for any period."""
    quantity = plan.values.get(code)
    if quantity is None:
        return False
    where = [axis.index(label) for axis, label in zip(quantity.labels, labels, strict=False)]
    return bool(quantity.present[tuple(where)].any())
