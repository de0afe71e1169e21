"""The equation language: a restricted Python expression, read with the standard `ast`.

Anything outside the language is a finding with its row and column. The whole language:
``+ - * / **``, comparisons, ``a if c else b``, ``min max abs exp log sqrt logistic``, ``lag(x, n=1)``,
``lead(x, n=1)``, ``diff dlog pct``, ``sum/prod(… for q in set[.flag])``.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from bagdar.equations.expression import ARITY, Cell, Expression, Number, Op, Sum, shift, size
from bagdar.finding import Finding, Home, finding
from bagdar.statement import Statement

TRANSFORMS = ("log", "dlog", "diff", "pct")
_TRANSFORM = re.compile(rf"({'|'.join(TRANSFORMS)})\s*\(")
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow",
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip
_EQUALS = re.compile(r"(?<![=<>!])=(?!=)")
_DEEPEST = 200
# How much deeper a branch and a sum lead: the code made of them is nested itself, and Python takes only so much.
_BRANCH, _LOOP = 2, 10
_LONGEST = 20_000


class _Unreadable(Exception):  # noqa: N818  # never leaves this module: it carries a finding out of the recursion
    def __init__(self, rule: str, at: tuple[int, int], **facts: str) -> None:
        self.rule, self.at, self.facts = rule, at, facts


@dataclass(frozen=True)
class Parsed:
    """A statement's meaning. For an equation `left` is the cell it determines, under `transform` ('' for none).

    For a check, `right` is the condition: a comparison.
    """

    statement: Statement
    left: Cell | None
    transform: str
    right: Expression


def parse(statement: Statement) -> Parsed | Finding:
    """The meaning of one statement, or the finding that says where it leaves the language."""
    text = statement.text
    try:
        if len(text) > _LONGEST:
            raise _Unreadable("equation_too_long", (1, 1), most=str(_LONGEST))
        if statement.kind == "check":
            start = text.index(":") + 1
            condition = _read(text, start)
            if not (isinstance(condition, Op) and condition.name in _COMPARE.values()):
                raise _Unreadable("check_without_a_comparison", _at(text, start))
            return Parsed(statement, None, "", condition)
        equals = _EQUALS.search(text)
        if equals is None:
            raise _Unreadable("statement_without_equals", (1, 1))
        left, transform = _read_left(text[: equals.start()])
        return Parsed(statement, left, transform, _read(text, equals.end()))
    except _Unreadable as problem:
        row = statement.home.row + problem.at[0] - 1
        home = Home(statement.home.file, row, problem.at[1])
        return finding(problem.rule, home, f"equation:{statement.code}" if statement.code else "", **problem.facts)


def _at(text: str, offset: int) -> tuple[int, int]:
    row = text.count("\n", 0, offset) + 1
    return row, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _read(text: str, start: int, end: int | None = None) -> Expression:
    """The expression in `text` from `start` to `end`."""
    code = text[start:end]
    blank = len(code) - len(code.lstrip())
    unbalanced = _unbalanced(code)
    if unbalanced is not None:
        raise _Unreadable("bracket_unbalanced", _at(text, start + unbalanced))
    bracketed = "(" + code + "\n)"  # the bracket joins lines
    row, column = _at(text, start)
    try:
        with warnings.catch_warnings():  # what Python would say of ``2if x`` is no finding
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(bracketed, mode="eval")
    except SyntaxError as problem:
        line = problem.lineno or 1
        at = (line + row - 1, (problem.offset or 1) + (column - 2 if line == 1 else 0))
        if line > bracketed.count("\n"):  # the fault is that the text ends
            at = _at(text, len(text) if end is None else end)
        raise _Unreadable("equation_not_understood", (at[0], max(at[1], 1)), problem=problem.msg) from None
    except (ValueError, RecursionError, MemoryError) as problem:
        raise _Unreadable("equation_not_understood", (row, column), problem=str(problem)) from None
    return _Reader(bracketed, (row, column), _at(text, start + blank)).read(tree.body, 0)


def _unbalanced(code: str) -> int | None:
    """Where the first bracket stands that closes nothing or is never closed."""
    opened: list[int] = []
    quote, skip = "", False
    for place, letter in enumerate(code):
        if letter == "\n":
            quote, skip = "", False
        elif skip or (quote and letter != quote):
            continue
        elif letter in "\"'":
            quote = "" if quote else letter
        elif letter == "#":
            skip = True
        elif letter in "([{":
            opened.append(place)
        elif letter in ")]}" and (not opened or "([{".index(code[opened.pop()]) != ")]}".index(letter)):
            return place
    return opened[-1] if opened else None


def _read_left(text: str) -> tuple[Cell, str]:
    """The cell on the left side, and the transform it stands under."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    match = _TRANSFORM.match(text, start)
    transform = match[1] if match else ""
    if match:
        if not text[:end].endswith(")"):
            raise _Unreadable("left_side_unusable", (1, 1), found=text.strip())
        start, end = match.end(), end - 1
    cell = _read(text, start, end)
    if not isinstance(cell, Cell) or cell.lag:
        raise _Unreadable("left_side_unusable", (1, 1), found=text.strip())
    return cell, transform


