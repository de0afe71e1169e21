"""Shapes as text of C or of Python: a function for the value and one for its slopes by all slots.

Both languages get the same expressions, written once. Slopes are those of reverse differentiation (Griewank and
Walther 2008, chapter 3): one pass gives all of them, at a few times the cost of the value; what stands in a loop or a
branch is computed again in it on the way back. At a kink (``min``, ``max``, ``abs``, ``if``) the slope is that of the
branch in force: one-sided; at the edge of a domain, where it is infinite (a root at zero), none. What has no value,
or needs a number that is missing, is NaN.

``p`` holds the sizes of the loops, then the places of the slots, one after the other; ``c`` the written numbers. In
Python ``x`` is the table and ``t`` the period; in C ``x`` points at the period's row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from bagdar.equations.expression import Cell, Expression, Number, Op, Sum
from bagdar.equations.shape import Shape

Target = Literal["c", "python"]

_INFIX = {"add": "+", "sub": "-", "mul": "*"}
# Functions of the run-time that both targets have (`driver.c`, `fallback.py`).
_CALLS = {
    "div": "over", "pow": "power", "exp": "expo", "log": "loga", "sqrt": "root", "abs": "fabs", "logistic": "logistic",
    "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "eq": "eq", "ne": "ne", "min": "least", "max": "most",
}  # fmt: skip


@dataclass(frozen=True)
class _Step:
    """One assignment: ``name = kind(args)``; a loop or a branch has scopes of its own."""

    name: str
    kind: str
    args: tuple[str, ...] = ()
    inner: tuple[tuple[_Scope, str], ...] = ()
    number: int = 0
    lag: int = 0


@dataclass
class _Scope:
    """Steps that run together; what an outer scope knows is known inside."""

    outer: _Scope | None = None
    known: dict[Expression, str] = field(default_factory=dict)
    steps: list[_Step] = field(default_factory=list)
    # The values of the terms of the sum that the whole is.
    terms: list[str] = field(default_factory=list)

    def find(self, e: Expression) -> str | None:
        scope: _Scope | None = self
        while scope is not None:
            if e in scope.known:
                return scope.known[e]
            scope = scope.outer
        return None


class _Reader:
    """Turns an expression into steps."""

    def __init__(self, shape: Shape) -> None:
        self.shape, self.names = shape, (f"v{i}" for i in count())
        # The names whose slopes are wanted: they depend on slots that may move.
        self.moving: set[str] = set()

    def add(self, scope: _Scope, step: _Step) -> str:
        """Note a step; the name of its value."""
        scope.steps.append(step)
        moves = self.shape.slots[step.number].moves if step.kind == "read" else False
        if moves or any(arg in self.moving for arg in (*step.args, *(value for _, value in step.inner))):
            self.moving.add(step.name)
        return step.name

    def read(self, e: Expression, scope: _Scope, top: bool = False) -> str:
        """The name (or number) that holds the value of `e` in `scope`; `top`: it is a term of the whole."""
        if isinstance(e, Number):
            value = repr(e.value) if e.value >= 0 else f"({e.value!r})"
        elif isinstance(e, Cell) and e.code.startswith("#"):
            value = f"c[{e.code[1:]}]"
        else:
            value = scope.find(e) or self.step(e, scope, top)
        if top and not (isinstance(e, Op) and e.name in ("add", "sub", "neg")) and not _is_sum(e):
            scope.terms.append(value)
        return value

    def step(self, e: Expression, scope: _Scope, top: bool) -> str:
        if isinstance(e, Cell):
            name = self.add(scope, _Step(next(self.names), "read", number=int(e.code), lag=e.lag))
        elif isinstance(e, Sum):
            inner = _Scope(scope)
            value = self.read(e.body, inner, top and not e.product)
            kind = "prod" if e.product else "sum"
            name = self.add(scope, _Step(next(self.names), kind, inner=((inner, value),), number=int(e.letter)))
        elif isinstance(e, Op) and e.name == "if":
            test = self.read(e.args[0], scope)
            arms = []
            for arg in e.args[1:]:
                inner = _Scope(scope)
                arms.append((inner, self.read(arg, inner)))
            name = self.add(scope, _Step(next(self.names), "if", (test,), tuple(arms)))
        else:
            assert isinstance(e, Op)
            passed = top and e.name in ("add", "sub", "neg")
            values = [self.read(arg, scope, passed) for arg in e.args]
            while len(values) > 2:  # min and max of many: two by two
                name = self.add(scope, _Step(next(self.names), e.name, (values[0], values[1])))
                values = [name, *values[2:]]
            name = self.add(scope, _Step(next(self.names), e.name, tuple(values)))
        scope.known[e] = name
        return name


def _is_sum(e: Expression) -> bool:
    return isinstance(e, Sum) and not e.product


class _Writer:
    """Lines of one function in one of the two languages."""

    def __init__(self, shape: Shape, target: Target, moving: set[str]) -> None:
        self.shape, self.c, self.moving = shape, target == "c", moving
        self.lines: list[str] = []
        self.depth = 1

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text + (";" if self.c else ""))

    def let(self, name: str, value: str, kind: str = "double") -> None:
        self.line(f"{kind + ' ' if self.c else ''}{name} = {value}")

    def open(self, head: str) -> None:
        self.lines.append("    " * self.depth + head + (" {" if self.c else ":"))
        self.depth += 1

    def close(self) -> None:
        if not self.c:
            self.line("pass")
        self.depth -= 1
        if self.c:
            self.lines.append("    " * self.depth + "}")

    def loop(self, number: int) -> None:
        i, n = f"i{number}", f"n{number}"
        self.open(f"for (int {i} = 0; {i} < {n}; {i}++)" if self.c else f"for {i} in range({n})")

    def heads(self) -> None:
        """The sizes of the loops and where each slot's places begin in `p`."""
        for number in range(len(self.shape.loops)):
            self.let(f"n{number}", f"p[{number}]", "const int")
        offset = str(len(self.shape.loops))
        for number, slot in enumerate(self.shape.slots):
            self.let(f"o{number}", offset, "const int")
            offset = f"o{number} + {'*'.join(f'n{i}' for i in slot.loops) or '1'}"

    def at(self, number: int) -> str:
        """Where in `p` the place of a slot stands, in the loops that are open."""
        index = ""
        for i in self.shape.slots[number].loops:
            index = f"i{i}" if not index else f"({index})*n{i} + i{i}"
        return f"o{number} + {index}" if index else f"o{number}"

    def forward(self, scope: _Scope, terms: bool = False) -> None:
        for step in scope.steps:
            self.ahead(step, terms)
        for value in scope.terms if terms else ():
            self.line(f"m = larger(m, {value})")

    def ahead(self, step: _Step, terms: bool) -> None:
        name = step.name
        if step.kind == "read":
            place = f"p[{self.at(step.number)}]"
            row = f"x[{place} - {step.lag}*w]" if self.c else f"x[t - {step.lag}][{place}]"
            self.let(name, row.replace("- -", "+ "))
        elif step.kind == "if":
            self.let(name, "NAN")
            self.branches(step, lambda inner, value: self.arm(inner, name, value))
        elif step.kind in ("sum", "prod"):
            self.total(step, terms)
        elif step.kind in _INFIX:
            self.let(name, f" {_INFIX[step.kind]} ".join(step.args))
        elif step.kind == "neg":
            self.let(name, f"-{step.args[0]}")
        else:
            self.let(name, f"{_CALLS[step.kind]}({', '.join(step.args)})")

    def total(self, step: _Step, terms: bool) -> None:
        """A sum or product over a loop; of a product those that are not zero, and how many are zero."""
        name, ((inner, value),) = step.name, step.inner
        if step.kind == "sum":
            self.let(name, "0.0")
            self.loop(step.number)
            self.forward(inner, terms)
            self.line(f"{name} += {value}")
            self.close()
            return
        self.let(f"{name}q", "1.0")
        self.let(f"{name}z", "0.0")
        self.loop(step.number)
        self.forward(inner)
        self.line(f"{name}z += eq({value}, 0.0)")
        self.line(f"{name}q *= nonzero({value})")
        self.close()
        self.let(name, f"{name}q*eq({name}z, 0.0)")

    def arm(self, inner: _Scope, name: str, value: str) -> None:
        self.forward(inner)
        self.line(f"{name} = {value}")

    def branches(self, step: _Step, write: Callable[[_Scope, str], None]) -> None:
        """Both arms of an ``if``, of which one is run; none if the test is NaN."""
        test = step.args[0]
        for number, head in enumerate((f"if ({test} != 0 && {test} == {test})", f"if ({test} == 0)")):
            self.open(head if self.c else head.replace("&&", "and"))
            write(*step.inner[number])
            self.close()

    def backward(self, scope: _Scope) -> None:
        for step in reversed(scope.steps):
            if step.name in self.moving:
                self.back(step)

    def slopes(self, scope: _Scope) -> None:
        """Slopes by the scope's own steps begin at nothing."""
        for step in scope.steps:
            if step.name in self.moving:
                self.let(f"b{step.name}", "0.0")

    def inside(self, inner: _Scope, value: str, slope: str) -> None:
        """The way back through a loop's or branch's body, of whose value the slope is known."""
        self.forward(inner)
        self.slopes(inner)
        self.give(value, slope)
        self.backward(inner)

    def give(self, to: str, slope: str) -> None:
        if to in self.moving:
            self.line(f"b{to} += {slope}")

    def back(self, step: _Step) -> None:
        name, b = step.name, f"b{step.name}"
        if step.kind == "read":
            self.line(f"g[{self.at(step.number)} - {len(self.shape.loops)}] += {b}")
        elif step.kind == "if":
            self.branches(step, lambda inner, value: self.inside(inner, value, b))
        elif step.kind in ("sum", "prod"):
            ((inner, value),) = step.inner
            self.loop(step.number)
            others = f"{name}q/nonzero({value})*eq({name}z - eq({value}, 0.0), 0.0)"
            self.inside(inner, value, b if step.kind == "sum" else f"{b}*{others}")
            self.close()
        else:
            x, y = (*step.args, "")[:2]
            for to, slope in zip(step.args, _RULES.get(step.kind, ()), strict=False):
                self.give(to, slope.format(b=b, v=name, x=x, y=y))


