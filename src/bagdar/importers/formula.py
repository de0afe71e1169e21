"""Formulas of other programs as expressions: the reader that ModelFlow's and EViews' notations share.

A formula may say more than Bagdar's language has words for: conditions joined by ``and``, ``or``, ``not`` become
conditions within conditions, and a condition that stands where a number should is 1 or 0. What a notation's
functions mean stands in `notation`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from bagdar.equations.expression import ONE, ZERO, Cell, Expression, Number, Op
from bagdar.finding import Finding, Home, finding

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"""
    r"""|(?P<name>@?[^\W\d]\w*(?:\.(?:CDF|PPF)\b)?)"""
    r"""|(?P<text>"[^"]*")"""
    r"""|(?P<sign>\*\*|<=|>=|<>|!=|==|[-+*/^()<>=,&|]))""",
    re.IGNORECASE,
)
_COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "=": "eq", "<>": "ne", "!=": "ne"}
_DEEPEST = 100  # brackets within brackets: Bagdar's own language ends at twice that
_CHAIN = 60  # the longest sum that is kept as it stands; a longer one is halved, so that brackets go only so deep

# A condition chooses between what holds if it is true and what if it is false.
Condition = Callable[[Expression, Expression], Expression]
# What a function may be given: an expression, a condition, or a text in quotes.
Argument = Expression | Condition | str


class Misread(Exception):  # noqa: N818  # never leaves this room: it carries a finding out of the recursion
    """What in a formula is not understood: a rule and its facts."""

    def __init__(self, rule: str, **facts: str) -> None:
        self.rule, self.facts = rule, facts


def told(problem: Misread, home: Home, text: str) -> Finding:
    """The finding that an equation is left out: what in it is not understood, and the equation."""
    shown = " ".join(text.split())
    found = f"{problem.facts['found']} ({shown[:100]}{'…' if len(shown) > 100 else ''})"
    return finding(problem.rule, home, "", **{**problem.facts, "found": found})


@dataclass
class Made:
    """What the formulas of a model ask for beside its own series.

    `clocks`: series that only time determines, code -> (function, arguments). `fixed`: numbers of one period,
    code -> (series, period as it is written).
    """

    clocks: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    fixed: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Notation:
    """How a program writes formulas.

    `functions` by their names in capitals. `sign_first`: in ``-a^b`` the sign binds first, and powers are read from
    left to right. `numbered`: names of vectors, after which a number in brackets is an element and no lead.
    """

    functions: Mapping[str, Callable[[Sequence[Argument], Made], Expression]]
    sign_first: bool = False
    numbered: frozenset[str] = frozenset()


def code_of(name: str) -> str:
    """A series' name as a code: capitals, since these programs do not tell letters by case, in Unicode's form NFKC."""
    return normalize("NFKC", normalize("NFKC", name).upper())


def as_number(value: Argument) -> Expression:
    """`value` where a number is wanted: a condition is 1 or 0."""
    if isinstance(value, str):
        raise Misread("foreign_equation_not_understood", found=f'"{value}"')
    return value(ONE, ZERO) if callable(value) else value


def as_condition(value: Argument) -> Condition:
    """`value` where a condition is wanted: a number is true unless it is zero."""
    if isinstance(value, str):
        raise Misread("foreign_equation_not_understood", found=f'"{value}"')
    if callable(value):
        return value
    test = Op("ne", (value, ZERO))
    return lambda yes, no: Op("if", (test, yes, no))


def read_formula(text: str, notation: Notation, known: frozenset[str], made: Made) -> Expression:
    """The expression that `text` writes. `known` are the model's series. Raises `Misread`."""
    return as_number(_Reader(text, notation, known, made).whole())