class _Reader:
    """Turns a syntax tree into an expression, or raises `_Unreadable` at the first thing outside the language."""

    def __init__(self, bracketed: str, start: tuple[int, int], first: tuple[int, int]) -> None:
        self.lines = re.split("\r\n|\r|\n", bracketed)
        self.start, self.first = start, first

    def read(self, node: ast.expr, depth: int) -> Expression:  # noqa: C901, PLR0912  # one case a construct
        if depth > _DEEPEST:
            raise _Unreadable("equation_too_deep", self.at(node), most=str(_DEEPEST))
        depth += 1
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as value):
                try:
                    number = float(value)
                except OverflowError:
                    number = float("inf")
                if abs(number) < float("inf"):
                    return Number(number)
                raise _Unreadable("number_too_large", self.at(node))
            case ast.Name(id=name):
                return Cell(name, at=self.at(node))
            case ast.Subscript(value=ast.Name(id=name), slice=labels):
                return Cell(name, self.labels(labels), at=self.at(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Op("neg", (self.read(operand, depth),))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, depth)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return Op(_BINARY[type(op)], (self.read(left, depth), self.read(right, depth)))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
                return Op(_COMPARE[type(op)], (self.read(left, depth), self.read(right, depth)))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = self.read(test, depth)
                if not (isinstance(condition, Op) and condition.name in _COMPARE.values()):
                    raise _Unreadable("condition_without_a_comparison", self.at(test))
                return Op("if", (condition, self.read(body, depth + _BRANCH), self.read(orelse, depth + _BRANCH)))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                return self.call(node, name, args, keywords, depth)
        raise _Unreadable("outside_the_language", self.at(node), found=self.source(node))

    def call(
        self, node: ast.Call, name: str, args: list[ast.expr], keywords: list[ast.keyword], depth: int
    ) -> Expression:
        if name in ("sum", "prod"):
            return self.total(node, name, depth)
        if name in ("lag", "lead"):
            count = self.count(node, args, keywords)
            return shift(self.read(args[0], depth), count if name == "lag" else -count)
        if keywords:
            raise _Unreadable("outside_the_language", self.at(keywords[0].value), found=f"{keywords[0].arg}=")
        if name in ("diff", "dlog", "pct") and len(args) == 1:
            now = self.read(args[0], depth)
            if size(now) > _LONGEST:  # each of these writes its argument out twice
                raise _Unreadable("equation_too_long", self.at(node), most=str(_LONGEST))
            before = shift(now, 1)
            if name == "diff":
                return Op("sub", (now, before))
            if name == "dlog":
                return Op("sub", (Op("log", (now,)), Op("log", (before,))))
            return Op("mul", (Number(100.0), Op("sub", (Op("div", (now, before)), Number(1.0)))))
        arity = ARITY.get(name, -1) if name.islower() and name not in _BINARY.values() else -1
        if name in ("neg", "if", *_COMPARE.values()) or arity == -1:
            raise _Unreadable("function_unknown", self.at(node), found=name)
        if len(args) != arity if arity is not None else len(args) < 2:
            raise _Unreadable("arguments_do_not_fit", self.at(node), found=name)
        return Op(name, tuple(self.read(arg, depth) for arg in args))

    def total(self, node: ast.Call, name: str, depth: int) -> Expression:
        args = node.args
        if node.keywords or len(args) != 1 or not isinstance(args[0], ast.GeneratorExp):
            raise _Unreadable("sum_without_a_set", self.at(node), found=name)
        body = self.read(args[0].elt, depth + _LOOP * len(args[0].generators))
        for part in reversed(args[0].generators):
            if part.ifs or part.is_async or not isinstance(part.target, ast.Name):
                raise _Unreadable("sum_without_a_set", self.at(node), found=name)
            match part.iter:
                case ast.Name(id=group):
                    body = Sum(body, part.target.id, group, "", name == "prod", self.at(part.iter))
                case ast.Attribute(value=ast.Name(id=group), attr=flag):
                    body = Sum(body, part.target.id, group, flag, name == "prod", self.at(part.iter))
                case _:
                    raise _Unreadable("sum_without_a_set", self.at(part.iter), found=name)
        return body

    def count(self, node: ast.Call, args: list[ast.expr], keywords: list[ast.keyword]) -> int:
        given = [*args[1:], *(k.value for k in keywords if k.arg == "n")]
        if not args or len(given) > 1 or any(k.arg != "n" for k in keywords):
            raise _Unreadable("arguments_do_not_fit", self.at(node), found=self.source(node))
        if not given:
            return 1
        match given[0]:
            case ast.Constant(value=int() as count) if 0 < count <= 1000 and not isinstance(count, bool):
                return count
        raise _Unreadable("lag_not_a_count", self.at(given[0]), found=self.source(given[0]))

    def labels(self, node: ast.expr) -> tuple[str, ...]:
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        labels = []
        for part in parts:
            match part:
                case ast.Name(id=name):
                    labels.append(name)
                case ast.Constant(value=str() as label):
                    labels.append(f'"{label}"')
                case _:
                    raise _Unreadable("label_unusable", self.at(part), found=self.source(part))
        return tuple(labels)

    def at(self, node: ast.expr) -> tuple[int, int]:
        """Row and column of a node in the statement, from 1."""
        if (node.lineno, node.col_offset) == (1, 0):  # the bracket itself
            return self.first
        # `ast` counts bytes; a planner counts letters. The first line has one bracket more.
        line = self.lines[min(node.lineno, len(self.lines)) - 1].encode()
        column = len(line[: node.col_offset].decode(errors="ignore")) + 1
        row, first = self.start
        return node.lineno + row - 1, column + (first - 2 if node.lineno == 1 else 0)

    def source(self, node: ast.expr) -> str:
        try:
            return ast.unparse(node)[:60]
        except RecursionError:
            return "…"