# What the slope b by ``v = kind(x, y)`` adds to the slopes by x and by y. A comparison counts as one or zero: flat but
# for its edge.
_RULES = {
    "add": ("{b}", "{b}"),
    "sub": ("{b}", "-{b}"),
    "neg": ("-{b}",),
    "mul": ("{b}*{y}", "{b}*{x}"),
    "div": ("rate({b}, {y})", "-rate({b}*{v}, {y})"),
    "pow": ("by_base({b}, {x}, {y})", "by_exponent({b}, {v}, {x})"),
    "min": ("{b}*le({x}, {y})", "{b}*gt({x}, {y})"),
    "max": ("{b}*ge({x}, {y})", "{b}*lt({x}, {y})"),
    "abs": ("{b}*side({x})",),
    "exp": ("{b}*{v}",),
    "log": ("rate({b}, {x})",),
    "sqrt": ("rate(0.5*{b}, {v})",),
    "logistic": ("{b}*{v}*(1.0 - {v})",),
}


def code(shape: Shape, target: Target, name: str) -> str:
    """The text of the two functions of a shape: ``f<name>``, its value and its largest term, and ``g<name>``."""
    whole, reader = _Scope(), _Reader(shape)
    value = reader.read(shape.body, whole, top=True)
    f, g = _Writer(shape, target, reader.moving), _Writer(shape, target, reader.moving)
    f.heads()
    f.let("m", "0.0")
    f.forward(whole, terms=True)
    if f.c:
        f.line("*largest = m")
    f.line(f"return {value}" + ("" if f.c else ", m"))
    if value in reader.moving:
        g.heads()
        g.forward(whole)
        g.slopes(whole)
        g.give(value, "1.0")
        g.backward(whole)
    lines = _begun_with_what_comes_first(_without_the_unused(g.lines))
    if target == "c":
        read = ("double *restrict x", "int64_t w", "int *restrict p", "double *restrict c")
        arguments = ", ".join(f"const {one}" for one in read) + ", double *restrict"
        heads = f"static double f{name}({arguments} largest) {{", f"static void g{name}({arguments} g) {{"
        return "\n".join([heads[0], *f.lines, "}", heads[1], *lines, "}", ""])
    return "\n".join([f"def f{name}(x, t, p, c):", *f.lines, f"def g{name}(x, t, p, c, g):", *lines, "    return", ""])