def split_sides(text: str) -> tuple[str, str]:
    """The two sides of an equation: the first ``=`` that is no comparison, outside brackets. Raises `Misread`."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "=" and depth == 0 and text[place - 1 : place] not in ("<", ">", "!", "="):
            if text[place + 1 : place + 2] == "=":
                continue
            return text[:place], text[place + 1 :]
    raise Misread("foreign_equation_not_understood", found=" ".join(text.split())[:60] or "—")


class _Reader:
    """Reads tokens by descent, one method a rank of operators."""

    def __init__(self, text: str, notation: Notation, known: frozenset[str], made: Made) -> None:
        self.notation, self.known, self.made = notation, known, made
        self.tokens = list(_tokens(text))
        self.at = self.depth = 0

    def whole(self) -> Argument:
        value = self.either()
        if self.at < len(self.tokens):
            if self.tokens[self.at][1] == ")":
                raise Misread("foreign_bracket_unbalanced", found=self.near())
            raise Misread("foreign_equation_not_understood", found=self.near())
        return value

    # -- tokens ----------------------------------------------------------------------------------

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token, if it is one of those wanted; else ''."""
        if self.at < len(self.tokens) and self.tokens[self.at][1].upper() in wanted:
            self.at += 1
            return self.tokens[self.at - 1][1].upper()
        return ""

    def near(self) -> str:
        """What stands here, to show it."""
        return " ".join(text for _, text in self.tokens[max(0, self.at - 2) : self.at + 4]) or "—"

    # -- conditions ------------------------------------------------------------------------------

    def either(self) -> Argument:
        value = self.both()
        while self.take("OR", "|"):
            first, second = as_condition(value), as_condition(self.both())
            value = _any(first, second)
        return value

    def both(self) -> Argument:
        value = self.denied()
        while self.take("AND", "&"):
            first, second = as_condition(value), as_condition(self.denied())
            value = _all(first, second)
        return value

    def denied(self) -> Argument:
        if self.take("NOT"):
            return _not(as_condition(self.denied()))
        left = self.total()
        sign = self.take(*_COMPARISONS)
        if not sign:
            return left
        test = Op(_COMPARISONS[sign], (as_number(left), as_number(self.total())))
        return lambda yes, no: Op("if", (test, yes, no))

    # -- numbers ---------------------------------------------------------------------------------

    def total(self) -> Argument:
        first = self.product()
        if self.peek() not in ("+", "-"):
            return first
        terms = [("+", as_number(first))]
        while sign := self.take("+", "-"):
            terms.append((sign, as_number(self.product())))
        return _sum(terms)

    def product(self) -> Argument:
        value = self.power() if self.notation.sign_first else self.signed()
        while sign := self.take("*", "/"):
            right = as_number(self.power() if self.notation.sign_first else self.signed())
            value = Op("mul" if sign == "*" else "div", (as_number(value), right))
        return value

    def signed(self) -> Argument:
        """A sign and what it stands before; where powers bind first."""
        minus, any_sign = False, False
        while sign := self.take("+", "-"):
            minus, any_sign = minus ^ (sign == "-"), True
        value = self.raised() if not self.notation.sign_first else self.atom()
        if not any_sign:
            return value
        return Op("neg", (as_number(value),)) if minus else as_number(value)

    def raised(self) -> Argument:
        base = self.atom()
        if not self.take("**", "^"):
            return base
        return Op("pow", (as_number(base), as_number(self.signed())))

    def power(self) -> Argument:
        """Powers from left to right, of things that have their signs already."""
        value = self.signed()
        while self.take("**", "^"):
            value = Op("pow", (as_number(value), as_number(self.signed())))
        return value

    def atom(self) -> Argument:
        if self.at >= len(self.tokens):
            raise Misread("foreign_equation_not_understood", found=self.near())
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            value = float(text)
            if value == float("inf"):
                raise Misread("foreign_number_too_large", found=text[:40])
            return Number(value)
        if kind == "text":
            return text.strip('"')
        if text == "(":
            return self.bracket()
        if kind == "name":
            return self.named(text)
        self.at -= 1
        raise Misread("foreign_equation_not_understood", found=self.near())

    def bracket(self) -> Argument:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Misread("foreign_equation_not_understood", found="(" * 12 + "…")
        value = self.either()
        if not self.take(")"):
            raise Misread("foreign_bracket_unbalanced", found=self.near())
        self.depth -= 1
        return value

    def named(self, text: str) -> Argument:
        """A series, lagged or not, or a function of something."""
        name = code_of(text)
        if not name.removeprefix("@").replace(".", "").isidentifier():  # a digit of another form, such as ²
            raise Misread("foreign_equation_not_understood", found=text[:40])
        function = self.notation.functions.get(name)
        if self.peek() != "(":
            if name.startswith("@"):
                if function is None:
                    raise Misread("foreign_function_unknown", found=text)
                return function([], self.made)
            return Cell(name)
        lag = self.lag()
        counted = lag is not None and not lag[0] and name in self.notation.numbered
        if lag is not None and not counted and (name in self.known or function is None):
            sign, count = lag
            self.at += 3 if sign == "" else 4
            return Cell(name, lag=-count if sign in ("", "+") else count)
        if function is None:
            raise Misread("foreign_function_unknown", found=text)
        return function(self.arguments(), self.made)

    def lag(self) -> tuple[str, int] | None:
        """(sign, count) if what follows is a whole number in brackets."""
        ahead = [text for _, text in self.tokens[self.at : self.at + 4]]
        sign = ahead[1] if len(ahead) == 4 and ahead[1] in ("+", "-") else ""
        inside = ahead[2:] if sign else ahead[1:3]
        if len(inside) == 2 and inside[0].isdecimal() and inside[1] == ")" and len(inside[0]) <= 4:
            return sign, int(inside[0])
        return None

    def arguments(self) -> list[Argument]:
        self.take("(")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Misread("foreign_equation_not_understood", found="(" * 12 + "…")
        given = [self.either()] if self.peek() != ")" else []
        while self.take(","):
            given.append(self.either())
        if not self.take(")"):
            raise Misread("foreign_bracket_unbalanced", found=self.near())
        self.depth -= 1
        return given


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Misread("foreign_equation_not_understood", found=text[at:].strip()[:20])
        kind = str(match.lastgroup)
        tokens.append((kind, match[kind]))
        at = match.end()
    return tokens


def _any(first: Condition, second: Condition) -> Condition:
    return lambda yes, no: first(yes, second(yes, no))


def _all(first: Condition, second: Condition) -> Condition:
    return lambda yes, no: first(second(yes, no), no)


def _not(condition: Condition) -> Condition:
    return lambda yes, no: condition(no, yes)


def _sum(terms: list[tuple[str, Expression]]) -> Expression:
    """The terms added and taken away from left to right; very many of them in halves of halves."""
    terms = [terms[0], *(_turned(sign, term) for sign, term in terms[1:])]
    if len(terms) <= _CHAIN:
        result = terms[0][1]
        for sign, term in terms[1:]:
            result = Op("add" if sign == "+" else "sub", (result, term))
        return result
    plus = _halved([term for sign, term in terms if sign == "+"])
    minus = [term for sign, term in terms if sign == "-"]
    return Op("sub", (plus, _halved(minus))) if minus else plus


def _turned(sign: str, term: Expression) -> tuple[str, Expression]:
    """``a + -2*b`` as ``a - 2*b``."""
    plain = _unsigned(term)
    return (sign, term) if plain is None else ("-" if sign == "+" else "+", plain)


def _unsigned(term: Expression) -> Expression | None:
    """The term without the minus that it begins with; None if it begins with none."""
    match term:
        case Op(name="neg", args=(inside,)):
            return inside
        case Op(name="mul" | "div" as name, args=(first, second)):
            plain = _unsigned(first)
            return None if plain is None else Op(name, (plain, second))
    return None


def _halved(terms: list[Expression]) -> Expression:
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Op("add", (_halved(terms[:half]), _halved(terms[half:])))