_LET = re.compile(r"    (?:double |const int )?([a-z]\w*) = ")
_NAME = re.compile(r"\b[vno]\d+[qz]?\b")


_NOTHING = re.compile(r"    (?:double )?(bv\d+) = 0\.0;?")
_MORE = re.compile(r"    (bv\d+) \+= ")
_SLOPE = re.compile(r"\bbv\d+\b")


def _begun_with_what_comes_first(lines: list[str]) -> list[str]:
    """The lines with ``b = 0; …; b += s`` as ``b = s``, unless the first to add is in a loop or a branch."""
    begins: dict[str, int] = {}
    result: list[str | None] = list(lines)
    for at, line in enumerate(lines):
        nothing, more = _NOTHING.fullmatch(line), _MORE.match(line)
        if nothing:
            begins[nothing[1]] = at
            continue
        if more and more[1] in begins:
            first = begins.pop(more[1])
            result[first], result[at] = None, lines[first].replace("0.0", "").rstrip("; ") + " " + line[more.end() :]
        for name in _SLOPE.findall(line):
            begins.pop(name, None)
    return [line for line in result if line is not None]


def _without_the_unused(lines: list[str]) -> list[str]:
    """The lines of a function without those that give a value which nothing after reads."""
    kept, used = list[str](), set[str]()
    for line in reversed(lines):
        let = _LET.match(line)
        if let is None or let[1] in used or let[1].startswith("b"):
            used.update(_NAME.findall(line))
            kept.append(line)
    return kept[::-1]
